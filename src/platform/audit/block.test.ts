// The trail cannot be bent: every write is sealed, and a changed, removed or slipped-in row shows.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "../../kernel/id.ts";
import { openHouse, type TestHouse } from "../testing/house.ts";
import { auditBreaks, sealAudit } from "./block.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** Seals all there is. A row waits while any other work of the server, of another test file too, is unfinished that began before it. */
async function seal(): Promise<number> {
  let sealed = 0;
  for (let attempt = 0; attempt < 100; attempt++) {
    sealed += await sealOnce();
    const { rows } = await house.owner.query(
      `select count(*)::int as count from platform.operation_log l where l.tenant_id = '${house.tenantId}' and l.xact >
        coalesce((select max(up_to_xact) from platform.audit_block b where b.tenant_id = l.tenant_id), 0)`,
    );
    if ((rows[0] as { count: bigint | number }).count.toString() === "0") break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return sealed;
}

const sealOnce = () => house.funnel.work(house.tenantId, (context) => sealAudit(context.db, context.tenantId, context.now));
const breaks = () => house.funnel.work(house.tenantId, (context) => auditBreaks(context.db, context.tenantId));

beforeEach(async () => {
  house.tenantId = await house.otherCompany();
  const keeper = await house.person(`Keeper ${house.tenantId.slice(-4)}`, "directory.manager");
  for (const name of ["A", "B", "C"]) await house.call("directory.person.create", { name }, keeper);
});

test("blocks seal every write once and verify", async () => {
  expect(await seal()).toBeGreaterThanOrEqual(3);
  expect(await sealOnce()).toBe(0);
  expect(await breaks()).toEqual([]);
});

test("a changed row shows", async () => {
  await seal();
  await house.owner.query(
    `update platform.operation_log set actor_name = 'Someone else' where tenant_id = '${house.tenantId}' and input->>'name' = 'B'`,
  );
  expect(await breaks()).toEqual([expect.stringMatching(/^A row of block \d+ was changed\.$/)]);
});

test("a removed row shows", async () => {
  await seal();
  await house.owner.query(`delete from platform.operation_log where tenant_id = '${house.tenantId}' and input->>'name' = 'B'`);
  expect((await breaks())[0]).toMatch(/was sealed over \d+ rows and now has \d+/);
});

test("a row slipped in later shows", async () => {
  await seal();
  await house.owner.query(
    `insert into platform.operation_log (tenant_id, id, at, xact, actor_name, operation, request_id, input, object_ids)
     select tenant_id, '${newId()}', at, xact, actor_name, operation, request_id, input, object_ids
     from platform.operation_log where tenant_id = '${house.tenantId}' and input->>'name' = 'B'`,
  );
  expect((await breaks())[0]).toMatch(/was sealed over/);
});

test("the application's own role can neither change nor remove a row", async () => {
  for (const statement of [
    "update platform.operation_log set actor_name = 'x'",
    "delete from platform.operation_log",
    "truncate platform.operation_log",
  ]) {
    await expect(house.pool.query(statement)).rejects.toMatchObject({ code: "42501" });
  }
});

test("the application sees no other company, even when a query forgets the tenant", async () => {
  const none = await house.pool.query("select count(*)::int as count from platform.operation_log");
  expect(none.rows).toEqual([{ count: 0 }]);
});
