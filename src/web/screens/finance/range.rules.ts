// The days people mean: this month, the quarter before, the end of the year before; and the twelve months behind a day.
import { addDays, addMonths, type Day, earlier, endOfMonth, monthOf, startOfMonth, startOfYear } from "../../../kernel/day.ts";

export interface Range {
  readonly from: Day;
  readonly to: Day;
}

const startOfQuarter = (day: Day): Day => addMonths(startOfMonth(day), -((monthOf(day) - 1) % 3));

export type RangeName = "month" | "lastMonth" | "quarter" | "lastQuarter" | "twelve";

/** Ranges between two days, as of today. */
export function rangesOn(today: Day): Readonly<Record<RangeName, Range>> {
  const [month, quarter] = [startOfMonth(today), startOfQuarter(today)];
  return {
    month: { from: month, to: endOfMonth(today) },
    lastMonth: { from: addMonths(month, -1), to: addDays(month, -1) },
    quarter: { from: quarter, to: addDays(addMonths(quarter, 3), -1) },
    lastQuarter: { from: addMonths(quarter, -3), to: addDays(quarter, -1) },
    twelve: { from: addMonths(month, -11), to: endOfMonth(today) },
  };
}

export type DayName = "today" | "monthEnd" | "quarterEnd" | "yearEnd";

/** Days on which one looks at balances, as of today. */
export function daysOn(today: Day): Readonly<Record<DayName, Day>> {
  return {
    today,
    monthEnd: addDays(startOfMonth(today), -1),
    quarterEnd: addDays(startOfQuarter(today), -1),
    yearEnd: addDays(startOfYear(today), -1),
  };
}

/** The end of the month before, and the same day of the year before; the last of a month stays the last. */
export function dayBefore(day: Day, by: "previousMonth" | "previousYear"): Day {
  if (by === "previousMonth") return addDays(startOfMonth(day), -1);
  return addDays(addMonths(addDays(day, 1), -12), -1);
}

/** Twelve months, the last one until the day. */
export const monthsUntil = (day: Day): readonly Range[] =>
  Array.from({ length: 12 }, (_, index) => {
    const from = addMonths(startOfMonth(day), index - 11);
    return { from, to: earlier(endOfMonth(from), day) };
  });
