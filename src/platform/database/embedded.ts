// The database that comes with Heartwood: a real PostgreSQL in a folder of its own, reached by a Unix socket only. It is made at
// first use, lives and dies with the Node process that started it, and survives the sudden death of either.

import { randomUUID } from "node:crypto";
import { chmod, lstat, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { PoolConfig } from "pg";
import { locatePrograms, type PostgresPrograms } from "./embedded-binary.ts";
import { claimFolder } from "./embedded-lock.ts";
import { clearLeftover, runToEnd, startServer, type Log, type RunningServer } from "./embedded-process.ts";
import { accountFor, closedFolderOnTheWay, clusterFolderOf, commandAs, defaultEmbeddedFolder } from "./embedded-user.ts";
import { giveTo, shortHash, type DatabaseAccount } from "./embedded-user.ts";

export { defaultEmbeddedFolder };

const owner = "heartwood_owner";

/** With a Unix socket the port is only the end of the socket's file name. */
const port = 5432;

export interface EmbeddedDatabase {
  readonly socketFolder: string;
  readonly port: number;
  /** True when this start made the database. */
  readonly created: boolean;
  /** PostgreSQL's own files. */
  readonly cluster: string;
  /** Where full segments of the log are laid, and the lineage they belong to; undefined when the log is not put by. */
  readonly log: { readonly spool: string; readonly lineage: string } | undefined;
  /** A connection URL of the owner, for tools that take nothing else. */
  ownerUrl(database: string): string;
  connection(database: string, user: string): PoolConfig;
  /** Settles when the server has ended, whoever ended it, and the folder is free again. */
  readonly ended: Promise<void>;
  /** Ends open connections, writes everything down and waits until the server is gone. May be called twice. */
  stop(): Promise<void>;
}

interface EmbeddedOptions {
  /** Where the database lives; see `defaultEmbeddedFolder`. */
  readonly folder: string;
  readonly log?: Log;
  /** False: nothing is forced to disk. For tests only. */
  readonly durable?: boolean;
  /** The log is laid into a spool, at least so often while something is written. */
  readonly logSeconds?: number | undefined;
  /** Settings of this start alone: how to recover from a backup. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts the embedded PostgreSQL of a folder. Refuses with `alreadyRunning` while another living Heartwood has it. */
export async function startEmbeddedDatabase(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { folder, log, durable = true } = options;
  if (process.platform === "win32") {
    throw new Error("The embedded database runs on Linux and macOS. On Windows set DATABASE_URL to a PostgreSQL server.");
  }
  const account = accountFor(resolve(folder));
  const home = await makeHome(account, resolve(folder));
  const release = await claimFolder(home);
  try {
    const programs = await locatePrograms(account);
    const created = await ensureCluster(home, programs, account, durable);
    const socketFolder = await makeSocketFolder(home, account);
    const clusterName = `heartwood-${shortHash(home)}`;
    const kept = await logOf(home, options.logSeconds, account);
    const settings = {
      ...serverSettings(clusterName, socketFolder, durable),
      ...logSettings(kept?.spool, options.logSeconds),
      ...options.settings,
    };
    const cluster = clusterFolderOf(home);
    const plan = { program: programs.postgres, account, cluster, clusterName, socketFolder, settings, log: log ?? (() => undefined) };
    await clearLeftover(plan);
    const server = await startServer(plan);
    return opened(server, { socketFolder, created, cluster, log: kept }, release);
  } catch (failure) {
    await release();
    throw failure;
  }
}

function opened(
  server: RunningServer,
  made: Pick<EmbeddedDatabase, "socketFolder" | "created" | "cluster" | "log">,
  release: () => Promise<void>,
): EmbeddedDatabase {
  const { socketFolder } = made;
  return {
    ...made,
    port,
    ownerUrl: (database) => `postgresql://${owner}@/${encodeURIComponent(database)}?host=${encodeURIComponent(socketFolder)}&port=${port}`,
    connection: (database, user) => ({ host: socketFolder, port, database, user }),
    // When the server dies by itself the folder is free again, so that this process can start it anew.
    ended: server.ended.then(release),
    stop: async () => {
      await server.stop();
      await release();
    },
  };
}

async function makeHome(account: DatabaseAccount | undefined, folder: string): Promise<string> {
  const closed = closedFolderOnTheWay(account, folder);
  if (account && closed) {
    throw new Error(
      `The database runs as ${account.name}, who may not enter ${closed}. Use a data folder that everyone may enter, ` +
        `for example ${defaultEmbeddedFolder(dirname(folder))}, or start Heartwood as an ordinary user.`,
    );
  }
  const firstMade = await mkdir(folder, { recursive: true });
  if (account && firstMade) {
    for (let made = folder; made.length >= firstMade.length; made = dirname(made)) await chmod(made, 0o755);
  }
  return realpath(folder);
}

/** Makes the cluster if there is none. It is made aside and renamed, so that an interrupted first start leaves no half cluster. */
async function ensureCluster(
  home: string,
  programs: PostgresPrograms,
  account: DatabaseAccount | undefined,
  durable: boolean,
): Promise<boolean> {
  const cluster = clusterFolderOf(home);
  const version = await readFile(join(cluster, "PG_VERSION"), "utf8").catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === "ENOENT") return undefined;
    throw new Error(`The database in ${cluster} belongs to another user. Start Heartwood as that user or as root.`, { cause: failure });
  });
  if (version !== undefined) {
    await checkVersion(cluster, version.trim(), programs.major);
    if (account && (await lstat(cluster)).uid !== account.uid) await giveTo(account, cluster);
    return false;
  }
  for (const name of await readdir(home)) {
    if (name.startsWith("cluster.new-")) await rm(join(home, name), { recursive: true, force: true });
  }
  const unfinished = `${cluster}.new-${process.pid}`;
  await mkdir(unfinished, { mode: 0o700 });
  await giveTo(account, unfinished);
  await initialise(programs, account, unfinished, durable);
  await rename(unfinished, cluster);
  return true;
}

async function checkVersion(cluster: string, found: string, brought: string): Promise<void> {
  if (found === brought) return;
  throw new Error(
    `The database in ${cluster} was made by PostgreSQL ${found}, and this Heartwood brings ${brought}. ` +
      "Start the Heartwood release that made it, export the company there, and import it here.",
  );
}

/**
 * Sorting is the built-in C.UTF-8, the same on every machine. Trigrams still ask the C library what a letter is (under plain "C"
 * École would be searched as cole), so the character type is the best that this machine knows.
 */
async function initialise(
  programs: PostgresPrograms,
  account: DatabaseAccount | undefined,
  cluster: string,
  durable: boolean,
): Promise<void> {
  // Before 17 there is no built-in sorting, and initdb takes no settings: such a server sorts by the C library's "C" and keeps its own.
  const isRecent = Number(programs.major) >= 17;
  let said = "";
  for (const characterType of ["C.UTF-8", "en_US.UTF-8", "C"]) {
    const fixed = ["--pgdata", cluster, "--username", owner, "--auth-local=trust", "--auth-host=reject", "--no-instructions"];
    const collation = ["--encoding=UTF8", "--locale=C", ...(isRecent ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : [])];
    const tuning = isRecent ? Object.entries(firstSettings).flatMap(([name, value]) => ["-c", `${name}=${value}`]) : [];
    const given = [`--lc-ctype=${characterType}`, ...tuning, ...(durable ? [] : ["--no-sync"])];
    const outcome = await runToEnd(commandAs(account, programs.initdb, [...fixed, ...collation, ...given]));
    if (outcome.code === 0) return;
    said = outcome.said;
    if (!/invalid locale/i.test(said)) break;
  }
  throw new Error(`The database could not be made in ${dirname(cluster)}. Put right what PostgreSQL says, then start again:\n${said}`);
}

/** Written to postgresql.conf when the cluster is made, where the administrator of a larger machine may change them. */
const firstSettings = {
  shared_buffers: "256MB",
  max_connections: "100",
  max_wal_size: "2GB",
  random_page_cost: "1.1",
  log_lock_waits: "on",
  timezone: "UTC",
  log_timezone: "UTC",
};

/** Given at every start, so that no file can open the database to the network. */
function serverSettings(clusterName: string, socketFolder: string, durable: boolean): Record<string, string> {
  return {
    listen_addresses: "",
    port: String(port),
    unix_socket_directories: socketFolder,
    unix_socket_permissions: "0700",
    cluster_name: clusterName,
    ...(!durable && { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
}

/**
 * A lineage is the unbroken log of one folder. It gets a new name when the log was not put by for a while, and with a folder that was
 * brought back from a backup: two logs that part ways never meet in one place.
 */
async function logOf(home: string, seconds: number | undefined, account: DatabaseAccount | undefined): Promise<EmbeddedDatabase["log"]> {
  const file = join(home, "lineage");
  if (seconds === undefined) {
    await rm(file, { force: true });
    return undefined;
  }
  const spool = join(home, "spool");
  await mkdir(spool, { recursive: true, mode: 0o700 });
  await giveTo(account, spool);
  const known = await readFile(file, "utf8").catch(() => undefined);
  const lineage = known ?? randomUUID();
  if (known === undefined) await writeFile(file, lineage, { flush: true });
  return { spool, lineage };
}

const logSettings = (spool: string | undefined, seconds = 0): Record<string, string> =>
  spool === undefined
    ? { archive_mode: "off" }
    : {
        archive_mode: "on",
        archive_library: "basic_archive",
        "basic_archive.archive_directory": spool,
        archive_timeout: String(seconds),
      };

/** Whoever reaches the socket is trusted, so its folder is closed to everyone but the database's account (and root). */
async function makeSocketFolder(home: string, account: DatabaseAccount | undefined): Promise<string> {
  const folder = socketFolderOf(home, account);
  await mkdir(folder, { mode: 0o700 }).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code !== "EEXIST") throw failure;
  });
  const mine = account?.uid ?? process.getuid?.();
  const stats = await lstat(folder);
  if (!stats.isDirectory() || (stats.uid !== mine && stats.uid !== process.getuid?.())) {
    throw new Error(`${folder} belongs to somebody else. Remove it, then start Heartwood again.`);
  }
  await giveTo(account, folder);
  await chmod(folder, 0o700);
  return folder;
}

/** A socket's path may have about 100 bytes, and a comma would split it in two. */
function socketFolderOf(home: string, account: DatabaseAccount | undefined): string {
  const inside = join(home, "socket");
  if (/^[\w/.-]+$/.test(inside) && inside.length < 80) return inside;
  const temporary = tmpdir();
  const reachable = temporary.length < 60 && !closedFolderOnTheWay(account, temporary) ? temporary : "/tmp";
  return join(reachable, `heartwood-${shortHash(home)}`);
}
