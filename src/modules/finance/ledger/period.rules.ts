// Fiscal years and their periods: twelve months that begin on the first of a month, called by the year they end in.
import { addDays, addMonths, dateOf, type Day, endOfMonth, monthOf, startOfMonth, yearOf } from "../../../kernel/day.ts";

export interface PeriodPlan {
  readonly code: string;
  readonly fiscalYear: number;
  readonly fiscalYearStart: Day;
  readonly fromDay: Day;
  readonly untilDay: Day;
}

export const isFirstOfMonth = (value: Day): boolean => dateOf(value) === 1;

/** The monthly periods of the fiscal year that begins on `start`. */
export function periodsOfYear(start: Day): PeriodPlan[] {
  const fiscalYear = yearOf(addDays(addMonths(start, 12), -1));
  return Array.from({ length: 12 }, (_, index) => {
    const fromDay = addMonths(start, index);
    return { code: fromDay.slice(0, 7), fiscalYear, fiscalYearStart: start, fromDay, untilDay: endOfMonth(fromDay) };
  });
}

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

/** The first day of the fiscal year that holds `value`, when `anchor` is the first day of any fiscal year. */
export function fiscalYearStartOf(value: Day, anchor: Day): Day {
  const months = (((monthOf(value) - monthOf(anchor)) % 12) + 12) % 12;
  return addMonths(startOfMonth(value), -months);
}
