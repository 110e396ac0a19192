// The days people mean, counted from a day in November and from the edges of a year.
import { expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { dayBefore, daysOn, monthsUntil, rangesOn } from "./range.rules.ts";

test("ranges around a day", () => {
  expect(rangesOn(day("2026-11-21"))).toMatchObject({
    month: { from: "2026-11-01", to: "2026-11-30" },
    lastMonth: { from: "2026-10-01", to: "2026-10-31" },
    quarter: { from: "2026-10-01", to: "2026-12-31" },
    lastQuarter: { from: "2026-07-01", to: "2026-09-30" },
    twelve: { from: "2025-12-01", to: "2026-11-30" },
  });
  expect(rangesOn(day("2027-01-05")).lastQuarter).toEqual({ from: "2026-10-01", to: "2026-12-31" });
});

test("days of balances", () =>
  expect(daysOn(day("2026-11-21"))).toMatchObject({ monthEnd: "2026-10-31", quarterEnd: "2026-09-30", yearEnd: "2025-12-31" }));

test.each([
  ["2026-11-21", "previousYear", "2025-11-21"],
  ["2025-02-28", "previousYear", "2024-02-29"],
  ["2026-11-21", "previousMonth", "2026-10-31"],
] as const)("%s, %s is %s", (from, by, expected) => expect(dayBefore(day(from), by)).toBe(expected));

test("twelve months until a day, the last one cut", () => {
  const months = monthsUntil(day("2026-02-10"));
  expect(months).toHaveLength(12);
  expect(months[0]).toEqual({ from: "2025-03-01", to: "2025-03-31" });
  expect(months[11]).toEqual({ from: "2026-02-01", to: "2026-02-10" });
});
