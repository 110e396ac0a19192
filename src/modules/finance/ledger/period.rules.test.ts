// Fiscal years as tables: calendar years, years that begin in spring or on any day, short and long ones, books that begin years ago.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { fiscalYearStartOf, periodsOf, periodsOfYear, periodsUntilNextYear } from "./period.rules.ts";

describe("a fiscal year is twelve months and called by the year it ends in", () => {
  test.each([
    { start: "2026-01-01", fiscalYear: 2026, first: "2026-01", last: "2026-12-31" },
    { start: "2026-04-01", fiscalYear: 2027, first: "2026-04", last: "2027-03-31" },
    { start: "2027-07-01", fiscalYear: 2028, first: "2027-07", last: "2028-06-30" },
    { start: "2026-04-06", fiscalYear: 2027, first: "2026-04-P01", last: "2027-04-05" },
  ])("from $start", ({ start, fiscalYear, first, last }) => {
    const periods = periodsOfYear(day(start));
    expect(periods).toHaveLength(12);
    expect(periods[0]).toMatchObject({ code: first, fromDay: start, fiscalYear, fiscalYearStart: start });
    expect(periods[11]).toMatchObject({ untilDay: last, fiscalYear });
  });
});

// The first three are the tables of Tryton's test of fiscal years (research 5.8); the days follow from a calendar.
describe("a fiscal year of any length", () => {
  test.each([
    { from: "2026-04-06", until: "2027-04-05", months: 1, endDate: undefined, count: 12, ends: ["2026-05-05", "2027-03-05"] },
    { from: "2026-06-06", until: "2026-12-31", months: 1, endDate: 29, count: 8, ends: ["2026-06-29", "2026-12-29"] },
    { from: "2026-09-09", until: "2027-11-12", months: 3, endDate: undefined, count: 5, ends: ["2026-12-08", "2027-09-08"] },
    { from: "2026-09-09", until: "2027-11-12", months: 3, endDate: 31, count: 5, ends: ["2026-11-30", "2027-08-31"] },
    { from: "2027-01-01", until: "2027-12-31", months: 3, endDate: undefined, count: 4, ends: ["2027-03-31", "2027-09-30"] },
    { from: "2027-12-30", until: "2028-03-29", months: 1, endDate: 29, count: 3, ends: ["2028-01-29", "2028-02-29"] },
    { from: "2026-11-17", until: "2026-11-17", months: 12, endDate: undefined, count: 1, ends: [undefined, undefined] },
  ])("from $from until $until by $months months", ({ from, until, months, endDate, count, ends }) => {
    const periods = periodsOf({ from: day(from), until: day(until), months, endDate });
    expect(periods).toHaveLength(count);
    expect(periods[0]!.fromDay).toBe(from);
    expect(periods.at(-1)!.untilDay).toBe(until);
    if (count > 1) expect([periods[0]!.untilDay, periods.at(-2)!.untilDay]).toEqual(ends);
    expect(new Set(periods.map((period) => period.code)).size).toBe(count);
    for (const [index, period] of periods.slice(1).entries()) {
      expect(Date.parse(period.fromDay) - Date.parse(periods[index]!.untilDay)).toBe(86_400_000);
    }
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

test.each([
  { value: "2030-05-17", starts: ["2026-01-01"], until: "2026-12-31", start: "2030-01-01" },
  { value: "2030-04-05", starts: ["2026-04-06"], until: "2027-04-05", start: "2029-04-06" },
  { value: "2030-04-06", starts: ["2026-04-06"], until: "2027-04-05", start: "2030-04-06" },
  { value: "2024-02-29", starts: ["2026-09-01"], until: "2027-08-31", start: "2023-09-01" },
  // A short year, then one of fourteen months, then twelve months from the day after.
  { value: "2026-06-30", starts: ["2026-01-01", "2026-07-01"], until: "2027-08-31", start: "2026-01-01" },
  { value: "2027-08-31", starts: ["2026-01-01", "2026-07-01"], until: "2027-08-31", start: "2026-07-01" },
  { value: "2027-09-01", starts: ["2026-01-01", "2026-07-01"], until: "2027-08-31", start: "2027-09-01" },
  { value: "2028-10-01", starts: ["2026-01-01", "2026-07-01"], until: "2027-08-31", start: "2028-09-01" },
])("$value lies in the fiscal year that begins on $start", ({ value, starts, until, start }) => {
  expect(fiscalYearStartOf(day(value), { starts: starts.map(day), until: day(until) })).toBe(start);
});
