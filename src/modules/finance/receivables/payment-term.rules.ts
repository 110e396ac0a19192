// Payment terms: when which part of an invoice or bill falls due, and what may be taken off for paying early.
import {
  addDays,
  addMonths,
  type Day,
  dateOf,
  dayOf,
  endOfMonth,
  later,
  monthOf,
  startOfMonth,
  weekdayOf,
  yearOf,
} from "../../../kernel/day.ts";
import { decimal } from "../../../kernel/decimal.ts";
import { Money } from "../../../kernel/money.ts";

export interface InstalmentRule {
  /** Of the whole, e.g. `30`. With neither percent nor amount it is what is left; that is the last instalment and only that. */
  readonly percent?: string;
  readonly amount?: { readonly amount: string; readonly currency: string };
  readonly months: number;
  readonly days: number;
  /** The month is finished before the days are added (net 10 after the end of the month), or after (end of the month in 30 days). */
  readonly monthEnd: "none" | "beforeDays" | "afterDays";
  /** Then the next such date; a month that lacks it has it on its last day. */
  readonly onDate?: number;
  /** Then the next such weekday, Monday is 1. */
  readonly onWeekday?: number;
  /** A Saturday or Sunday becomes the Monday after. */
  readonly notOnWeekend: boolean;
}

export interface DiscountRule {
  readonly percent: string;
  /** Days after the invoice within which the money has to be there. */
  readonly days: number;
}

export interface TermRule {
  readonly instalments: readonly InstalmentRule[];
  readonly discounts: readonly DiscountRule[];
}

export interface Instalment {
  readonly dueDay: Day;
  readonly amount: Money;
}

export interface DiscountOffer {
  readonly untilDay: Day;
  readonly amount: Money;
}

/** The plain term: all of it, so many days after the day. */
export const netDays = (days: number): TermRule => ({
  instalments: [{ months: 0, days, monthEnd: "none", notOnWeekend: false }],
  discounts: [],
});

export type TermMistake = "remainderMissing" | "sharesTooHigh" | "discountsUnordered";

/** What is wrong with a rule, if anything. */
export function termMistake({ instalments, discounts }: TermRule): TermMistake | undefined {
  const isRest = (one: InstalmentRule): boolean => one.percent === undefined && one.amount === undefined;
  if (instalments.findIndex(isRest) !== instalments.length - 1) return "remainderMissing";
  if (instalments.some((one) => one.percent !== undefined && one.amount !== undefined)) return "remainderMissing";
  const shares = instalments.flatMap(({ percent }) => percent ?? []).map((percent) => decimal(percent));
  const sum = shares.reduce((all, share) => all.plus(share), decimal("0"));
  if (shares.some((share) => !share.gt(0)) || sum.gt(100)) return "sharesTooHigh";
  const isOrdered = discounts.every(({ percent, days }, index) => {
    const before = discounts[index - 1];
    const isFair = decimal(percent).gt(0) && decimal(percent).lt(100);
    return isFair && (!before || (before.days < days && decimal(before.percent).gt(decimal(percent))));
  });
  return isOrdered ? undefined : "discountsUnordered";
}

/** The day one instalment of a document falls due; never before the document. */
export function dueDayOf(rule: InstalmentRule, from: Day): Day {
  let due = addMonths(from, rule.months);
  if (rule.monthEnd === "beforeDays") due = endOfMonth(due);
  due = addDays(due, rule.days);
  if (rule.monthEnd === "afterDays") due = endOfMonth(due);
  if (rule.onDate !== undefined) due = nextDate(due, rule.onDate);
  if (rule.onWeekday !== undefined) due = addDays(due, (rule.onWeekday - weekdayOf(due) + 7) % 7);
  if (rule.notOnWeekend && weekdayOf(due) > 5) due = addDays(due, 8 - weekdayOf(due));
  return later(due, from);
}

function nextDate(from: Day, date: number): Day {
  const inMonth = (day: Day): Day => dayOf(yearOf(day), monthOf(day), Math.min(date, dateOf(endOfMonth(day))));
  const here = inMonth(from);
  return here >= from ? here : inMonth(addMonths(startOfMonth(from), 1));
}

/**
 * The instalments of a total above zero, in the order of their rules: percentages rounded half up, fixed amounts as far as there is
 * something left, the rest last. What comes to nothing is left out, so their sum is the total to the cent.
 */
export function instalmentsOf(rule: TermRule, total: Money, from: Day): Instalment[] {
  let left = total;
  const parts: Instalment[] = [];
  for (const one of rule.instalments) {
    const share = shareOf(one, total, left);
    left = left.minus(share);
    if (share.minor > 0n) parts.push({ dueDay: dueDayOf(one, from), amount: share });
  }
  return parts;
}

function shareOf(rule: InstalmentRule, total: Money, left: Money): Money {
  const fixed = rule.amount && Money.parse(rule.amount.amount, rule.amount.currency);
  // A fixed amount is meant in its own currency; a document in another one has no such part.
  if (fixed && fixed.currency !== total.currency) return Money.zero(total.currency);
  const wish = fixed ?? (rule.percent === undefined ? left : total.times(decimal(rule.percent).dividedBy(100), "halfUp"));
  return wish.compare(left) > 0 ? left : wish;
}

/** What may be taken off one instalment, by when it is paid; the sooner the more. */
export function discountsOf(rule: TermRule, amount: Money, from: Day): DiscountOffer[] {
  return rule.discounts
    .map(({ percent, days }) => ({ untilDay: addDays(from, days), amount: amount.times(decimal(percent).dividedBy(100), "halfUp") }))
    .filter((offer) => offer.amount.minor > 0n);
}
