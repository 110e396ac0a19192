// The line: who leads whom on a day. A seat without a holder passes the question up to the seat above it.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";

/** The next person above someone on that day; undefined at the top, or when they have no seat that day. */
export async function managerOf(context: ReadContext, personId: Id, on: Day): Promise<Id | undefined> {
  return (await managersOf(context, [personId], on)).get(personId);
}

/** The same for many people in one question; who has nobody above them is left out. */
export async function managersOf(context: ReadContext, people: readonly Id[], on: Day): Promise<Map<Id, Id>> {
  const found = await context.db.rows<{ ofId: Id; personId: Id }>(sql`
    ${lineAbove(context, people, on)}
    select distinct on (of_id) of_id, person_id from line
    where depth > 0 and person_id is not null and person_id <> of_id order by of_id, depth`);
  return new Map(found.map((row) => [row.ofId, row.personId]));
}

/** Whether `managerId` stands anywhere above the person on that day. Nobody is their own manager. */
export async function isManagerOf(context: ReadContext, managerId: Id, personId: Id, on: Day): Promise<boolean> {
  if (managerId === personId) return false;
  const { above } = await context.db.row<{ above: boolean }>(sql`
    ${lineAbove(context, [personId], on)}
    select exists (select from line where depth > 0 and person_id = ${managerId}) as above`);
  return above;
}

function lineAbove(context: ReadContext, people: readonly Id[], on: Day): Sql {
  return sql`
    with recursive line (of_id, position_id, reports_to_id, person_id, depth) as (
      select h.person_id, v.position_id, v.reports_to_id, h.person_id, 0
      from directory.holding h
      join directory.position_version v on v.tenant_id = h.tenant_id and v.position_id = h.position_id and v.during @> ${on}::date
      where h.tenant_id = ${context.tenantId} and h.person_id = any(${people}::uuid[]) and h.during @> ${on}::date
      union all
      select l.of_id, v.position_id, v.reports_to_id, h.person_id, l.depth + 1
      from line l
      join directory.position_version v on v.tenant_id = ${context.tenantId} and v.position_id = l.reports_to_id and v.during @> ${on}::date
      left join directory.holding h on h.tenant_id = v.tenant_id and h.position_id = v.position_id and h.during @> ${on}::date
      where l.depth < 50)`;
}

/** Identifiers of those who answer to someone on that day, directly (over empty seats too) or at any depth: a SELECT of one column. */
export function reportsBelow(context: ReadContext, personId: Id | null, on: Day, depth: "direct" | "all" = "all"): Sql {
  const stop = depth === "direct" ? sql`l.person_id is null` : sql`true`;
  return sql`
    with recursive below (position_id, person_id, depth) as (
      select h.position_id, null::uuid, 0 from directory.holding h
      where h.tenant_id = ${context.tenantId} and h.person_id = ${personId}::uuid and h.during @> ${on}::date
      union all
      select v.position_id, v.person_id, l.depth + 1
      from below l
      -- Looked up seat by seat: the planner takes a range of days for rare and would compare all with all.
      cross join lateral (
        select v.position_id, h.person_id from directory.position_version v
        left join directory.holding h on h.tenant_id = v.tenant_id and h.position_id = v.position_id and h.during @> ${on}::date
        where v.tenant_id = ${context.tenantId} and v.reports_to_id = l.position_id and v.during @> ${on}::date offset 0) v
      where ${stop} and l.depth < 50)
    select person_id from below where person_id is not null`;
}

/** Who answers to someone on that day. */
export async function reportsOf(context: ReadContext, personId: Id, on: Day, depth: "direct" | "all" = "direct"): Promise<Id[]> {
  const found = await context.db.rows<{ personId: Id }>(reportsBelow(context, personId, on, depth));
  return found.map((row) => row.personId);
}

/** Who sits in a seat on that day. */
export async function holderOf(context: ReadContext, positionId: Id, on: Day): Promise<Id | undefined> {
  const found = await context.db.maybe<{ personId: Id }>(sql`
    select person_id from directory.holding
    where tenant_id = ${context.tenantId} and position_id = ${positionId} and during @> ${on}::date`);
  return found?.personId;
}

export interface Seat {
  readonly positionId: Id;
  readonly holdingId: Id;
  readonly title: string;
  readonly jobId: Id;
  readonly unitId: Id;
  readonly unit: string;
  readonly entityId: Id | null;
  readonly siteId: Id | null;
  readonly reportsToId: Id | null;
}

/** The seat someone sits in on that day, with its unit and site as of that day. */
export function positionOf(context: ReadContext, personId: Id, on: Day): Promise<Seat | undefined> {
  return context.db.maybe<Seat>(sql`
    select h.position_id, h.id as holding_id, v.title, v.job_id, v.unit_id, u.entity_id, v.site_id, v.reports_to_id,
      coalesce((select w.name from directory.unit_version w
        where w.tenant_id = v.tenant_id and w.unit_id = v.unit_id and w.during @> ${on}::date), u.code) as unit
    from directory.holding h
    join directory.position_version v on v.tenant_id = h.tenant_id and v.position_id = h.position_id and v.during @> ${on}::date
    join directory.unit u on u.tenant_id = v.tenant_id and u.id = v.unit_id
    where h.tenant_id = ${context.tenantId} and h.person_id = ${personId} and h.during @> ${on}::date`);
}

/** The unit someone works in on that day. */
export async function unitOf(context: ReadContext, personId: Id, on: Day): Promise<{ unitId: Id; unit: string } | undefined> {
  const seat = await positionOf(context, personId, on);
  return seat && { unitId: seat.unitId, unit: seat.unit };
}

/** A unit and the units above it on that day, nearest first. */
export async function unitsAbove(context: ReadContext, unitId: Id, on: Day): Promise<Id[]> {
  const found = await context.db.rows<{ unitId: Id }>(sql`
    with recursive line (unit_id, depth) as (
      select ${unitId}::uuid, 0
      union all
      select v.parent_id, l.depth + 1 from line l
      join directory.unit_version v on v.tenant_id = ${context.tenantId} and v.unit_id = l.unit_id and v.during @> ${on}::date
      where v.parent_id is not null and l.depth < 50)
    select unit_id from line order by depth`);
  return found.map((row) => row.unitId);
}
