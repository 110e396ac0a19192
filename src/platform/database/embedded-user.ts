// Who the embedded PostgreSQL runs as, and which folders that account can enter. PostgreSQL refuses to run as root, so under
// root it gets an unprivileged account: the owner of the existing database, else `postgres`, else `nobody`.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, statSync, type Stats } from "node:fs";
import { lchown, readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** The account PostgreSQL runs under; `undefined` where it is simply the one that runs Node. */
export interface DatabaseAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface AccountCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const lastResort: DatabaseAccount = { name: "nobody", uid: 65534, gid: 65534 };

/** Root's own place for what an unprivileged account must reach, since root's home is closed to others. */
export const sharedFolder = "/var/lib/heartwood";

export const clusterFolderOf = (folder: string): string => join(folder, "cluster");

export const shortHash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

function knownAccounts(): DatabaseAccount[] {
  let lines: string[];
  try {
    lines = readFileSync("/etc/passwd", "utf8").split("\n");
  } catch {
    return [];
  }
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return name && uid && gid && Number(uid) > 0 ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

/** The account for the database in `folder`. An existing database stays with its owner, so that both root and the owner can start it. */
export function accountFor(folder: string): DatabaseAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = knownAccounts();
  const owner = statOf(clusterFolderOf(folder));
  if (owner && owner.uid !== 0) {
    const name = accounts.find((account) => account.uid === owner.uid)?.name ?? `user ${owner.uid}`;
    return { name, uid: owner.uid, gid: owner.gid };
  }
  const named = (name: string) => accounts.find((account) => account.name === name);
  return named("postgres") ?? named("nobody") ?? lastResort;
}

const statOf = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });

/** The first folder on the way to `path` that the account may not enter; parts that do not exist yet are ours to make. */
export function closedFolderOnTheWay(account: DatabaseAccount | undefined, path: string): string | undefined {
  if (!account) return undefined;
  const way: string[] = [];
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    way.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  return way.find((folder) => {
    const stats = statOf(folder);
    if (!stats?.isDirectory()) return false;
    const enter = stats.uid === account.uid ? 0o100 : stats.gid === account.gid ? 0o010 : 0o001;
    return (stats.mode & enter) === 0;
  });
}

/** Where the embedded database of this data folder lives: inside it, unless the account that runs PostgreSQL cannot get there. */
export function defaultEmbeddedFolder(dataFolder: string): string {
  const inside = join(resolve(dataFolder), "postgresql");
  if (!closedFolderOnTheWay(accountFor(inside), inside)) return inside;
  const name = basename(resolve(dataFolder)).replace(/^\.+/, "");
  return join(sharedFolder, `${name}-${shortHash(resolve(dataFolder))}`, "postgresql");
}

/** Gives everything below `path` to the account. */
export async function giveTo(account: DatabaseAccount | undefined, path: string): Promise<void> {
  if (!account) return;
  await lchown(path, account.uid, account.gid);
  if (!statOf(path)?.isDirectory()) return;
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
}

const workingPrefixes = new Map<string, boolean>();

/**
 * The command that runs `program` under the account and tells the kernel to end it with SIGINT (PostgreSQL's fast shutdown) when
 * the thread that started it is gone, even by `kill -9`. Without a full `setpriv` (macOS, BusyBox) that last part is missing.
 */
export function commandAs(account: DatabaseAccount | undefined, program: string, args: readonly string[]): AccountCommand {
  const identity = account ? ["--reuid", String(account.uid), "--regid", String(account.gid), "--clear-groups"] : [];
  const prefix = [...identity, "--pdeathsig", "INT", "--"];
  const key = prefix.join(" ");
  let works = workingPrefixes.get(key);
  if (works === undefined) {
    works = process.platform === "linux" && spawnSync("setpriv", [...prefix, "true"], { cwd: "/", stdio: "ignore" }).status === 0;
    workingPrefixes.set(key, works);
  }
  if (works) return { program: "setpriv", arguments: [...prefix, program, ...args] };
  return { program, arguments: args, ...(account && { uid: account.uid, gid: account.gid }) };
}
