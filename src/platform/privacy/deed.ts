// Carrying out an erasure that two people agreed to: what is due goes, the trail keeps that it happened without what it said, and the deed
// is its proof. What is not due yet goes by itself when its day comes.
import { addDays, type Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { camel, identifier, join, sql } from "../database/sql.ts";
import type { WriteContext } from "../operation/context.ts";
import type { HoldOn, Keeping, KeptTable } from "../operation/keeping.ts";
import type { Registry } from "../operation/registry.ts";
import { type Asked, type ClassPlan, dueRows, erasedWord, type Plan, planErasure } from "./plan.ts";

interface DeedClass {
  readonly name: string;
  readonly title: string;
  readonly law: string;
  readonly rows: number;
  readonly files: number;
  readonly became: "deleted" | "anonymous";
}

interface Deed {
  readonly id: Id;
  readonly rows: number;
  readonly files: number;
  readonly trailRows: number;
  /** Over the rows of the trail that lost their content; `heartwood audit verify` proves the trail by it. */
  readonly trailDigest: string;
  readonly classes: readonly DeedClass[];
}

interface Erasure {
  readonly id: Id;
  readonly personId: Id;
}

// While something goes on or is in dispute nobody knows the day, so it is looked at again.
const lookAgainDays = 31;

/** Erases what is due; nothing when nothing is. */
export async function eraseDue(context: WriteContext, registry: Registry, erasure: Erasure): Promise<Deed | undefined> {
  const { db, tenantId } = context;
  const { since } = await db.row<{ since: Day | null }>(sql`
    select max((done_at at time zone 'UTC')::date) as since from platform.erasure_deed
    where tenant_id = ${tenantId} and erasure_id = ${erasure.id}`);
  const asked: Asked = { personId: erasure.personId, since };
  const plan = await planErasure(context, registry, asked);
  const due = plan.classes.filter((one) => one.due > 0);
  const deed = due.length > 0 ? await erase(context, registry, plan, due, asked, erasure) : undefined;
  await settle(context, plan, erasure);
  return deed;
}

async function erase(
  context: WriteContext,
  registry: Registry,
  plan: Plan,
  due: readonly ClassPlan[],
  asked: Asked,
  erasure: Erasure,
): Promise<Deed> {
  const { db, tenantId } = context;
  const id = context.newId();
  await db.run(sql`
    insert into platform.erasure_deed (tenant_id, id, erasure_id, begun_at) values (${tenantId}, ${id}, ${erasure.id}, ${context.now})`);
  const named = new Map(plan.keepings.map((keeping) => [keeping.name, keeping]));
  const classes: DeedClass[] = [];
  // Who the person is goes last: by it everything else is found.
  const isLast = ({ name }: ClassPlan): boolean => named.get(name)!.isIdentity === true;
  for (const one of due.toSorted((first, second) => Number(isLast(first)) - Number(isLast(second)))) {
    const keeping = named.get(one.name)!;
    const isRest = one.due === one.rows;
    if (keeping.isIdentity) await forgetPerson(context, registry, id, erasure.personId);
    const { rows, files } = await eraseClass(context, id, keeping, asked, plan.holds, isRest);
    classes.push({ name: one.name, title: one.title, law: one.law, rows, files, became: one.becomes });
  }
  const { trailRows, trailDigest } = await db.row<{ trailRows: number; trailDigest: string }>(sql`
    select count(*)::int as trail_rows,
      encode(sha256(coalesce(string_agg(uuid_send(log_id) || sealed_hash || text_hash, ''::bytea order by log_id), ''::bytea)), 'hex')
        as trail_digest
    from platform.trail_erasure where tenant_id = ${tenantId} and deed_id = ${id}`);
  const total = (of: "rows" | "files"): number => classes.reduce((sum, one) => sum + one[of], 0);
  const deed: Deed = { id, rows: total("rows"), files: total("files"), trailRows, trailDigest, classes };
  await db.run(sql`
    update platform.erasure_deed set done_at = ${context.now}, rows = ${deed.rows}, files = ${deed.files}, trail_rows = ${trailRows},
      trail_digest = ${trailDigest}, classes = ${JSON.stringify(classes)}
    where tenant_id = ${tenantId} and id = ${id}`);
  return deed;
}

async function eraseClass(
  context: WriteContext,
  deedId: Id,
  keeping: Keeping,
  asked: Asked,
  holds: readonly HoldOn[],
  isRest: boolean,
): Promise<{ rows: number; files: number }> {
  const { db, tenantId } = context;
  const objects: Id[] = isRest ? [asked.personId] : [];
  let [rows, files] = [0, 0];
  for (const [name, table] of Object.entries(keeping.tables)) {
    const found = await dueOf(context, keeping, name, table, asked, holds);
    if (found.keys.length === 0) continue;
    objects.push(...found.keys);
    rows += found.keys.length;
    if (found.files.length > 0) {
      const erased = await db.row<{ files: number }>(
        sql`select platform.erase_files(${tenantId}, ${deedId}, ${found.files}::uuid[], ${context.now}) as files`,
      );
      files += erased.files;
    }
    await eraseRows(context, deedId, name, table, found.keys);
  }
  const operations = [...Object.keys(keeping.tables).map(operationsOn), ...(keeping.operations ?? [])].map((name) => `${name}.%`);
  if (objects.length > 0) {
    await db.run(sql`select platform.erase_trail(${tenantId}, ${deedId}, ${operations}::text[], ${[...new Set(objects)]}::uuid[], null)`);
  }
  return { rows, files };
}

/** `people.leave_request` is worked on by `people.leaveRequest`. */
const operationsOn = (table: string): string => table.split(".").map(camel).join(".");

async function dueOf(
  context: WriteContext,
  keeping: Keeping,
  name: string,
  table: KeptTable,
  asked: Asked,
  holds: readonly HoldOn[],
): Promise<{ keys: Id[]; files: Id[] }> {
  const key = identifier(table.key ?? "id");
  const columns = table.files ?? [];
  const files = join(
    columns.map((column) => sql`t.${identifier(column)}`),
    sql`, `,
  );
  const found = await context.db.rows<{ key: Id; files: (Id | null)[] }>(sql`
    select t.${key} as key, to_json(array[${files}]::uuid[]) as files from ${identifier(name)} t
    where ${dueRows(context, keeping, table, asked, holds)}`);
  return { keys: found.map((row) => row.key), files: found.flatMap((row) => row.files.filter((file): file is Id => file !== null)) };
}

async function eraseRows(context: WriteContext, deedId: Id, name: string, table: KeptTable, keys: readonly Id[]): Promise<void> {
  const { db, tenantId } = context;
  const key = table.key ?? "id";
  if (table.erases === "row") {
    await db.run(sql`delete from ${identifier(name)} where tenant_id = ${tenantId} and ${identifier(key)} = any(${keys}::uuid[])`);
  } else if (table.erases.length > 0) {
    await db.run(sql`
      select platform.erase_texts(${tenantId}, ${deedId}, ${name}::regclass, ${key}, ${table.erases}::text[], ${keys}::uuid[])`);
  }
}

/** The last of it: their name beside what they did, and the account by which they came. */
async function forgetPerson(context: WriteContext, registry: Registry, deedId: Id, personId: Id): Promise<void> {
  const { db, tenantId } = context;
  const { get, list } = registry.registers.get("directory.person")!;
  const { name } = (await get.run({ id: personId } as never, context as never)) as { name: string };
  if (name === erasedWord) return;
  const member = await db.maybe<{ userId: Id; email: string }>(sql`
    update identity.member set disabled_at = coalesce(disabled_at, ${context.now})
    where tenant_id = ${tenantId} and person_id = ${personId} returning user_id, email`);
  const words = [name, ...(member ? [member.email] : [])];
  const named = (await list.run({ filter: { name }, limit: 2 } as never, context as never)) as { rows: unknown[] };
  await db.run(sql`select platform.erase_trail(${tenantId}, ${deedId}, array['%'], array[${personId}]::uuid[], ${words}::text[])`);
  await db.run(sql`select platform.erase_words(${tenantId}, ${deedId}, ${words}::text[], ${named.rows.length === 1})`);
  if (member) await db.run(sql`select auth.forget_user(${member.userId})`);
}

/** Says when something of it is due again, or that nothing is left. */
async function settle(context: WriteContext, plan: Plan, erasure: Erasure): Promise<void> {
  const left = plan.classes.filter((one) => one.running > 0 || one.held > 0 || (one.until !== null && one.until >= context.today));
  const again = left.some((one) => one.running > 0 || one.held > 0) ? [addDays(context.today, lookAgainDays)] : [];
  const next = [...again, ...left.flatMap((one) => one.next ?? [])].toSorted()[0] ?? null;
  await context.db.run(sql`
    update platform.erasure set next_day = ${next}, state = ${left.length > 0 ? "approved" : "done"},
      done_at = ${left.length > 0 ? null : context.now}
    where tenant_id = ${context.tenantId} and id = ${erasure.id}`);
}
