// Backup and restore of a real embedded PostgreSQL: to the newest moment, to a chosen one, and every no in words.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { defaultEmbeddedFolder, type EmbeddedDatabase, startEmbeddedDatabase } from "../database/embedded.ts";
import { backupKeyFrom } from "./cipher.ts";
import { keepLog, type LogKeeper } from "./log-keeper.ts";
import { backupsIn, manifestFile } from "./manifest.ts";
import { logFolderOf } from "./place.ts";
import { restore, type RestoreWish } from "./restore.ts";
import { clearAway } from "./retention.ts";
import { withDatabaseOf } from "./running.ts";
import { takeBackup } from "./take.ts";
import { verifyBackup } from "./verify.ts";

const key = backupKeyFrom("0f".repeat(32));
const folder = mkdtempSync(join(tmpdir(), "heartwood-backup-"));
// When root runs this, PostgreSQL runs as somebody else, who must get there.
execFileSync("chmod", ["755", folder]);
const houseFolder = join(folder, "house");
const place = join(folder, "place");
const migrations = join(folder, "migrations");

let database: EmbeddedDatabase;
let keeper: LogKeeper;
let client: pg.Client;
const complaints: string[] = [];

async function start(): Promise<void> {
  database = await startEmbeddedDatabase({ folder: defaultEmbeddedFolder(houseFolder), durable: false, logSeconds: 3600 });
  const { spool, lineage } = database.log!;
  keeper = keepLog({ spool, folder: logFolderOf(place, lineage), key, log: (line) => complaints.push(line) });
}

async function stop(): Promise<void> {
  await client.end();
  await database.stop();
  await keeper.stop();
}

const connect = async (): Promise<void> => {
  client = new pg.Client(database.connection("heartwood", "heartwood_owner"));
  client.on("error", () => undefined);
  await client.connect();
  // Durability is off for speed; but what was answered must at least have been handed to the system.
  await client.query("set synchronous_commit = on");
};

const note = async (text: string): Promise<Date> => {
  const { rows } = await client.query<{ at: Date }>("insert into note values ($1, clock_timestamp()) returning at", [text]);
  await pause(20);
  return new Date(rows[0]!.at.getTime() + 5);
};

/** Hands the present segment over and waits until it is in its place, and out of the spool. */
async function putBy(): Promise<void> {
  // A segment in which nothing was written is not handed over.
  await client.query("select pg_logical_emit_message(true, 'test', 'something')");
  const { rows } = await client.query<{ name: string }>("select pg_walfile_name(pg_switch_wal()) as name");
  const { spool, lineage } = database.log!;
  const file = join(logFolderOf(place, lineage), `${rows[0]!.name}.gz.enc`);
  for (let left = 400; !existsSync(file) || existsSync(join(spool, rows[0]!.name)); left--) {
    if (left === 0) throw new Error(`${file} does not come: ${complaints.join()}`);
    await pause(50);
  }
}

beforeAll(async () => {
  mkdirSync(houseFolder);
  mkdirSync(migrations);
  writeFileSync(join(migrations, "0001-first.sql"), "");
  writeFileSync(join(houseFolder, "secret"), "the house's own secret");
  await start();
  const admin = new pg.Client(database.connection("postgres", "heartwood_owner"));
  await admin.connect();
  await admin.query("create database heartwood");
  await admin.end();
  await connect();
  await client.query("create table note (text text, at timestamptz)");
  await client.query("create table migration (id serial, name text); insert into migration (name) values ('0001-first')");
}, 120_000);
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

let made = 0;
let target: string;
beforeEach(() => {
  target = join(folder, `back-${++made}`);
});

const wish = (more: Partial<RestoreWish> = {}): RestoreWish => ({
  from: place,
  dataFolder: target,
  at: undefined,
  tail: undefined,
  withoutLog: false,
  key,
  migrationsFolder: migrations,
  say: () => undefined,
  ...more,
});

async function notesIn(dataFolder: string): Promise<string[]> {
  const back = await startEmbeddedDatabase({ folder: defaultEmbeddedFolder(dataFolder), durable: false });
  const reader = new pg.Client(back.connection("heartwood", "heartwood_owner"));
  await reader.connect();
  const { rows } = await reader.query<{ text: string }>("select text from note order by at");
  await reader.end();
  await back.stop();
  return rows.map(({ text }) => text);
}

const take = (to = place) => withDatabaseOf(houseFolder, (source) => takeBackup(source, to, key));
const takePlain = () => withDatabaseOf(houseFolder, (source) => takeBackup(source, join(folder, "plain"), undefined));

describe("a house that writes on", { timeout: 120_000 }, () => {
  let backup: string;
  let chosen: Date;

  beforeAll(async () => {
    await note("before");
    // Something changes under the copying hand.
    const writing = (async () => {
      for (let round = 0; round < 50; round++) await client.query("insert into note select 'meanwhile', null from generate_series(1, 500)");
    })();
    backup = (await take()).folder;
    await writing;
    await client.query("delete from note where text = 'meanwhile'");
    await note("after");
    chosen = await note("chosen");
    await note("too much");
    await client.query("delete from note where text = 'before'");
    await putBy();
    await note("not put by");
  }, 120_000);

  test("is brought back as far as its log was put by", async () => {
    const restored = await restore(wish());
    expect(await notesIn(target)).toEqual(["after", "chosen", "too much"]);
    expect(restored.lastCommitted!.getTime()).toBeGreaterThan(chosen.getTime());
    expect(readFileSync(join(target, "secret"), "utf8")).toBe("the house's own secret");
    expect(existsSync(join(defaultEmbeddedFolder(target), "recovery"))).toBe(false);
  });

  test("is brought back as it was at a chosen moment, before the mistake", async () => {
    const { lastCommitted } = await restore(wish({ from: backup, at: chosen.toISOString() }));
    expect(await notesIn(target)).toEqual(["before", "after", "chosen"]);
    expect(lastCommitted!.getTime()).toBeLessThan(chosen.getTime());
  });

  test("is brought back from the backup alone", async () => {
    await restore(wish({ withoutLog: true }));
    const notes = await notesIn(target);
    expect(notes).toContain("before");
    expect(notes).not.toContain("after");
  });

  test("a moment that the log does not reach, or that is before the backup, is refused and nothing is left", async () => {
    const late = new Date(Date.now() - 1);
    const { at } = (await verifyBackup(backup, key)) as { at: string };
    await expect(restore(wish({ at: late.toISOString() }))).rejects.toMatchObject({ code: "instantTooLate" });
    await expect(restore(wish({ at: "2020-01-01T00:00:00Z" }))).rejects.toThrow(`before ${at}`);
    await expect(restore(wish({ at: "2999-01-01T00:00:00Z" }))).rejects.toMatchObject({ code: "instantTooLate" });
    await expect(restore(wish({ at: "2026-11-22T10:00:00" }))).rejects.toThrow("with its zone");
    expect(existsSync(target)).toBe(false);
  });

  test("never over another house", async () => {
    await expect(restore(wish({ dataFolder: houseFolder }))).rejects.toMatchObject({ code: "folderTaken" });
    expect((await client.query("select from note")).rowCount).toBeGreaterThan(0);
    mkdirSync(target);
    writeFileSync(join(target, "a file"), "");
    await expect(restore(wish())).rejects.toMatchObject({ code: "folderTaken" });
    expect(readdirSync(target)).toEqual(["a file"]);
  });

  test("without its key, or with another, it says so", async () => {
    await expect(restore(wish({ key: undefined }))).rejects.toMatchObject({ code: "backupKeyMissing" });
    await expect(restore(wish({ key: backupKeyFrom("1f".repeat(32)) }))).rejects.toMatchObject({ code: "backupKeyWrong" });
    const plain = await takePlain();
    await expect(restore(wish({ from: plain.folder }))).rejects.toMatchObject({ code: "backupNotEncrypted" });
    expect(existsSync(target)).toBe(false);
  });

  test("a newer schema is refused", async () => {
    const older = join(folder, "older");
    mkdirSync(older);
    await expect(restore(wish({ migrationsFolder: older }))).rejects.toThrow("0001-first");
  });

  test("nothing of it can be read without the key", () => {
    const files = readdirSync(backup, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      const bytes = readFileSync(join(parentPath, name));
      for (const word of ["the house's own secret", "meanwhile"]) expect(bytes.includes(word)).toBe(false);
    }
  });

  test.each(["cluster.tar.gz.enc", "secret.gz.enc", manifestFile])("a changed %s is found, and nothing is brought back", async (name) => {
    const copy = join(folder, "copy", "20260101T000000Z-ffffff");
    rmSync(copy, { recursive: true, force: true });
    cpSync(backup, copy, { recursive: true });
    const bytes = readFileSync(join(copy, name));
    bytes[bytes.length >> 1] = bytes[bytes.length >> 1]! ^ 1;
    writeFileSync(join(copy, name), bytes);
    await expect(verifyBackup(copy, key)).rejects.toMatchObject({ code: expect.stringMatching(/^backup(Broken|NotReadable)$/) });
    await expect(restore(wish({ from: copy }))).rejects.toMatchObject({ name: "Refusal" });
    expect(existsSync(target)).toBe(false);
  });

  test("a backup that is not encrypted is found changed too, and opens with tar", async () => {
    const { folder: plain } = await takePlain();
    const listed = execFileSync("tar", ["tzf", join(plain, "cluster.tar.gz")], { encoding: "utf8" });
    expect(listed).toContain("global/pg_control\nbackup_label\n");
    await verifyBackup(plain, undefined);
    rmSync(join(plain, "log"), { recursive: true });
    await expect(verifyBackup(plain, undefined)).rejects.toThrow("is missing");
  });

  test("a gap in the log is never skipped", async () => {
    const log = logFolderOf(place, database.log!.lineage);
    const { lastSegment } = await verifyBackup(backup, key);
    await putBy();
    await putBy();
    const [gap = ""] = readdirSync(log)
      .filter((name) => name.slice(0, 24) > lastSegment)
      .toSorted();
    renameSync(join(log, gap), join(folder, gap));
    await expect(restore(wish({ from: backup }))).rejects.toMatchObject({ code: "logBroken" });
    renameSync(join(folder, gap), join(log, gap));
  });

  test("the log of another house, or of one that still runs, is not taken", async () => {
    await expect(restore(wish({ tail: houseFolder }))).rejects.toMatchObject({ code: "tailLives" });
    await expect(restore(wish({ tail: join(folder, "nowhere") }))).rejects.toMatchObject({ code: "tailMissing" });
    const other = join(folder, "other");
    mkdirSync(join(defaultEmbeddedFolder(other), "cluster/pg_wal"), { recursive: true });
    await expect(restore(wish({ tail: other }))).rejects.toMatchObject({ code: "tailOther" });
    expect(existsSync(target)).toBe(false);
  });

  test("what was not put by when it stopped is taken from the folder of the dead house", async () => {
    await note("the last");
    process.kill(Number(readFileSync(join(database.cluster, "postmaster.pid"), "utf8").split("\n")[0]), "SIGKILL");
    await database.ended;
    await client.end().catch(() => undefined);
    await keeper.stop();
    await restore(wish({ tail: houseFolder }));
    expect(await notesIn(target)).toEqual(["after", "chosen", "too much", "not put by", "the last"]);
    await start();
    await connect();
  });

  test("a house that does not run is backed up all the same", async () => {
    await stop();
    const { folder: cold } = await take(join(folder, "cold"));
    await start();
    await connect();
    await restore(wish({ from: cold }));
    expect(await notesIn(target)).toContain("the last");
  });

  test("what was handed over twice is kept once, and another's segment is never overwritten", async () => {
    await putBy();
    const { spool, lineage } = database.log!;
    const log = logFolderOf(place, lineage);
    const newest = readdirSync(log).toSorted().at(-1)!;
    const name = newest.slice(0, 24);
    const before = readFileSync(join(log, newest));
    writeFileSync(join(spool, name), Buffer.alloc(2 ** 24, 7));
    for (let left = 100; left > 0 && !complaints.some((line) => line.includes(name)); left--) await pause(100);
    expect(complaints.join("\n")).toContain("Nothing was overwritten");
    expect(readFileSync(join(log, newest)).equals(before)).toBe(true);
    rmSync(join(spool, name));
  });

  test("the log goes with the oldest backup that needs it", async () => {
    const kept = await take();
    await putBy();
    expect(await clearAway(place, { days: 1, weeks: 0 })).toEqual([backup]);
    expect((await backupsIn(place)).map((one) => one.folder)).toEqual([kept.folder]);
    const names = readdirSync(logFolderOf(place, database.log!.lineage)).map((name) => name.slice(0, 24));
    expect(names.every((name) => name >= kept.manifest.firstSegment)).toBe(true);
    expect(names).toContain(kept.manifest.firstSegment);
    await restore(wish());
    expect(await notesIn(target)).toContain("the last");
  });
});
