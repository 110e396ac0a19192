// Letting an asset go: what it still loses until the day, what it is worth in the books then, and what was gained or lost.
import type { Day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { type DepreciationLine, type DepreciationPlan, rounded } from "./depreciation.rules.ts";
import { countedUntil, isYearly, yearsOfLife, yearStartOf } from "./life.rules.ts";

/**
 * Whether a disposal on the last day of a line cuts it. By the month or the day the line is over then (Tryton, scenario_account_asset); a
 * convention of the middle takes any day of its year, quarter or month for its middle, the last one too (26 CFR 1.168(d)-1(b)(3)).
 */
export const cutsLastDay = ({ convention }: Pick<DepreciationPlan, "convention">): boolean =>
  isYearly(convention) || convention === "midMonth";

/** Whether nothing of the year counts: a convention that speaks of the year, and the asset goes in the one it came in. */
export const countsNothing = (plan: DepreciationPlan, day: Day): boolean =>
  isYearly(plan.convention) && yearStartOf(day, plan.yearStartMonth) === yearStartOf(plan.startDay, plan.yearStartMonth);

/**
 * The line from the last whole one until the day of the disposal, by the convention; undefined when nothing counts any more.
 * `lines` are all of the schedule, booked or not.
 */
export function lineUntilDisposal(plan: DepreciationPlan, lines: readonly DepreciationLine[], day: Day): DepreciationLine | undefined {
  const cut = lines.find((line) => line.fromDay <= day && (day < line.untilDay || (day === line.untilDay && cutsLastDay(plan))));
  if (!cut || day <= plan.startDay) return undefined;
  const amount = isYearly(plan.convention) ? yearAmount(plan, lines, day) : partOf(plan, cut, day);
  return amount <= 0n ? undefined : { fromDay: cut.fromDay, untilDay: day, amount: new Money(amount, plan.cost.currency) };
}

function partOf(plan: DepreciationPlan, cut: DepreciationLine, day: Day): bigint {
  const years = yearsOfLife(plan);
  const slices = plan.rhythm === "year" ? years : years.flatMap((year) => year.months);
  const slice = slices.find((one) => one.untilDay === cut.untilDay);
  if (!slice) return 0n;
  const { counted, of } = countedUntil(plan, slice, day);
  return rounded(cut.amount.minor * BigInt(counted), BigInt(of));
}

/** Where the convention speaks of the year: what the year may count, less what it has counted already. */
function yearAmount(plan: DepreciationPlan, lines: readonly DepreciationLine[], day: Day): bigint {
  const year = yearsOfLife(plan).find((one) => one.fromDay <= day && day <= one.untilDay);
  if (!year) return 0n;
  const yearStart = yearStartOf(day, plan.yearStartMonth);
  const ofYear = lines.filter((line) => line.untilDay >= yearStart && line.untilDay <= year.untilDay);
  const sum = (some: readonly DepreciationLine[]): bigint => some.reduce((total, line) => total + line.amount.minor, 0n);
  const { counted, of } = countedUntil(plan, year, day);
  return rounded(sum(ofYear) * BigInt(counted), BigInt(of)) - sum(ofYear.filter((line) => line.untilDay < day));
}

export interface DisposalResult {
  readonly bookValue: Money;
  /** Gain positive, loss negative. */
  readonly result: Money;
}

export function disposalResult(cost: Money, accumulated: Money, proceeds: Money): DisposalResult {
  const bookValue = cost.minus(accumulated);
  return { bookValue, result: proceeds.minus(bookValue) };
}
