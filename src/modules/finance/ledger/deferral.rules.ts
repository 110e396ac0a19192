// What is paid or received at once and belongs to months: the parts of an amount, by days or by months, to the last cent.
import { addDays, addMonths, dateOf, type Day, daysBetween, earlier, endOfMonth, later, startOfMonth } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Money, sumMoney } from "../../../kernel/money.ts";
import type { AccountChoice } from "./entry.rules.ts";

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

/** The first and the last day that a line of a document is for (EN 16931: BT-134, BT-135). */
export interface ServicePeriod {
  readonly serviceFrom?: Day;
  readonly serviceUntil?: Day;
}

export const servicePeriodUnfit =
  "Line {line} says its first and its last day, the last not before the first, and thirty years at most. Say both or neither.";

export function isServicePeriodFit({ serviceFrom, serviceUntil }: ServicePeriod): boolean {
  if (serviceFrom === undefined || serviceUntil === undefined) return serviceFrom === serviceUntil;
  return serviceFrom <= serviceUntil && Number(serviceUntil.slice(0, 4)) - Number(serviceFrom.slice(0, 4)) <= 30;
}

/** Cost or income that is for days after the month of its document; what stands on the balance sheet anyway is not spread. */
export const isSpread = ({ serviceUntil }: ServicePeriod, accountType: string, day: Day): boolean =>
  (accountType === "expense" || accountType === "income") && serviceUntil !== undefined && serviceUntil > endOfMonth(day);

/** A deferral of a document that is credited: it goes on, or it was taken back by hand, and its whole amount is held as it was at first. */
export interface CreditedDeferral {
  readonly id: Id;
  readonly toAccountId: Id;
  readonly unitId: Id | null;
  readonly fromDay: Day;
  readonly untilDay: Day;
  /** As its kind has it. */
  readonly amount: bigint;
  readonly isByHand: boolean;
}

interface CreditedLine extends ServicePeriod {
  readonly toAccountId: Id;
  readonly unitId?: Id | null;
}

const isFor = ({ toAccountId, unitId, serviceFrom, serviceUntil }: CreditedLine, one: CreditedDeferral): boolean =>
  one.toAccountId === toAccountId &&
  one.unitId === (unitId ?? null) &&
  serviceFrom !== undefined &&
  serviceUntil !== undefined &&
  one.fromDay <= serviceUntil &&
  serviceFrom <= one.untilDay;

/** The deferral that a line takes back to the last cent, among those that no line took. */
export const creditedWhole = (line: CreditedLine, amount: bigint, deferrals: readonly CreditedDeferral[]): CreditedDeferral | undefined =>
  deferrals.find(
    (one) => isFor(line, one) && one.fromDay === line.serviceFrom && one.untilDay === line.serviceUntil && one.amount === -amount,
  );

/** What is credited takes from what is held, and nothing is spread: nobody recognises what it was charged for any more. */
export function takesFromHeld(line: CreditedLine, deferrals: readonly CreditedDeferral[]): boolean {
  const own = deferrals.filter((one) => isFor(line, one));
  return own.length > 0 && own.every((one) => one.isByHand);
}

/** A line of a document that is spread. */
export interface SpreadLine {
  /** Where it is held. A value of this line alone, by which what was posted for it is found in the entry. */
  readonly held: AccountChoice;
  readonly position: number;
  readonly text: string;
  readonly kind: "expense" | "income";
  readonly toAccountId: Id;
  readonly unitId?: Id;
  readonly serviceFrom: Day;
  readonly serviceUntil: Day;
}

/** Whole months weigh the same, as rent and insurance are reckoned; any other span goes by its days. */
export const spreadBy = (from: Day, until: Day): "days" | "months" =>
  from === startOfMonth(from) && until === endOfMonth(until) ? "months" : "days";

/** The parts of a document's line. What belongs to months before the document is recognised with the document's own month. */
export function documentSchedule(amount: Money, from: Day, until: Day, day: Day): DeferralPart[] {
  const parts = deferralSchedule(amount, from, until, spreadBy(from, until));
  const month = endOfMonth(day);
  const first = parts.filter((part) => part.untilDay <= month);
  if (first.length === 0) return parts;
  const sum = sumMoney(
    first.map((part) => part.amount),
    amount.currency,
  );
  return [{ fromDay: from, untilDay: month, amount: sum }, ...parts.slice(first.length)];
}
