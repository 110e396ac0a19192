// What becomes of a transaction that reaches a database which does not lead.
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../database/sql.ts";
import { openHouse, type TestHouse } from "../testing/house.ts";
import { inTransaction, isOutage } from "./transaction.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const written = (kind: "read" | "write"): Promise<{ code: string }> =>
  inTransaction(house.pool, house.tenantId, kind, async (db) => {
    // What PostgreSQL says of every transaction while it follows another.
    await db.run(sql`set transaction read only`);
    await db.run(sql`update platform.tenant_account set zone = zone`);
    return { code: "none" };
  }).catch((error: unknown) => error as { code: string });

test("a write that meets a standby is told that the database is away, and its client tries again", async () => {
  const refused = await written("write");
  expect([refused.code, isOutage(refused)]).toEqual(["57P03", true]);
});

test("a read that would write is a fault of ours", async () => {
  const refused = await written("read");
  expect([refused.code, isOutage(refused)]).toEqual(["25006", false]);
});
