// Brings a house back from a backup: into a new folder, to the newest moment that is known, or to a chosen one. What it made is taken away
// again when it does not succeed, and a house that lives is never touched.
import { existsSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import pg from "pg";
import { defaultEmbeddedFolder, type EmbeddedDatabase, startEmbeddedDatabase } from "../database/embedded.ts";
import { locatePrograms } from "../database/embedded-binary.ts";
import { accountFor, clusterFolderOf, giveTo } from "../database/embedded-user.ts";
import type { BackupKey } from "./cipher.ts";
import { backupsIn, type FoundBackup, type Manifest, manifestFile, readManifest } from "./manifest.ts";
import { no } from "./no.ts";
import { packedName } from "./pack.ts";
import { layLog } from "./recovery-log.ts";
import { readCluster, readKept } from "./verify.ts";

export interface RestoreWish {
  /** A backup, or a place with several, of which the newest that fits is taken. */
  readonly from: string;
  /** The new data folder. */
  readonly dataFolder: string;
  /** The moment to go back to; by default the newest that is known. */
  readonly at: string | undefined;
  /** The data folder of the house that is gone, when it can still be read: the last of its log is taken from there. */
  readonly tail: string | undefined;
  /** Only what is in the backup itself, without the log that was put by after it. */
  readonly withoutLog: boolean;
  readonly key: BackupKey | undefined;
  readonly migrationsFolder: string;
  readonly say: (line: string) => void;
}

export interface Restored {
  readonly backup: FoundBackup;
  /** Of the last write that is in it. */
  readonly lastCommitted: Date | undefined;
  readonly segments: number;
  readonly seconds: number;
}

export async function restore(wish: RestoreWish): Promise<Restored> {
  const began = Date.now();
  const at = wish.at === undefined ? undefined : instantIn(wish.at);
  const backup = await chosen(wish, at);
  await refuseMisfit(backup.manifest, wish);
  const home = await freeHome(wish.dataFolder);
  const made = [await mkdir(wish.dataFolder, { recursive: true }), await mkdir(home, { recursive: true })];
  try {
    wish.say(`Bringing back ${backup.folder}, made ${backup.manifest.at} by Heartwood ${backup.manifest.release} …`);
    await laySecret(backup, wish);
    await layCluster(backup, home, wish.key);
    const feed = join(home, "recovery");
    await mkdir(feed, { mode: 0o700 });
    const segments = await layLog(backup, feed, { tail: wish.tail, withoutLog: wish.withoutLog, at }, wish.key);
    const lastCommitted = await recover(home, feed, at);
    await rm(feed, { recursive: true });
    return { backup, lastCommitted, segments, seconds: (Date.now() - began) / 1000 };
  } catch (error) {
    for (const folder of [home, ...made]) if (folder) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function instantIn(text: string): Date {
  const at = new Date(text);
  // Without its zone an instant is a guess, and a wrong guess loses an hour of work.
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text) || Number.isNaN(at.getTime())) {
    throw no("instantMalformed", `${text} is no instant. Write it with its zone, like 2026-11-22T09:30:00Z`);
  }
  if (at.getTime() > Date.now()) throw no("instantTooLate", `${text} has not come yet.`);
  return at;
}

async function chosen({ from, key }: RestoreWish, at: Date | undefined): Promise<FoundBackup> {
  const folder = resolve(from);
  const one = existsSync(join(folder, manifestFile));
  const all = one ? [{ folder, manifest: (await readManifest(folder)).manifest }] : await backupsIn(folder);
  const [oldest] = all;
  if (!oldest) throw no("noBackup", `There is no backup in ${folder}.`);
  const found = all.findLast(({ manifest }) => !at || new Date(manifest.at) <= at);
  if (!found) {
    const older = one ? "Choose an older backup, or a later moment." : "Choose a later moment.";
    throw no("instantTooEarly", `${at!.toISOString()} is before ${oldest.manifest.at}, from where on this can be brought back. ${older}`);
  }
  const { unlock } = await readManifest(found.folder);
  unlock(key);
  return found;
}

async function refuseMisfit({ migrations, postgres, release }: Manifest, wish: RestoreWish): Promise<void> {
  const ours = new Set((await readdir(wish.migrationsFolder)).map((file) => basename(file, extname(file))));
  const [newer] = migrations.filter((name) => !ours.has(name));
  if (newer !== undefined) {
    throw no(
      "schemaNewer",
      `This backup is of Heartwood ${release}, which has ${newer}; this release does not know it. Use that release or a newer one.`,
    );
  }
  const { major } = await locatePrograms(accountFor(wish.dataFolder));
  if (major !== postgres) {
    throw no(
      "postgresOther",
      `This backup is of PostgreSQL ${postgres}, and this Heartwood brings ${major}. Use the release that made it (${release}).`,
    );
  }
}

/** Where the database will live. Refuses a folder that holds anything. */
async function freeHome(dataFolder: string): Promise<string> {
  const home = defaultEmbeddedFolder(dataFolder);
  for (const folder of [resolve(dataFolder), home]) {
    const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw no("folderTaken", `${folder} cannot be used (${error.code}). Name a new folder.`);
    });
    if (there.length > 0) {
      throw no(
        "folderTaken",
        `${folder} is not empty. A house is brought back into a new folder, never over another: name one that is empty or not there.`,
      );
    }
  }
  return home;
}

async function layCluster({ folder, manifest }: FoundBackup, home: string, key: BackupKey | undefined): Promise<void> {
  const cluster = clusterFolderOf(home);
  await mkdir(cluster, { mode: 0o700 });
  let file: FileHandle | undefined;
  const reading = readCluster(folder, manifest, key, async ({ path, isFolder }) => {
    const target = resolve(cluster, path);
    if (!target.startsWith(`${cluster}/`)) throw no("backupBroken", `${folder} holds a file that leads out of its folder: ${path}`);
    if (isFolder) {
      await mkdir(target, { recursive: true, mode: 0o700 });
      return { part: async () => undefined, end: async () => undefined };
    }
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const opened = (file = await open(target, "wx", 0o600));
    return { part: (bytes) => opened.writeFile(bytes), end: () => opened.close() };
  });
  // A file that breaks off half-way is still open; closing it twice does nothing.
  try {
    await reading;
  } finally {
    await file?.close();
  }
  // PostgreSQL then follows the log beyond the backup.
  await writeFile(join(cluster, "recovery.signal"), "", { mode: 0o600 });
}

async function laySecret({ folder, manifest }: FoundBackup, { dataFolder, key }: RestoreWish): Promise<void> {
  const kept = manifest.files.find(({ path }) => path === packedName("secret", key));
  if (!kept) return;
  const parts: Buffer[] = [];
  for await (const part of readKept(folder, kept, key)) parts.push(part);
  await writeFile(join(dataFolder, "secret"), Buffer.concat(parts), { mode: 0o600, flush: true });
}

/** Lets PostgreSQL follow the log, and says when the last write was that it brought back. */
async function recover(home: string, feed: string, at: Date | undefined): Promise<Date | undefined> {
  const said: string[] = [];
  await giveTo(accountFor(home), feed);
  const quoted = `'${`${feed}/`.replaceAll("%", "%%").replaceAll("'", `'\\''`)}%f'`;
  const settings = {
    restore_command: `cp ${quoted} '%p'`,
    recovery_target_timeline: "latest",
    hot_standby: "off",
    ...(at && { recovery_target_time: at.toISOString().replace("Z", "+00"), recovery_target_action: "promote" }),
  };
  let database: EmbeddedDatabase;
  try {
    database = await startEmbeddedDatabase({ folder: home, settings, log: (line) => said.push(line) });
  } catch (error) {
    throw wordsFor(said, at) ?? error;
  }
  const client = new pg.Client(database.connection("heartwood", "heartwood_owner"));
  try {
    await client.connect();
    const { rows } = await client.query<{ at: Date | null }>("select pg_last_xact_replay_timestamp() as at");
    return rows[0]?.at ?? undefined;
  } finally {
    await client.end().catch(() => undefined);
    await database.stop();
  }
}

/** What PostgreSQL said when it could not get to the moment that was asked for. */
function wordsFor(said: readonly string[], at: Date | undefined): Error | undefined {
  const text = said.join("\n");
  if (!at || !text.includes("before configured recovery target was reached")) return undefined;
  const last = /last completed transaction was at log time (.+)/.exec(text)?.[1];
  const until = last ? `ends with a write of ${new Date(last.replace(/\+00$/, "Z")).toISOString()}` : "holds no write after the backup";
  return no("instantTooLate", `The log that was put by ${until}, before ${at.toISOString()}. Without --at it is brought back until there.`);
}
