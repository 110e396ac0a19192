// Brings a database to the newest schema. Migrations are plain SQL files, forward only, each in its own transaction.
import { readdir } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { runner } from "node-pg-migrate";
import type { ClientBase } from "pg";

/** The folder of migrations, found from the working tree or beside the bundle. */
export const migrationsFolder = (root: string): string => resolve(root, "db/migrations");

/**
 * Runs what has not run yet, as the owner of the database, and says which. Several servers starting at once wait for each other.
 * @throws Error when a newer release has already brought the database further than this one knows.
 */
export async function migrate(client: ClientBase, folder: string): Promise<string[]> {
  const known = await knownMigrations(client);
  await refuseNewer(known, folder);
  if (known.length === 0) await refuseWithoutRights(client);
  const done = await runner({
    dbClient: client,
    dir: folder,
    direction: "up",
    migrationsTable: "migration",
    migrationsSchema: "public",
    checkOrder: false,
    advisoryLockMode: "wait",
    singleTransaction: false,
    log: () => undefined,
  });
  await followCopy(client);
  return done.map((migration) => migration.name);
}

/** A server that was given a copy of the trail counts its transactions from the beginning; the trail goes on above what it has. */
async function followCopy(client: ClientBase): Promise<void> {
  await client.query(
    "do $$ begin if to_regprocedure('platform.follow_copy()') is not null then perform platform.follow_copy(); end if; end $$",
  );
}

async function knownMigrations(client: ClientBase): Promise<readonly string[]> {
  const { rows: there } = await client.query<{ table: string | null }>("select to_regclass('public.migration')::text as table");
  if (!there[0]?.table) return [];
  const { rows } = await client.query<{ name: string }>("select name from public.migration order by id");
  return rows.map((row) => row.name);
}

/** An older release on a newer database would write what the newer one no longer expects. */
async function refuseNewer(known: readonly string[], folder: string): Promise<void> {
  const ours = new Set((await readdir(folder)).map((file) => basename(file, extname(file))));
  const newer = known.filter((name) => !ours.has(name));
  if (newer.length === 0) return;
  throw new Error(
    `The database was made by a newer Heartwood: it has ${newer.slice(0, 3).join(", ")}${newer.length > 3 ? " and more" : ""}, ` +
      "which this release does not know. Nothing was changed. Start the newer release, or bring back the backup from before the upgrade.",
  );
}

/** An owner who is no superuser, as on a managed PostgreSQL, needs four rights; without one of them a migration would fail half-way. */
async function refuseWithoutRights(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; missing: string[] }>(`
    select current_user as name, array_remove(array[
      case when not r.rolcreaterole then format('alter role %I createrole', current_user) end,
      case when not has_database_privilege(current_database(), 'create')
        then format('grant create on database %I to %I', current_database(), current_user) end,
      case when not has_schema_privilege('public', 'create') then format('grant create on schema public to %I', current_user) end,
      case when not (has_parameter_privilege('heartwood.tenant', 'set') and has_parameter_privilege('heartwood.user_id', 'set'))
        then format('grant set on parameter heartwood.tenant, heartwood.user_id to %I', current_user) end], null) as missing
    from pg_roles r where r.rolname = current_user and not r.rolsuper`);
  const [role] = rows;
  if (!role || role.missing.length === 0) return;
  throw new Error(
    `The role ${role.name} may not set the database up. Nothing was changed. As a superuser, or whoever may grant it, run:\n` +
      `${role.missing.map((statement) => `  ${statement};`).join("\n")}\nThen start Heartwood again.`,
  );
}
