// The register of backups, the word of another tool, and how old the newest is.
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOn, sql } from "../database/sql.ts";
import { newId } from "../../kernel/id.ts";
import type { Actor } from "../operation/context.ts";
import { openHouse, type TestHouse } from "../testing/house.ts";
import { backupRegister, recordBackup } from "./backup.operations.ts";
import { lastBackup } from "./last.ts";

let house: TestHouse;
let operator: Actor;
beforeAll(async () => {
  house = await openHouse({ today: "2026-11-21" });
  operator = await house.person("Otto Operator", "platform.operator");
});
afterAll(() => house.close());

const last = () => lastBackup(rowsOn(house.owner), house.tenantId);

test("before the first backup there is none", async () => {
  expect(await last()).toMatchObject({ made: undefined, failed: undefined });
});

test("what another tool took is noted down and shown", async () => {
  const input = { at: "2026-11-21T02:30:00Z", place: "s3://backups/heartwood", megabytes: "1250.5", seconds: 90, isVerified: true };
  await house.run(recordBackup, input, operator);
  const { rows } = (await house.run(backupRegister.list, {}, operator)) as { rows: unknown[] };
  expect(rows).toEqual([
    expect.objectContaining({ label: "2026-11-21 02:30 UTC", state: "verified", megabytes: "1250.5", seconds: 90, isEncrypted: false }),
  ]);
  expect((await last()).made).toMatchObject({ at: new Date("2026-11-21T02:30:00Z"), bytes: 1_250_500_000n, isVerified: true });
});

test("nobody has a backup of tomorrow", async () => {
  const input = { at: "2026-11-22T02:30:00Z", place: "s3://backups/heartwood" };
  await expect(house.run(recordBackup, input, operator)).rejects.toMatchObject({ code: "backupInFuture" });
});

test("only who runs the system records and sees them", async () => {
  const clerk = await house.person("Carla Clerk");
  await expect(house.run(backupRegister.list, {}, clerk)).rejects.toMatchObject({ name: "NotPermitted" });
});

test("a failure after the newest is told, one before it is forgotten", async () => {
  const fail = (at: string) =>
    rowsOn(house.owner).run(sql`
      insert into platform.backup (tenant_id, id, at, place, seconds, bytes, is_verified, is_encrypted, failure)
      values (${house.tenantId}, ${newId()}, ${new Date(at)}, '/mnt', 1, 0, false, false, 'There are 3 MB left in /mnt')`);
  await fail("2026-11-20T02:30:00Z");
  expect((await last()).failed).toBeUndefined();
  await fail("2026-11-21T08:00:00Z");
  expect(await last()).toMatchObject({
    made: { place: "s3://backups/heartwood" },
    failed: { at: new Date("2026-11-21T08:00:00Z"), failure: "There are 3 MB left in /mnt" },
  });
});
