// Who answers for a kind of work: the accountable holder at the nearest scope, the holder of the seat or the line above an empty one,
// then the role that the preset names, then the owner of the company. Work is never unassigned.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { unitsAbove } from "../../directory/index.ts";
import { defaultSize, type PresetSize, rolesFor } from "./preset.rules.ts";

/** Where work happens: a legal entity, an org unit, or a place from site to desk. */
export interface WorkPlace {
  readonly kind: "entity" | "unit" | "site" | "place";
  readonly id: Id;
}

export interface Holder {
  /** Null only while the company has no member at all. */
  readonly personId: Id | null;
  /** How they were found, in words. */
  readonly via: string;
}

export async function resolveHolder(context: ReadContext, activity: string, place?: WorkPlace, asOf?: Day): Promise<Holder> {
  const on = asOf ?? context.today;
  return holderBy(context, { activity, scopes: await scopesAbove(context, place, on), size: await presetOn(context, on), on });
}

interface Question {
  readonly activity: string;
  /** From the nearest scope to the whole company. */
  readonly scopes: readonly Id[];
  readonly size: PresetSize;
  readonly on: Day;
}

export async function holderBy(context: ReadContext, question: Question): Promise<Holder> {
  // Delegation will stand in here, between the holder and their line, once people can name who acts for them.
  return (await assignedHolder(context, question)) ?? (await roleHolder(context, question)) ?? (await anyMember(context));
}

/** The preset in force on a day. */
export async function presetOn(context: ReadContext, on: Day): Promise<PresetSize> {
  const found = await context.db.maybe<{ size: PresetSize }>(sql`
    select size from office.preset where tenant_id = ${context.tenantId} and from_day <= ${on}::date order by from_day desc limit 1`);
  return found?.size ?? defaultSize;
}

/** The scopes that hold at a place, nearest first, the company last. */
export async function scopesAbove(context: ReadContext, place: WorkPlace | undefined, on: Day): Promise<Id[]> {
  if (!place) return [context.tenantId];
  if (place.kind === "entity") return [place.id, context.tenantId];
  if (place.kind === "unit") {
    const units = await unitsAbove(context, place.id, on);
    const entities = await context.db.rows<{ entityId: Id }>(sql`
      select distinct entity_id from directory.unit
      where tenant_id = ${context.tenantId} and id = any(${units}::uuid[]) and entity_id is not null`);
    return [...units, ...entities.map((row) => row.entityId), context.tenantId];
  }
  const places = await context.db.rows<{ id: Id }>(sql`
    with recursive up (id, parent_id, depth) as (
      select id, parent_id, 0 from directory.place where tenant_id = ${context.tenantId} and id = ${place.id}
      union all
      select p.id, p.parent_id, u.depth + 1 from up u
      join directory.place p on p.tenant_id = ${context.tenantId} and p.id = u.parent_id where u.depth < 20)
    select id from up order by depth`);
  return [...places.map((row) => row.id), context.tenantId];
}

/** Whoever was made accountable; for an empty seat the first holder above it. */
async function assignedHolder(context: ReadContext, { activity, scopes, on }: Question): Promise<Holder | undefined> {
  return context.db.maybe<{ personId: Id; via: string }>(sql`
    with recursive assigned as (
      select r.position_id, r.person_id, array_position(${scopes}::uuid[], r.scope_id) as nearness
      from office.responsibility r
      where r.tenant_id = ${context.tenantId} and r.activity = ${activity} and r.part = 'accountable'
        and r.during @> ${on}::date and r.scope_id = any(${scopes}::uuid[])
    ), line (position_id, person_id, nearness, depth) as (
      select a.position_id, coalesce(a.person_id, h.person_id), a.nearness, 0
      from assigned a
      left join directory.holding h on h.tenant_id = ${context.tenantId} and h.position_id = a.position_id and h.during @> ${on}::date
      union all
      select v.reports_to_id, h.person_id, l.nearness, l.depth + 1
      from line l
      join directory.position_version v
        on v.tenant_id = ${context.tenantId} and v.position_id = l.position_id and v.during @> ${on}::date
      left join directory.holding h on h.tenant_id = v.tenant_id and h.position_id = v.reports_to_id and h.during @> ${on}::date
      where l.person_id is null and v.reports_to_id is not null and l.depth < 50)
    select l.person_id, case when l.depth = 0 then 'answers for it' else 'stands above the empty seat that answers for it' end as via
    from line l
    left join identity.member m on m.tenant_id = ${context.tenantId} and m.person_id = l.person_id
    where l.person_id is not null and m.disabled_at is null
    order by l.nearness, l.depth limit 1`);
}

async function roleHolder(context: ReadContext, { activity, scopes, size, on }: Question): Promise<Holder | undefined> {
  const roles = rolesFor(size, activity);
  const found = await context.db.maybe<{ personId: Id; role: string }>(sql`
    select m.person_id, g.role from identity.role_grant g
    join identity.member m on m.tenant_id = g.tenant_id and m.user_id = g.user_id
    where g.tenant_id = ${context.tenantId} and g.role = any(${roles}::text[]) and m.person_id is not null and m.disabled_at is null
      and g.from_day <= ${on}::date and (g.until_day is null or g.until_day >= ${on}::date)
      and (g.scope_id is null or g.scope_id = any(${scopes}::uuid[]))
    order by array_position(${roles}::text[], g.role), array_position(${scopes}::uuid[], g.scope_id) nulls last, g.from_day, g.id limit 1`);
  return found && { personId: found.personId, via: found.role === "owner" ? "owner of the company" : `holds the role ${found.role}` };
}

async function anyMember(context: ReadContext): Promise<Holder> {
  const found = await context.db.maybe<{ personId: Id }>(sql`
    select person_id from identity.member
    where tenant_id = ${context.tenantId} and person_id is not null and disabled_at is null order by joined_at, user_id limit 1`);
  return found
    ? { personId: found.personId, via: "first member of a company without an owner" }
    : { personId: null, via: "nobody is here yet" };
}
