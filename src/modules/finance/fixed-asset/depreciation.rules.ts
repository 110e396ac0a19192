// What an asset loses in value, line by line: a pure function of its plan and of what was booked so far. It is exact: each line is rounded
// once to a minor unit, half up, and the last one takes what is left, so that the lines always add up to cost less residual value.
import type { Day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { isYearly, type Life, type Rhythm, type Slice, type YearSlice, yearsOfLife } from "./life.rules.ts";

export const methods = ["straightLine", "decliningBalance", "sumOfYears", "units", "manual"] as const;
export type Method = (typeof methods)[number];

export interface DepreciationPlan extends Life {
  readonly cost: Money;
  /** What is left at the end of the life and never depreciated. */
  readonly residual: Money;
  readonly method: Method;
  readonly rhythm: Rhythm;
  /** Times the straight-line rate, for declining balance: `2`, `1.5`. It goes over to straight line as soon as that is more. */
  readonly factor: string;
  /** Percentages of each year are rounded to so many decimals first and then applied to the cost, as printed tables do; null: not. */
  readonly percentDecimals: number | null;
  /** The last day before its terms were changed: what was left then is spread over what remained, and nothing is caught up (IAS 8.36). */
  readonly revisedAfter?: Day | null;
}

/** What is booked, or stays as planned, up to a day. */
export interface Done {
  readonly untilDay: Day;
  readonly accumulated: Money;
  /** Of it, in the fiscal year in which the next line falls, and since the terms were changed where that was in this year. */
  readonly inYear: Money;
}

export interface DepreciationLine {
  readonly fromDay: Day;
  readonly untilDay: Day;
  readonly amount: Money;
}

/** The lines still to come. Units of production and manual plans have none of their own: their lines are entered. */
export function depreciationLines(plan: DepreciationPlan, done?: Done): DepreciationLine[] {
  if (plan.method === "units" || plan.method === "manual") return [];
  const accumulated = done?.accumulated.minor ?? 0n;
  const rest = plan.cost.minor - plan.residual.minor - accumulated;
  if (rest <= 0n) return [];
  const years = yearsOfLife(plan);
  const isAhead = (slice: Slice): boolean => !done || slice.untilDay > done.untilDay;
  const isDirect = plan.rhythm === "month" && !isYearly(plan.convention) && plan.percentDecimals === null;
  if (plan.method !== "decliningBalance" && (isDirect || (plan.method === "sumOfYears" && plan.rhythm === "year"))) {
    const weighed = weigh(plan, plan.rhythm === "month" ? years.flatMap((year) => year.months) : years);
    return shared(
      rest,
      weighed.filter(({ slice }) => isAhead(slice)),
      plan,
    );
  }
  if (!years.some(isAhead)) return [];
  const lines = byYear(plan, cutAfter(years, plan), isAhead, { accumulated, inYear: done?.inYear.minor ?? 0n });
  return lines.filter((line) => line.amount.minor !== 0n);
}

interface Weighed {
  readonly slice: Slice;
  readonly weight: bigint;
}

/** Straight line: each slice by its share. Sum of years' digits: by what is left of the life, year of the asset by year of the asset. */
function weigh(plan: DepreciationPlan, slices: readonly Slice[]): Weighed[] {
  if (plan.method !== "sumOfYears") return slices.map((slice) => ({ slice, weight: BigInt(slice.share) }));
  const total = slices.reduce((sum, slice) => sum + slice.share, 0);
  // Whole years of days are not alike; twelfths of the life's own length are.
  const yearOfLife = { years: 12, months: plan.lifeMonths };
  let at = 0;
  return slices.map((slice) => {
    const before = digitsUntil(at, total, yearOfLife);
    at += slice.share;
    return { slice, weight: digitsUntil(at, total, yearOfLife) - before };
  });
}

/** The integral of "years left at the beginning of the year" up to a point of the life, in whole numbers of one common scale. */
function digitsUntil(at: number, total: number, { years, months }: { years: number; months: number }): bigint {
  // One year of the life, scaled by `months` so that it is whole: total shares are `months` months.
  const year = BigInt(total) * BigInt(years);
  const point = BigInt(at) * BigInt(months);
  const whole = BigInt(total) * BigInt(months);
  let sum = 0n;
  for (let start = 0n; start < point; start += year) {
    const length = (start + year < point ? start + year : point) - start;
    sum += (whole - start) * length;
  }
  return sum;
}

function shared(rest: bigint, weighed: readonly Weighed[], plan: DepreciationPlan): DepreciationLine[] {
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0n);
  let left = rest;
  return weighed.flatMap(({ slice, weight }, index) => {
    const minor = index === weighed.length - 1 ? left : least(rounded(rest * weight, total), left);
    left -= minor;
    return minor === 0n ? [] : [lineOf(slice, minor, plan)];
  });
}

const lineOf = ({ fromDay, untilDay }: Slice, minor: bigint, plan: DepreciationPlan): DepreciationLine => ({
  fromDay,
  untilDay,
  amount: new Money(minor, plan.cost.currency),
});

/** Year by year; what was booked of a year before is taken off it, and what is left of it spread over what is left of its months. */
function byYear(
  plan: DepreciationPlan,
  years: readonly CutYear[],
  isAhead: (slice: Slice) => boolean,
  done: { readonly accumulated: bigint; readonly inYear: bigint },
): DepreciationLine[] {
  const ahead = years.findIndex(isAhead);
  let accumulated = done.accumulated - done.inYear;
  let inYear = done.inYear;
  const base = plan.cost.minor - plan.residual.minor;
  return years.slice(ahead).flatMap((year, index) => {
    const place = ahead + index;
    const whole = place === years.length - 1 ? base - accumulated : amountOfYear(plan, years, place, accumulated);
    const minor = whole > inYear ? whole - inYear : 0n;
    accumulated += inYear + minor;
    inYear = 0n;
    if (plan.rhythm === "year") return [lineOf(year, minor, plan)];
    const months = year.months.filter(isAhead).map((slice) => ({ slice, weight: BigInt(slice.share) }));
    return shared(minor, months, plan);
  });
}

interface CutYear extends YearSlice {
  /** What it was before the terms were changed within it. */
  readonly uncut?: YearSlice;
}

/** Of the year in which the terms were changed only the months after that count, and each of them whole. */
function cutAfter(years: readonly YearSlice[], { revisedAfter, convention }: DepreciationPlan): readonly CutYear[] {
  if (!revisedAfter) return years;
  return years.map((year) => {
    const months = year.months.filter((month) => month.untilDay > revisedAfter);
    if (months.length === 0 || months.length === year.months.length) return year;
    const share = isYearly(convention) ? 2 * months.length : months.reduce((sum, month) => sum + month.share, 0);
    return { ...year, fromDay: months[0]!.fromDay, months, share, uncut: year };
  });
}

function amountOfYear(plan: DepreciationPlan, years: readonly CutYear[], place: number, accumulated: bigint): bigint {
  const base = plan.cost.minor - plan.residual.minor;
  const rest = base - accumulated;
  // Printed percentages are of a cost that stays (IRS Publication 946, Rules Covering the Use of the Tables).
  if (plan.percentDecimals !== null && !plan.revisedAfter) {
    const scale = 10n ** BigInt(2 + plan.percentDecimals);
    return least(rounded(base * percentages(plan, years, scale)[place]!, scale), rest);
  }
  const year = years[place]!;
  const left = years.slice(place).reduce((sum, one) => sum + one.share, 0);
  if (plan.method === "sumOfYears") {
    const weights = weightsOfYears(plan, years).slice(place);
    const total = weights.reduce((sum, weight) => sum + weight, 0n);
    return least(rounded(rest * weights[0]!, total), rest);
  }
  const straight = rounded(rest * BigInt(year.share), BigInt(left));
  if (plan.method === "straightLine") return least(pairedAmount(plan, years, place) ?? straight, rest);
  const [above, below] = fraction(plan.factor);
  const value = plan.cost.minor - accumulated;
  const declining = rounded(value * above * 12n * BigInt(year.share), below * BigInt(plan.lifeMonths) * BigInt(year.yearShare));
  return least(declining > straight ? declining : straight, rest);
}

/** Of sum of years' digits: a year that was cut has the part of its weight that its months are. */
function weightsOfYears(plan: DepreciationPlan, years: readonly CutYear[]): bigint[] {
  const weighed = weigh(
    plan,
    years.map((year) => year.uncut ?? year),
  );
  const whole = BigInt(years.find((year) => year.uncut)?.uncut?.months.length ?? 1);
  return weighed.map(({ weight }, place) => weight * (years[place]!.uncut ? BigInt(years[place]!.months.length) : whole));
}

/**
 * From the middle of a month over whole years, the first and the last year make one year together: the full years carry the same
 * amount and those two share what is left (IRS Publication 946, Table A-7a).
 */
function pairedAmount(plan: DepreciationPlan, years: readonly YearSlice[], place: number): bigint | undefined {
  if (plan.revisedAfter || plan.convention !== "midMonth" || plan.lifeMonths % 12 !== 0 || years.length < 3) return undefined;
  const base = plan.cost.minor - plan.residual.minor;
  const full = rounded(base * 12n, BigInt(plan.lifeMonths));
  if (place > 0) return full;
  return rounded((base - full * BigInt(years.length - 2)) * BigInt(years[0]!.share), 24n);
}

/**
 * Where the printed tables leave the rule that the rest of them follows, in units of the last decimal: facts of IRS Publication 946,
 * Appendix A. `firstShare`, of the first year in half-months, tells the quarter.
 */
const printedOtherwise = [
  // Table A-3, second quarter, 7 years: 17.85 and at the end 3.34, where the rule has 17.86 and 3.33.
  { lifeMonths: 84, factor: 2, percentDecimals: 2, firstShare: 15, less: { year: 0, by: 1n } },
  // Table A-2, first quarter, 20 years: 7.000 in the second year and at the end 0.565, where the rule has 7.008 and 0.557.
  { lifeMonths: 240, factor: 1.5, percentDecimals: 3, firstShare: 21, less: { year: 1, by: 8n } },
] as const;

/** What each year takes of a cost of 100 percent, in units of the last decimal. */
function percentages(plan: DepreciationPlan, years: readonly YearSlice[], scale: bigint): bigint[] {
  const hundred = { ...plan, cost: new Money(scale, plan.cost.currency), residual: Money.zero(plan.cost.currency), percentDecimals: null };
  let sum = 0n;
  const amounts = years.map((_, place) => {
    const amount = place === years.length - 1 ? scale - sum : amountOfYear(hundred, years, place, sum);
    sum += amount;
    return amount;
  });
  const { method, convention, lifeMonths, factor, percentDecimals } = plan;
  if (method !== "decliningBalance" || convention !== "midQuarter") return amounts;
  const printed = printedOtherwise.find(
    (one) =>
      one.lifeMonths === lifeMonths &&
      one.factor === Number(factor) &&
      one.percentDecimals === percentDecimals &&
      one.firstShare === years[0]!.share,
  );
  if (!printed) return amounts;
  const { year, by } = printed.less;
  return amounts.map((amount, place) => (place === year ? amount - by : place === amounts.length - 1 ? amount + by : amount));
}

/** What so many units are worth: by the units the asset is expected to give, and never more than what is left. */
export function unitsAmount(plan: Pick<DepreciationPlan, "cost" | "residual">, units: bigint, ofUnits: bigint, accumulated: Money): Money {
  const base = plan.cost.minus(plan.residual);
  return new Money(least(rounded(base.minor * units, ofUnits), base.minor - accumulated.minor), plan.cost.currency);
}

/** Divides and rounds half up; both are positive. */
export const rounded = (above: bigint, below: bigint): bigint => (2n * above + below) / (2n * below);

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** `1.5` as 15 over 10. */
export function fraction(text: string): [bigint, bigint] {
  const [whole = "0", decimals = ""] = text.split(".");
  return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)];
}
