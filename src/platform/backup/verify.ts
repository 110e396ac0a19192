// Reads a backup again, every byte of it, and compares it with its manifest. Needs no house and no database.
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { BackupKey } from "./cipher.ts";
import { type KeptFile, type Manifest, readManifest } from "./manifest.ts";
import { no } from "./no.ts";
import { packedName, unpack, unreadable } from "./pack.ts";
import { segmentsBetween } from "./segment.rules.ts";
import { readTar, type TarEntry } from "./tar.ts";

/** @throws Refusal with the file that does not fit. */
export async function verifyBackup(folder: string, key: BackupKey | undefined): Promise<Manifest> {
  const { manifest, unlock } = await readManifest(folder);
  unlock(key);
  for (const name of segmentsBetween(manifest.firstSegment, manifest.lastSegment)) keptOf(manifest, `log/${packedName(name, key)}`, folder);
  for (const kept of manifest.files) {
    if (isCluster(kept))
      await readCluster(folder, manifest, key, async () => ({ part: async () => undefined, end: async () => undefined }));
    else for await (const part of readKept(folder, kept, key)) void part;
  }
  return manifest;
}

const isCluster = (kept: KeptFile): boolean => kept.path.startsWith("cluster.tar");

/** What the manifest says of a file. */
export function keptOf(manifest: Manifest, path: string, folder: string): KeptFile {
  const kept = manifest.files.find((file) => file.path === path);
  if (!kept) throw no("backupBroken", `The manifest of ${folder} does not name ${path}. Take another backup.`);
  return kept;
}

export async function* readKept(folder: string, kept: KeptFile, key: BackupKey | undefined): AsyncGenerator<Buffer> {
  const file = join(folder, kept.path);
  try {
    yield* unpack(file, key, kept);
  } catch (error) {
    throw unreadable(file, error);
  }
}

interface Sink {
  part(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

/** Reads the files of the database out of a backup, each checked against its hash. */
export async function readCluster(
  folder: string,
  manifest: Manifest,
  key: BackupKey | undefined,
  take: (entry: TarEntry) => Promise<Sink>,
): Promise<void> {
  const kept = keptOf(manifest, packedName("cluster.tar", key), folder);
  const left = new Map(manifest.cluster.map((file) => [file.path, file]));
  const broken = (path: string): Error =>
    no("backupBroken", `${join(folder, kept.path)} holds another ${path} than its manifest says. Take another backup.`);
  const stream = readKept(folder, kept, key);
  try {
    await readTar(stream, async (entry) => {
      const sink = await take(entry);
      if (entry.isFolder) return sink;
      const named = left.get(entry.path);
      if (named?.size !== entry.size) throw broken(entry.path);
      left.delete(entry.path);
      const hash = createHash("sha256");
      return {
        part: async (bytes) => {
          hash.update(bytes);
          await sink.part(bytes);
        },
        end: async () => {
          await sink.end();
          if (hash.digest("hex") !== named.sha256) throw broken(entry.path);
        },
      };
    });
    // To its end, where the file as a whole is compared.
    for await (const part of stream) void part;
  } catch (error) {
    throw unreadable(join(folder, kept.path), error);
  } finally {
    await stream.return(undefined);
  }
  const [missing] = left.keys();
  if (missing !== undefined) throw broken(missing);
}
