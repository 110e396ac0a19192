// Work that comes round by itself is done once on two servers, is taken up again after its server was killed, and goes on after the
// database was away.
import { setTimeout as pause } from "node:timers/promises";
import type { PoolClient } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openPool, type Pool } from "../../src/platform/database/pool.ts";
import { sql } from "../../src/platform/database/sql.ts";
import { createFunnel } from "../../src/platform/funnel/funnel.ts";
import { type Jobs, startJobs } from "../../src/platform/jobs/runner.ts";
import type { Registry } from "../../src/platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../src/platform/testing/house.ts";
import { registry } from "../../src/registry.ts";
import { until } from "../../prove/server.ts";

let house: TestHouse;
let done: string[];
let failures: number;
/** What the first job does besides counting. */
let meanwhile: (() => Promise<void>) | undefined;
const servers: Jobs[] = [];

/** A schedule that is due on New Year only, so that nothing but this test asks for it. */
const ticking: Registry = {
  ...registry,
  schedules: [
    {
      name: "test.tick",
      says: "Counts.",
      cron: "0 0 1 1 *",
      does: async (context) => {
        await context.db.run(sql`select pg_sleep(0.02)`);
        if (failures-- > 0) throw new Error("not now");
        done.push(context.tenantId);
        await meanwhile?.();
      },
    },
  ],
};

let pool: Pool;

const serve = async (): Promise<void> => {
  const funnel = createFunnel({ pool: house.pool, registry: ticking, clock: () => new Date(), zoneOf: async () => "UTC" });
  servers.push(await startJobs({ funnel, pool: house.pool, owner: pool, sendMail: undefined, log: () => undefined }));
};
const ask = (statement: string) => pool.query<{ n: number }>(statement);
const asked = (times: number) => ask(`select graphile_worker.add_job('test:tick') from generate_series(1, ${times})`);
const left = async (): Promise<number> => (await ask("select count(*)::int as n from graphile_worker._private_jobs")).rows[0]!.n;

beforeEach(async () => {
  house = await openHouse();
  // Each server keeps a connection that listens for jobs.
  pool = openPool(house.owner.options, 24);
  done = [];
  failures = 0;
  meanwhile = undefined;
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await pool.end();
  await house.close();
});

test("two servers do each job once", { timeout: 30_000 }, async () => {
  await serve();
  await serve();
  await asked(40);
  await until("all jobs are done", 20, async () => (await left()) === 0);
  expect(done).toHaveLength(40);
});

test("a job whose server was killed is taken up at the next start", { timeout: 30_000 }, async () => {
  await serve();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await asked(1);
  await ask("update graphile_worker._private_jobs set locked_by = 'worker-that-died', locked_at = now()");
  await serve();
  await until("the job is done", 20, async () => (await left()) === 0);
  expect(done).toHaveLength(1);
});

test("after every connection was cut it goes on by itself", { timeout: 30_000 }, async () => {
  await serve();
  await asked(5);
  await ask("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
  await until("jobs are asked for again", 20, async () => (await asked(5)).rowCount === 5);
  await until("the later jobs are done", 20, () => done.length >= 5);
});

test("a daily schedule that failed for a company is tried again for it", { timeout: 30_000 }, async () => {
  failures = 1;
  await serve();
  await asked(1);
  await until("it was tried again", 20, () => done.length === 1);
  await until("nothing is left", 20, async () => (await left()) === 0);
});

test(
  "a job that is done when no connection is to be had leaves no promise alone, and its word is given later",
  { timeout: 30_000 },
  async () => {
    await serve();
    pool.options.connectionTimeoutMillis = 300;
    const taken: PoolClient[] = [];
    meanwhile = async () => {
      meanwhile = undefined;
      while (pool.totalCount < 24 || pool.idleCount > 0) taken.push(await pool.connect());
    };
    await asked(1);
    await until("the job has run", 20, () => done.length === 1 && meanwhile === undefined);
    // Long enough for the worker to be refused a connection; an uncaught promise ends this whole run.
    await pause(1_000);
    for (const client of taken) client.release();
    await until("nothing is left", 25, async () => (await left()) === 0);
  },
);

test("a stop waits for the word that a job is done", { timeout: 30_000 }, async () => {
  await serve();
  await asked(1);
  await until("the job has run", 20, () => done.length === 1);
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  expect(await left()).toBe(0);
});
