// The house's database: the embedded PostgreSQL of the data folder, or the server that DATABASE_URL names. Both get the same
// migrations and the same three roles: the owner, the application (fenced by tenant), and the sign-in (only its own schema).
import { createHmac } from "node:crypto";
import pg from "pg";
import { defaultEmbeddedFolder, type EmbeddedDatabase } from "./embedded.ts";
import { keepEmbeddedDatabase } from "./embedded-keeper.ts";
import { migrate } from "./migrate.ts";

export interface HouseDatabase {
  readonly owner: pg.PoolConfig;
  readonly app: pg.PoolConfig;
  readonly signIn: pg.PoolConfig;
  /** Of the embedded database: its files and its log, for the backup. */
  readonly embedded?: Pick<EmbeddedDatabase, "cluster" | "log">;
  /** Whether so little room is left on the database's disk that nothing should be written. Never, for a server elsewhere. */
  isDiskFull(): boolean;
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  readonly dataFolder: string;
  readonly migrationsFolder: string;
  /** A server's owner, e.g. `postgres://owner:secret@db.example.com/heartwood`; without it the embedded database. */
  readonly url: string | undefined;
  /** The house's secret, from which the passwords of the lesser roles are derived. */
  readonly secret: string;
  /** Hears what happens to the embedded database by itself: that it died and was started again, that its disk is full. */
  readonly log?: (line: string) => void;
  /** The embedded database puts its log by, at least so often while something is written. */
  readonly logSeconds?: number | undefined;
}

const embeddedName = "heartwood";

export async function openDatabase(options: DatabaseOptions): Promise<HouseDatabase> {
  return options.url === undefined ? openEmbedded(options) : openServer(options, options.url);
}

async function openEmbedded(options: DatabaseOptions): Promise<HouseDatabase> {
  const database = await keepEmbeddedDatabase(defaultEmbeddedFolder(options.dataFolder), options.log, options.logSeconds);
  try {
    await asOwner(database.connection("postgres", "heartwood_owner"), async (client) => {
      const known = await client.query("select from pg_database where datname = $1", [embeddedName]);
      if (known.rowCount === 0) await client.query(`create database ${embeddedName}`);
    });
    const owner = database.connection(embeddedName, "heartwood_owner");
    await asOwner(owner, (client) => migrate(client, options.migrationsFolder));
    return {
      owner,
      app: database.connection(embeddedName, "heartwood_app"),
      signIn: database.connection(embeddedName, "heartwood_auth"),
      embedded: { cluster: database.cluster, log: database.log },
      isDiskFull: () => database.isDiskFull(),
      stop: () => database.stop(),
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function openServer(options: DatabaseOptions, url: string): Promise<HouseDatabase> {
  const owner: pg.PoolConfig = { connectionString: url };
  const passwords = { heartwood_app: derived(options.secret, "app"), heartwood_auth: derived(options.secret, "sign-in") };
  await asOwner(owner, async (client) => {
    await migrate(client, options.migrationsFolder);
    for (const [role, password] of Object.entries(passwords)) await client.query(`alter role ${role} password '${password}'`);
  });
  // Not by URL: an address of a Unix socket has no host, which URL refuses.
  const as = (role: keyof typeof passwords): pg.PoolConfig => ({
    connectionString: url.replace(/^([a-z]+:\/\/)([^@/?]*@)?/i, `$1${role}:${passwords[role]}@`),
  });
  return { owner, app: as("heartwood_app"), signIn: as("heartwood_auth"), isDiskFull: () => false, stop: async () => undefined };
}

// Hexadecimal, so that it can stand in the text of ALTER ROLE, which takes no parameters.
const derived = (secret: string, purpose: string): string => createHmac("sha256", secret).update(`database role ${purpose}`).digest("hex");

async function asOwner(connection: pg.PoolConfig, does: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await does(client);
  } finally {
    await client.end();
  }
}
