// A logical copy of the house to another server: the trail goes on there, is sealed, and holds from its first block to its last.
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../operation/context.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../database/embedded.ts";
import { migrate, migrationsFolder } from "../database/migrate.ts";
import { openPool, type Pool } from "../database/pool.ts";
import { createFunnel, type Funnel } from "../funnel/funnel.ts";
import { openHouse, type TestHouse } from "../testing/house.ts";
import { sealAudit, verifyAudit } from "./block.ts";
import { registry } from "../../registry.ts";

let house: TestHouse;
let keeper: Actor;
let server: EmbeddedDatabase;
let owner: pg.Client;
let pool: Pool;
const folder = join(tmpdir(), `heartwood-copy-${process.pid}-${Date.now()}`);

beforeAll(async () => {
  house = await openHouse();
  keeper = await house.person("Karla Keeper", "directory.manager");
  server = await startEmbeddedDatabase({ folder, durable: false });
  const admin = new pg.Client(server.connection("postgres", "heartwood_owner"));
  await admin.connect();
  await admin.query("create database heartwood");
  await admin.end();
  owner = new pg.Client(server.connection("heartwood", "heartwood_owner"));
  await owner.connect();
  await migrate(owner, migrationsFolder(process.cwd()));
  pool = openPool(server.connection("heartwood", "heartwood_app"), 4);
}, 120_000);
afterAll(async () => {
  await pool?.end();
  await owner?.end();
  await server?.stop();
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

const create = (funnel: Funnel, name: string) =>
  funnel.run("directory.person.create", { name }, { tenantId: house.tenantId, actor: keeper });
const sealed = async (funnel: Funnel): Promise<void> => {
  // A row waits while any other transaction of the server is open.
  for (let round = 0; round < 100 && (await verified(funnel)).unsealed > 0; round++) {
    await funnel.work(house.tenantId, (context) => sealAudit(context.db, context.tenantId, context.now));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const verified = (funnel: Funnel) => funnel.work(house.tenantId, (context) => verifyAudit(context.db, context.tenantId));

/** What pg_dump and psql would do, for the tables that the trail and a person need. */
async function copy(): Promise<void> {
  await owner.query("set session_replication_role = replica");
  for (const table of ["platform.tenant_account", "platform.operation_log", "platform.audit_block", "directory.party"]) {
    const { rows } = await house.owner.query<{ all: unknown }>(`select jsonb_agg(to_jsonb(t)) as all from ${table} t`);
    await owner.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [JSON.stringify(rows[0]!.all)]);
  }
  await owner.query("set session_replication_role = origin");
}

test("the trail goes on above the numbers it brought along", { timeout: 60_000 }, async () => {
  // The old server has counted far beyond where the new one is.
  await house.owner.query(`do $$ begin for n in 1..20000 loop
    begin insert into platform.tenant_account (tenant_id, name, created_at) values (null, 'nobody', now());
    exception when not_null_violation then null; end; end loop; end $$`);
  await create(house.funnel, "Before the copy");
  await sealed(house.funnel);
  await create(house.funnel, "Not sealed before the copy");
  await copy();
  const counted = async (): Promise<bigint> =>
    (await owner.query<{ n: string }>("select pg_current_xact_id()::text as n")).rows.map(({ n }) => BigInt(n))[0]!;
  const { rows } = await owner.query<{ n: string }>("select max(xact)::text as n from platform.operation_log");
  expect(await counted()).toBeLessThan(BigInt(rows[0]!.n));

  await migrate(owner, migrationsFolder(process.cwd()));
  const funnel = createFunnel({ pool, registry, clock: () => new Date(`${house.today}T10:00:00Z`), zoneOf: async () => "UTC" });
  const before = await verified(funnel);
  await create(funnel, "After the copy");
  expect(await verified(funnel)).toMatchObject({ unsealed: before.unsealed + 1, breaks: [] });
  await sealed(funnel);
  expect(await verified(funnel)).toMatchObject({ unsealed: 0, rows: before.rows + before.unsealed + 1, breaks: [] });

  // Another start changes nothing.
  const offset = async () => (await owner.query("select platform.xact_offset() as n")).rows;
  const raised = await offset();
  await migrate(owner, migrationsFolder(process.cwd()));
  expect(await offset()).toEqual(raised);
});
