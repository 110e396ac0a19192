// The trail cannot be bent: every write is sealed, and a changed, removed or slipped-in row shows.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { newId } from "../../kernel/id.ts";
import type { Actor } from "../operation/context.ts";
import { openHouse, type TestHouse } from "../testing/house.ts";
import { exportAudit, sealAudit, verifyAudit } from "./block.ts";
import { headText } from "./chain.ts";
import { checkTrailFile } from "./file.ts";

let house: TestHouse;
let keeper: Actor;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

// A row waits while any other work of the server, of another test file too, is unfinished that began before it.
vi.setConfig({ testTimeout: 120_000 });

/** Seals all there is, in one block, once nothing older is under way. */
async function seal(): Promise<number> {
  for (;;) {
    const { rows } = await house.owner.query(
      `select coalesce(max(xact), 0) < platform.open_xact() as ended from platform.operation_log where tenant_id = '${house.tenantId}'`,
    );
    if ((rows[0] as { ended: boolean }).ended) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return sealOnce();
}

const sealOnce = () => house.funnel.work(house.tenantId, (context) => sealAudit(context.db, context.tenantId, context.now));
const verified = (...kept: Parameters<typeof verifyAudit>[2][]) =>
  house.funnel.work(house.tenantId, (context) => verifyAudit(context.db, context.tenantId, kept[0]));

async function exported(): Promise<string[]> {
  const lines: string[] = [];
  for (let cursor: string | null | undefined = undefined; cursor !== null;) {
    const at: string | undefined = cursor;
    const page: { lines: string[]; next: string | null } = await house.funnel.work(house.tenantId, (context) =>
      exportAudit(context.db, context.tenantId, at),
    );
    lines.push(...page.lines);
    cursor = page.next;
  }
  return lines;
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** The house and a stranger with the file find the same. */
async function breaks(): Promise<readonly string[]> {
  const [here, there] = [(await verified()).breaks, (await checkTrailFile(each(await exported()))).breaks];
  expect(new Set(there)).toEqual(new Set(here));
  return here;
}

const bend = (statement: string) => house.owner.query(statement.replaceAll("$tenant", `'${house.tenantId}'`));
const rowB = `tenant_id = $tenant and input->>'name' = 'B'`;
const idOfB = async (): Promise<string> =>
  ((await bend(`select id from platform.operation_log where ${rowB}`)).rows[0] as { id: string }).id;

beforeEach(async () => {
  house.tenantId = await house.otherCompany();
  keeper = await house.person(`Keeper ${house.tenantId.slice(-4)}`, "directory.manager");
  for (const name of ["A", "B", "C"]) await house.call("directory.person.create", { name }, keeper);
});

test("blocks seal every write once, and the house and the file verify", async () => {
  expect(await seal()).toBeGreaterThanOrEqual(3);
  expect(await sealOnce()).toBe(0);
  expect(await breaks()).toEqual([]);
  await house.call("directory.person.create", { name: "D" }, keeper);
  expect(await verified()).toMatchObject({ unsealed: 1, breaks: [] });
  await seal();
  const { rows, head } = await checkTrailFile(each(await exported()));
  expect(await verified()).toMatchObject({ unsealed: 0, rows, head });
});

test.each([
  ["actor_name", "'Someone else'"],
  ["person_id", "null"],
  ["operation", "'directory.person.rename'"],
  ["at", "at - interval '1 day'"],
  ["reason", "'because'"],
  ["request_id", "'another'"],
  ["key", "'another'"],
  ["input", `input || '{"name": "B", "email": "b@example.test"}'`],
  ["output", "null"],
  ["object_ids", "'{}'"],
])("a row whose %s was changed is named", async (column, value) => {
  await seal();
  const id = await idOfB();
  await bend(`update platform.operation_log set ${column} = ${value} where ${rowB}`);
  expect(await breaks()).toEqual([expect.stringMatching(new RegExp(`^Row ${id} of block \\d+ was changed\\.$`))]);
});

test("a removed row is named", async () => {
  await seal();
  const id = await idOfB();
  await bend(`delete from platform.operation_log where ${rowB}`);
  expect(await breaks()).toEqual([expect.stringMatching(new RegExp(`^Row ${id} of block \\d+ was removed\\.$`))]);
});

test("a row slipped in later is named", async () => {
  await seal();
  const id = newId();
  await bend(
    `insert into platform.operation_log (tenant_id, id, at, xact, actor_name, operation, request_id, input, object_ids)
     select tenant_id, '${id}', at, xact, actor_name, operation, request_id, input, object_ids from platform.operation_log where ${rowB}`,
  );
  expect(await breaks()).toEqual([expect.stringMatching(new RegExp(`^Row ${id} was slipped into block \\d+\\.$`))]);
});

test("a row put in another place of the order is named", async () => {
  await seal();
  const id = await idOfB();
  const swap = `update platform.operation_log l set xact = o.xact from platform.operation_log o
    where l.tenant_id = $tenant and l.input->>'name' = 'B' and o.tenant_id = $tenant and o.input->>'name' = 'C'`;
  await bend(swap);
  expect((await breaks()).join()).toContain(`Row ${id}`);
});

test("lines of a file in another order, left out, doubled or of another company show", async () => {
  await seal();
  const lines = await exported();
  const check = async (bent: readonly string[]): Promise<string> => (await checkTrailFile(each(bent))).breaks.join();
  const [first, second] = [lines.findIndex((line) => line.includes('"A"')), lines.findIndex((line) => line.includes('"B"'))];
  const swapped = lines.with(first, lines[second]!).with(second, lines[first]!);
  expect(await check(lines)).toBe("");
  expect(await check(swapped)).toContain("stands in another place");
  expect(await check(lines.toSpliced(second, 1))).toContain("was removed");
  expect(await check(lines.toSpliced(second, 0, lines[second]!))).toContain("stands there twice");
  expect(await check(lines.with(0, lines[0]!.replace(house.tenantId, newId())))).toContain("itself was changed");
  expect(await check(lines.toSpliced(0, 1)).then((text) => text.length)).toBeGreaterThan(0);
  expect(await check([...lines, "nonsense", "{}", "null"])).toContain("neither a block nor a row");
});

test("a block that was removed, changed or cut off shows", async () => {
  for (const name of ["D", "E"]) {
    await seal();
    await house.call("directory.person.create", { name }, keeper);
  }
  await seal();
  const { head, blocks } = await verified();
  expect(blocks).toBeGreaterThanOrEqual(3);
  const whole = await bend(`select * from platform.audit_block where tenant_id = $tenant and number = 2`);
  expect(whole.rowCount).toBe(1);
  await bend(`update platform.audit_block set sealed_at = sealed_at - interval '1 hour' where tenant_id = $tenant and number = 2`);
  expect(await breaks()).toEqual(["Block 2 itself was changed since it was sealed."]);
  await bend(`delete from platform.audit_block where tenant_id = $tenant and number = 2`);
  expect(await breaks()).toEqual(["Block 2 was removed."]);
  await bend(`delete from platform.audit_block where tenant_id = $tenant and number >= 2`);
  expect(await breaks()).toEqual([]);
  // Only what was kept outside knows that there was more.
  expect((await verified([head!])).breaks).toEqual([`Block ${head!.number} is missing, of which a head was kept outside.`]);
});

test("a trail bent and sealed anew by the database's owner does not fit a head kept outside", async () => {
  await seal();
  const { head } = await verified();
  await bend(`update platform.operation_log set actor_name = 'Someone else' where ${rowB}`);
  await bend(`delete from platform.audit_block where tenant_id = $tenant`);
  await seal();
  expect(await breaks()).toEqual([]);
  const anew = await verified([head!]);
  expect(anew.breaks).toHaveLength(1);
  expect((await checkTrailFile(each(await exported()), [head!])).breaks).toEqual(anew.breaks);
});

test("an auditor asks by operation, and nobody else", async () => {
  await seal();
  const auditor = await house.person(`Auditor ${house.tenantId.slice(-4)}`, "platform.auditor");
  const told = await house.call("platform.audit.verify", {}, auditor);
  const { head } = await verified();
  expect(told).toMatchObject({ holds: true, head: headText(head!), breaks: [] });
  const wrong = `1:${"0".repeat(64)}`;
  expect(await house.call("platform.audit.verify", { heads: [wrong] }, auditor)).toMatchObject({ holds: false });
  expect((await house.call("platform.audit.export", {}, auditor))["lines"]).toEqual(await exported());
  await expect(house.call("platform.audit.verify", {}, keeper)).rejects.toThrow(/may not/);
  await expect(house.call("platform.audit.export", {}, keeper)).rejects.toThrow(/may not/);
});

test("the application's own role can neither change nor remove a row or a block", async () => {
  for (const table of ["platform.operation_log", "platform.audit_block", "platform.read_log"]) {
    for (const statement of [
      `update ${table} set tenant_id = tenant_id`,
      `delete from ${table}`,
      `truncate ${table}`,
      `drop table ${table}`,
    ]) {
      await expect(house.pool.query(statement)).rejects.toMatchObject({ code: "42501" });
    }
    await expect(house.pool.query(`alter table ${table} disable trigger all`)).rejects.toMatchObject({ code: "42501" });
  }
});

test("the application sees no other company, even when a query forgets the tenant", async () => {
  const none = await house.pool.query("select count(*)::int as count from platform.operation_log");
  expect(none.rows).toEqual([{ count: 0 }]);
});
