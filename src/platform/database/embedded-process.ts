// The PostgreSQL processes of one database folder: what an earlier crash left behind, starting the server, stopping it.

import { spawn, execFileSync, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { commandAs, type AccountCommand, type DatabaseAccount } from "./embedded-user.ts";

export type Log = (line: string) => void;

/** What one server is started with. `clusterName` stands in the title of each of its processes, so that they can be told from others'. */
interface ServerPlan {
  readonly program: string;
  readonly account: DatabaseAccount | undefined;
  readonly cluster: string;
  readonly clusterName: string;
  readonly socketFolder: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: Log;
}

export interface RunningServer {
  /** Settles when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const leftoverPatienceMilliseconds = 10_000;
const startPatienceMilliseconds = 10_000;
const recoveryPatienceMilliseconds = 15 * 60_000;
const stopPatienceMilliseconds = 30_000;

const socketOf = (plan: ServerPlan): string => join(plan.socketFolder, ".s.PGSQL.5432");

const pidFileOf = (cluster: string): string => join(cluster, "postmaster.pid");

interface ServerProcess {
  readonly pid: number;
  readonly isPostmaster: boolean;
}

/** Living processes of this database: the postmaster by its `-D folder`, its children by the cluster name in their title. */
function processesOf(cluster: string, clusterName: string): ServerProcess[] {
  return allCommands().flatMap(({ pid, program, rest }) => {
    const isPostmaster = /(^|\/)(postgres|setpriv)$/.test(program) && `${rest} `.includes(` -D ${cluster} `);
    const isChild = program.startsWith(`postgres: ${clusterName}: `);
    return isPostmaster || isChild ? [{ pid, isPostmaster }] : [];
  });
}

interface CommandLine {
  readonly pid: number;
  readonly program: string;
  readonly rest: string;
}

function allCommands(): CommandLine[] {
  if (process.platform !== "linux") {
    const lines = execFileSync("ps", ["-axww", "-o", "pid=,command="], { encoding: "utf8" }).split("\n");
    return lines.map((line) => {
      const command = line.trim().replace(/^\d+\s+/, "");
      const end = command.includes(" -D ") ? command.indexOf(" -D ") : command.length;
      return { pid: Number.parseInt(line, 10), program: command.slice(0, end), rest: command.slice(end) };
    });
  }
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((name) => {
    try {
      // Empty for a process that is dead but not yet reaped: PostgreSQL takes such a one for living, we need not.
      const [program = "", ...rest] = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      return program === "" ? [] : [{ pid: Number(name), program, rest: ` ${rest.join(" ")}` }];
    } catch {
      return [];
    }
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== "ESRCH") throw failure;
  }
}

/**
 * Ends what an earlier run left behind. A server without its Node is stopped rather than adopted: it may have been started with
 * other settings, and it would not end with this process. When nothing lives any more, its pid file is removed: PostgreSQL itself
 * would refuse to start as long as any process has that number.
 */
export async function clearLeftover(plan: ServerPlan): Promise<void> {
  const pidFile = pidFileOf(plan.cluster);
  if (existsSync(pidFile)) await endLiving(plan);
  await rm(pidFile, { force: true });
  await rm(`${socketOf(plan)}.lock`, { force: true });
}

async function endLiving(plan: ServerPlan): Promise<void> {
  const began = Date.now();
  const told = new Set<string>();
  for (;;) {
    const living = processesOf(plan.cluster, plan.clusterName);
    const waited = Date.now() - began;
    if (living.length === 0 && !(await answers(socketOf(plan)))) return;
    if (waited > leftoverPatienceMilliseconds + 5_000) throw stillLives(plan.cluster, living[0]?.pid);
    const impatient = waited > leftoverPatienceMilliseconds;
    const orphaned = !living.some(({ isPostmaster }) => isPostmaster);
    for (const { pid, isPostmaster } of living) {
      if (!isPostmaster && !orphaned) continue;
      const name = impatient ? "SIGQUIT" : isPostmaster ? "SIGINT" : "SIGTERM";
      if (told.has(`${pid} ${name}`)) continue;
      told.add(`${pid} ${name}`);
      plan.log(`Stopping the PostgreSQL process ${pid} that an earlier run left behind.`);
      signal(pid, name);
    }
    await pause(20);
  }
}

/** A socket that takes connections belongs to a living server, even one in another container, whose processes we cannot see. */
function answers(socket: string): Promise<boolean> {
  return new Promise((settle) => {
    const connection = connect(socket);
    const answer = (yes: boolean) => {
      connection.destroy();
      settle(yes);
    };
    connection.once("connect", () => answer(true));
    // EAGAIN: it lives, only too many are in the queue.
    connection.once("error", (failure: NodeJS.ErrnoException) => answer(failure.code === "EAGAIN"));
  });
}

function stillLives(cluster: string, pid: number | undefined): Error {
  const which = pid === undefined ? "perhaps in another container" : `pid ${pid}`;
  return new Error(`An earlier PostgreSQL (${which}) still holds ${cluster} and does not stop. End it, then start Heartwood again.`);
}

/** Starts the server and comes back when it takes connections. */
export async function startServer(plan: ServerPlan): Promise<RunningServer> {
  const until = Date.now() + startPatienceMilliseconds;
  for (;;) {
    const launched = launch(plan);
    const problem = await readiness(plan, launched);
    if (problem === undefined) return running(plan, launched);
    // A killed server's lock, memory or socket can outlive it for a second or two.
    if (!/lock file|still in use|already in use/i.test(problem) || Date.now() > until) throw couldNotStart(plan.cluster, problem);
    await pause(200);
  }
}

interface Launched {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  /** Settles when nobody can write to its standard error any more. */
  readonly silent: Promise<void>;
  readonly hasEnded: () => boolean;
  readonly lastLines: readonly string[];
}

function launch(plan: ServerPlan): Launched {
  const settings = Object.entries(plan.settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const command = commandAs(plan.account, plan.program, ["-D", plan.cluster, ...settings]);
  const child = spawnQuietly(command);
  const lastLines: string[] = [];
  collectLines(child, (line) => {
    lastLines.push(line);
    if (lastLines.length > 20) lastLines.shift();
    plan.log(line);
  });
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", (failure) => {
      lastLines.push(failure.message);
      end();
    });
  });
  const silent = new Promise<void>((resolve) => void child.once("close", resolve));
  return { child, ended, silent, hasEnded: () => over, lastLines };
}

function spawnQuietly(command: AccountCommand): ChildProcess {
  return spawn(command.program, command.arguments, {
    cwd: "/",
    // No PG… variable of the caller may reach the server, and its messages stay in English, because we read some of them.
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    uid: command.uid,
    gid: command.gid,
    stdio: ["ignore", "ignore", "pipe"],
    // An own session: Ctrl-C in a terminal reaches Node only, which can then finish its work before it stops the database.
    detached: true,
  });
}

/** Runs a program that ends by itself, such as initdb; gives its exit code and what it said to standard error. */
export async function runToEnd(command: AccountCommand): Promise<{ code: number | null; said: string }> {
  const child = spawnQuietly(command);
  const lines: string[] = [];
  collectLines(child, (line) => lines.push(line));
  const code = await new Promise<number | null>((settle, fail) => child.once("close", settle).once("error", fail));
  return { code, said: lines.join("\n") };
}

function collectLines(child: ChildProcess, take: Log): void {
  let rest = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(take);
  });
}

/** Waits until the server says "ready" in its pid file (line 8, as pg_ctl reads it); gives what it last said if it ended instead. */
async function readiness(plan: ServerPlan, launched: Launched): Promise<string | undefined> {
  const until = Date.now() + recoveryPatienceMilliseconds;
  while (Date.now() < until) {
    if (launched.hasEnded()) {
      await Promise.race([launched.silent, pause(500)]);
      return launched.lastLines.join("\n") || "nothing";
    }
    const lines = (await readFile(pidFileOf(plan.cluster), "utf8").catch(() => "")).split("\n");
    if (Number(lines[0]) === launched.child.pid && lines[7]?.trim() === "ready") return undefined;
    await Promise.race([pause(5), launched.ended]);
  }
  launched.child.kill("SIGINT");
  return `It was not ready after ${recoveryPatienceMilliseconds / 60_000} minutes.\n${launched.lastLines.join("\n")}`;
}

function couldNotStart(cluster: string, problem: string): Error {
  const advice = /lock file|still in use|already in use/i.test(problem)
    ? "Another PostgreSQL still uses this folder: stop it, then start Heartwood again."
    : "Put right what it says, then start Heartwood again.";
  return new Error(`The database in ${cluster} did not start. ${advice} PostgreSQL said:\n${problem}`);
}

function running(plan: ServerPlan, { child, ended, hasEnded }: Launched): RunningServer {
  // Not a reason for Node to stay: a process that has nothing else to do ends, and the database with it.
  child.unref();
  if (child.stderr && "unref" in child.stderr) (child.stderr as unknown as { unref(): void }).unref();
  const endWithNode = () => child.kill("SIGINT");
  process.once("exit", endWithNode);
  void ended.then(() => process.removeListener("exit", endWithNode));
  const stop = async () => {
    if (hasEnded()) return;
    child.ref();
    child.kill("SIGINT");
    const patience = new AbortController();
    const timer = pause(stopPatienceMilliseconds, "late", { signal: patience.signal }).catch(() => undefined);
    if ((await Promise.race([ended, timer])) === "late") child.kill("SIGQUIT");
    patience.abort();
    await ended;
    // After a clean shutdown there is nothing left to clear.
    if (existsSync(pidFileOf(plan.cluster))) await endLiving(plan);
  };
  return { ended, stop };
}
