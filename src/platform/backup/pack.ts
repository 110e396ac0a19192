// One file of a backup: compressed, encrypted when there is a key, and on the disk before anybody is told that it is there.
import { createReadStream, createWriteStream, type ReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { PassThrough, Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { type BackupKey, decrypting, encrypting, Weighing } from "./cipher.ts";
import type { KeptFile } from "./manifest.ts";
import { no } from "./no.ts";

/** What a packed file is called. */
export const packedName = (name: string, key: { readonly id: string } | undefined | null): string => `${name}.gz${key ? ".enc" : ""}`;

// Handing a small piece on costs as much as packing it.
const partBytes = 2 ** 18;

/** A file in large pieces. */
export const readInLarge = (file: string): ReadStream => createReadStream(file, { highWaterMark: 4 * partBytes });

/** Writes a stream to a new file, whole or not at all. */
export async function pack(source: AsyncIterable<Buffer> | Iterable<Buffer>, file: string, key: BackupKey | undefined): Promise<KeptFile> {
  const draft = `${file}.new`;
  const weighing = new Weighing();
  try {
    const cipher: Transform = key ? encrypting(key) : new PassThrough();
    await pipeline(
      Readable.from(source),
      createGzip({ level: 1, memLevel: 9, chunkSize: partBytes }),
      cipher,
      weighing,
      createWriteStream(draft, { mode: 0o600 }),
    );
    await settle(draft);
    await rename(draft, file);
    await settle(dirname(file));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return { path: basename(file), size: weighing.size, sha256: weighing.sha256 };
}

/** Forces a file or a folder to the disk. */
export async function settle(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The content of a packed file. With `kept` the file itself must have that size and hash, which is known when the end is reached. */
export async function* unpack(file: string, key: BackupKey | undefined, kept?: KeptFile): AsyncGenerator<Buffer> {
  const weighing = new Weighing();
  const gunzip = createGunzip({ chunkSize: partBytes });
  const cipher: Transform = key ? decrypting(key, file) : new PassThrough();
  const flowing = pipeline(createReadStream(file), weighing, cipher, gunzip);
  flowing.catch(() => undefined);
  try {
    for await (const part of gunzip) yield part as Buffer;
  } catch (error) {
    // What broke first is the reason; the unzipping only sees that nothing more comes.
    await flowing;
    throw error;
  }
  await flowing;
  if (kept && (weighing.size !== kept.size || weighing.sha256 !== kept.sha256)) throw changed(file);
}

const changed = (file: string): Error =>
  no("backupBroken", `${file} is not what its manifest says: it was changed or cut off. Take another backup.`);

/** Words for whatever went wrong while a packed file was read. */
export function unreadable(file: string, error: unknown): Error {
  const { code } = error as { code?: string };
  if (code === "ENOENT") return no("backupBroken", `${file} is missing. Take another backup.`);
  if (error instanceof Error && error.name === "Refusal") return error;
  if (code?.startsWith("Z_") || error instanceof RangeError) return changed(file);
  return error as Error;
}
