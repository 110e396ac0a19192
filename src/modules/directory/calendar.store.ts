// Reading business calendars whole, and finding the one that holds for a place, a unit, a legal entity or the company.
import type { Day } from "../../kernel/day.ts";
import { groupedBy } from "../../kernel/group.ts";
import type { Id } from "../../kernel/id.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { type BusinessCalendar, type CalendarWeek, type Hours, plainWeek } from "./calendar.rules.ts";
import { unitsAbove } from "./line.ts";

/** Where a calendar is asked for; without one, for the company. */
interface CalendarScope {
  readonly kind: "entity" | "unit" | "site" | "place";
  readonly id: Id;
}

interface Found {
  readonly id: Id;
  readonly zone: string;
  readonly weekdays: readonly number[];
  readonly weeks: readonly { from: Day; weekday: number; hours: string }[];
  readonly holidays: readonly Day[];
  readonly exceptions: readonly { day: Day; hours: string }[];
}

/** Calendars by their identifiers, whole; one that is not there is left out. */
export async function calendarsNamed(context: ReadContext, ids: readonly Id[]): Promise<Map<Id, BusinessCalendar>> {
  const found = await context.db.rows<Found>(sql`
    select c.id, coalesce(c.zone, t.zone) as zone, c.weekdays,
      coalesce((select json_agg(json_build_object('from', w.from_day, 'weekday', w.weekday, 'hours', w.hours) order by w.from_day)
        from directory.calendar_week w where w.tenant_id = c.tenant_id and w.calendar_id = c.id), '[]') as weeks,
      coalesce((select json_agg(h.day) from directory.holiday h where h.tenant_id = c.tenant_id
        and h.calendar_id = c.id), '[]') as holidays,
      coalesce((select json_agg(json_build_object('day', x.day, 'hours', x.hours))
        from directory.calendar_exception x where x.tenant_id = c.tenant_id and x.calendar_id = c.id), '[]') as exceptions
    from directory.calendar c
    join platform.tenant_account t on t.tenant_id = c.tenant_id
    where c.tenant_id = ${context.tenantId} and c.id = any(${ids}::uuid[])`);
  return new Map(found.map((calendar) => [calendar.id, calendarOf(calendar)]));
}

/** The nearest calendar: of the place or what it is in, of the unit, those above it or its entity, then the company's. Null when there
 *  is none: then Monday to Friday is worked, nine to five in the company's zone. */
export async function calendarFor(
  context: ReadContext,
  scope?: CalendarScope,
): Promise<{ readonly calendarId: Id | null; readonly calendar: BusinessCalendar }> {
  const named = (scope && (await nearest(context, scope))) ?? (await companyCalendar(context));
  if (named) return { calendarId: named, calendar: (await calendarsNamed(context, [named])).get(named)! };
  return { calendarId: null, calendar: await plainCalendar(context) };
}

/** By which calendar each of these people works today: that of their site, else of their unit, else the company's. */
export async function calendarsOf(context: ReadContext, personIds: readonly Id[]): Promise<Map<Id, BusinessCalendar>> {
  const seats = await context.db.rows<{ personId: Id; siteId: Id | null; unitId: Id | null }>(sql`
    select p.id as person_id, s.site_id, s.unit_id from unnest(${personIds}::uuid[]) as p (id)
    left join lateral (
      select v.site_id, v.unit_id from directory.holding h
      join directory.position_version v on v.tenant_id = h.tenant_id and v.position_id = h.position_id
        and v.during @> ${context.today}::date
      where h.tenant_id = ${context.tenantId} and h.person_id = p.id and h.during @> ${context.today}::date limit 1) s on true`);
  const places = groupedBy(seats, ({ siteId, unitId }) => siteId ?? unitId);
  const found = new Map<Id, BusinessCalendar>();
  for (const [id, people] of places) {
    const { calendar } = await calendarFor(context, id ? { kind: people[0]!.siteId ? "site" : "unit", id } : undefined);
    for (const { personId } of people) found.set(personId, calendar);
  }
  return found;
}

/** What is worked where nobody said anything: Monday to Friday, nine to five, in the company's zone. */
export async function plainCalendar(context: ReadContext): Promise<BusinessCalendar> {
  const { zone } = await context.db.row<{ zone: string }>(sql`
    select zone from platform.tenant_account where tenant_id = ${context.tenantId}`);
  return { zone, weeks: [plainWeek([1, 2, 3, 4, 5])], holidays: new Set(), exceptions: new Map() };
}

async function companyCalendar(context: ReadContext): Promise<Id | undefined> {
  const found = await context.db.maybe<{ id: Id }>(sql`
    select id from directory.calendar where tenant_id = ${context.tenantId} and is_company`);
  return found?.id;
}

async function nearest(context: ReadContext, scope: CalendarScope): Promise<Id | undefined> {
  const found = await context.db.maybe<{ calendarId: Id }>(await nearestIn(context, scope));
  return found?.calendarId;
}

async function nearestIn(context: ReadContext, scope: CalendarScope): Promise<Sql> {
  const { tenantId } = context;
  if (scope.kind === "entity") {
    return sql`select calendar_id from directory.legal_entity
      where tenant_id = ${tenantId} and id = ${scope.id} and calendar_id is not null`;
  }
  if (scope.kind === "unit") {
    const units = await unitsAbove(context, scope.id, context.today);
    return sql`select n.calendar_id from (
        select u.calendar_id, array_position(${units}::uuid[], u.id) as nearness
        from directory.unit u where u.tenant_id = ${tenantId} and u.id = any(${units}::uuid[])
        union all
        select e.calendar_id, 1000 + array_position(${units}::uuid[], u.id) from directory.unit u
        join directory.legal_entity e on e.tenant_id = u.tenant_id and e.id = u.entity_id
        where u.tenant_id = ${tenantId} and u.id = any(${units}::uuid[])) n
      where n.calendar_id is not null order by n.nearness limit 1`;
  }
  return sql`with recursive up (parent_id, calendar_id, depth) as (
      select parent_id, calendar_id, 0 from directory.place where tenant_id = ${tenantId} and id = ${scope.id}
      union all
      select p.parent_id, p.calendar_id, u.depth + 1 from up u
      join directory.place p on p.tenant_id = ${tenantId} and p.id = u.parent_id where u.depth < 20)
    select calendar_id from up where calendar_id is not null order by depth limit 1`;
}

function calendarOf(found: Found): BusinessCalendar {
  const weeks = new Map<Day, Hours[][]>();
  for (const { from, weekday, hours } of found.weeks) {
    const days = weeks.get(from) ?? Array.from({ length: 7 }, (): Hours[] => []);
    days[weekday - 1] = rangesOf(hours);
    weeks.set(from, days);
  }
  const versions: CalendarWeek[] = [...weeks].map(([from, days]) => ({ from, days }));
  return {
    zone: found.zone,
    weeks: [plainWeek(found.weekdays), ...versions],
    holidays: new Set(found.holidays),
    exceptions: new Map(found.exceptions.map(({ day, hours }) => [day, rangesOf(hours)])),
  };
}

/** "{[540,720),[780,1020)}" as hours. */
const rangesOf = (text: string): Hours[] =>
  [...text.matchAll(/\[(\d+),(\d+)\)/g)].map((found) => ({ from: Number(found[1]), until: Number(found[2]) }));

/** Hours as the database keeps them. */
export const rangesText = (hours: readonly Hours[]): string => `{${hours.map((span) => `[${span.from},${span.until})`).join(",")}}`;
