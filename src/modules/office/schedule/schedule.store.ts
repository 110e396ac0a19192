// Schedules as they are kept: read as their terms, with the days that are worked, and saved after a look.
import { addDays, type Day, weekdayOf } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { Look, Standing, Terms, Time } from "./schedule.rules.ts";
import type { Wall } from "./week-year.rules.ts";

export interface StoredSchedule extends Terms {
  readonly id: Id;
  readonly title: string;
  readonly says: string | null;
  readonly kind: string;
  readonly operation: string | null;
  readonly input: Readonly<Record<string, unknown>> | null;
  readonly activity: string | null;
  readonly siteId: Id | null;
  readonly personId: Id | null;
  readonly aboutSubject: string | null;
  readonly aboutId: Id | null;
  readonly calendarId: Id | null;
  readonly state: "running" | "paused" | "ended";
  readonly plannedUntil: Wall | null;
}

const wall = (column: Sql): Sql => sql`to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS')`;
const walls = (column: Sql): Sql => sql`array(select to_char(w, 'YYYY-MM-DD"T"HH24:MI:SS') from unnest(${column}) w order by w)`;

interface Row extends Omit<StoredSchedule, "meter" | "start" | "also" | "except"> {
  readonly startAt: Wall;
  readonly wholeDay: boolean;
  readonly alsoAt: Wall[];
  readonly exceptAt: Wall[];
  readonly meterEvery: string | null;
  readonly meterCombine: "or" | "and" | null;
  readonly meterBase: string | null;
  readonly meterTotal: string | null;
}

/** Schedules by a condition on `s`, locked until the end of the transaction. */
export const takeSchedules = (context: WriteContext, which: Sql): Promise<StoredSchedule[]> => takeTerms(context, which, sql`for update`);

/** Schedules by a condition on `s`: at most 500, those first that have waited longest. */
export async function takeTerms(context: ReadContext, which: Sql, lock: Sql = sql``): Promise<StoredSchedule[]> {
  const rows = await context.db.rows<Row>(sql`
    select s.id, s.title, s.says, s.kind, s.operation, s.input, s.activity, s.site_id, s.person_id, s.about_subject, s.about_id,
      s.calendar_id, s.state, ${wall(sql`s.planned_until`)} as planned_until, ${wall(sql`s.start_at`)} as start_at, s.whole_day, s.zone,
      s.rule, ${walls(sql`s.also`)} as also_at, ${walls(sql`s.except_at`)} as except_at, s.anchor, s.lead_days, s.horizon_days, s.missed,
      s.missed_max, s.shift, s.last_day, s.meter_every::text as meter_every, s.meter_combine, s.meter_base::text as meter_base,
      s.meter_total::text as meter_total
    from office.schedule s where s.tenant_id = ${context.tenantId} and ${which} order by s.look_at, s.id limit 500 ${lock}`);
  return rows.map(({ startAt, wholeDay, alsoAt, exceptAt, meterEvery, meterCombine, meterBase, meterTotal, ...row }) => ({
    ...row,
    start: wholeDay ? startAt.slice(0, 10) : startAt,
    also: wholeDay ? alsoAt.map((one) => one.slice(0, 10)) : alsoAt,
    except: exceptAt,
    meter:
      meterEvery === null || meterCombine === null
        ? null
        : { every: Number(meterEvery), combine: meterCombine, base: Number(meterBase), total: Number(meterTotal) },
  }));
}

/** What stands written down of schedules. */
export async function standingOf(context: ReadContext, schedules: readonly StoredSchedule[]): Promise<Map<Id, Standing>> {
  const ids = schedules.map((schedule) => schedule.id);
  const rows = await context.db.rows<Omit<Time, "opensAt"> & { scheduleId: Id; state: string; opensAt: Date }>(sql`
    select schedule_id, ${wall(sql`scheduled`)} as scheduled, due, opens_at, state from office.occurrence
    where tenant_id = ${context.tenantId} and schedule_id = any(${ids}::uuid[]) and state in ('planned', 'open')
    order by scheduled`);
  return new Map(
    schedules.map(({ id, plannedUntil, start }) => {
      const own = rows.filter((row) => row.scheduleId === id);
      const cut = start.length;
      const planned = own
        .filter((row) => row.state === "planned")
        .map(({ scheduled, due, opensAt }) => ({ scheduled: scheduled.slice(0, cut), due, opensAt: opensAt.getTime() }));
      return [id, { planned, openCount: own.length - planned.length, after: plannedUntil?.slice(0, cut) ?? undefined }];
    }),
  );
}

export type WorkedDays = (calendarId: Id | null) => (day: Day) => boolean;

/** Which days are worked by calendars; without one Monday to Friday. */
export async function workedDaysBy(context: ReadContext, calendarIds: readonly (Id | null)[]): Promise<WorkedDays> {
  const ids = [...new Set(calendarIds.filter((id) => id !== null))];
  const found =
    ids.length === 0
      ? []
      : await context.db.rows<{ id: Id; weekdays: number[]; holidays: Day[] }>(sql`
          select c.id, c.weekdays, array(select h.day::text from directory.holiday h
            where h.tenant_id = c.tenant_id and h.calendar_id = c.id and h.day >= ${addDays(context.today, -800)}::date) as holidays
          from directory.calendar c where c.tenant_id = ${context.tenantId} and c.id = any(${ids}::uuid[])`);
  const calendars = new Map(found.map((row) => [row.id, { weekdays: new Set(row.weekdays), holidays: new Set(row.holidays) }]));
  return (calendarId) => {
    const calendar = calendarId === null ? undefined : calendars.get(calendarId);
    return (day) => (calendar ? calendar.weekdays.has(weekdayOf(day)) && !calendar.holidays.has(day) : weekdayOf(day) <= 5);
  };
}

export interface Looked {
  readonly schedule: StoredSchedule;
  readonly look: Look;
}

/** Writes down what a look at schedules found: three statements, however many they are. */
export async function saveLooks(context: WriteContext, looked: readonly Looked[]): Promise<void> {
  const { db, tenantId, now, today } = context;
  const added = looked.flatMap(({ schedule, look }) => look.add.map((time) => ({ scheduleId: schedule.id, ...time })));
  if (added.length > 0) {
    await db.run(sql`
      insert into office.occurrence (tenant_id, id, schedule_id, scheduled, due, opens_at, state)
      select ${tenantId}, a.id, a.schedule_id, a.scheduled, a.due, a.opens_at, 'planned'
      from unnest(${added.map(() => context.newId())}::uuid[], ${added.map((one) => one.scheduleId)}::uuid[],
        ${added.map((one) => one.scheduled)}::timestamp[], ${added.map((one) => one.due)}::date[],
        ${added.map((one) => new Date(one.opensAt))}::timestamptz[]) as a (id, schedule_id, scheduled, due, opens_at)
      on conflict (tenant_id, schedule_id, scheduled) do nothing`);
  }
  const closed = looked.flatMap(({ schedule, look }) => [
    ...look.skipped.map((scheduled) => ({ id: schedule.id, scheduled, state: "skipped", note: "Served by the next one." })),
    ...look.missed.map((scheduled) => ({ id: schedule.id, scheduled, state: "missed", note: "Nobody opened it in time." })),
  ]);
  if (closed.length > 0) {
    await db.run(sql`
      update office.occurrence o set state = c.state, note = c.note, closed_at = ${now}, closed_on = ${today}::date
      from unnest(${closed.map((one) => one.id)}::uuid[], ${closed.map((one) => one.scheduled)}::timestamp[],
        ${closed.map((one) => one.state)}::text[], ${closed.map((one) => one.note)}::text[]) as c (schedule_id, scheduled, state, note)
      where o.tenant_id = ${tenantId} and o.schedule_id = c.schedule_id and o.scheduled = c.scheduled and o.state = 'planned'`);
  }
  await db.run(sql`
    update office.schedule s set planned_until = l.planned_until, look_at = l.look_at, state = l.state
    from unnest(${looked.map(({ schedule }) => schedule.id)}::uuid[], ${looked.map(({ look }) => look.after ?? null)}::timestamp[],
      ${looked.map(({ look }) => (look.isEnded || look.lookAt === null ? null : new Date(look.lookAt)))}::timestamptz[],
      ${looked.map(({ look }) => (look.isEnded ? "ended" : "running"))}::text[]) as l (id, planned_until, look_at, state)
    where s.tenant_id = ${tenantId} and s.id = l.id`);
}
