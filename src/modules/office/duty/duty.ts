// Duties that must not be in one hand: looked at when someone acts, when they decide, and when they are given a role. Where a company is
// too small to part them a named control takes the place, and what is done under it stands on the auditor's list.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { objectsOf } from "../../../platform/funnel/trail.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { targetField } from "../../../platform/operation/registry.ts";
import { targetOf } from "../policy/target.ts";

export interface Conflict {
  readonly id: Id;
  readonly name: string;
  readonly says: string;
  readonly kind: "operation" | "role";
  readonly first: string;
  readonly second: string;
  readonly reach: "document" | "days";
  readonly days: number | null;
  readonly fromDay: Day;
  readonly untilDay: Day | null;
}

/** All rules in force now or later. */
export const conflictsFrom = (context: ReadContext): Promise<Conflict[]> =>
  context.db.rows<Conflict>(sql`
    select id, name, says, kind, first, second, reach, days, lower(during) as from_day, upper(during) - 1 as until_day
    from office.duty_conflict
    where tenant_id = ${context.tenantId} and (upper(during) is null or upper(during) > ${context.today}::date) order by id`);

const holdsToday = ({ fromDay, untilDay }: Conflict, today: Day): boolean => fromDay <= today && (untilDay === null || untilDay >= today);

interface Deed {
  readonly operation: string;
  readonly input: unknown;
  readonly at: "action" | "decision";
  readonly personId: Id;
}

/** Refuses `dutiesConflict` when this person did the other duty before; under a control it is noted and goes on. */
export async function refuseConflict(context: WriteContext, deed: Deed, known?: readonly Conflict[]): Promise<void> {
  const rules = (known ?? (await conflictsFrom(context))).filter(
    (one) => one.kind === "operation" && holdsToday(one, context.today) && [one.first, one.second].includes(deed.operation),
  );
  for (const rule of rules) {
    const other = rule.first === deed.operation ? rule.second : rule.first;
    const did = rule.reach === "days" ? await didLately(context, deed, other, rule.days!) : await didToPapers(context, deed, other);
    if (!did) continue;
    const operation = context.operationNamed(deed.operation);
    const done = context.operationNamed(other)?.title ?? other;
    const aboutId = (operation && targetOf(operation, deed.input)?.id) ?? null;
    const whose = deed.personId === context.actor.personId ? "You have" : "Whoever you stand in for has";
    const says = `${whose} done «${done}» here, and ${rule.says} Someone else has to do this.`;
    await overrideOrRefuse(context, rule, { ...deed, aboutId }, says);
  }
}

async function didLately(context: ReadContext, { personId }: Deed, operation: string, days: number): Promise<boolean> {
  const found = await context.db.maybe(sql`
    select id from office.duty_deed where tenant_id = ${context.tenantId} and person_id = ${personId} and operation = ${operation}
      and at >= ${new Date(context.now.getTime() - days * 86_400_000)} limit 1`);
  return found !== undefined;
}

/** Whether this person did the other to the same papers: the record itself, or what was named together with it before. */
async function didToPapers(context: ReadContext, { operation: name, input, personId }: Deed, other: string): Promise<boolean> {
  const operation = context.operationNamed(name);
  const target = operation && targetOf(operation, input);
  const field = context.operationNamed(other) && targetField(context.operationNamed(other)!);
  const named = target ? [target.id] : objectsOf(input);
  if (named.length === 0) return false;
  const found = await context.db.maybe(sql`
    with chain as (
      select ${named}::uuid[] || coalesce((select array_agg(distinct o.id) from (
        select unnest(l.object_ids) as id from platform.operation_log l
        where l.tenant_id = ${context.tenantId} and l.object_ids @> array[${target?.id ?? null}::uuid] limit 5000) o), '{}') as ids)
    select l.id from platform.operation_log l, chain c
    where l.tenant_id = ${context.tenantId} and l.object_ids && c.ids and l.operation = ${other} and l.person_id = ${personId}
      and ((l.input ->> ${field ?? "id"}) = any(c.ids::text[]) or (l.output ->> 'id') = any(c.ids::text[])) limit 1`);
  return found !== undefined;
}

interface Override {
  readonly personId: Id;
  readonly at: "grant" | "action" | "decision";
  readonly operation: string;
  readonly aboutId: Id | null;
}

async function overrideOrRefuse(
  context: WriteContext,
  rule: Conflict,
  { personId, at, operation, aboutId }: Override,
  says: string,
): Promise<void> {
  const control = await context.db.maybe<{ id: Id }>(sql`
    select id from office.duty_control where tenant_id = ${context.tenantId} and person_id = ${personId} and conflict_id = ${rule.id}
      and ended_on is null and review_day >= ${context.today}::date order by review_day desc limit 1`);
  if (!control) {
    const hint = "Where nobody else can, a compensating control may be named: heartwood office duty-control create";
    throw new Refusal("dutiesConflict", `${says} (${rule.name}) ${hint}`, { conflictId: rule.id, rule: rule.name, personId });
  }
  await context.db.run(sql`
    insert into office.duty_override (tenant_id, id, conflict_id, control_id, person_id, at_moment, operation, about_id, at)
    values (${context.tenantId}, ${context.newId()}, ${rule.id}, ${control.id}, ${personId}, ${at}, ${operation},
      ${aboutId}, ${context.now})`);
}

/** A role that conflicts with one that the member holds, or will hold, is not given. Refuses `dutiesConflict`. */
export async function refuseGrant(
  context: WriteContext,
  grant: { readonly memberId: Id; readonly role: string },
  known: readonly Conflict[],
) {
  const rules = known.filter(
    (one) => one.kind === "role" && holdsToday(one, context.today) && [one.first, one.second].includes(grant.role),
  );
  if (rules.length === 0) return;
  const member = await context.db.maybe<{ personId: Id | null; name: string; roles: string[] }>(sql`
    select m.person_id, m.name, array(select distinct g.role from identity.role_grant g where g.tenant_id = m.tenant_id
      and g.user_id = m.user_id and (g.until_day is null or g.until_day >= ${context.today}::date)) as roles
    from identity.member m where m.tenant_id = ${context.tenantId} and m.user_id = ${grant.memberId}`);
  for (const rule of rules) {
    const other = rule.first === grant.role ? rule.second : rule.first;
    if (!member?.roles.includes(other)) continue;
    const says = `${member.name} holds the role ${other}, and ${rule.says}`;
    if (member.personId === null) throw new Refusal("dutiesConflict", `${says} (${rule.name})`, { conflictId: rule.id, rule: rule.name });
    const override = { personId: member.personId, at: "grant" as const, operation: "identity.roleGrant.give", aboutId: null };
    await overrideOrRefuse(context, rule, override, says);
  }
}

/** Keeps that someone does what a rule with days names, so that it is known later. */
export async function noteDeed(
  context: WriteContext,
  { operation, personId }: Pick<Deed, "operation" | "personId">,
  known?: readonly Conflict[],
): Promise<void> {
  const rules = known ?? (await conflictsFrom(context));
  if (!rules.some((one) => one.reach === "days" && one.kind === "operation" && [one.first, one.second].includes(operation))) return;
  await context.db.run(sql`
    insert into office.duty_deed (tenant_id, id, person_id, operation, at)
    values (${context.tenantId}, ${context.newId()}, ${personId}, ${operation}, ${context.now})`);
}
