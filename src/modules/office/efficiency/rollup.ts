// Rows a day for each kind of work, made every night from the source in one set, so that a window of months reads a few rows and never the
// history. Making them again for the same days gives the same rows.
import { Temporal } from "temporal-polyfill";
import { addDays, type Day, daysBetween } from "../../../kernel/day.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { spreadHours } from "./spread.rules.ts";
import { arrivedBetween, finishedBetween, workItems } from "./work.source.ts";

// A step that opens again a few days later takes back what its day counted.
const madeAgainDays = 7;

export async function zoneOf(context: ReadContext): Promise<string> {
  const { zone } = await context.db.row<{ zone: string }>(sql`
    select zone from platform.tenant_account where tenant_id = ${context.tenantId}`);
  return zone;
}

/** The instant a day begins in a zone. */
export const beginOf = (day: Day, zone: string): Date => new Date(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds);

const columns = sql`source, process, activity, arrived, finished, cancelled, right_first, reopened, by_house, with_due, on_time,
  lead_seconds, begun, cycle_seconds, wait_seconds, lead_spread, minutes, timed`;

/** A SELECT of the rows of these days, both included, from the source. */
export function daysOfWork(context: ReadContext, zone: string, from: Day, until: Day): Sql {
  const [begin, end] = [beginOf(from, zone), beginOf(addDays(until, 1), zone)];
  const seconds = (later: Sql, earlier: Sql): Sql => sql`extract(epoch from ${later} - ${earlier})::bigint`;
  const lead = seconds(sql`i.finished_at`, sql`i.arrived_at`);
  const done = sql`i.finishes and not i.cancelled`;
  // What began before it arrived was begun by other means.
  const begun = sql`${done} and i.begun_at between i.arrived_at and i.finished_at`;
  const place = sql`width_bucket(${lead} / 3600.0, ${[...spreadHours]}::numeric[])`;
  const spread = Array.from({ length: spreadHours.length + 1 }, (_, at) => sql`count(*) filter (where ${done} and ${place} = ${at})::int`);
  return sql`
    select i.day, i.source, i.process, i.activity, count(*) filter (where not i.finishes)::int as arrived,
      count(*) filter (where ${done})::int as finished, count(*) filter (where i.finishes and i.cancelled)::int as cancelled,
      count(*) filter (where ${done} and i.right_first)::int as right_first,
      count(*) filter (where ${done} and i.reopened > 0)::int as reopened,
      count(*) filter (where ${done} and i.by_house)::int as by_house,
      count(*) filter (where ${done} and i.kept is not null)::int as with_due,
      count(*) filter (where ${done} and i.kept)::int as on_time,
      coalesce(sum(${lead}) filter (where ${done}), 0)::bigint as lead_seconds,
      count(*) filter (where ${begun})::int as begun,
      coalesce(sum(${seconds(sql`i.finished_at`, sql`i.begun_at`)}) filter (where ${begun}), 0)::bigint as cycle_seconds,
      coalesce(sum(${seconds(sql`i.begun_at`, sql`i.arrived_at`)}) filter (where ${begun}), 0)::bigint as wait_seconds,
      array[${spread.reduce((all, one) => sql`${all}, ${one}`)}] as lead_spread,
      coalesce(sum(i.minutes) filter (where ${done}), 0)::bigint as minutes,
      count(i.minutes) filter (where ${done})::int as timed
    from (
      select (w.arrived_at at time zone ${zone})::date as day, false as finishes, w.*
      from (${workItems(context, arrivedBetween(begin, end))}) w
      union all
      select (w.finished_at at time zone ${zone})::date, true, w.* from (${workItems(context, finishedBetween(begin, end))}) w
    ) i group by i.day, i.source, i.process, i.activity`;
}

/** Makes the rows up to yesterday: the days that are missing, and the last few once more. */
export async function rollUpWork(context: WriteContext): Promise<void> {
  const until = addDays(context.today, -1);
  const rolled = await rolledUntil(context);
  const first = rolled === undefined ? await firstDay(context) : addDays(rolled, 1 - madeAgainDays);
  if (first === undefined) return;
  const from = daysBetween(first, until) < 0 ? until : first;
  const zone = await zoneOf(context);
  await context.db.run(sql`
    delete from office.work_daily where tenant_id = ${context.tenantId} and day between ${from}::date and ${until}::date`);
  await context.db.run(sql`
    insert into office.work_daily (tenant_id, day, ${columns})
    select ${context.tenantId}, day, ${columns} from (${daysOfWork(context, zone, from, until)}) r`);
  await context.db.run(sql`
    insert into office.work_rolled (tenant_id, until_day) values (${context.tenantId}, ${until})
    on conflict (tenant_id) do update set until_day = excluded.until_day`);
}

export async function rolledUntil(context: ReadContext): Promise<Day | undefined> {
  const found = await context.db.maybe<{ untilDay: Day }>(sql`
    select until_day from office.work_rolled where tenant_id = ${context.tenantId}`);
  return found?.untilDay;
}

/** When the first work arrived at all: the first time everything is rolled up once. */
async function firstDay(context: ReadContext): Promise<Day | undefined> {
  const { day } = await context.db.row<{ day: Day | null }>(sql`
    select least((select min(opened_at) from office.task where tenant_id = ${context.tenantId}),
      (select min(started_at) from office.process_run where tenant_id = ${context.tenantId}),
      (select min(requested_at) from office.approval where tenant_id = ${context.tenantId}),
      (select min(filed_at) from office.request where tenant_id = ${context.tenantId}))::date as day`);
  return day ?? undefined;
}

/** The rows of a window, the rolled ones as they are kept and the days after them as they stand: a SELECT. */
export async function workOfDays(context: ReadContext, from: Day, until: Day): Promise<Sql> {
  const zone = await zoneOf(context);
  const rolled = await rolledUntil(context);
  const kept = sql`
    select day, ${columns} from office.work_daily
    where tenant_id = ${context.tenantId} and day between ${from}::date and ${until}::date`;
  if (rolled === undefined) return daysOfWork(context, zone, from, until);
  if (rolled >= until) return kept;
  const live = daysOfWork(context, zone, from > rolled ? from : addDays(rolled, 1), until);
  return from > rolled ? live : sql`${kept} union all select day, ${columns} from (${live}) l`;
}
