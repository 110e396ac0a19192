// A real PostgreSQL for tests: one server for a run of the tests, one database for each test file, copied from a migrated template.
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedDatabase } from "../database/embedded.ts";
import { migrate, migrationsFolder } from "../database/migrate.ts";
import { ringOf, useRing } from "../secret/ring.ts";

// What a house reads from its database at the start.
useRing(ringOf([{ id: 1, bytes: Buffer.alloc(32, "a data key of the tests"), activeAt: new Date(0) }]));

const template = "heartwood_template";

export interface TestServer {
  /** Host and port of the socket, as the tests receive them. */
  readonly socketFolder: string;
  readonly port: number;
  stop(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const folder = join(tmpdir(), `heartwood-test-${process.pid}-${Date.now()}`);
  const database = await startEmbeddedDatabase({ folder, durable: false });
  const stop = async (): Promise<void> => {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await withClient(database.connection("postgres", "heartwood_owner"), (admin) => admin.query(`create database ${template}`));
    await withClient(database.connection(template, "heartwood_owner"), (owner) => migrate(owner, migrationsFolder(process.cwd())));
  } catch (error) {
    await stop();
    throw error;
  }
  return { socketFolder: database.socketFolder, port: database.port, stop };
}

async function withClient(connection: pg.PoolConfig, does: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await does(client);
  } finally {
    await client.end();
  }
}

export interface TestDatabase {
  connection(user: "heartwood_owner" | "heartwood_app"): pg.PoolConfig;
  drop(): Promise<void>;
}

let made = 0;

export async function createTestDatabase(server: { socketFolder: string; port: number }): Promise<TestDatabase> {
  const name = `test_${process.pid}_${Date.now()}_${++made}`;
  const connection = (database: string, user: string): pg.PoolConfig => ({ host: server.socketFolder, port: server.port, database, user });
  await withClient(connection("postgres", "heartwood_owner"), (admin) =>
    admin.query(`create database ${name} template ${template} strategy file_copy`),
  );
  return {
    connection: (user) => connection(name, user),
    drop: () =>
      withClient(connection("postgres", "heartwood_owner"), (admin) => admin.query(`drop database if exists ${name} with (force)`)),
  };
}
