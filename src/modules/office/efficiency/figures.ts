// The figures of a window, by source, process, department or kind of work: read from the rows of its days.
import type { Day } from "../../../kernel/day.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { workOfDays } from "./rollup.ts";
import { withinHours } from "./spread.rules.ts";

export const groupings = ["process", "department", "activity", "source"] as const;
export type Grouping = (typeof groupings)[number];

const keyOf: Readonly<Record<Grouping, Sql>> = {
  source: sql`r.source`,
  process: sql`r.process`,
  department: sql`split_part(r.activity, '.', 1)`,
  activity: sql`r.activity`,
};

export interface Figures {
  readonly name: string;
  readonly arrived: number;
  readonly finished: number;
  readonly cancelled: number;
  readonly leadHours: number | null;
  readonly leadHalf: number | null;
  readonly leadMost: number | null;
  readonly cycleHours: number | null;
  readonly waitHours: number | null;
  readonly begun: number;
  readonly rightFirstPercent: number | null;
  readonly reopened: number;
  readonly onTimePercent: number | null;
  readonly automationPercent: number | null;
  readonly minutes: number;
  readonly timed: number;
}

interface Sums {
  readonly name: string;
  readonly arrived: number;
  readonly finished: number;
  readonly cancelled: number;
  readonly rightFirst: number;
  readonly reopened: number;
  readonly byHouse: number;
  readonly withDue: number;
  readonly onTime: number;
  readonly leadSeconds: string;
  readonly begun: number;
  readonly cycleSeconds: string;
  readonly waitSeconds: string;
  readonly leadSpread: readonly number[];
  readonly minutes: string;
  readonly timed: number;
}

const spreadSums = Array.from({ length: 13 }, (_, at) => sql`sum(r.lead_spread[${at + 1}::int])::int`);

const sums = sql`sum(r.arrived)::int as arrived, sum(r.finished)::int as finished, sum(r.cancelled)::int as cancelled,
  sum(r.right_first)::int as right_first, sum(r.reopened)::int as reopened, sum(r.by_house)::int as by_house,
  sum(r.with_due)::int as with_due, sum(r.on_time)::int as on_time, sum(r.lead_seconds)::text as lead_seconds,
  sum(r.begun)::int as begun, sum(r.cycle_seconds)::text as cycle_seconds, sum(r.wait_seconds)::text as wait_seconds,
  array[${spreadSums.reduce((all, one) => sql`${all}, ${one}`)}] as lead_spread,
  sum(r.minutes)::text as minutes, sum(r.timed)::int as timed`;

/** A step of a run and the run itself are not added up: runs stand in the grouping by process, and alone in that by source. */
const counted = (by: Grouping): Sql => (by === "process" ? sql`r.source <> 'step'` : by === "source" ? sql`true` : sql`r.source <> 'run'`);

export async function figuresOf(context: ReadContext, from: Day, until: Day, by: Grouping): Promise<Figures[]> {
  const rows = await context.db.rows<Sums>(sql`
    select ${keyOf[by]} as name, ${sums} from (${await workOfDays(context, from, until)}) r
    where ${counted(by)} group by 1 order by 1`);
  return rows.map(shown);
}

/** Week by week, each named by its Monday. */
export async function weeksOf(context: ReadContext, from: Day, until: Day, by: Grouping, name: string | undefined): Promise<Figures[]> {
  const wanted = name === undefined ? sql`true` : sql`${keyOf[by]} = ${name}`;
  const rows = await context.db.rows<Sums>(sql`
    select date_trunc('week', r.day)::date::text as name, ${sums} from (${await workOfDays(context, from, until)}) r
    where ${counted(by)} and ${wanted} group by 1 order by 1`);
  return rows.map(shown);
}

function shown(row: Sums): Figures {
  const { name, arrived, finished, cancelled, reopened, begun, timed } = row;
  return {
    name,
    arrived,
    finished,
    cancelled,
    leadHours: hours(row.leadSeconds, finished),
    leadHalf: withinHours(row.leadSpread, 0.5),
    leadMost: withinHours(row.leadSpread, 0.85),
    cycleHours: hours(row.cycleSeconds, begun),
    waitHours: hours(row.waitSeconds, begun),
    begun,
    rightFirstPercent: percent(row.rightFirst, finished),
    reopened,
    onTimePercent: percent(row.onTime, row.withDue),
    automationPercent: percent(row.byHouse, finished),
    minutes: Number(row.minutes),
    timed,
  };
}

const hours = (seconds: string, count: number): number | null => (count === 0 ? null : Math.round(Number(seconds) / count / 36) / 100);
const percent = (part: number, whole: number): number | null => (whole === 0 ? null : Math.round((part * 1000) / whole) / 10);
