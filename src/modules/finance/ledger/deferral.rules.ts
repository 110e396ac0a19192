// What is paid or received at once and belongs to months: the parts of an amount, by days or by months, to the last cent.
import { addDays, addMonths, dateOf, type Day, daysBetween, earlier, endOfMonth, later, startOfMonth } from "../../../kernel/day.ts";
import type { Money } from "../../../kernel/money.ts";

export interface DeferralPart {
  readonly fromDay: Day;
  readonly untilDay: Day;
  readonly amount: Money;
}

/** Divisible by the length of every month, so that a share of a month is a whole number. */
const monthWeight = 28n * 29n * 15n * 31n;

/**
 * One part for each calendar month. By days each part has the weight of its days; by months a whole month weighs one, and a month that
 * is cut as much as its share of days. Cents go by largest remainder; a part of nothing is left out.
 */
export function deferralSchedule(amount: Money, from: Day, until: Day, by: "days" | "months"): DeferralPart[] {
  const months: { fromDay: Day; untilDay: Day; weight: bigint }[] = [];
  for (let month = startOfMonth(from); month <= until; month = addMonths(month, 1)) {
    const fromDay = later(month, from);
    const untilDay = earlier(endOfMonth(month), until);
    const days = BigInt(daysBetween(fromDay, addDays(untilDay, 1)));
    const weight = by === "days" ? days : days * (monthWeight / BigInt(dateOf(endOfMonth(month))));
    months.push({ fromDay, untilDay, weight });
  }
  const parts = amount.allocate(months.map((month) => month.weight));
  return months
    .map(({ fromDay, untilDay }, index) => ({ fromDay, untilDay, amount: parts[index]! }))
    .filter((part) => part.amount.minor !== 0n);
}
