// Who may bring a database to the newest schema, and which database is left alone.
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { migrate, migrationsFolder } from "./migrate.ts";

const folder = migrationsFolder(process.cwd());
const at = (user: string, database: string): pg.PoolConfig => ({ host: inject("socketFolder"), port: inject("port"), user, database });
// Roles are shared by all databases of the server, so they carry the name of this run.
const landlord = `landlord_${process.pid}_${Date.now()}`;
let admin: pg.Client;

async function as<T>(user: string, does: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(at(user, landlord));
  await client.connect();
  try {
    return await does(client);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  admin = new pg.Client(at("heartwood_owner", "postgres"));
  await admin.connect();
  await admin.query(`create role ${landlord} login nosuperuser`);
  await admin.query(`create database ${landlord}`);
});
afterAll(async () => {
  await admin.query(`drop database ${landlord} with (force)`);
  await admin.query(`revoke set on parameter heartwood.tenant, heartwood.user_id from ${landlord}`);
  await admin.query(`drop role ${landlord}`);
  await admin.end();
});

test("an owner who is no superuser is told which rights are missing, and with them sets everything up", { timeout: 60_000 }, async () => {
  const refused = await as(landlord, (client) => migrate(client, folder).catch((error: Error) => error.message));
  const statements = [...String(refused).matchAll(/^ {2}(.+;)$/gm)].map(([, statement]) => statement!);
  expect(statements).toHaveLength(4);
  await as("heartwood_owner", async (client) => {
    for (const statement of statements) await client.query(statement);
  });
  // The lesser roles are there already and belong to another owner of this server, as when two houses share one.
  for (const role of ["heartwood_app", "heartwood_auth", "heartwood_ledger", "heartwood_shredder"]) {
    await admin.query(`grant ${role} to ${landlord} with admin option`);
  }
  expect((await as(landlord, (client) => migrate(client, folder))).length).toBeGreaterThan(50);
  expect(await as(landlord, (client) => migrate(client, folder))).toEqual([]);
});

test("a database that a newer release has made is left alone", async () => {
  await as("heartwood_owner", async (client) => {
    await client.query("insert into public.migration (name, run_on) values ('9999-from-the-future', now())");
    await expect(migrate(client, folder)).rejects.toThrow(/newer Heartwood.*9999-from-the-future/);
  });
});
