// What comes round, invoices and journal entries alike: counted from the first day, so that the 31st stays the last day of shorter months
// and comes back afterwards.
import { addDays, addMonths, dateOf, type Day, startOfMonth } from "../../../kernel/day.ts";
import type { ServicePeriod } from "./deferral.rules.ts";
import { onDate } from "./period.rules.ts";

export const everies = ["week", "month", "quarter", "halfYear", "year"] as const;
export type Every = (typeof everies)[number];

const months: Readonly<Record<Exclude<Every, "week">, number>> = { month: 1, quarter: 3, halfYear: 6, year: 12 };

export interface Recurrence {
  readonly start: Day;
  readonly every: Every;
  /** Date of the month; by default that of the start. 31 is the last day, whatever the month. */
  readonly date?: number;
  readonly until: Day | null;
}

/** The day with this number, the first being 0; on a date of its own the first may lie before the start. */
export const dayNumber = ({ start, every, date = dateOf(start) }: Recurrence, number: number): Day =>
  every === "week" ? addDays(start, 7 * number) : onDate(addMonths(startOfMonth(start), months[every] * number), date);

/** What comes round is for the time ahead, until the day before the next one, or for the time behind, since the one before. */
export const chargings = ["inAdvance", "inArrears"] as const;
export type Charging = (typeof chargings)[number];

/** The first and the last day that the one with this number is for; the first in arrears reaches back as far as any other. */
export function daysCharged(recurrence: Recurrence, number: number, charging: Charging): Required<ServicePeriod> {
  const from = charging === "inAdvance" ? number : number - 1;
  return { serviceFrom: dayNumber(recurrence, from), serviceUntil: addDays(dayNumber(recurrence, from + 1), -1) };
}

/** The days due by a day from one number on, at most so many, and the one after them; null when there is none. */
export function dueFrom(recurrence: Recurrence, number: number, today: Day, most: number): { due: Day[]; next: Day | null } {
  const due: Day[] = [];
  for (let at = number; ; at += 1) {
    const day = dayNumber(recurrence, at);
    if (day < recurrence.start) continue;
    if (recurrence.until !== null && day > recurrence.until) return { due, next: null };
    if (day > today || due.length === most) return { due, next: day };
    due.push(day);
  }
}
