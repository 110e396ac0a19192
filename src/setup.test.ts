// The first start: of several servers that meet an empty database at once, one sets it up.
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openPool, type Pool } from "./platform/database/pool.ts";
import { createFunnel } from "./platform/funnel/funnel.ts";
import { createSignIn } from "./platform/identity/sign-in.ts";
import { createTestDatabase, type TestDatabase } from "./platform/testing/database.ts";
import { registry } from "./registry.ts";
import { setUpOnce } from "./setup.ts";

let database: TestDatabase;
const pools: Pool[] = [];
const open = (user: "heartwood_app" | "heartwood_owner" | "heartwood_auth", limit: number): Pool => {
  pools.push(openPool({ ...database.connection("heartwood_app"), user }, limit));
  return pools.at(-1)!;
};

beforeAll(async () => {
  database = await createTestDatabase({ socketFolder: inject("socketFolder"), port: inject("port") });
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

const environment = { HEARTWOOD_COMPANY: "Berg & Co", HEARTWOOD_OWNER: "Ada Berg <ada@example.test>" };
const said: string[] = [];

async function start(): Promise<void> {
  const app = open("heartwood_app", 4);
  const funnel = createFunnel({ pool: app, registry, clock: () => new Date(), zoneOf: async () => "UTC" });
  const secret = "a secret of at least thirty-two characters";
  const address = "http://127.0.0.1";
  const signIn = await createSignIn({
    pool: open("heartwood_auth", 2),
    secret,
    address,
    secureCookies: false,
    sendMail: async () => undefined,
  });
  const own = { app, owner: open("heartwood_owner", 3) };
  await setUpOnce({ funnel, pools: own, signIn, environment, say: (line) => void said.push(line) });
  // Whoever returns finds it ready, whether they made it or waited.
  const { rows } = await own.owner.query("select name from platform.tenant_account where ready_at is not null");
  expect(rows).toEqual([{ name: "Berg & Co" }]);
}

test("three servers at once make one company with one owner, and each finds it ready", { timeout: 30_000 }, async () => {
  await Promise.all([start(), start(), start()]);
  expect(said).toEqual([expect.stringMatching(/^Berg & Co is set up\. Ada Berg signs in as ada@example\.test with «.+»/)]);
  const { rows } = await pools[0]!.query<{ n: number }>("select count(*)::int as n from platform.tenant_account");
  expect(rows).toEqual([{ n: 1 }]);
});

test("what an interrupted start has left is cleared away", { timeout: 30_000 }, async () => {
  const owner = open("heartwood_owner", 1);
  await owner.query("update platform.tenant_account set ready_at = null");
  await start();
  expect(said).toHaveLength(2);
});
