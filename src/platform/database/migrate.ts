// Brings a database to the newest schema. Migrations are plain SQL files, forward only, each in its own transaction.
import { resolve } from "node:path";
import { runner } from "node-pg-migrate";
import type { ClientBase } from "pg";

/** The folder of migrations, found from the working tree or beside the bundle. */
export const migrationsFolder = (root: string): string => resolve(root, "db/migrations");

/**
 * Runs what has not run yet, as the owner of the database, and says which.
 * Several servers starting at once wait for each other (the library holds an advisory lock).
 */
export async function migrate(client: ClientBase, folder: string): Promise<string[]> {
  const done = await runner({
    dbClient: client,
    dir: folder,
    direction: "up",
    migrationsTable: "migration",
    migrationsSchema: "public",
    checkOrder: false,
    singleTransaction: false,
    log: () => undefined,
  });
  return done.map((migration) => migration.name);
}
