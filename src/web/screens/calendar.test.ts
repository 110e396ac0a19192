// The calendar of the screens: weeks of a month, places on an axis, days written along it.
import { expect, test } from "vitest";
import type { Day } from "../../kernel/day.ts";
import { placeOf, startOfWeek, ticksBetween, weekdayNames, weeksOfMonth } from "./calendar.ts";

const day = (text: string): Day => text as Day;

test("a month is laid out in whole weeks that hold all its days", () => {
  for (const month of ["2026-02-01", "2026-11-21", "2027-03-31", "2028-02-29"]) {
    const weeks = weeksOfMonth(day(month));
    expect(weeks.every((week) => week.length === 7 && week[0] === startOfWeek(week[0]!))).toBe(true);
    const days = weeks.flat();
    expect(days).toContain(`${month.slice(0, 7)}-01`);
    expect(new Set(days).size).toBe(days.length);
    expect(days.filter((one) => one.startsWith(month.slice(0, 7))).length).toBeGreaterThanOrEqual(28);
    expect(days.at(-7)!.slice(0, 7)).toBe(month.slice(0, 7));
  }
  expect(weekdayNames()).toHaveLength(7);
});

test("a day stands on the axis in proportion", () => {
  expect(placeOf(day("2026-11-11"), day("2026-11-01"), day("2026-11-21"))).toBe(50);
  expect(placeOf(day("2026-11-01"), day("2026-11-01"), day("2026-11-01"))).toBe(50);
});

test("an axis never has more than a handful of days written along it", () => {
  for (const until of ["2026-11-04", "2026-12-24", "2027-06-01", "2029-01-01"]) {
    const ticks = ticksBetween(day("2026-11-01"), day(until));
    expect(ticks.length).toBeGreaterThan(0);
    expect(ticks.length).toBeLessThanOrEqual(10);
    expect(ticks.every((one) => one >= "2026-11-01" && one <= until)).toBe(true);
  }
});
