// When a period ends, after Regulation (EEC, Euratom) No 1182/71, Art. 3, the common rule for time limits in Union law.
// Hours run from the moment, through nights and weekends; the regulation would leave out the hour it begins in, and the earlier end is
// the safe one. Days and months end with the last hour of their last day, and the day it begins on does not count.
import { instantOf } from "../../../kernel/instant.ts";
import { addDays, addMonths, type Day, dayAt } from "../../../kernel/day.ts";
import { Temporal } from "temporal-polyfill";
import { addWorkedDays, type BusinessCalendar, isWorked, workedFrom } from "../../directory/index.ts";
import { instantAt } from "../clock/business-time.rules.ts";

export const units = ["hours", "days", "businessDays", "months", "promptly"] as const;

export interface Period {
  readonly unit: (typeof units)[number];
  /** Null only for what is to be done without undue delay. */
  readonly amount: number | null;
  /** Art. 3(4): a last day that is a Saturday, Sunday or holiday is put off; Art. 3(5): two days or more hold two working days. */
  readonly isPutOff: boolean;
}

export interface Begun {
  readonly at: Date;
  /** When the clock was stopped and when it went on, by turns. */
  readonly pauses: readonly Date[];
  /** Added to the amount, in the same unit. */
  readonly extension: number;
}

export interface Due {
  readonly day: Day;
  /** Null for what is to be done without undue delay. */
  readonly at: Date | null;
}

const hour = 3_600_000;

export function dueOf(period: Period, begun: Begun, calendar: BusinessCalendar): Due {
  const first = dayAt(begun.at, calendar.zone);
  if (period.amount === null) return { day: first, at: null };
  const amount = period.amount + begun.extension;
  if (period.unit === "hours") {
    const at = instantOf(begun.at.getTime() + amount * hour + stoodStill(begun.pauses));
    return { day: dayAt(at, calendar.zone), at };
  }
  const stopped = daysStopped(begun.pauses, calendar.zone);
  const last = addDays(lastDayOf(period.unit, first, amount, calendar), stopped);
  const day = period.isPutOff ? putOff(first, last, calendar) : last;
  return { day, at: endOf(day, calendar.zone) };
}

function lastDayOf(unit: Period["unit"], first: Day, amount: number, calendar: BusinessCalendar): Day {
  if (unit === "months") return addMonths(first, amount);
  return unit === "businessDays" ? addWorkedDays(calendar, first, amount) : addDays(first, amount);
}

function putOff(first: Day, last: Day, calendar: BusinessCalendar): Day {
  const day = workedFrom(calendar, last);
  if (last <= addDays(first, 1)) return day;
  const second = addWorkedDays(calendar, first, 2);
  return isWorked(calendar, day) && day >= second ? day : second;
}

/** The last minute of a day: with it the period expires. */
const endOf = (day: Day, zone: string): Date =>
  instantOf(instantAt(zone, Temporal.PlainDate.from(addDays(day, 1)).toPlainDateTime()) - 60_000);

const pairsOf = (pauses: readonly Date[]): [Date, Date][] =>
  pauses.flatMap((from, index): [Date, Date][] => (index % 2 === 0 && pauses[index + 1] ? [[from, pauses[index + 1]!]] : []));

const stoodStill = (pauses: readonly Date[]): number =>
  pairsOf(pauses).reduce((sum, [from, until]) => sum + until.getTime() - from.getTime(), 0);

/** A period in days gets back every day on which its clock stood still, the one it was stopped on not counted. */
function daysStopped(pauses: readonly Date[], zone: string): number {
  return pairsOf(pauses).reduce((sum, [from, until]) => {
    const [first, last] = [Temporal.PlainDate.from(dayAt(from, zone)), Temporal.PlainDate.from(dayAt(until, zone))];
    return sum + first.until(last).days;
  }, 0);
}

/** Instants of the warnings, and last the deadline itself; what lies before it began is left out. */
export function warningsOf(due: Due, begunAt: Date, warnHours: readonly number[]): Date[] {
  if (due.at === null) return [];
  const end = due.at.getTime();
  const before = warnHours
    .toSorted((a, b) => b - a)
    .map((hours) => end - hours * hour)
    .filter((at) => at > begunAt.getTime());
  return [...before, end].map((at) => instantOf(at));
}
