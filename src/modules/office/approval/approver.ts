// Whom a step asks: the line of who wishes, whoever leads a unit, answers for an activity, holds a role or a seat, or one person by name.
// Words of the policy become people at the moment they are needed, so that they follow the company as it changes.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { ref, Text } from "../../../platform/operation/field.ts";
import { holderOf, managerOf, unitOf } from "../../directory/index.ts";
import { type Facts, valuesAt } from "../policy/condition.rules.ts";
import { answerableFor, type WorkPlace } from "../responsibility/resolve.ts";
import { decidersOf, ownersOf, type Wish } from "./chain.ts";

export const Approver = z.strictObject({
  kind: z
    .enum(["lineManager", "unitLead", "activity", "role", "position", "person"])
    .describe("Line manager; who leads a unit; who answers for an activity; everyone with a role; a seat; one person."),
  levels: z.int().min(1).max(10).optional().describe("For the line manager: how many levels up, 1 is the direct one."),
  activity: Text(80).optional().describe("For an activity: which, e.g. purchasing.approval."),
  role: Text(60).optional().describe("For a role: which, e.g. finance.manager."),
  positionId: ref("directory.position").optional(),
  personId: ref("directory.person").optional(),
  at: Text(80)
    .optional()
    .describe(
      "The field that names the unit, legal entity or site, e.g. unitId or record.unitId; left out: the unit of who asks, or everywhere.",
    ),
});
type Approver = z.output<typeof Approver>;

/** What a department asks for by itself: whoever answers for an activity, within their limits, and the line above them. */
interface Line {
  readonly kind: "line";
  readonly activity: string;
  readonly placeKind?: WorkPlace["kind"];
  readonly placeId?: KernelId;
  readonly firstId?: KernelId;
}

export type Asks = Approver | Line;

export interface Question {
  readonly requesterId: KernelId | null;
  /** Who is not asked: those whose wish it is, and who has decided on it before. */
  readonly barred: readonly (KernelId | null)[];
  readonly activity: string;
  readonly amount: Wish["amount"];
  readonly facts: Facts;
}

export interface Candidate {
  readonly personId: KernelId;
  readonly via: string;
}

/** The people one seat may go to, the first asked first. */
interface SeatLine {
  readonly asks: Asks;
  readonly activity: string;
  readonly line: readonly Candidate[];
}

/** A line of candidates for each seat of a step; a role has as many seats as holders. Nobody in them wishes or is gone. */
export async function linesFor(context: ReadContext, approvers: readonly Asks[], question: Question): Promise<SeatLine[]> {
  const lines: SeatLine[] = [];
  for (const asks of approvers) lines.push(...(await linesOf(context, asks, question)));
  const there = await membersAmong(
    context,
    lines.flatMap(({ line }) => line.map((one) => one.personId)),
  );
  return lines.map((one) => ({
    ...one,
    line: one.line.filter(({ personId }) => there.has(personId) && !question.barred.includes(personId)),
  }));
}

async function linesOf(context: ReadContext, asks: Asks, question: Question): Promise<SeatLine[]> {
  const { barred, amount } = question;
  if (asks.kind === "line") {
    const place = asks.placeKind && { place: { kind: asks.placeKind, id: asks.placeId! } };
    const first = asks.firstId && { firstId: asks.firstId };
    const people = await decidersOf(context, { activity: asks.activity, ...place, ...first, amount, wishers: barred });
    const line = people.flatMap(({ personId, via }) => (personId ? [{ personId, via }] : []));
    return [{ asks, activity: asks.activity, line }];
  }
  const activity = asks.activity ?? question.activity;
  const heads = (await headsOf(context, asks, question)).filter(({ personId }) => asks.kind !== "role" || !barred.includes(personId));
  const owners = (await ownersOf(context)).map((personId) => ({ personId, via: "owner of the company" }));
  // Where nobody is found, or only who wishes, it goes up: nothing waits for nobody.
  if (heads.length === 0) return [{ asks, activity, line: owners }];
  const lines: SeatLine[] = [];
  for (const head of heads) {
    lines.push({ asks, activity, line: heads.length > 1 ? [head] : [head, ...(await above(context, head.personId)), ...owners] });
  }
  return lines;
}

const lineMax = 20;

export async function above(context: ReadContext, personId: KernelId): Promise<Candidate[]> {
  const line: Candidate[] = [];
  let next = await managerOf(context, personId, context.today);
  while (next && line.length < lineMax && !line.some((one) => one.personId === next)) {
    line.push({ personId: next, via: "stands above who was asked" });
    next = await managerOf(context, next, context.today);
  }
  return line;
}

async function headsOf(context: ReadContext, asks: Approver, question: Question): Promise<Candidate[]> {
  const { kind } = asks;
  const [at] = asks.at ? valuesAt(question.facts, asks.at).map(String) : [];
  if (kind === "person") return asks.personId ? [{ personId: asks.personId, via: "named by the policy" }] : [];
  if (kind === "position") {
    const holder = asks.positionId && (await holderOf(context, asks.positionId, context.today));
    return holder ? [{ personId: holder, via: "sits where the policy says" }] : [];
  }
  if (kind === "lineManager") {
    const levels = asks.levels ?? 1;
    const line = question.requesterId ? await above(context, question.requesterId) : [];
    const via = levels === 1 ? "leads who asks" : `stands ${levels} levels above who asks`;
    const found = line[Math.min(levels, line.length) - 1];
    return found ? [{ personId: found.personId, via }] : [];
  }
  if (kind === "unitLead")
    return unitLead(context, at ?? (question.requesterId && (await unitOf(context, question.requesterId, context.today))?.unitId));
  if (kind === "activity") return answering(context, asks.activity ?? question.activity, at as KernelId | undefined);
  return withRole(context, asks.role ?? "", at);
}

async function answering(context: ReadContext, activity: string, at: KernelId | undefined): Promise<Candidate[]> {
  const place = at && (await placeOf(context, at));
  const { personId, via } = await answerableFor(context, activity, place || undefined);
  return personId ? [{ personId, via }] : [];
}

async function placeOf(context: ReadContext, id: KernelId): Promise<WorkPlace | undefined> {
  return context.db.maybe<WorkPlace>(sql`
    select 'unit' as kind, id from directory.unit where tenant_id = ${context.tenantId} and id = ${id}
    union all select 'place', id from directory.place where tenant_id = ${context.tenantId} and id = ${id}
    union all select 'entity', ${id}::uuid
      where not exists (select from directory.unit where tenant_id = ${context.tenantId} and id = ${id})
      and not exists (select from directory.place where tenant_id = ${context.tenantId} and id = ${id}) limit 1`);
}

/** Who leads a unit: the holder of the seat in it that reports outside of it, or of the nearest unit above with one. */
async function unitLead(context: ReadContext, unitId: string | null | undefined): Promise<Candidate[]> {
  if (!unitId) return [];
  const on = context.today;
  return context.db.rows<Candidate>(sql`
    with recursive line (unit_id, depth) as (
      select ${unitId}::uuid, 0
      union all
      select v.parent_id, l.depth + 1 from line l
      join directory.unit_version v on v.tenant_id = ${context.tenantId} and v.unit_id = l.unit_id and v.during @> ${on}::date
      where v.parent_id is not null and l.depth < 50)
    select h.person_id, 'leads the unit' as via from line l
    join directory.position_version v on v.tenant_id = ${context.tenantId} and v.unit_id = l.unit_id and v.during @> ${on}::date
    join directory.holding h on h.tenant_id = v.tenant_id and h.position_id = v.position_id and h.during @> ${on}::date
    left join directory.position_version u on u.tenant_id = v.tenant_id and u.position_id = v.reports_to_id and u.during @> ${on}::date
    where u.unit_id is distinct from v.unit_id order by l.depth, v.position_id limit 1`);
}

function withRole(context: ReadContext, role: string, at: string | undefined): Promise<Candidate[]> {
  return context.db.rows<Candidate>(sql`
    select m.person_id, 'holds the role ' || ${role} as via from identity.role_grant g
    join identity.member m on m.tenant_id = g.tenant_id and m.user_id = g.user_id and m.disabled_at is null and m.person_id is not null
    where g.tenant_id = ${context.tenantId} and g.role = ${role} and g.from_day <= ${context.today}::date
      and (g.until_day is null or g.until_day >= ${context.today}::date)
      and (g.scope_id is null ${at ? sql`or g.scope_id = ${at}::uuid` : sql``})
    group by m.person_id order by min(g.from_day), m.person_id limit 50`);
}

async function membersAmong(context: ReadContext, personIds: readonly KernelId[]): Promise<ReadonlySet<KernelId>> {
  const there: Sql = sql`
    select person_id from identity.member
    where tenant_id = ${context.tenantId} and person_id = any(${[...new Set(personIds)]}::uuid[]) and disabled_at is null`;
  return new Set((await context.db.rows<{ personId: KernelId }>(there)).map((row) => row.personId));
}
