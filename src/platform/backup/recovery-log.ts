// Lays ready the log that PostgreSQL follows from a backup on: the piece in the backup, what was put by after it, and, when the folder of
// the house that is gone can still be read, the last of it that had not been put by yet.
import { createReadStream, existsSync } from "node:fs";
import { open, readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { defaultEmbeddedFolder } from "../database/embedded.ts";
import { clusterFolderOf } from "../database/embedded-user.ts";
import type { BackupKey } from "./cipher.ts";
import { type FoundBackup, type Manifest } from "./manifest.ts";
import { no } from "./no.ts";
import { packedName, unpack, unreadable } from "./pack.ts";
import { logFolderOf } from "./place.ts";
import { isSegment, segmentsBetween, unbroken } from "./segment.rules.ts";
import { keptOf, readKept } from "./verify.ts";

interface Wanted {
  readonly tail: string | undefined;
  readonly withoutLog: boolean;
  readonly at: Date | undefined;
}

type Opened = () => AsyncIterable<Buffer>;

/** Writes the segments into `feed` under the names that PostgreSQL asks for, and says how many. */
export async function layLog(backup: FoundBackup, feed: string, wanted: Wanted, key: BackupKey | undefined): Promise<number> {
  const { folder, manifest } = backup;
  const sources = new Map<string, Opened>();
  if (!wanted.withoutLog) {
    if (wanted.tail !== undefined) for (const [name, opened] of await tailOf(wanted.tail, manifest)) sources.set(name, opened);
    for (const [name, opened] of await putBy(backup, key)) sources.set(name, opened);
  }
  for (const name of segmentsBetween(manifest.firstSegment, manifest.lastSegment)) {
    const kept = keptOf(manifest, `log/${packedName(name, key)}`, folder);
    sources.set(name, () => readKept(folder, kept, key));
  }
  const { names, missing } = unbroken(manifest.firstSegment, new Set(sources.keys()));
  if (missing !== undefined && wanted.at === undefined) {
    throw no(
      "logBroken",
      `The log after this backup misses ${missing}, so nothing after it can be followed. Bring back a moment before it with --at, ` +
        "or the backup alone with --without-log.",
    );
  }
  for (const name of names) await lay(sources.get(name)!(), join(feed, name));
  return names.length;
}

/** The log of the backup's lineage that lies in the same place as the backup. */
async function putBy({ folder, manifest }: FoundBackup, key: BackupKey | undefined): Promise<Map<string, Opened>> {
  const place = logFolderOf(dirname(folder), manifest.lineage);
  const found = new Map<string, Opened>();
  for (const file of await readdir(place).catch(() => [] as string[])) {
    const name = file.slice(0, 24);
    if (isSegment(name) && file === packedName(name, key)) found.set(name, () => readPutBy(join(place, file), key));
  }
  return found;
}

async function* readPutBy(file: string, key: BackupKey | undefined): AsyncGenerator<Buffer> {
  try {
    yield* unpack(file, key);
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function tailOf(dataFolder: string, { lineage }: Manifest): Promise<Map<string, Opened>> {
  const home = defaultEmbeddedFolder(dataFolder);
  const wal = join(clusterFolderOf(home), "pg_wal");
  if (!existsSync(wal)) throw no("tailMissing", `There is no database in ${dataFolder} to take the last of the log from.`);
  const known = await readFile(join(home, "lineage"), "utf8").catch(() => "");
  if (known !== lineage) throw no("tailOther", `The house in ${dataFolder} is not the one that this backup was taken of.`);
  const [, , , , socket] = (await readFile(join(clusterFolderOf(home), "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  if (socket && (await answers(join(socket, ".s.PGSQL.5432")))) {
    throw no("tailLives", `The house in ${dataFolder} still runs. Stop it first: what it writes from now on would be lost.`);
  }
  const found = new Map<string, Opened>();
  for (const folder of [join(home, "spool"), wal]) {
    for (const name of await readdir(folder).catch(() => [] as string[])) {
      if (isSegment(name)) found.set(name, () => createReadStream(join(folder, name)));
    }
  }
  return found;
}

const answers = (path: string): Promise<boolean> =>
  new Promise((settle) => {
    const connection = connect(path);
    connection.once("connect", () => settle(true)).once("error", () => settle(false));
    connection.unref();
  });

/** A quiet minute fills a segment with zeros; they take no room. */
async function lay(source: AsyncIterable<Buffer>, path: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    let at = 0;
    for await (const part of source) {
      if (part.some((byte) => byte !== 0)) await file.write(part, 0, part.length, at);
      at += part.length;
    }
    await file.truncate(at);
  } finally {
    await file.close();
  }
}
