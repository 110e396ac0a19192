// The days of columns: months and quarters cut by the range, what lies before it, and month-ends before a day.
import { expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { monthEndsBefore, partsOf, rangeBefore } from "./range.rules.ts";

const range = (from: string, to: string) => ({ from: day(from), to: day(to) });

test.each([
  ["2026-01-01", "2026-03-31", "previousPeriod", "2025-10-01", "2025-12-31"],
  ["2026-02-01", "2026-02-28", "previousPeriod", "2026-01-01", "2026-01-31"],
  ["2024-03-01", "2024-03-31", "previousPeriod", "2024-02-01", "2024-02-29"],
  ["2026-03-10", "2026-03-19", "previousPeriod", "2026-02-28", "2026-03-09"],
  ["2024-02-01", "2024-02-29", "previousYear", "2023-02-01", "2023-02-28"],
  ["2025-02-01", "2025-02-28", "previousYear", "2024-02-01", "2024-02-29"],
] as const)("before %s until %s, %s, lies %s until %s", (from, to, wish, earlierFrom, earlierTo) => {
  expect(rangeBefore(range(from, to), wish)).toEqual(range(earlierFrom, earlierTo));
});

test("months and quarters are cut by the range and leave no day out", () => {
  expect(partsOf(range("2026-01-15", "2026-03-02"), "month")).toEqual([
    range("2026-01-15", "2026-01-31"),
    range("2026-02-01", "2026-02-28"),
    range("2026-03-01", "2026-03-02"),
  ]);
  expect(partsOf(range("2025-12-31", "2026-07-01"), "quarter")).toEqual([
    range("2025-12-31", "2025-12-31"),
    range("2026-01-01", "2026-03-31"),
    range("2026-04-01", "2026-06-30"),
    range("2026-07-01", "2026-07-01"),
  ]);
  expect(partsOf(range("2026-05-05", "2026-05-05"), "month")).toEqual([range("2026-05-05", "2026-05-05")]);
});

test("month-ends before a day, and the day", () => {
  expect(monthEndsBefore(day("2024-03-15"), 2)).toEqual(["2024-01-31", "2024-02-29", "2024-03-15"]);
});
