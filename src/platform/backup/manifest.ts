// What a backup says of itself: when, by which release, and the SHA-256 of each of its files; signed when the backup is encrypted.
import { createHmac, timingSafeEqual } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { type BackupKey, manifestKey } from "./cipher.ts";
import { no } from "./no.ts";

const File = z.object({ path: z.string(), size: z.number().int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
export type KeptFile = z.output<typeof File>;

const segment = z.string().regex(/^[0-9A-F]{24}$/);

const Manifest = z.object({
  format: z.literal(1),
  /** The release of Heartwood that made it. */
  release: z.string(),
  /** The migrations its database has had. */
  migrations: z.array(z.string()),
  /** The major version of PostgreSQL. */
  postgres: z.string(),
  lineage: z.string(),
  began: z.iso.datetime(),
  /** From this moment on it can be brought back. */
  at: z.iso.datetime(),
  seconds: z.number().int(),
  firstSegment: segment,
  lastSegment: segment,
  /** Which key it is encrypted with. */
  keyId: z.string().nullable(),
  /** The files of the backup as they lie in its folder. */
  files: z.array(File),
  /** The files of the database inside, as they were copied. */
  cluster: z.array(File),
});
export type Manifest = z.output<typeof Manifest>;

const nameOf = "manifest.json";

const macOf = (text: string, key: BackupKey): string => createHmac("sha256", manifestKey(key)).update(text).digest("hex");

/** The manifest as a file: its text, and beneath it the signature when there is a key. */
export function manifestText(manifest: Manifest, key: BackupKey | undefined): string {
  const text = JSON.stringify(manifest, undefined, 1);
  return key ? `${text}\n${macOf(text, key)}\n` : `${text}\n`;
}

export const manifestFile = nameOf;

interface ReadManifest {
  readonly manifest: Manifest;
  /** Checks that it was signed with the key it names. @throws Refusal when there is no such key, or it does not fit. */
  unlock(key: BackupKey | undefined): void;
}

export async function readManifest(folder: string): Promise<ReadManifest> {
  const text = await readFile(join(folder, nameOf), "utf8").catch(() => {
    throw no("noBackup", `There is no backup in ${folder}: it has no ${nameOf}.`);
  });
  const end = text.lastIndexOf("\n}");
  const body = text.slice(0, end + 2);
  const mac = text.slice(end + 2).trim();
  let manifest: Manifest;
  try {
    const parsed = JSON.parse(body) as { format?: unknown };
    if (typeof parsed.format === "number" && parsed.format > 1) {
      throw no("backupNewer", `${folder} was made by a newer Heartwood. Bring it back with that release.`);
    }
    manifest = Manifest.parse(parsed);
  } catch (error) {
    if ((error as { code?: string }).code === "backupNewer") throw error;
    throw no("backupBroken", `The manifest of ${folder} cannot be read: it was changed or cut off. Take another backup.`);
  }
  return { manifest, unlock: (key) => unlock(folder, manifest, { body, mac }, key) };
}

function unlock(folder: string, { keyId }: Manifest, { body, mac }: { body: string; mac: string }, key: BackupKey | undefined): void {
  if (keyId === null && mac === "") {
    if (!key) return;
    // Whoever can write there could have put it in the place of an encrypted one.
    throw no(
      "backupNotEncrypted",
      `${folder} is not encrypted, and a key was given. If that is right, ask again without HEARTWOOD_BACKUP_KEY.`,
    );
  }
  if (!key) throw no("backupKeyMissing", `${folder} is encrypted. Give its key: HEARTWOOD_BACKUP_KEY=…`);
  if (key.id !== keyId) throw no("backupKeyWrong", `${folder} is encrypted with another key (${keyId}) than the one given (${key.id}).`);
  const [given, right] = [Buffer.from(mac), Buffer.from(macOf(body, key))];
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw no("backupBroken", `The manifest of ${folder} was changed after it was signed. Take another backup.`);
  }
}

export interface FoundBackup {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The backups of a place, oldest first; what is no whole backup is left out. */
export async function backupsIn(place: string): Promise<FoundBackup[]> {
  const names = await readdir(place).catch(() => [] as string[]);
  const found: FoundBackup[] = [];
  for (const name of names.filter((one) => /^\d{8}T\d{6}Z-/.test(one) && !one.endsWith(".new"))) {
    const folder = join(place, name);
    const read = await readManifest(folder).catch(() => undefined);
    if (read) found.push({ folder, manifest: read.manifest });
  }
  return found.toSorted((a, b) => a.manifest.at.localeCompare(b.manifest.at) || basename(a.folder).localeCompare(basename(b.folder)));
}

/** The bytes that the files of a backup take. */
export const bytesOf = (manifest: Manifest): bigint => manifest.files.reduce((all, file) => all + BigInt(file.size), 0n);
