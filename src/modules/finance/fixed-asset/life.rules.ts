// The useful life of an asset cut into lines: how much of each month or year counts, by the convention of its books.
//
// | convention  | in the first month or year                          | on disposal                             |
// |-------------|-----------------------------------------------------|-----------------------------------------|
// | full month  | the month of the start counts whole                 | the month of the disposal does not count|
// | daily       | each day counts from the start                      | until the day before                    |
// | half year   | half a year, whenever it starts in the year         | half a year                             |
// | mid-quarter | from the middle of the quarter                      | to the middle of the quarter            |
// | mid-month   | from the middle of the month                        | to the middle of the month              |
import {
  addDays,
  addMonths,
  type Day,
  daysBetween,
  earlier,
  endOfMonth,
  later,
  monthOf,
  startOfMonth,
  yearOf,
} from "../../../kernel/day.ts";

export const conventions = ["fullMonth", "daily", "halfYear", "midQuarter", "midMonth"] as const;
export type Convention = (typeof conventions)[number];
export const rhythms = ["month", "year"] as const;
export type Rhythm = (typeof rhythms)[number];

export interface Life {
  readonly convention: Convention;
  readonly startDay: Day;
  readonly lifeMonths: number;
  /** The month in which fiscal years begin, 1 to 12. */
  readonly yearStartMonth: number;
}

/** A part of the life and its share of it: half-months, or days where the convention is daily. */
export interface Slice {
  readonly fromDay: Day;
  readonly untilDay: Day;
  readonly share: number;
}

export interface YearSlice extends Slice {
  /** What a whole year would be. */
  readonly yearShare: number;
  readonly months: readonly Slice[];
}

/** Conventions that speak of a year: its amount is computed whole and then spread over its months. */
export const isYearly = (convention: Convention): boolean => convention === "halfYear" || convention === "midQuarter";

export function yearStartOf(value: Day, yearStartMonth: number): Day {
  return addMonths(startOfMonth(value), -((monthOf(value) - yearStartMonth + 12) % 12));
}

export const monthsBetween = (from: Day, until: Day): number => (yearOf(until) - yearOf(from)) * 12 + monthOf(until) - monthOf(from);

/** Half-months from the first day of the fiscal year to the day the convention takes for the one given. */
function deemedOffset(value: Day, life: Life): number {
  const month = monthsBetween(yearStartOf(value, life.yearStartMonth), value);
  if (life.convention === "halfYear") return 12;
  if (life.convention === "midQuarter") return 6 * Math.floor(month / 3) + 3;
  return life.convention === "midMonth" ? 2 * month + 1 : 2 * month;
}

/** The fiscal years of the life, each with its months. */
export function yearsOfLife(life: Life): YearSlice[] {
  return life.convention === "daily" ? yearsByDay(life) : yearsByHalfMonth(life);
}

function yearsByHalfMonth(life: Life): YearSlice[] {
  const years: YearSlice[] = [];
  let left = 2 * life.lifeMonths;
  let offset = deemedOffset(life.startDay, life);
  let yearStart = yearStartOf(life.startDay, life.yearStartMonth);
  while (left > 0) {
    const share = Math.min(24 - offset, left);
    left -= share;
    const lastMonth = addMonths(yearStart, Math.ceil((offset + share) / 2) - 1);
    const fromDay = years.length === 0 ? life.startDay : yearStart;
    const slice = { fromDay, untilDay: later(endOfMonth(lastMonth), endOfMonth(fromDay)), share };
    years.push({ ...slice, yearShare: 24, months: monthsOf(slice, life, years.length === 0) });
    yearStart = addMonths(yearStart, 12);
    offset = 0;
  }
  return years;
}

function monthsOf(year: Slice, life: Life, isFirst: boolean): Slice[] {
  const count = monthsBetween(year.fromDay, year.untilDay) + 1;
  let left = year.share;
  return Array.from({ length: count }, (_, index) => {
    const month = addMonths(startOfMonth(year.fromDay), index);
    const isHalf = life.convention === "midMonth" && isFirst && index === 0;
    // Where the convention speaks of years, the months of a year are alike.
    const share = isYearly(life.convention) ? 1 : Math.min(isHalf ? 1 : 2, left);
    left -= share;
    return { fromDay: later(month, year.fromDay), untilDay: endOfMonth(month), share };
  });
}

function yearsByDay(life: Life): YearSlice[] {
  const end = addDays(addMonths(life.startDay, life.lifeMonths), -1);
  const years: YearSlice[] = [];
  for (let fromDay = life.startDay; fromDay <= end;) {
    const yearStart = yearStartOf(fromDay, life.yearStartMonth);
    const nextYear = addMonths(yearStart, 12);
    const untilDay = earlier(addDays(nextYear, -1), end);
    const months: Slice[] = [];
    for (let from = fromDay; from <= untilDay; from = addMonths(startOfMonth(from), 1)) {
      const until = earlier(endOfMonth(from), untilDay);
      months.push({ fromDay: from, untilDay: until, share: daysBetween(from, until) + 1 });
    }
    years.push({ fromDay, untilDay, share: daysBetween(fromDay, untilDay) + 1, yearShare: daysBetween(yearStart, nextYear), months });
    fromDay = nextYear;
  }
  return years;
}

/**
 * How much of a slice counts when the asset goes on a day within it, as a fraction. A disposal in the first year counts nothing
 * under a convention that speaks of the year, as the law that knows them has it (26 CFR 1.168(d)-1(b)(3)(ii)); that law excepts the real
 * property for which there is mid-month.
 */
export function countedUntil(life: Life, slice: Slice, day: Day): { readonly counted: number; readonly of: number } {
  if (life.convention === "daily") return { counted: daysBetween(slice.fromDay, day), of: slice.share };
  const yearStart = yearStartOf(day, life.yearStartMonth);
  const isFirst = slice.fromDay === life.startDay;
  if (isFirst && isYearly(life.convention)) return { counted: 0, of: slice.share };
  const sliceStart = isFirst ? deemedOffset(life.startDay, life) : 2 * monthsBetween(yearStart, slice.fromDay);
  return { counted: Math.min(Math.max(deemedOffset(day, life) - sliceStart, 0), slice.share), of: slice.share };
}
