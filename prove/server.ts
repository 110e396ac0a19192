// Heartwood as its users start it, in a process of its own on a data folder of its own, so that it can be killed and started again.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import pg from "pg";
import { endsWithUs } from "./proof.ts";

const root = resolve(import.meta.dirname, "..");

export interface ProvedServer {
  readonly folder: string;
  readonly origin: string;
  readonly port: number;
  /** The token of the owner of the company. */
  readonly token: string;
  readonly tenantId: string;
  /** Of the process that runs now. */
  readonly child: () => ChildProcess;
  /** Lines of the log that tell of faults, of all processes so far. */
  readonly faults: () => readonly string[];
  /** The last it said, to see what is wrong. */
  readonly lastLines: () => string;
  /** Where the database's socket is. */
  readonly socket: () => string;
  readonly databaseUrl: () => string;
  /** The process id of the database's postmaster, or undefined when there is none. */
  readonly postmaster: () => number | undefined;
  /** Calls an operation as the owner of the company. @throws Error when the answer is bad. */
  call<Answer = Record<string, unknown>>(method: "GET" | "POST", path: string, body?: object): Promise<Answer>;
  /** One statement as the owner of the database. */
  ask<Row extends pg.QueryResultRow>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** Starts it again after it ended; resolves when it is ready. */
  start(): Promise<void>;
  /** Another server process on the same database. */
  twin(environment?: Readonly<Record<string, string>>): Promise<{ child: ChildProcess; origin: string }>;
  stop(): Promise<void>;
}

export interface ServerWish {
  readonly environment?: Readonly<Record<string, string>>;
  /** A folder to live in; by default a new one that is removed at the end. */
  readonly folder?: string;
  /** The program to run instead of this release. */
  readonly program?: readonly string[];
}

let bundled: Promise<string> | undefined;

/** The server in one file, as `npm start` builds it: a start takes a second less than from the sources. */
export const program = (): Promise<string> => (bundled ??= bundle(root, join(root, `.build/prove-${process.pid}.mjs`)));

export async function bundle(from: string, outfile: string, entry = "src/main.ts"): Promise<string> {
  await build({
    entryPoints: [join(from, entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
  process.once("exit", () => rmSync(outfile, { force: true }));
  return outfile;
}

/** A port below those that outgoing connections take: one of those could be gone when the server comes back for it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const isFree = await new Promise<boolean>((settle) => {
      const probe = createServer();
      probe.once("error", () => settle(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => settle(true)));
    });
    if (isFree) return port;
  }
}

export function newFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `heartwood-${name}-`));
  // When root starts it, PostgreSQL runs as somebody else, who must get there.
  execFileSync("chmod", ["755", folder]);
  return folder;
}

interface Spawned {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly said: () => string;
}

async function launch(command: readonly string[], environment: Readonly<Record<string, string>>): Promise<Spawned> {
  const [executable = "", ...rest] = command;
  const child = spawn(executable, rest, { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  endsWithUs(child);
  let said = "";
  await new Promise<void>((settle, reject) => {
    child.once("exit", (code) => reject(new Error(`Heartwood did not start (${code}): ${said.slice(-2000)}`)));
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-200_000);
      if (said.includes("is ready at")) settle();
    };
    child.stdout!.on("data", hear);
    child.stderr!.on("data", hear);
  });
  return { child, said: () => said };
}

/** Starts a house with a company of its own, signed in. */
export async function startServer(wish: ServerWish = {}): Promise<ProvedServer> {
  const folder = wish.folder ?? newFolder("prove");
  const data = join(folder, "data");
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const command = wish.program ?? [process.execPath, await program()];
  const environmentAt = (at: number, more: Readonly<Record<string, string>> = {}) => ({
    HEARTWOOD_ROOT: root,
    HEARTWOOD_DATA: data,
    HEARTWOOD_COMPANY: "Proved",
    HEARTWOOD_OWNER: "Ada Berg <ada@proved.example>",
    HEARTWOOD_RATE_PER_USER: "100000000",
    PORT: String(at),
    NODE_ENV: "production",
    LOG_LEVEL: "warn",
    ...wish.environment,
    ...more,
  });
  const launched: Spawned[] = [await launch(command, environmentAt(port))];
  const password = /with «(.+?)»/.exec(launched[0]!.said())?.[1] ?? "";
  const token = password ? await tokenFor(origin, "ada@proved.example", password) : "";
  const socket = (): string => linesOfPidFile(data)[4]!;
  const databaseUrl = () => wish.environment?.["DATABASE_URL"] ?? urlOf(socket());
  const ask = async <Row extends pg.QueryResultRow>(statement: string, values: unknown[] = []): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: databaseUrl() });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(statement, values)).rows;
    } finally {
      await client.end();
    }
  };
  const [company] = await ask<{ tenant_id: string }>("select tenant_id from platform.tenant_account limit 1");
  return {
    folder,
    origin,
    port,
    token,
    tenantId: company?.tenant_id ?? "",
    child: () => launched.at(-1)!.child,
    faults: () =>
      launched.flatMap((one) =>
        one
          .said()
          .split("\n")
          .filter((line) => line.includes('"problem":"fault"')),
      ),
    lastLines: () => launched.at(-1)!.said().slice(-1500),
    socket,
    databaseUrl,
    postmaster: () => postmasterOf(data),
    call: (method, path, body) => callAt(origin, token, method, path, body),
    ask,
    start: async () => void launched.push(await launch(command, environmentAt(port))),
    twin: async (environment = {}) => {
      const at = await freePort();
      // The lesser roles' passwords come from the secret, so both servers must have the same.
      const secret = readFileSync(join(data, "secret"), "utf8");
      const own = { DATABASE_URL: databaseUrl(), HEARTWOOD_SECRET: secret, HEARTWOOD_DATA: join(folder, `twin-${at}`), ...environment };
      const twin = await launch(command, environmentAt(at, own));
      return { child: twin.child, origin: `http://127.0.0.1:${at}` };
    },
    stop: async () => {
      await ended(launched.at(-1)!.child);
      if (!wish.folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const urlOf = (socket: string): string => `postgresql://heartwood_owner@/heartwood?host=${encodeURIComponent(socket)}&port=5432`;

/** Asks a process to end and waits until it has. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((settle) => child.once("exit", settle));
  child.kill(signal);
  await gone;
}

function linesOfPidFile(data: string): string[] {
  const place = [join(data, "postgresql"), ...hiddenPlaces()].map((folder) => join(folder, "cluster/postmaster.pid"));
  for (const file of place) {
    try {
      return readFileSync(file, "utf8").split("\n");
    } catch {
      // Not there.
    }
  }
  return [];
}

/** Where the database lives when PostgreSQL's account cannot reach the data folder. */
function hiddenPlaces(): string[] {
  try {
    return readdirSync("/var/lib/heartwood").map((name) => join("/var/lib/heartwood", name, "postgresql"));
  } catch {
    return [];
  }
}

function postmasterOf(data: string): number | undefined {
  const pid = Number(linesOfPidFile(data)[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

export async function callAt<Answer>(origin: string, token: string, method: "GET" | "POST", path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  return (await response.json()) as Answer;
}

/** Signs in with a password and takes a personal token. */
export async function tokenFor(origin: string, email: string, password: string): Promise<string> {
  const headers = { "content-type": "application/json", origin };
  const session = await fetch(`${origin}/api/auth/sign-in/email`, { method: "POST", headers, body: JSON.stringify({ email, password }) });
  const cookie = session.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const body = JSON.stringify({ name: "Proof" });
  const made = await fetch(`${origin}/api/v1/identity/tokens`, { method: "POST", headers: { ...headers, cookie }, body });
  return ((await made.json()) as { token: string }).token;
}

/** Waits until something is so. @throws Error after `seconds`. */
export async function until(what: string, seconds: number, isSo: () => Promise<boolean> | boolean): Promise<number> {
  const began = performance.now();
  for (;;) {
    if (await Promise.resolve(isSo()).catch(() => false)) return performance.now() - began;
    if (performance.now() - began > seconds * 1000) throw new Error(`${what}: not within ${seconds} s`);
    await pause(20);
  }
}
