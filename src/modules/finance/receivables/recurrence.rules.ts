// Periods that come round: counted from the first day, so that the 31st stays the last day of shorter months and comes back afterwards.
import { addDays, addMonths, type Day } from "../../../kernel/day.ts";

export const everies = ["week", "month", "quarter", "halfYear", "year"] as const;
export type Every = (typeof everies)[number];

const months: Readonly<Record<Exclude<Every, "week">, number>> = { month: 1, quarter: 3, halfYear: 6, year: 12 };

/** The day of a period, the first being number 0. */
export const periodDay = (start: Day, every: Every, number: number): Day =>
  every === "week" ? addDays(start, 7 * number) : addMonths(start, months[every] * number);

export interface Recurrence {
  readonly start: Day;
  readonly every: Every;
  readonly until: Day | null;
  /** How many periods were made. */
  readonly made: number;
}

/** The periods due by a day, at most so many, and the one after them; null when there is none. */
export function duePeriods({ start, every, until, made }: Recurrence, today: Day, most: number): { due: Day[]; next: Day | null } {
  const due: Day[] = [];
  for (;;) {
    const day = periodDay(start, every, made + due.length);
    if (until !== null && day > until) return { due, next: null };
    if (day > today || due.length === most) return { due, next: day };
    due.push(day);
  }
}

/** `{period}` in a text is the month that is charged, `{from}` its first day. */
export const filledIn = (text: string, day: Day): string => text.replaceAll("{period}", day.slice(0, 7)).replaceAll("{from}", day);
