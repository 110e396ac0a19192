// Someone who worked here asks what is held about them, then to be erased: what every department holds is given out, what no law asks to
// keep goes, the rest goes by itself on its day, and at the end no table knows them, while the books and the trail still hold.
import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { sql } from "../../src/platform/database/sql.ts";
import { exportAudit, sealAudit, verifyAudit } from "../../src/platform/audit/block.ts";
import { checkTrailFile } from "../../src/platform/audit/file.ts";
import { checkZip } from "../../src/platform/files/zip.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../src/platform/testing/house.ts";
import { buildCompany, type Company } from "../../src/modules/people/company.testing.ts";
import { registry } from "../../src/registry.ts";

// Two words that stand nowhere else: a name, and what others wrote about them.
const [name, word, iban] = ["Zora Zinnober", "Karmesinrot", "DE02120300000000202051"];
const traces = /zinnober|karmesinrot|DE02120300000000202051/i;

let house: TestHouse;
let company: Company;
let owner: Actor;
let second: Actor;
let zora: Actor;
let requestId: string;
let erasureId: string;

const call = async (operation: string, input: unknown, as: Actor = owner) => house.call(operation, input, as);
const idOf = async (operation: string, input: unknown, as: Actor = owner): Promise<Id> => (await call(operation, input, as))["id"] as Id;
const rowsOf = async (register: string, filter: object, as: Actor = owner) =>
  (await call(`${register}.list`, { filter }, as))["rows"] as Record<string, unknown>[];

beforeAll(async () => {
  house = await openHouse();
  company = await buildCompany(house);
  owner = await house.person("Olga Owner", "owner");
  second = await house.person("Sam Second", "owner");
  zora = await house.person(name);
  await call("directory.person.update", { personId: zora.personId, name, phone: "+49 40 Zinnober", city: word });
  const employmentId = await work();
  await live(employmentId);
  const resigned = { employmentId, receivedOn: "2026-11-21", noticeDays: 0, lastDay: "2026-12-31", reason: word };
  await call("people.resignation.record", resigned, company.hanna);
  await house.settle();
}, 60_000);
afterAll(() => house.close());

/** A month of work, paid. */
async function work(): Promise<Id> {
  const pay = { amount: "3000.00", currency: "EUR" };
  const seat = { personId: zora.personId, positionId: company.seats.first, firstDay: "2026-11-01", pay, noticeDays: 0 };
  const employmentId = await idOf("people.employment.create", seat, company.hanna);
  await call("finance.setup.create", { currency: "EUR", fiscalYearStart: "2026-01-01" });
  await call("payroll.enrolment.create", { employmentId, from: "2026-11-01", bankAccount: iban });
  const runId = await idOf("payroll.run.create", { month: "2026-11" });
  await call("payroll.run.calculate", { runId });
  await call("payroll.run.submit", { runId });
  await call("payroll.run.approve", { runId }, second);
  return employmentId;
}

/** What they and others wrote on the way. */
async function live(employmentId: Id): Promise<void> {
  const leaveTypeId = await idOf("people.leaveType.create", { code: "UNPAID", name: "Unpaid", mayGoNegative: true }, company.hanna);
  await call("people.leaveRequest.create", { employmentId, leaveTypeId, firstDay: "2026-12-07", lastDay: "2026-12-08", note: word }, zora);
  const assetId = await idOf("assets.asset.create", { kind: "laptop", name: "Laptop" });
  const custodyId = await idOf("assets.custody.give", { assetId, personId: zora.personId, from: "2026-11-21", note: word });
  await call("assets.custody.end", { custodyId, on: "2026-11-21" });
  await call("office.task.create", { title: "Read the handbook", personId: zora.personId, due: "2026-11-30" });
  await call("platform.watch.follow", { subject: "directory.person", recordId: zora.personId, label: name }, zora);
}

const files = (zip: Buffer): Map<string, string> => {
  const found = new Map<string, string>();
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50;) {
    const [packed, named] = [zip.readUInt32LE(at + 18), zip.readUInt16LE(at + 26)];
    const from = at + 30 + named;
    found.set(zip.subarray(at + 30, from).toString(), inflateRawSync(zip.subarray(from, from + packed)).toString());
    at = from + packed;
  }
  return found;
};

test("everything that every department holds about them is in one file, for them and for another program", async () => {
  const id = await idOf("governance.subjectRequest.record", { personId: zora.personId, kind: "access" }, zora);
  await expect(call("governance.subjectRequest.gather", { subjectRequestId: id }, company.ben)).rejects.toMatchObject({
    name: "NotPermitted",
  });
  const { fileId } = await call("governance.subjectRequest.gather", { subjectRequestId: id });
  const file = await house.funnel.file(fileId as Id, { tenantId: house.tenantId, actor: zora });
  const zip = Buffer.from(file!.bytes);
  checkZip(zip);
  const members = files(zip);
  const records = JSON.parse(members.get("records.json")!) as Record<string, { records: Record<string, unknown>[]; dealtWith: unknown[] }>;
  for (const register of [
    "directory.person",
    "identity.member",
    "people.employment",
    "people.compensation",
    "people.leaveRequest",
    "payroll.payslip",
    "payroll.enrolment",
    "assets.custody",
    "people.resignation",
  ])
    // prettier-ignore
    expect(records[register]?.records, register).not.toEqual([]);
  expect(records["payroll.payslip"]!.records[0]).toMatchObject({ gross: { amount: "3000.00", currency: "EUR" } });
  expect(members.get("records/people.leaveRequest.csv")).toContain(word);
  // What they only dealt with is told as a fact: a task holds words about others.
  expect(records["office.task"]).toMatchObject({ records: [] });
  expect(records["office.task"]!.dealtWith).not.toEqual([]);
  expect([...members.keys()].some((one) => one.startsWith("files/payroll.payslip/"))).toBe(true);
  expect(members.get("what you did.csv")).toContain("Ask about one's own data");
  await call("governance.subjectRequest.answer", { subjectRequestId: id, how: "Given in the app" });
  // Nobody else's pay is in it.
  expect(JSON.stringify(records)).not.toContain("6000.00");
});

test("every table about a person is in the file or stands in a class that says how long it is kept", async () => {
  const { rows } = await house.owner.query<{ name: string }>(`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname in ('person_id', 'requester_id', 'customer_id') and not a.attisdropped
    where c.relkind = 'r' and n.nspname not in ('auth', 'graphile_worker') group by 1 order by 1`);
  const lists = await house.funnel.read({ tenantId: house.tenantId, actor: owner }, async (context) =>
    [...registry.registers.values()].map((register) => register.sight(context, sql`null`).text).join("\n"),
  );
  const kept = new Set(registry.keeps.flatMap(({ tables: declared }) => Object.keys(declared)));
  // Marks of one look or one link, without a word of their own.
  const marks = ["office.approval_link", "office.article_solved", "office.document_reader", "platform.operation_log", "platform.erasure"];
  const left = rows.map(({ name: table }) => table).filter((table) => !lists.includes(table) && !kept.has(table) && !marks.includes(table));
  // Who did something in the books: the fact is in the part of the file that says what they did.
  expect(left).toEqual(["finance.account_name", "finance.asset_revision", "finance.item_dispute", "office.duty_deed"]);
});

test("every text that a class erases is a column that there is", async () => {
  const { rows } = await house.owner.query<{ name: string }>(`
    select table_schema || '.' || table_name || '.' || column_name as name from information_schema.columns`);
  const known = new Set(rows.map(({ name: column }) => column));
  const declared = registry.keeps.flatMap(({ tables: of }) =>
    Object.entries(of).flatMap(([table, { erases, files: named = [] }]) =>
      [...(erases === "row" ? [] : erases), ...named].map((column) => `${table}.${column}`),
    ),
  );
  expect(declared.filter((column) => !known.has(column))).toEqual([]);
});

test("the dry run says class by class what stays until when, and erases nothing", async () => {
  house.today = day("2027-01-10");
  requestId = await idOf("governance.subjectRequest.record", { personId: zora.personId, kind: "erasure", channel: "letter" });
  await call("governance.subjectRequest.identify", { subjectRequestId: requestId, how: "Passport" });
  const member = (await rowsOf("identity.member", { personId: zora.personId }))[0]!;
  await call("identity.member.disable", { memberId: member["id"] });
  const roles = await house.owner.query("select role from directory.party_role where party_id = $1 and until_day is null", [zora.personId]);
  expect(roles.rows).toEqual([]);
  const before = await census();
  const plan = (await call("governance.subjectRequest.plan", { subjectRequestId: requestId }))["rows"] as Record<string, unknown>[];
  const line = (of: string) => plan.find((one) => one["class"] === of);
  // BGB § 199: the end of the third year after 2026. AO § 147(3): of the eighth. The request itself is still open.
  expect(line("people.employment")).toMatchObject({ now: 0, until: "2029-12-31" });
  expect(line("payroll.pay")).toMatchObject({ now: 0, until: "2034-12-31", why: expect.stringContaining("AO § 147") });
  expect(line("assets.custody")).toMatchObject({ now: 0, until: "2029-12-31" });
  expect(line("directory.contact")).toMatchObject({ now: 1, stays: 0, becomes: "anonymous" });
  expect(line("platform.notice")).toMatchObject({ becomes: "deleted", stays: 0 });
  expect(line("directory.identity")).toMatchObject({ now: 0, becomes: "anonymous" });
  expect(await census()).toEqual(before);
});

test("what is in dispute stays, until it is not", async () => {
  const hold = { subject: "directory.person", recordId: zora.personId, matter: "Zora against us", reason: "A lawsuit" };
  const documentHoldId = await idOf("office.documentHold.placeOnRecord", hold);
  const plan = (await call("governance.subjectRequest.plan", { subjectRequestId: requestId }))["rows"] as Record<string, unknown>[];
  expect(plan.map((one) => one["now"])).toEqual(plan.map(() => 0));
  expect(plan[0]!["why"]).toContain("In dispute: Zora against us.");
  await call("office.documentHold.release", { documentHoldId, reason: "Settled" });
});

test("once a second person agreed, what is due goes at once and the rest on its day", async () => {
  erasureId = (await call("governance.subjectRequest.proposeErasure", { subjectRequestId: requestId }))["erasureId"] as string;
  await seal();
  const dry = await house.call("governance.erasure.decide", { erasureId, verdict: "approve" }, second, { dryRun: true });
  expect(dry["proof"]).toMatchObject({ rows: expect.any(Number) });
  expect(await textsWith(zora.personId!, "directory.party")).toMatch(/Zinnober/);
  await call("governance.erasure.decide", { erasureId, verdict: "approve" }, second);
  await call("governance.subjectRequest.answer", { subjectRequestId: requestId, how: "By letter" });
  expect((await rowsOf("directory.person", { id: zora.personId }))[0]).toMatchObject({ name, email: "(erased)" });
  expect((await rowsOf("payroll.payslip", { personId: zora.personId }))[0]).toMatchObject({ state: "approved" });
  await holds();
  for (const [on, gone, kept] of [
    ["2030-01-02", "people.employment", "payroll.pay"],
    ["2035-01-02", "payroll.pay", undefined],
  ] as const) {
    house.today = day(on);
    await sweep();
    const classes = (await rowsOf("governance.erasureDeed", { erasureId })).map((deed) => String(deed["classes"])).join();
    expect(classes).toContain(registry.keeps.find((one) => one.name === gone)!.title);
    if (kept) expect(classes).not.toContain(`${registry.keeps.find((one) => one.name === kept)!.title}:`);
    await holds();
  }
  expect((await rowsOf("governance.erasure", { id: erasureId }))[0]).toMatchObject({ state: "done", person: "(erased)" });
});

test("at the end no table holds a trace of them, not even the trail, and the trail and every law still hold", async () => {
  const found = await tracesOf();
  expect(found).toEqual([]);
  const slips = await house.owner.query(
    "select f.hash from platform.file f join payroll.payslip s on s.file_id = f.id where s.person_id = $1",
    [zora.personId],
  );
  expect(slips.rows).toEqual([{ hash: null }]);
  const packs = await house.owner.query("select 1 from platform.file where media_type = 'application/zip' and hash is not null");
  expect(packs.rows).toEqual([]);
  const { rows } = await house.owner.query(`select 1 from auth."user" where id = $1`, [zora.userId]);
  expect(rows).toEqual([]);
  await holds();
});

test("content that is taken away by any other hand shows", async () => {
  const tenant = `tenant_id = '${house.tenantId}'`;
  const one = (await house.owner.query(`select log_id, deed_id from platform.trail_erasure where ${tenant} order by log_id limit 1`))
    .rows[0];
  const bend = async (statement: string, undo: string, says: RegExp) => {
    await house.owner.query(statement);
    expect((await verified()).breaks.join()).toMatch(says);
    expect((await checkTrailFile(each(await exported()))).breaks.join()).toMatch(says);
    await house.owner.query(undo);
  };
  const row = `platform.operation_log set actor_name = `;
  const old = (await house.owner.query(`select actor_name from platform.operation_log where id = '${one.log_id}'`)).rows[0].actor_name;
  const at = `where ${tenant} and id = '${one.log_id}'`;
  await bend(`update ${row} 'Somebody' ${at}`, `update ${row} '${old}' ${at}`, new RegExp(`Row ${one.log_id} of block \\d+ was changed`));
  const other = (
    await house.owner.query(`select id, actor_name from platform.operation_log l where ${tenant} and operation = 'directory.unit.create'
      and not exists (select from platform.trail_erasure x where x.log_id = l.id) order by id limit 1`)
  ).rows[0];
  // Whoever changes a row and says that a deed did it is found by the digest of that deed.
  const forged = `update platform.operation_log set input = '{}' where ${tenant} and id = '${other.id}';
    insert into platform.trail_erasure select l.tenant_id, l.id, '${one.deed_id}', '\\x${"00".repeat(32)}',
    sha256(convert_to(platform.trail_text(l), 'UTF8'))
    from platform.operation_log l where l.id = '${other.id}'`;
  await bend(
    forged,
    `delete from platform.trail_erasure where log_id = '${other.id}'`,
    new RegExp(`Erasure ${one.deed_id} is not what the trail says`),
  );
});

const sweep = () =>
  house.funnel.work(
    house.tenantId,
    (context) => registry.schedules.find((one) => one.name === "governance.erase")!.does(context),
    house.today,
  );

async function seal(): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    await house.funnel.work(house.tenantId, (context) => sealAudit(context.db, context.tenantId, context.now));
    if ((await verified()).unsealed === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const verified = () => house.funnel.work(house.tenantId, (context) => verifyAudit(context.db, context.tenantId));

async function exported(): Promise<string[]> {
  const lines: string[] = [];
  for (let cursor: string | undefined, more = true; more;) {
    const at = cursor;
    const page: { lines: string[]; next: string | null } = await house.funnel.work(house.tenantId, (context) =>
      exportAudit(context.db, context.tenantId, at),
    );
    lines.push(...page.lines);
    [cursor, more] = [page.next ?? undefined, page.next !== null];
  }
  return lines;
}
async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** The trail in the house and in a file, and every law. */
async function holds(): Promise<void> {
  await house.settle();
  await seal();
  expect((await verified()).breaks).toEqual([]);
  expect((await checkTrailFile(each(await exported()))).breaks).toEqual([]);
  const laws = (await call("platform.law.check", {}))["laws"] as { name: string; holds: boolean; breaks: string[] }[];
  expect(laws.filter((law) => !law.holds).map((law) => [law.name, ...law.breaks])).toEqual([]);
}

const textsWith = async (id: Id, table: string): Promise<string> =>
  JSON.stringify((await house.owner.query(`select to_jsonb(t) as row from ${table} t where id = $1`, [id])).rows);

async function tables(): Promise<string[]> {
  const { rows } = await house.owner.query<{ name: string }>(`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('graphile_worker', 'pg_catalog', 'information_schema') order by 1`);
  return rows.map((row) => row.name);
}

async function tracesOf(): Promise<string[]> {
  const found: string[] = [];
  for (const table of await tables()) {
    const { rows } = await house.owner.query<{ text: string }>(`select t::text as text from ${table} t where t::text ~* $1`, [
      traces.source,
    ]);
    found.push(...rows.map((row) => `${table}: ${row.text.slice(0, 300)}`));
  }
  return found;
}

/** How many rows each table has, and whether they are the same: a dry run leaves no trace. */
async function census(): Promise<Record<string, string>> {
  const counted: Record<string, string> = {};
  for (const table of (await tables()).filter((one) => one !== "platform.read_log")) {
    const { rows } = await house.owner.query(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '' order by t::text)), '') as is from ${table} t`,
    );
    counted[table] = rows[0].is as string;
  }
  return counted;
}
