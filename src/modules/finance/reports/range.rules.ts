// The columns of a statement: the months or quarters between two days, the range beside it, and the ends of the months before a day.
import { addDays, addMonths, type Day, daysBetween, earlier, endOfMonth, monthOf, startOfMonth } from "../../../kernel/day.ts";

export interface Range {
  readonly from: Day;
  readonly to: Day;
}

/** The same range one year before, or as many days just before it; whole months stay whole months. */
export function rangeBefore({ from, to }: Range, wish: "previousYear" | "previousPeriod"): Range {
  const next = addDays(to, 1);
  const isWhole = from === startOfMonth(from) && next === startOfMonth(next);
  if (wish === "previousYear") return { from: addMonths(from, -12), to: addDays(addMonths(next, -12), -1) };
  if (isWhole) return { from: addMonths(from, -monthsBetween(from, next)), to: addDays(from, -1) };
  return { from: addDays(from, -daysBetween(from, to) - 1), to: addDays(from, -1) };
}

const monthsBetween = (from: Day, until: Day): number =>
  (Number(until.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + monthOf(until) - monthOf(from);

/** The calendar months or quarters that a range touches, the first and the last cut to it. */
export function partsOf({ from, to }: Range, by: "month" | "quarter"): Range[] {
  const size = by === "month" ? 1 : 3;
  const parts: Range[] = [];
  for (let start = from; start <= to;) {
    const begin = addMonths(startOfMonth(start), -((monthOf(start) - 1) % size));
    const end = earlier(addDays(addMonths(begin, size), -1), to);
    parts.push({ from: start, to: end });
    start = addDays(end, 1);
  }
  return parts;
}

/** The ends of so many months before the month of a day, and the day itself at last. */
export const monthEndsBefore = (day: Day, months: number): Day[] => [
  ...Array.from({ length: months }, (_, index) => endOfMonth(addMonths(startOfMonth(day), index - months))),
  day,
];
