// The embedded database of a data folder, to take a backup of: the one that runs, or started for as long as it takes.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { defaultEmbeddedFolder, startEmbeddedDatabase } from "../database/embedded.ts";
import { clusterFolderOf } from "../database/embedded-user.ts";
import { no } from "./no.ts";
import type { Source } from "./take.ts";

const database = "heartwood";
const user = "heartwood_owner";

/** Does something with the database of a folder, whether its house runs or not. */
export async function withDatabaseOf<Answer>(dataFolder: string, does: (source: Source) => Promise<Answer>): Promise<Answer> {
  const home = defaultEmbeddedFolder(dataFolder);
  const cluster = clusterFolderOf(home);
  if (!existsSync(cluster))
    throw no("noHouse", `There is no database in ${dataFolder}. Say where the house keeps its data: HEARTWOOD_DATA=…`);
  const lineage = await readFile(join(home, "lineage"), "utf8").catch(() => "none");
  const source = { cluster, lineage, secretFile: join(dataFolder, "secret") };
  const running = await connectionOf(cluster);
  if (running) return does({ ...source, connection: running });
  // The log is put by as it is when the house runs: what is written now must not be missing from it.
  const started = await startEmbeddedDatabase({ folder: home, logSeconds: lineage === "none" ? undefined : 60 });
  try {
    return await does({ ...source, connection: started.connection(database, user) });
  } finally {
    await started.stop();
  }
}

async function connectionOf(cluster: string): Promise<pg.PoolConfig | undefined> {
  const [, , , port, host] = (await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  if (!port || !host) return undefined;
  const connection = { host, port: Number(port), user, database };
  const client = new pg.Client(connection);
  client.on("error", () => undefined);
  try {
    await client.connect();
    return connection;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "ECONNREFUSED") return undefined;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
