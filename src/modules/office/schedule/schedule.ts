// Schedules for other departments: making sure that one is there, saying that what it opened is done, and telling it what a meter shows.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { Operation } from "../../../platform/operation/operation.ts";
import { wallAt } from "./wall.rules.ts";
import type { anchors, kinds, missedPolicies, Shift } from "./schedule.rules.ts";
import { afterClosing, goOn } from "./sweep.ts";
import type { Wall } from "./week-year.rules.ts";

export interface ScheduleWish {
  /** Two wishes with one key are one schedule; a later wish changes its terms and keeps what was opened. */
  readonly key?: string;
  readonly title: string;
  readonly says?: string;
  readonly kind: (typeof kinds)[number];
  /** The operation that the house runs each time; without one a task is opened for the owner. */
  readonly opens?: { readonly operation: Operation | string; readonly input: Readonly<Record<string, unknown>> };
  readonly activity?: string;
  readonly siteId?: Id;
  readonly personId?: Id;
  readonly about?: { readonly subject: string; readonly id: Id };
  /** A day, or a time on the wall of the zone. */
  readonly start: Wall;
  /** By default the zone of the company. */
  readonly zone?: string;
  readonly rule?: string | null;
  readonly also?: readonly Wall[];
  readonly except?: readonly Wall[];
  readonly anchor?: (typeof anchors)[number];
  readonly leadDays?: number;
  readonly horizonDays?: number;
  readonly missed?: (typeof missedPolicies)[number];
  readonly missedMax?: number;
  readonly shift?: Shift;
  readonly calendarId?: Id;
  readonly meter?: { readonly id: Id; readonly every: number; readonly combine: "or" | "and"; readonly total: number };
  readonly lastDay?: Day;
}

/** The zone of the company, where a schedule names none. */
export async function zoneOfCompany(context: ReadContext): Promise<string> {
  const { zone } = await context.db.row<{ zone: string }>(sql`
    select zone from platform.tenant_account where tenant_id = ${context.tenantId}`);
  return zone;
}

/** Puts a schedule in place and writes down the times within its horizon. It opens nothing itself: the next sweep does. */
export async function ensureSchedule(context: WriteContext, wish: ScheduleWish): Promise<Id> {
  const zone = wish.zone ?? (await zoneOfCompany(context));
  const operation = wish.opens && (typeof wish.opens.operation === "string" ? wish.opens.operation : wish.opens.operation.name);
  const full = wish.start.length > 10 ? wish.start : `${wish.start}T00:00:00`;
  const { meter } = wish;
  const newId = context.newId();
  const { id } = await context.db.row<{ id: Id }>(sql`
    insert into office.schedule as s (tenant_id, id, key, title, says, kind, operation, input, activity, site_id, person_id, about_subject,
      about_id, start_at, whole_day, zone, rule, also, except_at, anchor, lead_days, horizon_days, missed, missed_max, shift, calendar_id,
      meter_id, meter_every, meter_combine, meter_base, meter_total, state, last_day, look_at)
    values (${context.tenantId}, ${newId}, ${wish.key ?? null}, ${wish.title}, ${wish.says ?? null}, ${wish.kind},
      ${operation ?? null}, ${wish.opens ? JSON.stringify(wish.opens.input) : null}, ${wish.activity ?? null}, ${wish.siteId ?? null},
      ${wish.personId ?? null}, ${wish.about?.subject ?? null}, ${wish.about?.id ?? null}, ${full}, ${wish.start.length === 10}, ${zone},
      ${wish.rule ?? null}, ${[...(wish.also ?? [])]}::timestamp[], ${[...(wish.except ?? [])]}::timestamp[], ${wish.anchor ?? "fixed"},
      ${wish.leadDays ?? 0}, ${wish.horizonDays ?? 60}, ${wish.missed ?? "once"}, ${wish.missedMax ?? 1}, ${wish.shift ?? "none"},
      ${wish.calendarId ?? null}, ${meter?.id ?? null}, ${meter?.every ?? null}, ${meter?.combine ?? null}, ${meter?.total ?? null},
      ${meter?.total ?? null}, 'running', ${wish.lastDay ?? null}, ${context.now})
    on conflict (tenant_id, key) do update set title = excluded.title, says = excluded.says, operation = excluded.operation,
      input = excluded.input, activity = excluded.activity, site_id = excluded.site_id, person_id = excluded.person_id,
      start_at = excluded.start_at, whole_day = excluded.whole_day, zone = excluded.zone, rule = excluded.rule, also = excluded.also,
      except_at = excluded.except_at, anchor = excluded.anchor, lead_days = excluded.lead_days, horizon_days = excluded.horizon_days,
      missed = excluded.missed, missed_max = excluded.missed_max, shift = excluded.shift, calendar_id = excluded.calendar_id,
      meter_id = excluded.meter_id, meter_every = excluded.meter_every, meter_combine = excluded.meter_combine,
      meter_base = case when excluded.meter_id = s.meter_id then s.meter_base else excluded.meter_base end,
      meter_total = case when excluded.meter_id = s.meter_id then s.meter_total else excluded.meter_total end,
      last_day = excluded.last_day
    returning id`);
  if (id === newId) await goOn(context, sql`s.id = ${id}`, false);
  else await restate(context, id);
  return id;
}

/** After a change of its terms: what was only planned falls away and is planned anew from today on, what was opened stays. */
export async function restate(context: WriteContext, id: Id): Promise<void> {
  await context.db.run(sql`
    delete from office.occurrence where tenant_id = ${context.tenantId} and schedule_id = ${id} and state = 'planned'`);
  await context.db.run(sql`
    update office.schedule s set state = 'running', look_at = ${context.now}, planned_until = case when s.anchor = 'completion'
      then (select max(o.closed_on) + time '23:59:59' from office.occurrence o where o.tenant_id = s.tenant_id and o.schedule_id = s.id)
      else greatest(${context.today}::date - 1, (select max(o.scheduled)::date from office.occurrence o
        where o.tenant_id = s.tenant_id and o.schedule_id = s.id)) + time '23:59:59' end
    where s.tenant_id = ${context.tenantId} and s.id = ${id} and s.state <> 'paused'`);
  await goOn(context, sql`s.id = ${id}`, false);
}

/** Says that what an occurrence opened is done, on a day. False when no open occurrence opened it. */
export const completeOccurrence = (
  context: WriteContext,
  result: { readonly subject: string; readonly id: Id },
  on: Day = context.today,
): Promise<boolean> => close(context, result, on, "done", null);

/** Says that what an occurrence opened was called off. */
export const skipOccurrence = (
  context: WriteContext,
  result: { readonly subject: string; readonly id: Id },
  why: string,
): Promise<boolean> => close(context, result, context.today, "skipped", why);

async function close(
  context: WriteContext,
  result: { readonly subject: string; readonly id: Id },
  on: Day,
  state: "done" | "skipped",
  why: string | null,
): Promise<boolean> {
  const closed = await context.db.rows<{ scheduleId: Id }>(sql`
    update office.occurrence set state = ${state}, closed_at = ${context.now}, closed_on = ${on}::date, note = coalesce(${why}, note)
    where tenant_id = ${context.tenantId} and state = 'open' and result_subject = ${result.subject} and result_id = ${result.id}
    returning schedule_id`);
  await afterClosing(
    context,
    closed.map(({ scheduleId }) => ({ scheduleId, day: on, isDone: state === "done" })),
  );
  return closed.length > 0;
}

/** What a meter has counted since it was put in; schedules that have reached their number go on at the next sweep. */
export async function tellMeter(context: WriteContext, meterId: Id, total: number): Promise<void> {
  await context.db.run(sql`
    update office.schedule set meter_total = ${total},
      look_at = case when state = 'running' and ${total}::numeric - meter_base >= meter_every then ${context.now}::timestamptz
        else look_at end
    where tenant_id = ${context.tenantId} and meter_id = ${meterId}`);
}

/** Lets a schedule come round until a day; what was planned for later falls away. */
export async function endSchedule(
  context: WriteContext,
  schedule: { readonly key: string } | { readonly id: Id },
  lastDay: Day,
): Promise<void> {
  const named = "key" in schedule ? sql`key = ${schedule.key}` : sql`id = ${schedule.id}`;
  const ended = await context.db.rows<{ id: Id }>(sql`
    update office.schedule set last_day = ${lastDay}::date, look_at = case when state = 'running' then ${context.now}::timestamptz end
    where tenant_id = ${context.tenantId} and ${named} returning id`);
  await context.db.run(sql`
    delete from office.occurrence where tenant_id = ${context.tenantId} and schedule_id = any(${ended.map((row) => row.id)}::uuid[])
      and state = 'planned' and scheduled >= ${addDays(lastDay, 1)}::date`);
  await goOn(context, sql`s.id = any(${ended.map((row) => row.id)}::uuid[])`, false);
}

/** Takes up a paused schedule: what would have come meanwhile is left out, without blame. */
export async function resumeSchedule(context: WriteContext, id: Id, zone: string): Promise<void> {
  await context.db.run(sql`
    update office.schedule set state = 'running', look_at = ${context.now},
      planned_until = greatest(planned_until, ${wallAt(context.now.getTime(), zone)}::timestamp)
    where tenant_id = ${context.tenantId} and id = ${id}`);
  await goOn(context, sql`s.id = ${id}`, false);
}
