// Who answers for a kind of work: the accountable holder at the nearest scope, the holder of the seat or the line above an empty one,
// then the role that the preset names, then the owner of the company; while that person is away, whoever stands in for them. Work is
// never unassigned.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { delegationsFrom, isGone, standInOf } from "../delegation/delegation.ts";
import { type Granted, holderByRole } from "./holder.rules.ts";
import { defaultSize, presetRoles, type PresetSize, rolesFor } from "./preset.rules.ts";
import { keyOf, scopesOf, type WorkPlace } from "./scope.ts";

export type { WorkPlace } from "./scope.ts";

export interface Holder {
  /** Null only while the company has no member at all. */
  readonly personId: Id | null;
  /** How they were found, in words. */
  readonly via: string;
  /** Whose work it is, when a stand-in has it, and by which delegation. */
  readonly principalId?: Id;
  readonly delegationId?: Id;
}

/** A kind of work, and where it happens. */
export interface Work {
  readonly activity: string;
  readonly place?: WorkPlace;
  /** Then a stand-in has it only when they were named for this kind of work. */
  readonly confidential?: boolean;
}

/** Whoever has this work now (or had it on a day): the accountable, or their stand-in. */
export async function resolveHolder(context: ReadContext, activity: string, place?: WorkPlace, asOf?: Day): Promise<Holder> {
  return (await resolveHolders(context, [{ activity, ...(place && { place }) }], { on: asOf }))[0]!;
}

/** The accountable themself, whoever stands in for them. */
export async function answerableFor(context: ReadContext, activity: string, place?: WorkPlace, asOf?: Day): Promise<Holder> {
  return (await resolveHolders(context, [{ activity, ...(place && { place }) }], { on: asOf, inPerson: true }))[0]!;
}

interface Way {
  readonly on?: Day;
  /** As it would be with another preset. */
  readonly size?: PresetSize;
  /** Without looking for stand-ins. */
  readonly inPerson?: boolean;
  /** Whoever does the work comes before whoever answers for it. */
  readonly doers?: boolean;
}

/** The same for many kinds of work at once, in their order; the number of questions to the database does not grow with them. */
export async function resolveHolders(context: ReadContext, work: readonly Work[], way: Way = {}): Promise<Holder[]> {
  const on = way.on ?? context.today;
  const size = way.size ?? (await presetOn(context, on));
  const scopesByPlace = await scopesOf(
    context,
    work.flatMap(({ place }) => place ?? []),
    on,
  );
  const questions = work.map((one) => ({ ...one, scopes: scopesByPlace.get(keyOf(one.place))! }));
  const assigned = await assignedHolders(context, questions, on, way.doers ?? false);
  const grants = assigned.size < questions.length ? await rolesGiven(context, on) : [];
  const found = questions.map((one, index) => assigned.get(index) ?? holderByRole(grants, rolesFor(size, one.activity), one.scopes));
  const anyone = found.includes(undefined) ? await anyMember(context) : undefined;
  const holders = found.map((one) => one ?? anyone!);
  if (way.inPerson) return holders;
  const around = await delegationsFrom(
    context,
    holders.flatMap((one) => one.personId ?? []),
    on,
  );
  return holders.map((holder, index): Holder => {
    const question = { ...questions[index]!, amount: null };
    const standIn = holder.personId === null ? undefined : standInOf(holder.personId, around, question);
    if (!standIn) return holder;
    const via = `${standIn.via}, who ${reads(holder.via)}`;
    return { personId: standIn.personId, via, principalId: holder.personId!, delegationId: standIn.delegationId };
  });
}

/** "owner of the company" in the middle of a sentence. */
const reads = (via: string): string => (/^(owner|first) /.test(via) ? `is the ${via}` : via);

/** The preset in force on a day. */
export async function presetOn(context: ReadContext, on: Day): Promise<PresetSize> {
  const found = await context.db.maybe<{ size: PresetSize }>(sql`
    select size from office.preset where tenant_id = ${context.tenantId} and from_day <= ${on}::date order by from_day desc limit 1`);
  return found?.size ?? defaultSize;
}

interface Question {
  readonly activity: string;
  /** From the nearest scope to the whole company. */
  readonly scopes: readonly Id[];
}

const vias = {
  accountable: { seat: "answers for it", above: "stands above the empty seat that answers for it" },
  responsible: { seat: "does this work", above: "stands above the empty seat that does this work" },
};

/** Whoever was made accountable (before them, if asked, whoever does it), by the place of the question; for an empty seat the first
 *  holder above it. */
async function assignedHolders(
  context: ReadContext,
  questions: readonly Question[],
  on: Day,
  doers: boolean,
): Promise<Map<number, Holder>> {
  const parts = doers ? ["responsible", "accountable"] : ["accountable"];
  const asked = questions.flatMap(({ activity, scopes }, question) =>
    scopes.map((scope, nearness) => ({ question, activity, scope, nearness })),
  );
  const rows = await context.db.rows<{ question: number; personId: Id; part: keyof typeof vias; depth: number }>(sql`
    with recursive assigned as (
      select q.question, q.nearness, r.id, r.part, r.position_id, r.person_id
      from unnest(${asked.map((one) => one.question)}::int[], ${asked.map((one) => one.activity)}::text[],
        ${asked.map((one) => one.scope)}::uuid[], ${asked.map((one) => one.nearness)}::int[]) as q (question, activity, scope_id, nearness)
      join office.responsibility r on r.tenant_id = ${context.tenantId} and r.activity = q.activity and r.scope_id = q.scope_id
      where r.part = any(${parts}::text[]) and r.during @> ${on}::date
    ), line (question, nearness, id, part, position_id, person_id, depth) as (
      select a.question, a.nearness, a.id, a.part, a.position_id, coalesce(a.person_id, h.person_id), 0
      from assigned a
      left join directory.holding h on h.tenant_id = ${context.tenantId} and h.position_id = a.position_id and h.during @> ${on}::date
      union all
      select l.question, l.nearness, l.id, l.part, v.reports_to_id, h.person_id, l.depth + 1
      from line l
      join directory.position_version v
        on v.tenant_id = ${context.tenantId} and v.position_id = l.position_id and v.during @> ${on}::date
      left join directory.holding h on h.tenant_id = v.tenant_id and h.position_id = v.reports_to_id and h.during @> ${on}::date
      where l.person_id is null and v.reports_to_id is not null and l.depth < 50)
    select distinct on (l.question) l.question, l.person_id, l.part, l.depth from line l
    where l.person_id is not null and not exists (select from identity.member m
      where m.tenant_id = ${context.tenantId} and m.person_id = l.person_id and ${isGone(context, on)})
    order by l.question, l.nearness, l.depth > 0, array_position(${parts}::text[], l.part), l.depth, l.id`);
  return new Map(
    rows.map(({ question, personId, part, depth }) => [question, { personId, via: vias[part][depth === 0 ? "seat" : "above"] }]),
  );
}

/** Who holds the roles that a preset may name, the longest first. */
async function rolesGiven(context: ReadContext, on: Day): Promise<Granted[]> {
  return context.db.rows<Granted>(sql`
    select m.person_id, g.role, g.scope_id from identity.role_grant g
    join identity.member m on m.tenant_id = g.tenant_id and m.user_id = g.user_id
    where g.tenant_id = ${context.tenantId} and g.role = any(${presetRoles}::text[]) and m.person_id is not null
      and not (${isGone(context, on)}) and g.from_day <= ${on}::date and (g.until_day is null or g.until_day >= ${on}::date)
    order by g.from_day, g.id`);
}

async function anyMember(context: ReadContext): Promise<Holder> {
  const found = await context.db.maybe<{ personId: Id }>(sql`
    select person_id from identity.member
    where tenant_id = ${context.tenantId} and person_id is not null and disabled_at is null order by joined_at, user_id limit 1`);
  return found
    ? { personId: found.personId, via: "first member of a company without an owner" }
    : { personId: null, via: "nobody is here yet" };
}
