// Schedules go on: what is due by now is opened, what was opened and is done elsewhere is closed. Run twice it does nothing twice.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { openTask } from "../task/task.ts";
import { inputOf, schedulableNamed } from "./schedulable.ts";
import { look, type Look } from "./schedule.rules.ts";
import { type Looked, saveLooks, standingOf, type StoredSchedule, takeSchedules, workedDaysBy } from "./schedule.store.ts";

export interface Opened {
  readonly scheduleId: Id;
  readonly occurrenceId: Id;
  readonly due: Day;
  readonly subject: string;
  readonly id: Id;
}

const retryAfter = 3_600_000;

/** Opens what is due now of all schedules that have something to do; their number is read through the index of what is open. */
export async function sweepSchedules(context: WriteContext, kind?: string): Promise<Opened[]> {
  await closeByTask(context, sql`true`);
  const ofKind = kind === undefined ? sql`` : sql` and s.kind = ${kind}`;
  return goOn(context, sql`s.look_at <= ${context.now}${ofKind}`, true);
}

/** Looks at schedules named by a condition on `s`, writes down what comes, and opens what is due when `opens`. */
export async function goOn(context: WriteContext, which: Sql, opens: boolean): Promise<Opened[]> {
  const schedules = await takeSchedules(context, sql`s.state = 'running' and ${which}`);
  if (schedules.length === 0) return [];
  const standing = await standingOf(context, schedules);
  const worked = await workedDaysBy(
    context,
    schedules.map((schedule) => schedule.calendarId),
  );
  const looked = schedules.map((schedule): Looked => {
    const found = look(schedule, standing.get(schedule.id)!, context.now.getTime(), worked(schedule.calendarId));
    return { schedule, look: opens ? found : onlyPlanned(found, context.now.getTime()) };
  });
  await saveLooks(context, looked);
  return opens ? openAll(context, looked) : [];
}

/** What is ripe stays planned until the next sweep. */
const onlyPlanned = (found: Look, now: number): Look =>
  found.open.length + found.skipped.length + found.missed.length === 0
    ? found
    : { ...found, open: [], skipped: [], missed: [], lookAt: now, isEnded: false };

type Opening = Look["open"][number] & { readonly occurrenceId: Id; readonly schedule: StoredSchedule };

async function openAll(context: WriteContext, looked: readonly Looked[]): Promise<Opened[]> {
  const wishes = looked.flatMap(({ schedule, look: { open } }) => open.map((time) => ({ schedule, ...time })));
  if (wishes.length === 0) return [];
  const ids = await context.db.rows<{ id: Id; place: number }>(sql`
    select o.id, w.place::int as place from unnest(${wishes.map((wish) => wish.schedule.id)}::uuid[],
      ${wishes.map((wish) => wish.scheduled)}::timestamp[]) with ordinality as w (schedule_id, scheduled, place)
    join office.occurrence o on o.tenant_id = ${context.tenantId} and o.schedule_id = w.schedule_id and o.scheduled = w.scheduled
      and o.state = 'planned'`);
  const idAt = new Map(ids.map((row) => [row.place, row.id]));
  const opened: (Opened & { isDone: boolean; note: string | null })[] = [];
  const failed: { occurrenceId: Id; scheduleId: Id; note: string }[] = [];
  for (const [index, wish] of wishes.entries()) {
    const occurrenceId = idAt.get(index + 1);
    if (occurrenceId === undefined) continue;
    let result: { subject: string; id: Id; isDone: boolean } | undefined;
    const failure = await context.attempt(async () => {
      result = await openOne(context, { ...wish, occurrenceId });
    });
    const common = { occurrenceId, scheduleId: wish.schedule.id };
    if (failure || !result) failed.push({ ...common, note: failure instanceof Refusal ? failure.message : "It could not be opened." });
    else opened.push({ ...common, due: wish.due, ...result, note: servedNote(wish.servesFor) });
  }
  await saveOpened(context, opened);
  await saveFailed(context, failed);
  for (const { scheduleId, occurrenceId, subject, id, due } of opened) {
    context.emit("office.occurrence.opened", { scheduleId, occurrenceId, subject, id, due });
  }
  return opened;
}

const servedNote = (count: number): string | null => (count === 0 ? null : `Serves also for ${count} earlier ones that were missed.`);

async function openOne(context: WriteContext, wish: Opening): Promise<{ subject: string; id: Id; isDone: boolean }> {
  const { schedule, occurrenceId, due, scheduled, servesFor } = wish;
  const note = servedNote(servesFor);
  const { aboutSubject, aboutId } = schedule;
  if (schedule.operation !== null) {
    const named = schedulableNamed(schedule.operation);
    if (!named) throw new Error(`${schedule.operation} is not declared as schedulable`);
    const known = { occurrenceId, due, scheduledOn: scheduled.slice(0, 10), missedCount: servesFor };
    const input = named.operation.input.parse(inputOf(named.operation, schedule.input ?? {}, known));
    const output = (await context.callAsSystem(named.operation, input as never)) as { readonly id?: Id };
    const subject = schedule.operation.split(".").slice(0, 2).join(".");
    return output.id === undefined || named.doneBy === "itself"
      ? { subject: "office.schedule", id: schedule.id, isDone: true }
      : { subject, id: output.id, isDone: false };
  }
  const id = await openTask(context, {
    kind: schedule.kind,
    title: schedule.title,
    ...((schedule.says !== null || note !== null) && { says: [schedule.says, note].filter((part) => part !== null).join("\n\n") }),
    owner:
      schedule.personId !== null
        ? { personId: schedule.personId }
        : { activity: schedule.activity!, ...(schedule.siteId !== null && { place: { kind: "site" as const, id: schedule.siteId } }) },
    due,
    about:
      aboutSubject !== null && aboutId !== null ? { subject: aboutSubject, id: aboutId } : { subject: "office.schedule", id: schedule.id },
    key: `office.occurrence:${occurrenceId}`,
  });
  return { subject: "office.task", id, isDone: false };
}

async function saveOpened(context: WriteContext, opened: readonly (Opened & { isDone: boolean; note: string | null })[]): Promise<void> {
  if (opened.length === 0) return;
  await context.db.run(sql`
    update office.occurrence o set state = case when d.is_done then 'done' else 'open' end, opened_at = ${context.now}, due = d.due,
      result_subject = d.subject, result_id = d.result_id, note = d.note,
      closed_at = case when d.is_done then ${context.now}::timestamptz end, closed_on = case when d.is_done then ${context.today}::date end
    from unnest(${opened.map((one) => one.occurrenceId)}::uuid[], ${opened.map((one) => one.isDone)}::boolean[],
      ${opened.map((one) => one.due)}::date[], ${opened.map((one) => one.subject)}::text[], ${opened.map((one) => one.id)}::uuid[],
      ${opened.map((one) => one.note)}::text[]) as d (id, is_done, due, subject, result_id, note)
    where o.tenant_id = ${context.tenantId} and o.id = d.id`);
}

/** What could not be opened is tried again in an hour; the reason stands on it meanwhile. */
async function saveFailed(context: WriteContext, failed: readonly { occurrenceId: Id; scheduleId: Id; note: string }[]): Promise<void> {
  if (failed.length === 0) return;
  await context.db.run(sql`
    update office.occurrence o set note = f.note
    from unnest(${failed.map((one) => one.occurrenceId)}::uuid[], ${failed.map((one) => one.note)}::text[]) as f (id, note)
    where o.tenant_id = ${context.tenantId} and o.id = f.id`);
  await context.db.run(sql`
    update office.schedule set look_at = ${new Date(context.now.getTime() + retryAfter)}, state = 'running'
    where tenant_id = ${context.tenantId} and id = any(${failed.map((one) => one.scheduleId)}::uuid[])`);
}

/** Occurrences whose task was closed are done, or skipped when it was cancelled; which tasks, says a condition on `t`. */
export async function closeByTask(context: WriteContext, which: Sql): Promise<void> {
  const closed = await context.db.rows<{ scheduleId: Id; day: Day; isDone: boolean }>(sql`
    update office.occurrence o set state = case t.state when 'done' then 'done' else 'skipped' end, closed_at = ${context.now},
      closed_on = ${context.today}::date, note = coalesce(t.outcome, o.note)
    from office.task t
    where o.tenant_id = ${context.tenantId} and o.state = 'open' and o.result_subject = 'office.task'
      and t.tenant_id = o.tenant_id and t.id = o.result_id and t.state <> 'open' and ${which}
    returning o.schedule_id, o.closed_on as day, t.state = 'done' as is_done`);
  await afterClosing(context, closed);
}

/** The next time of a completion anchor is counted from that day, and the meter anew. */
export async function afterClosing(
  context: WriteContext,
  closed: readonly { readonly scheduleId: Id; readonly day: Day; readonly isDone: boolean }[],
): Promise<void> {
  if (closed.length === 0) return;
  await context.db.run(sql`
    update office.schedule s set look_at = case when s.state = 'running' then ${context.now}::timestamptz end,
      meter_base = case when c.is_done then s.meter_total else s.meter_base end,
      planned_until = case when s.anchor = 'completion' and c.is_done then c.day + time '23:59:59' else s.planned_until end
    from unnest(${closed.map((one) => one.scheduleId)}::uuid[], ${closed.map((one) => one.day)}::date[],
      ${closed.map((one) => one.isDone)}::boolean[]) as c (id, day, is_done)
    where s.tenant_id = ${context.tenantId} and s.id = c.id`);
  await goOn(context, sql`s.id = any(${closed.map((one) => one.scheduleId)}::uuid[])`, false);
}
