// Fiscal years as tables: calendar years, years that begin in spring, books that begin years ago.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { isFirstOfMonth, periodsOfYear, periodsUntilNextYear } from "./period.rules.ts";

describe("a fiscal year is twelve months and called by the year it ends in", () => {
  test.each([
    { start: "2026-01-01", fiscalYear: 2026, first: "2026-01", last: "2026-12-31" },
    { start: "2026-04-01", fiscalYear: 2027, first: "2026-04", last: "2027-03-31" },
    { start: "2027-07-01", fiscalYear: 2028, first: "2027-07", last: "2028-06-30" },
  ])("from $start", ({ start, fiscalYear, first, last }) => {
    const periods = periodsOfYear(day(start));
    expect(periods).toHaveLength(12);
    expect(periods[0]).toMatchObject({ code: first, fromDay: start, fiscalYear, fiscalYearStart: start });
    expect(periods[11]).toMatchObject({ untilDay: last, fiscalYear });
  });
});

test.each([
  { start: "2026-01-01", today: "2026-11-21", years: [2026, 2027] },
  { start: "2024-01-01", today: "2026-11-21", years: [2024, 2025, 2026, 2027] },
  { start: "2027-01-01", today: "2026-11-21", years: [2027] },
  { start: "2026-04-01", today: "2026-11-21", years: [2027, 2028] },
])("books from $start on, seen on $today, have periods for $years", ({ start, today, years }) => {
  const periods = periodsUntilNextYear(day(start), day(today));
  expect([...new Set(periods.map((period) => period.fiscalYear))]).toEqual(years);
});

test("a fiscal year begins on the first of a month", () => {
  expect(isFirstOfMonth(day("2026-04-01"))).toBe(true);
  expect(isFirstOfMonth(day("2026-04-06"))).toBe(false);
});
