// What an expense is worth: a day away by its allowance, an amount abroad by the rate typed in, the tax within.
import { currencyDecimals } from "../../../kernel/currency.ts";
import type { Day } from "../../../kernel/day.ts";
import { addDays } from "../../../kernel/day.ts";
import { type Decimal, decimal, Decimal as Exact } from "../../../kernel/decimal.ts";
import { Money } from "../../../kernel/money.ts";

export interface WorkedOut {
  readonly amount: Money;
  /** How it came to that, in words for the approver. */
  readonly says: string;
}

/** Rounds once, half up, to a minor unit. */
export function moneyOf(amount: Decimal, currency: string): Money {
  const minor = amount.times(new Exact(10).pow(currencyDecimals(currency as never)));
  return new Money(BigInt(minor.toDecimalPlaces(0, Exact.ROUND_HALF_UP).toFixed(0)), currency);
}

export interface PerDiemRate {
  readonly fromDay: Day;
  readonly wholeDay: Money;
  /** The day one leaves, the day one comes back, and a day away without a night. */
  readonly partDay: Money;
  readonly breakfastPercent: string;
  readonly lunchPercent: string;
  readonly dinnerPercent: string;
}

export interface Meals {
  readonly breakfasts: number;
  readonly lunches: number;
  readonly dinners: number;
}

/** The allowance for a journey: each day by the rate in force on it, less the meals that were given. Undefined when a day has no rate. */
export function perDiemAmount(rates: readonly PerDiemRate[], day: Day, untilDay: Day, meals: Meals): WorkedOut | undefined {
  let sum: Money | undefined;
  let whole = 0;
  let part = 0;
  let last: PerDiemRate | undefined;
  for (let on = day; on <= untilDay; on = addDays(on, 1)) {
    const rate = rates.filter((one) => one.fromDay <= on).toSorted((a, b) => (a.fromDay < b.fromDay ? 1 : -1))[0];
    if (!rate) return undefined;
    const isPart = on === day || on === untilDay;
    if (isPart) part += 1;
    else whole += 1;
    const allowance = isPart ? rate.partDay : rate.wholeDay;
    sum = sum ? sum.plus(allowance) : allowance;
    last = rate;
  }
  if (!sum || !last) return undefined;
  const percent = decimal(last.breakfastPercent)
    .times(meals.breakfasts)
    .plus(decimal(last.lunchPercent).times(meals.lunches))
    .plus(decimal(last.dinnerPercent).times(meals.dinners));
  const given = last.wholeDay.times(percent.div(100), "halfUp");
  const left = sum.minus(given);
  const says = [
    ...(whole > 0 ? [`${whole} × ${last.wholeDay.amount}`] : []),
    ...(part > 0 ? [`${part} × ${last.partDay.amount}`] : []),
  ].join(" + ");
  return { amount: left.minor > 0n ? left : Money.zero(sum.currency), says: given.minor > 0n ? `${says} − meals ${given.amount}` : says };
}

/** An amount abroad in the books' currency, by a rate that says what one unit of it is worth there. */
export function foreignAmount(foreign: Money, rate: string, currency: string): Money {
  return moneyOf(decimal(foreign.amount).times(rate), currency);
}

/** The tax within an amount that includes it. */
export function taxWithin(amount: Money, percent: string): Money {
  const rate = decimal(percent);
  return amount.times(rate.div(rate.plus(100)), "halfUp");
}

export type Flag = "overLimit" | "receiptMissing" | "alike" | "old";

export interface Flagged {
  readonly amount: Money;
  readonly limit: Money | null;
  readonly wantsReceipt: boolean;
  readonly hasReceipt: boolean;
  readonly isAlike: boolean;
  readonly day: Day;
}

/** Days after which an expense is called old. */
const oldDays = 90;

/** What the approver should look at. */
export function flagsOf(line: Flagged, today: Day): Flag[] {
  const flags: Flag[] = [];
  if (line.limit && line.amount.compare(line.limit) > 0) flags.push("overLimit");
  if (line.wantsReceipt && !line.hasReceipt) flags.push("receiptMissing");
  if (line.isAlike) flags.push("alike");
  if (line.day < addDays(today, -oldDays)) flags.push("old");
  return flags;
}
