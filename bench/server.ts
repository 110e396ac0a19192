// Heartwood as its users start it, on a fresh data folder with a company of its own, signed in; and the same PostgreSQL beside it for the
// side that is written by hand.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import type { LoadFigures, LoadPlan } from "./load.ts";

const run = promisify(execFile);
const port = Number(process.env["BENCH_PORT"] ?? 4590);
const origin = `http://127.0.0.1:${port}`;

export interface BenchServer {
  readonly folder: string;
  readonly token: string;
  /** The owner of Heartwood's tables, to look at counters and to fill in what a bench needs to stand on. */
  readonly owner: pg.Pool;
  /** A database of its own on the same PostgreSQL. */
  readonly raw: pg.Pool;
  /** Calls an operation as the owner of the company. */
  call<Answer = Record<string, unknown>>(method: "GET" | "POST", path: string, body?: object): Promise<Answer>;
  /** Uploads a file as the owner of the company; its identifier. */
  upload(name: string, text: string | Buffer): Promise<string>;
  /** Presses with many clients for a while; the rate of good answers a second. Throws when any answer is bad. */
  press(plan: Omit<LoadPlan, "port" | "token">): Promise<number>;
  /** Seconds of processor that PostgreSQL has used so far, all its processes together. */
  databaseSeconds(): number;
  /** Runs a pgbench script against the raw database; transactions a second. */
  pgbench(script: string, clients: number, seconds: number): Promise<number>;
  stop(): Promise<void>;
}

export async function startServer(): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), "heartwood-bench-"));
  await run("chmod", ["755", folder]);
  const { child, password } = await begin(folder);
  const socket = socketOf(folder);
  const connection = (database: string) => ({ host: socket, port: 5432, user: "heartwood_owner", database });
  const owner = new pg.Pool({ ...connection("heartwood"), max: 2 });
  await owner.query("create database raw");
  const raw = new pg.Pool({ ...connection("raw"), max: 16 });
  const token = await signIn(password);
  const call: BenchServer["call"] = async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}` };
    const { status, text } = await asked(method, path, headers, body && JSON.stringify(body));
    if (status >= 300) throw new Error(`${path} answered ${status}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as never;
  };
  return {
    folder,
    token,
    owner,
    raw,
    call,
    upload: async (name, text) => {
      const body = new FormData();
      body.set("file", new Blob([text as never]), name);
      const response = await fetch(`${origin}/api/v1/files`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body });
      return ((await response.json()) as { id: string }).id;
    },
    databaseSeconds: () => secondsOf(folder),
    press: (plan) => press(folder, { ...plan, port, token }),
    pgbench: (script, clients, seconds) => pgbench(socket, folder, script, clients, seconds),
    stop: async () => {
      kept.destroy();
      await Promise.all([owner.end(), raw.end()]);
      child.kill("SIGTERM");
      await new Promise((resolve) => child.once("exit", resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a bench stands on: made once on a server, however many ask. */
export function oncePerServer<Made>(make: (server: BenchServer) => Promise<Made>): (server: BenchServer) => Promise<Made> {
  const made = new WeakMap<BenchServer, Promise<Made>>();
  return (server) => {
    const known = made.get(server) ?? make(server);
    made.set(server, known);
    return known;
  };
}

const kept = new Agent({ keepAlive: true });

/** One request over a connection that stays: `fetch` alone costs as much as a small answer. */
function asked(
  method: string,
  path: string,
  given: Readonly<Record<string, string>>,
  body: string | undefined,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { ...given, ...(body && { "content-type": "application/json" }) };
    const sent = request(`${origin}${path}`, { method, headers, agent: kept }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode!, text }));
      answer.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function begin(folder: string): Promise<{ child: ChildProcess; password: string }> {
  // As `npm start` does: the built server.
  const child = spawn(process.execPath, [join(import.meta.dirname, "../bin/start.mjs")], {
    env: {
      ...process.env,
      HEARTWOOD_DATA: join(folder, "data"),
      HEARTWOOD_COMPANY: "Bench",
      HEARTWOOD_OWNER: "Bea Bench <bea@bench.example>",
      HEARTWOOD_RATE_PER_USER: "100000000",
      PORT: String(port),
      NODE_ENV: "production",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error(`Heartwood did not start: ${said}`)));
    child.stdout!.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("is ready at")) resolve();
    });
  });
  return { child, password: /with «(.+?)»/.exec(said)![1]! };
}

/** PostgreSQL writes where its socket is into the fifth line of its pid file. */
const socketOf = (folder: string): string => pidFileOf(folder)[4]!;

/** Of those that ended as well: their parent has their time. */
function secondsOf(folder: string): number {
  const parent = pidFileOf(folder)[0]!;
  const ticks = readdirSync("/proc").flatMap((pid) => {
    const file = `/proc/${pid}/stat`;
    if (!/^\d+$/.test(pid) || !existsSync(file)) return [];
    const fields = readFileSync(file, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")
      .map(Number);
    if (pid === parent) return fields.slice(11, 15);
    return String(fields[1]) === parent ? fields.slice(11, 13) : [];
  });
  return ticks.reduce((sum, one) => sum + one, 0) / 100;
}

function pidFileOf(folder: string): readonly string[] {
  const find = (at: string): string | undefined => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (entry.name === "postmaster.pid") return join(at, entry.name);
      const found = entry.isDirectory() && !/^(base|pg_|global)/.test(entry.name) ? find(join(at, entry.name)) : undefined;
      if (found) return found;
    }
    return undefined;
  };
  return readFileSync(find(folder)!, "utf8").split("\n");
}

async function signIn(password: string): Promise<string> {
  const headers = { "content-type": "application/json", origin };
  const body = JSON.stringify({ email: "bea@bench.example", password });
  const session = await fetch(`${origin}/api/auth/sign-in/email`, { method: "POST", headers, body });
  const cookie = session.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const made = await fetch(`${origin}/api/v1/identity/tokens`, {
    method: "POST",
    headers: { ...headers, cookie },
    body: JSON.stringify({ name: "Bench" }),
  });
  const { token } = (await made.json()) as { token: string };
  return token;
}

async function press(folder: string, plan: LoadPlan): Promise<number> {
  const file = join(folder, "plan.json");
  writeFileSync(file, JSON.stringify(plan));
  const { stdout } = await run(process.execPath, ["--import", "tsx", join(import.meta.dirname, "load.ts"), file]);
  const figures = JSON.parse(stdout) as LoadFigures;
  if (figures.failed > 0) throw new Error(`${figures.failed} of ${figures.answered + figures.failed} failed: ${figures.firstFailure}`);
  return figures.answered / figures.seconds;
}

/** Where pgbench is: on the path, or where Debian keeps it. */
export function pgbenchProgram(): string | undefined {
  const folders = [
    ...(process.env["PATH"] ?? "").split(":"),
    ...(existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql").map((major) => `/usr/lib/postgresql/${major}/bin`) : []),
  ];
  return folders.map((folder) => join(folder, "pgbench")).find((file) => existsSync(file));
}

async function pgbench(socket: string, folder: string, script: string, clients: number, seconds: number): Promise<number> {
  const program = pgbenchProgram();
  if (!program) throw new Error("pgbench is not installed. It comes with Debian's postgresql-contrib or postgresql-15.");
  const file = join(folder, "script.sql");
  writeFileSync(file, script);
  const given = ["-n", "-M", "prepared", "-c", String(clients), "-j", "1", "-T", String(seconds), "-f", file];
  const { stdout } = await run(program, [...given, "-h", socket, "-p", "5432", "-U", "heartwood_owner", "raw"]);
  return Number(/tps = ([\d.]+)/.exec(stdout)![1]);
}
