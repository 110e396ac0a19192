// Letting someone stand in: for these days, for this work, up to this amount, for this reason.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { activityTitles } from "../responsibility/activity.ts";
import { needScope, ScopeKindName } from "../responsibility/responsibility.operations.ts";
import { addDelegation, type DelegationWish, endDelegation, follow, membersNamed } from "./delegation.store.ts";

export const delegationRegister = register({
  name: "office.delegation",
  title: "Stand-ins",
  does: "Who acts for whom, on which days, for what work, up to which amount and why.",
  may: ["office.manager", anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    state: z.enum(["future", "active", "ended"]),
    principalId: ref("directory.person"),
    principal: z.string(),
    standInId: ref("directory.person"),
    standIn: z.string(),
    fromDay: Day,
    untilDay: Day,
    work: z.string().describe("The kinds of work, or everything."),
    scope: z.string(),
    upTo: Money.nullable().describe("Up to this amount; nothing for no limit of its own."),
    passesOn: z.boolean().describe("Whoever stands in for the stand-in may act too."),
    reason: z.string(),
    source: z.enum(["hand", "absence"]),
    endedOn: Day.nullable(),
  }),
  label: "label",
  search: ["label", "reason"],
  sort: "-fromDay",
  sees: (context) => sql`${context.actor.personId}::uuid in (r.principal_id, r.stand_in_id)`,
  from: (context) => sql`
    select d.id, s.name || ' for ' || p.name as label, d.principal_id, p.name as principal, d.stand_in_id, s.name as stand_in,
      lower(d.during) as from_day, upper(d.during) - 1 as until_day,
      coalesce((select string_agg(a.title, ', ' order by a.title) from office.activity a
        where a.tenant_id = d.tenant_id and a.name = any(d.activities)), 'everything') as work,
      coalesce(e.name, u.name, l.name, 'the whole company') as scope, d.limit_minor as up_to, d.limit_currency as up_to_currency,
      d.passes_on, d.reason, case when d.absence_id is null then 'hand' else 'absence' end as source, d.ended_on,
      case when d.ended_on is not null or upper(d.during) <= ${context.today}::date then 'ended'
        when lower(d.during) > ${context.today}::date then 'future' else 'active' end as state
    from office.delegation d
    join directory.party p on p.tenant_id = d.tenant_id and p.id = d.principal_id
    join directory.party s on s.tenant_id = d.tenant_id and s.id = d.stand_in_id
    left join directory.legal_entity e on e.tenant_id = d.tenant_id and e.id = d.scope_id
    left join directory.unit_version u on u.tenant_id = d.tenant_id and u.unit_id = d.scope_id and u.during @> ${context.today}::date
    left join directory.place l on l.tenant_id = d.tenant_id and l.id = d.scope_id
    where d.tenant_id = ${context.tenantId}`,
});

const principalThemself = whoever<{ principalId?: KernelId }>(
  "whoever leaves their work to someone",
  (input, context) => context.actor.personId !== null && (input.principalId ?? context.actor.personId) === context.actor.personId,
);

const whoeverIsInIt = whoever<{ delegationId: KernelId }>("whoever gave or has it", async ({ delegationId }, context) => {
  const row = await delegationNamed(context, delegationId);
  return row !== undefined && context.actor.personId !== null && [row.principalId, row.standInId].includes(context.actor.personId);
});

export const createDelegation = operation({
  name: "office.delegation.create",
  title: "Let someone stand in",
  does: "Leaves one's work and decisions to someone else for some days; open work goes to them and comes back afterwards.",
  kind: "write",
  may: ["office.manager", principalThemself],
  input: z.strictObject({
    standInId: ref("directory.person"),
    from: Day,
    until: Day.describe("The last day."),
    reason: Text(300),
    activities: z.array(Text(80)).min(1).max(100).optional().describe("Kinds of work like it.equipment; nothing for everything."),
    scopeKind: ScopeKindName.default("everywhere"),
    scopeId: Id.optional().describe("The legal entity, unit or place; nothing for everywhere."),
    limit: Money.optional().describe("Up to which amount they decide; nothing for as much as the one they stand in for."),
    passesOn: z.boolean().default(false).describe("Whoever stands in for the stand-in may act too."),
    principalId: ref("directory.person").optional().describe("For whom; nothing for oneself."),
  }),
  output: z.object({
    id: Id,
    rerouted: z.number().int(),
    lacks: z.array(z.string()).describe("Roles that the stand-in does not have on these days: what needs one of them stays undone."),
  }),
  refuses: {
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    standInSelf: "Nobody stands in for themself. Choose someone else.",
    standInAway: "{name} cannot sign in, so nothing can be left to them. Choose someone else.",
    periodReversed: "The last day {until} is before the first day {from}.",
    periodOver: "These days are over. Choose a last day from today on.",
    activityUnknown: "{activity} is not an activity. Choose one from the responsibility map.",
    scopeUnknown: "There is no such {kind}. Choose one from the directory, or everywhere.",
    delegatedAlready: "{name} stands in for this work from {from} to {until} already. End that first, or choose other days.",
  },
  example: { standInId: "019ab000-0000-7000-8000-000000000001", from: "2026-12-01", until: "2026-12-11", reason: "Leave" },
  emits: ["office.delegation.created"],
  async run(input, context) {
    const wish = await checkedWish(context, input);
    const id = await addDelegation(context, wish);
    const rerouted = input.from <= context.today ? await follow(context) : 0;
    return { id, rerouted, lacks: await rolesLacking(context, wish) };
  },
});

interface Given extends Omit<DelegationWish, "principalId" | "scopeId" | "activities" | "limit"> {
  readonly principalId?: KernelId;
  readonly scopeId?: KernelId;
  readonly activities?: readonly string[];
  readonly limit?: DelegationWish["limit"];
}

async function checkedWish(context: WriteContext, input: Given): Promise<DelegationWish> {
  const principalId = input.principalId ?? context.actor.personId ?? refuse("personUnknown", {}, ["principalId"]);
  const people = await membersNamed(context, [principalId, input.standInId]);
  if (!people.has(principalId)) refuse("personUnknown", {}, ["principalId"]);
  const standIn = people.get(input.standInId) ?? refuse("personUnknown", {}, ["standInId"]);
  if (input.standInId === principalId) refuse("standInSelf", {}, ["standInId"]);
  if (!standIn.isHere) refuse("standInAway", { name: standIn.name }, ["standInId"]);
  if (input.until < input.from) refuse("periodReversed", { from: input.from, until: input.until }, ["until"]);
  if (input.until < context.today) refuse("periodOver", {}, ["until"]);
  const activities = input.activities ? [...new Set(input.activities)].toSorted() : null;
  const titles = await activityTitles(context, activities ?? []);
  const unknown = activities?.find((name) => !titles.has(name));
  if (unknown) refuse("activityUnknown", { activity: unknown }, ["activities"]);
  const scopeId = await needScope(context, input.scopeKind, input.scopeId);
  const wish = { ...input, principalId, activities, scopeId, limit: input.limit ?? null };
  const same = await sameWork(context, wish);
  if (same) refuse("delegatedAlready", { name: standIn.name, ...same });
  return wish;
}

function sameWork(context: ReadContext, wish: DelegationWish): Promise<{ from: KernelDay; until: KernelDay } | undefined> {
  return context.db.maybe(sql`
    select lower(d.during) as from, upper(d.during) - 1 as until from office.delegation d
    where d.tenant_id = ${context.tenantId} and d.principal_id = ${wish.principalId} and d.stand_in_id = ${wish.standInId}
      and d.during && daterange(${wish.from}::date, ${wish.until}::date, '[]') and d.ended_on is null
      and d.scope_id = ${wish.scopeId} and d.activities is not distinct from ${wish.activities}::text[] limit 1`);
}

/** A stand-in acts with their own roles: what they lack is said, so that it can be given for these days. */
async function rolesLacking(context: ReadContext, wish: DelegationWish): Promise<string[]> {
  const rows = await context.db.rows<{ role: string }>(sql`
    select distinct g.role from identity.role_grant g
    join identity.member m on m.tenant_id = g.tenant_id and m.user_id = g.user_id
    where g.tenant_id = ${context.tenantId} and m.person_id = ${wish.principalId}
      and g.from_day <= ${wish.until}::date and (g.until_day is null or g.until_day >= ${wish.from}::date)
      and not exists (select from identity.role_grant s
        join identity.member n on n.tenant_id = s.tenant_id and n.user_id = s.user_id
        where s.tenant_id = g.tenant_id and n.person_id = ${wish.standInId} and s.role in (g.role, 'owner')
          and s.from_day <= ${wish.from}::date and (s.until_day is null or s.until_day >= ${wish.until}::date))
    order by g.role`);
  return rows.map((row) => row.role);
}

export const endOneDelegation = operation({
  name: "office.delegation.end",
  title: "End the standing in",
  does: "Ends it at once, by either of the two; open work goes back to whose it is.",
  kind: "write",
  may: ["office.manager", whoeverIsInIt],
  input: z.strictObject({ delegationId: ref("office.delegation") }),
  output: z.object({ id: Id, rerouted: z.number().int() }),
  refuses: { delegationOver: "This is over already. Nothing is left to end." },
  when: (record) => record["state"] !== "ended",
  emits: ["office.delegation.ended"],
  async run({ delegationId }, context) {
    const row = await delegationNamed(context, delegationId, true);
    if (!row) refuse("notFound");
    if (row.isOver) refuse("delegationOver");
    return { id: delegationId, rerouted: await endDelegation(context, row) };
  },
});

interface Row {
  readonly id: KernelId;
  readonly principalId: KernelId;
  readonly standInId: KernelId;
  readonly isOver: boolean;
}

function delegationNamed(context: ReadContext, id: KernelId, lock = false): Promise<Row | undefined> {
  return context.db.maybe<Row>(sql`
    select id, principal_id, stand_in_id, (ended_on is not null or upper(during) <= ${context.today}::date) as is_over
    from office.delegation where tenant_id = ${context.tenantId} and id = ${id} ${lock ? sql`for update` : sql``}`);
}
