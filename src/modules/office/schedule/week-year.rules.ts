// Years counted in weeks: yearly rules with BYWEEKNO. The library counts such years from January, but a week belongs to the year that
// holds most of it (RFC 5545 3.3.10, ISO 8601), so that the first of January can lie in the year before. Pure.
import { addDays, dateOf, type Day, dayOf, daysBetween, endOfMonth, monthOf, weekdayOf, yearOf } from "../../../kernel/day.ts";

/** A time on the wall without a zone, `2026-11-22T09:00:00`, or a whole day, `2026-11-22`. Both sort as text. */
export type Wall = string;

/** The parts of a rule by their names. */
export type RuleParts = ReadonlyMap<string, string>;

export const isByWeekNumber = (parts: RuleParts): boolean => parts.get("FREQ") === "YEARLY" && parts.has("BYWEEKNO");

const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const lastYear = 9999;

/** The times of such a rule from its start on, COUNT kept, UNTIL left to the caller. */
export function* weekYearly(parts: RuleParts, start: Wall): Generator<Wall> {
  const first = start.slice(0, 10) as Day;
  const weekStart = weekdays.indexOf(parts.get("WKST") ?? "MO") + 1;
  const interval = Number(parts.get("INTERVAL") ?? 1);
  const times = timesOf(parts, start);
  let left = Number(parts.get("COUNT") ?? Number.POSITIVE_INFINITY);
  const daysOf = (year: number): Day[] => daysIn(parts, year, weekStart, weekdayOf(first));
  // Years are counted from the one whose week the start is in; a start that the rule does not name is of its own calendar year,
  // as in libical.
  const own = weekYearOf(first, weekStart);
  for (let year = daysOf(own).includes(first) ? own : yearOf(first); year < lastYear; year += interval) {
    const all = daysOf(year).flatMap((day) => times.map((time) => `${day}T${time}`));
    for (const wall of picked(all, numbersOf(parts, "BYSETPOS"))) {
      if (wall < start) continue;
      yield wall;
      if (--left === 0) return;
    }
  }
}

function daysIn(parts: RuleParts, year: number, weekStart: number, startsOn: number): Day[] {
  const first = firstDayOf(year, weekStart);
  const weeks = daysBetween(first, firstDayOf(year + 1, weekStart)) / 7;
  const asked = numbersOf(parts, "BYWEEKNO").map((number) => (number > 0 ? number : weeks + number + 1));
  const limits = ["BYDAY", "BYMONTHDAY", "BYYEARDAY"].some((name) => parts.has(name));
  const fits = limits ? (day: Day) => isNamed(parts, day) : (day: Day) => weekdayOf(day) === startsOn;
  const months = numbersOf(parts, "BYMONTH");
  return [...new Set(asked)]
    .filter((number) => number >= 1 && number <= weeks)
    .toSorted((a, b) => a - b)
    .flatMap((number) => Array.from({ length: 7 }, (_, index) => addDays(first, (number - 1) * 7 + index)))
    .filter((day) => fits(day) && (months.length === 0 || months.includes(monthOf(day))));
}

function isNamed(parts: RuleParts, day: Day): boolean {
  const names = parts.get("BYDAY")?.split(",");
  const dates = numbersOf(parts, "BYMONTHDAY");
  const yearDays = numbersOf(parts, "BYYEARDAY");
  const fromEnd = dateOf(day) - dateOf(endOfMonth(day)) - 1;
  const yearDay = daysBetween(dayOf(yearOf(day), 1, 1), day) + 1;
  const yearDayFromEnd = daysBetween(dayOf(yearOf(day) + 1, 1, 1), day);
  return (
    (names === undefined || names.includes(weekdays[weekdayOf(day) - 1]!)) &&
    (dates.length === 0 || dates.includes(dateOf(day)) || dates.includes(fromEnd)) &&
    (yearDays.length === 0 || yearDays.includes(yearDay) || yearDays.includes(yearDayFromEnd))
  );
}

/** The first day of the first week: the week that holds the fourth of January. */
function firstDayOf(year: number, weekStart: number): Day {
  const fourth = dayOf(year, 1, 4);
  return addDays(fourth, -((weekdayOf(fourth) - weekStart + 7) % 7));
}

function weekYearOf(day: Day, weekStart: number): number {
  const year = yearOf(day);
  if (day >= firstDayOf(year + 1, weekStart)) return year + 1;
  return day < firstDayOf(year, weekStart) ? year - 1 : year;
}

function timesOf(parts: RuleParts, start: Wall): string[] {
  const of = (name: string, from: number): number[] => {
    const named = numbersOf(parts, name);
    return named.length > 0 ? named.toSorted((a, b) => a - b) : [Number(start.slice(from, from + 2))];
  };
  const two = (value: number): string => String(value).padStart(2, "0");
  return of("BYHOUR", 11).flatMap((hour) =>
    of("BYMINUTE", 14).flatMap((minute) => of("BYSECOND", 17).map((second) => `${two(hour)}:${two(minute)}:${two(second)}`)),
  );
}

function picked(all: readonly Wall[], positions: readonly number[]): readonly Wall[] {
  if (positions.length === 0) return all;
  return all.filter((_, index) => positions.includes(index + 1) || positions.includes(index - all.length));
}

function numbersOf(parts: RuleParts, name: string): number[] {
  return (parts.get(name) ?? "").split(",").flatMap((text) => (text === "" ? [] : [Number(text)]));
}
