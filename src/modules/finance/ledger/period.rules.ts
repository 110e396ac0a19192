// Fiscal years of any length and their periods: a year is called by the year it ends in; a period ends on the same date of a month, or on
// the month's last day.
import { addDays, addMonths, dateOf, type Day, earlier, endOfMonth, monthOf, startOfMonth, yearOf } from "../../../kernel/day.ts";

export interface PeriodPlan {
  readonly code: string;
  readonly fiscalYear: number;
  readonly fiscalYearStart: Day;
  readonly fromDay: Day;
  readonly untilDay: Day;
}

export interface YearPlan {
  readonly from: Day;
  readonly until: Day;
  /** Months in a period. */
  readonly months: number;
  /** Date on which periods end; a month that lacks it ends on its last day. By default the date before the year's first. */
  readonly endDate?: number;
}

/** The periods of a fiscal year, the last one cut where the year ends. */
export function periodsOf({ from, until, months, endDate = dateOf(from) === 1 ? 31 : dateOf(from) - 1 }: YearPlan): PeriodPlan[] {
  const periods: PeriodPlan[] = [];
  for (let fromDay = from; fromDay <= until;) {
    const nearest = onDate(fromDay, endDate);
    const first = nearest >= fromDay ? nearest : onDate(addMonths(startOfMonth(fromDay), 1), endDate);
    const untilDay = earlier(onDate(addMonths(startOfMonth(first), months - 1), endDate), until);
    const isMonth = fromDay === startOfMonth(fromDay) && untilDay === endOfMonth(fromDay);
    const code = isMonth ? fromDay.slice(0, 7) : `${from.slice(0, 7)}-P${String(periods.length + 1).padStart(2, "0")}`;
    periods.push({ code, fiscalYear: yearOf(until), fiscalYearStart: from, fromDay, untilDay });
    fromDay = addDays(untilDay, 1);
  }
  return periods;
}

/** That date of the month, or its last day when it has none. */
export function onDate(month: Day, date: number): Day {
  const last = endOfMonth(month);
  return dateOf(last) <= date ? last : addDays(startOfMonth(month), date - 1);
}

/** The monthly periods of the twelve months from `start`. */
export const periodsOfYear = (start: Day): PeriodPlan[] => periodsOf({ from: start, until: addDays(addMonths(start, 12), -1), months: 1 });

/** The periods from the first fiscal year until the end of the one after that of `today`; at least one year. */
export function periodsUntilNextYear(firstStart: Day, today: Day): PeriodPlan[] {
  const periods: PeriodPlan[] = [];
  let start = firstStart;
  do {
    periods.push(...periodsOfYear(start));
    start = addMonths(start, 12);
  } while (addMonths(start, -12) <= today);
  return periods;
}

/** The fiscal years that the books have, one after the other. */
export interface FiscalCalendar {
  /** Their first days, in order. */
  readonly starts: readonly Day[];
  /** The last day of the last one. */
  readonly until: Day;
}

/** The first day of the fiscal year that holds `value`; before and after those of the books, years have twelve months. */
export function fiscalYearStartOf(value: Day, { starts, until }: FiscalCalendar): Day {
  if (value > until) return twelveMonthsStart(value, addDays(until, 1));
  return starts.findLast((start) => start <= value) ?? twelveMonthsStart(value, starts[0]!);
}

function twelveMonthsStart(value: Day, anchor: Day): Day {
  const months = (((monthOf(value) - monthOf(anchor)) % 12) + 12) % 12;
  const start = onDate(addMonths(startOfMonth(value), -months), dateOf(anchor));
  return start <= value ? start : onDate(addMonths(startOfMonth(start), -12), dateOf(anchor));
}
