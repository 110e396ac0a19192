// Entitlement and expiry of leave, in exact days.
import { type Day, dayOf, daysBetween, earlier, later, yearOf } from "../../kernel/day.ts";
import { Decimal } from "../../kernel/decimal.ts";

/** Days of leave for a year: the part of the year employed, counted in calendar days, rounded up to half a day. */
export function entitlement(yearlyDays: string, year: number, firstDay: Day, lastDay: Day | null): Decimal {
  const [start, end] = [dayOf(year, 1, 1), dayOf(year, 12, 31)];
  const from = later(start, firstDay);
  const until = lastDay ? earlier(end, lastDay) : end;
  if (until < from) return new Decimal(0);
  const part = new Decimal(daysBetween(from, until) + 1).dividedBy(daysBetween(start, end) + 1);
  return new Decimal(yearlyDays).times(part).times(2).ceil().dividedBy(2);
}

/** Days that lapse at the end of a leave year; nothing lapses where all may be carried over. */
export function lapsing(balance: string, carryOverDays: string | null): Decimal {
  if (carryOverDays === null) return new Decimal(0);
  return Decimal.max(0, new Decimal(balance).minus(carryOverDays));
}

/** Days taken, by the year they fall in, so that each year's balance stands by itself. */
export function daysByYear(worked: readonly Day[], halfDay: boolean): { year: number; firstDay: Day; days: Decimal }[] {
  const years = new Map<number, { year: number; firstDay: Day; days: Decimal }>();
  for (const day of worked) {
    const known = years.get(yearOf(day));
    const one = new Decimal(halfDay ? "0.5" : "1");
    years.set(yearOf(day), known ? { ...known, days: known.days.plus(one) } : { year: yearOf(day), firstDay: day, days: one });
  }
  return [...years.values()];
}
