// The days of a return: a month, a quarter or a year from its first day, and the ones before it.
import { addDays, addMonths, type Day } from "../../../../kernel/day.ts";

export const spans = { month: 1, quarter: 3, year: 12 } as const;
export type Span = keyof typeof spans;

export const lastDayOf = (from: Day, span: Span): Day => addDays(addMonths(from, spans[span]), -1);

/** The span that these days are; a month where they are none. */
export function spanOf(from: Day, to: Day): Span {
  return (Object.keys(spans) as Span[]).find((span) => lastDayOf(from, span) === to) ?? "month";
}
