// The embedded PostgreSQL for real: made at first use, and back with every acknowledged row after any sudden death.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { keepEmbeddedDatabase } from "./embedded-keeper.ts";
import { defaultEmbeddedFolder, startEmbeddedDatabase, type EmbeddedDatabase } from "./embedded.ts";

const isRoot = process.getuid?.() === 0;
const nobody = 65534;

let workFolder = "";
let folder = "";
let open: EmbeddedDatabase[] = [];
const children: ChildProcess[] = [];

async function start(durable = true): Promise<EmbeddedDatabase> {
  const database = await startEmbeddedDatabase({ folder, durable });
  open.push(database);
  return database;
}

async function ask(database: Pick<EmbeddedDatabase, "connection">, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.connection("postgres", "heartwood_owner"));
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Another Node that starts the database of `folder`, says "ready", then writes one numbered row after the other and says each. */
const writer = (where: string) => `
  import pg from ${JSON.stringify(import.meta.resolve("pg"))};
  import { startEmbeddedDatabase } from ${JSON.stringify(join(import.meta.dirname, "embedded.ts"))};
  const database = await startEmbeddedDatabase({ folder: ${JSON.stringify(where)} });
  const client = new pg.Client(database.ownerUrl("postgres"));
  await client.connect();
  await client.query("create table if not exists row (n int primary key)");
  console.log("ready");
  let ending = false;
  process.stdin.once("data", () => (ending = true));
  for (let n = 1; !ending; n++) {
    await client.query("insert into row values ($1) on conflict do nothing", [n]);
    console.log(n);
  }
  await client.end();
  await database.stop();
  console.log("stopped");
  process.exit(0);
`;

interface Writer {
  readonly child: ChildProcess;
  readonly said: string[];
}

async function startWriter(where: string, uid?: number): Promise<Writer> {
  const script = join(workFolder, `writer-${children.length}.mts`);
  writeFileSync(script, writer(where));
  const node = [process.execPath, "--import", import.meta.resolve("tsx"), script];
  const identity = uid === undefined ? [] : ["setpriv", "--reuid", String(uid), "--regid", String(uid), "--clear-groups", "--"];
  const [program = "", ...rest] = [...identity, ...node];
  const child = spawn(program, rest, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, HOME: workFolder } });
  children.push(child);
  const said: string[] = [];
  createInterface({ input: child.stdout! }).on("line", (line) => said.push(line));
  while (said.length < 20) {
    if (child.exitCode !== null) throw new Error(`The writer ended with ${child.exitCode}.`);
    await pause(5);
  }
  return { child, said };
}

const acknowledged = ({ said }: Writer): number => Number(said.findLast((line) => /^\d+$/.test(line)) ?? 0);

const postmasterOf = (where: string): number => Number.parseInt(readFileSync(join(where, "cluster/postmaster.pid"), "utf8"), 10);

const postmasterIfAny = (where: string): number | undefined =>
  existsSync(join(where, "cluster/postmaster.pid")) ? postmasterOf(where) : undefined;

/** True while the process lives; one that is dead and only waits to be reaped does not. */
function lives(pid: number): boolean {
  try {
    return process.platform !== "linux" || readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
  } catch {
    return false;
  }
}

beforeAll(() => {
  workFolder = mkdtempSync(join(tmpdir(), "heartwood-embedded-"));
  chmodSync(workFolder, 0o755);
  folder = join(workFolder, "database");
});

afterEach(async () => {
  for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) child.kill("SIGKILL");
  await Promise.all(open.map((database) => database.stop()));
  open = [];
});

afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

test("the first start makes the database, later starts find what was written", { timeout: 20_000 }, async () => {
  const first = await start();
  expect(first.created).toBe(true);
  await ask(first, "create table desk as select 'Straße' as name");
  await first.stop();
  await first.stop();
  expect(existsSync(join(folder, "cluster/postmaster.pid"))).toBe(false);

  const second = await start();
  expect(second.created).toBe(false);
  expect(await ask(second, "select name from desk")).toEqual([{ name: "Straße" }]);
});

test("it is closed to the network and to other accounts, forces to disk and knows letters", { timeout: 20_000 }, async () => {
  const database = await start();
  expect(database.socketFolder.length).toBeLessThan(100);
  expect(statSync(database.socketFolder).mode & 0o777).toBe(0o700);
  const shown = async (name: string) => (await ask(database, `select current_setting('${name}') as value`))[0]?.["value"];
  expect(await shown("listen_addresses")).toBe("");
  expect([await shown("fsync"), await shown("synchronous_commit"), await shown("data_checksums")]).toEqual(["on", "on", "on"]);
  expect(await shown("server_version_num")).toMatch(/^18/);
  expect(await ask(database, "select 'École' ilike 'éCOLE' as same, upper('é') as upper")).toEqual([{ same: true, upper: "É" }]);
  await ask(database, "create extension pg_trgm");
  // Were É no letter, the word would begin at "cole".
  expect(await ask(database, "select 'École' % 'cole' as alike, cardinality(show_trgm('É')) as n")).toEqual([{ alike: true, n: 2 }]);
});

test("without durability nothing waits for the disk, and the next durable start forces to disk again", { timeout: 20_000 }, async () => {
  const hasty = await start(false);
  expect(await ask(hasty, "show fsync")).toEqual([{ fsync: "off" }]);
  await hasty.stop();
  expect(await ask(await start(), "show fsync")).toEqual([{ fsync: "on" }]);
});

test("a second Heartwood on the same folder is refused and told who has it", { timeout: 20_000 }, async () => {
  const { child, said } = await startWriter(folder);
  await expect(start()).rejects.toMatchObject({ code: "alreadyRunning", facts: { pid: child.pid } });
  child.stdin!.write("end\n");
  await once(child, "exit");
  expect(said.at(-1)).toBe("stopped");

  await start();
  await expect(start()).rejects.toThrow(`already runs here (pid ${process.pid}`);
});

test("kill -9 of Node: PostgreSQL goes with it and no acknowledged row is lost", { timeout: 20_000 }, async () => {
  const rowWriter = await startWriter(folder);
  const postmaster = postmasterOf(folder);
  rowWriter.child.kill("SIGKILL");
  await once(rowWriter.child, "exit");
  for (let waited = 0; process.platform === "linux" && lives(postmaster) && waited < 5_000; waited += 20) await pause(20);
  if (process.platform === "linux") expect(lives(postmaster)).toBe(false);
  const database = await start();
  const [row] = await ask(database, "select max(n) as last, count(*)::int as rows from row");
  expect(row?.["last"]).toBeGreaterThanOrEqual(acknowledged(rowWriter));
  expect(row?.["last"]).toBe(row?.["rows"]);
});

test("kill -9 of PostgreSQL and Node together: the next start recovers", { timeout: 20_000 }, async () => {
  const rowWriter = await startWriter(folder);
  process.kill(postmasterOf(folder), "SIGKILL");
  rowWriter.child.kill("SIGKILL");
  await once(rowWriter.child, "exit");
  const [row] = await ask(await start(), "select max(n) as last from row");
  expect(row?.["last"]).toBeGreaterThanOrEqual(acknowledged(rowWriter));
});

test("kill -9 of PostgreSQL alone: the same process can start it again, a busy query or not", { timeout: 20_000 }, async () => {
  const first = await start();
  await ask(first, "create table if not exists kept as select 7 as n");
  const busy = ask(first, "select count(*) from generate_series(1, 2000000000)").catch(() => "cut off");
  await pause(100);
  process.kill(postmasterOf(folder), "SIGKILL");
  await pause(100);
  const second = await start();
  expect(await ask(second, "select n from kept")).toEqual([{ n: 7 }]);
  expect(await busy).toBe("cut off");
});

test(
  "while the house runs, a PostgreSQL that dies is started again by itself, and beside it lies a ballast file",
  { timeout: 40_000 },
  async () => {
    const said: string[] = [];
    const kept = await keepEmbeddedDatabase(folder, (line) => said.push(line));
    try {
      expect(statSync(join(folder, "ballast")).size).toBe(48 * 2 ** 20);
      const dead = postmasterOf(folder);
      process.kill(dead, "SIGKILL");
      const asked = async () => ask(kept, "select 1 as one");
      let rows: unknown;
      for (let waited = 0; !rows && waited < 20_000; waited += 100) {
        await pause(100);
        if (postmasterIfAny(folder) !== dead) rows = await asked().catch(() => undefined);
      }
      expect(rows).toEqual([{ one: 1 }]);
      expect(said).toEqual(["The database ended by itself and is started again.", "The database is back."]);
      expect(kept.isDiskFull()).toBe(false);
    } finally {
      await kept.stop();
    }
    expect(existsSync(join(folder, "cluster/postmaster.pid"))).toBe(false);
  },
);

test("a pid file whose number now belongs to another process does not keep the database closed", { timeout: 20_000 }, async () => {
  await (await start()).stop();
  const stale = join(folder, "cluster/postmaster.pid");
  writeFileSync(stale, `${process.pid}\n${join(folder, "cluster")}\n1\n5432\n`);
  writeFileSync(join(folder, "heartwood.lock"), `${process.ppid}\nborn at another time\n`);
  if (isRoot) chownSync(stale, statSync(join(folder, "cluster")).uid, -1);
  expect(await ask(await start(), "select 1 as one")).toEqual([{ one: 1 }]);
});

test.skipIf(!isRoot)("an ordinary user runs it as himself, and root can take it over and hand it back", { timeout: 20_000 }, async () => {
  const own = join(workFolder, "of-nobody");
  mkdirSync(own);
  chownSync(own, nobody, nobody);
  for (const uid of [nobody, undefined, nobody]) {
    const { child, said } = await startWriter(own, uid);
    expect(statSync(`/proc/${postmasterOf(own)}`).uid).toBe(nobody);
    child.stdin!.write("end\n");
    await once(child, "exit");
    expect(said.at(-1)).toBe("stopped");
  }
});

test.skipIf(!isRoot)("a folder that PostgreSQL's account cannot enter is refused, and the default is elsewhere", async () => {
  const closed = join(workFolder, "closed");
  mkdirSync(closed, { mode: 0o700 });
  await expect(startEmbeddedDatabase({ folder: join(closed, "postgresql") })).rejects.toThrow(`may not enter ${closed}`);
  expect(defaultEmbeddedFolder(closed)).toMatch(/^\/var\/lib\/heartwood\/closed-[0-9a-f]{12}\/postgresql$/);
  expect(defaultEmbeddedFolder(workFolder)).toBe(join(workFolder, "postgresql"));
});
