// The drill: people write over HTTP, a backup is taken meanwhile, everything is killed, and the house is brought back into new folders: to
// the newest moment from the backups alone, to the newest with the last of the dead house's log, and to a chosen moment.
import { spawn } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { randomFrom } from "../test/simulator/random.ts";
import { count } from "./count.ts";
import { type Proof, verdict, type Verdict, type Wish } from "./proof.ts";
import { bundle, callAt, newFolder, type ProvedServer, startServer, until } from "./server.ts";
import { newTally, prepareGround, type Tally, write } from "./writers.ts";

const root = resolve(import.meta.dirname, "..");
const writers = 4;
// How often the log is put by in the drill, and how much later it may arrive on a machine that is busy with other work.
const logSeconds = 5;
const lateSeconds = { quick: 60, full: 15 };
const key = "5f".repeat(32);

export const restore: Proof = {
  name: "restore",
  says: "A house that was killed while it was written to is brought back from its backups, as of now or of a chosen moment.",
  prove: async (wish) => {
    const server = await startServer({
      environment: { HEARTWOOD_BACKUP_LOG_SECONDS: String(logSeconds), HEARTWOOD_BACKUP_KEY: key },
    });
    try {
      return await drill(server, wish);
    } finally {
      await server.stop();
    }
  },
};

/** A tally that also knows when each wish was acknowledged. */
function timedTally(): Tally & { readonly at: Map<string, number> } {
  const at = new Map<string, number>();
  class Timed extends Map<string, string> {
    override set(name: string, id: string): this {
      at.set(name, Date.now());
      return super.set(name, id);
    }
  }
  return { ...newTally(), acknowledged: new Timed(), at };
}

async function drill(server: ProvedServer, wish: Wish): Promise<Verdict[]> {
  const operate = await bundle(root, join(root, `.build/prove-operate-${process.pid}.mjs`), "src/operate.ts");
  const data = join(server.folder, "data");
  const run = (...words: string[]) => command(operate, { HEARTWOOD_ROOT: root, HEARTWOOD_DATA: data, HEARTWOOD_BACKUP_KEY: key }, words);
  const ground = await prepareGround(server);
  const tally = timedTally();
  let goesOn = true;
  const writing = Array.from({ length: writers }, (_, index) => {
    const random = randomFrom(wish.seed + 3000 + index);
    return write({ origin: () => server.origin, token: server.token, ground, random, tally, goesOn: () => goesOn, patienceSeconds: 600 });
  });
  await until("the first writes", 60, () => tally.acknowledged.size > 20);
  const before = Date.now();
  await run("backup");
  const backupMilliseconds = Date.now() - before;
  const writtenMeanwhile = [...tally.at.values()].filter((at) => at > before).length;
  await pause(wish.scale === "full" ? 120_000 : 3_000);
  const chosen = new Date();
  // The log must be put by beyond the chosen moment: to a segment in which something was written after it.
  const soFar = tally.acknowledged.size;
  await until("more writes", 120, () => tally.acknowledged.size > soFar + writers);
  const [present] = await server.ask<{ name: string }>("select pg_walfile_name(pg_current_wal_insert_lsn()) as name");
  await until("the log is put by", 120, () => putBy(data).some((name) => name.slice(0, 24) >= present!.name));
  const killed = kill(server);
  goesOn = false;
  const atEnd = Date.now();
  await killed;
  const counted = { ...tally, acknowledged: new Map(tally.acknowledged), at: new Map(tally.at) };
  wish.say(`${counted.acknowledged.size} acknowledged, ${writtenMeanwhile} of them while the backup was taken; everything is killed`);
  // The clients lose interest: nobody answers any more.
  tally.bad.length = 0;
  const [name = ""] = readdirSync(join(data, "backup")).filter((one) => /^\d/.test(one));
  const backup = join(data, "backup", name);
  const scenes: Scene[] = [
    { title: "from the backups alone", options: [], mayMissAfter: atEnd - (logSeconds + lateSeconds[wish.scale]) * 1000 },
    { title: "with the last of the log", options: ["--tail", data], mayMissAfter: Number.POSITIVE_INFINITY },
    { title: "at a chosen moment", options: ["--at", chosen.toISOString()], mayMissAfter: chosen.getTime(), nothingAfter: chosen },
  ];
  const verdicts: Verdict[] = [];
  for (const scene of scenes) {
    const verdictOf = await play(scene, { server, tally: counted, backup, run, atEnd });
    verdicts.push({ ...verdictOf, figures: { ...verdictOf.figures, backupMilliseconds, seed: wish.seed } });
  }
  await Promise.allSettled(writing);
  return verdicts;
}

interface Scene {
  readonly title: string;
  readonly options: readonly string[];
  /** What was acknowledged after that may be missing. */
  readonly mayMissAfter: number;
  /** And nothing may be there that was written later. */
  readonly nothingAfter?: Date;
}

interface Stage {
  readonly server: ProvedServer;
  readonly tally: Tally & { readonly at: ReadonlyMap<string, number> };
  readonly backup: string;
  readonly run: (...words: string[]) => Promise<string>;
  readonly atEnd: number;
}

async function play(scene: Scene, { server, tally, backup, run, atEnd }: Stage): Promise<Verdict> {
  const promise = `Brought back ${scene.title}: what was promised is there once, and every law holds.`;
  const folder = newFolder("restored");
  const began = Date.now();
  await run("restore", backup, "--data", join(folder, "data"), ...scene.options);
  const seconds = Math.round((Date.now() - began) / 100) / 10;
  const started = await startServer({ folder, environment: { HEARTWOOD_BACKUP: "off" } });
  try {
    // The token is the one of the house that is gone.
    const { token } = server;
    const restored: ProvedServer = { ...started, token, call: (method, path, body) => callAt(started.origin, token, method, path, body) };
    const [latest] = await restored.ask<{ at: Date }>("select max(at) as at from platform.operation_log where key like 'proof-%'");
    const { lost, doubled, unbalanced, breaks } = await count(restored, tally);
    const missing = breaks.filter((line) => line.startsWith("lost: "));
    const late = missing.filter((line) => tally.at.get(line.split(" ")[1]!)! > scene.mayMissAfter);
    const ages = missing.map((line) => atEnd - tally.at.get(line.split(" ")[1]!)!);
    const bad = breaks.filter((line) => !late.includes(line));
    if (scene.nothingAfter && latest!.at > scene.nothingAfter) bad.push(`a write of ${latest!.at.toISOString()} is there`);
    const figures = {
      acknowledged: tally.acknowledged.size,
      lost: lost - late.length,
      // What came after the last piece of the log that was put by, or after the chosen moment; and how long before the end that was.
      notBroughtBack: late.length,
      fromSecondsBeforeTheEnd: Math.round(Math.max(0, ...ages) / 100) / 10,
      doubled,
      unbalanced,
      restoredInSeconds: seconds,
    };
    return verdict(promise, figures, bad);
  } finally {
    await started.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The pieces of the log in the place of the backups. */
function putBy(house: string): string[] {
  const log = join(house, "backup/log");
  return readdirSync(log).flatMap((lineage) => readdirSync(join(log, lineage)).filter((name) => name.endsWith(".enc")));
}

/** Kills the server, and PostgreSQL before it can finish what it has. */
async function kill(server: ProvedServer): Promise<void> {
  const child = server.child();
  const postmaster = server.postmaster();
  const gone = new Promise((settle) => child.once("exit", settle));
  if (postmaster !== undefined) process.kill(postmaster, "SIGKILL");
  child.kill("SIGKILL");
  await gone;
}

async function command(program: string, environment: Readonly<Record<string, string>>, words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...words], { env: { ...process.env, ...environment } });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((settle) => child.once("close", settle));
  if (code !== 0) throw new Error(`heartwood ${words.join(" ")} ended with ${String(code)}: ${said}`);
  return said;
}
