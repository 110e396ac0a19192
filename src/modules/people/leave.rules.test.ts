// What leave is due, what lapses, and which year a day of leave falls in.
import { expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { daysByYear, entitlement, lapsing } from "./leave.rules.ts";

test.each([
  ["30", 2026, "2020-01-01", null, "30"],
  ["30", 2026, "2026-07-01", null, "15.5"],
  ["25", 2026, "2026-12-31", null, "0.5"],
  ["28", 2026, "2020-01-01", "2026-01-31", "2.5"],
  ["30", 2026, "2027-01-01", null, "0"],
  ["30", 2026, "2020-01-01", "2025-12-31", "0"],
  ["24", 2024, "2024-01-01", "2024-12-31", "24"],
  ["0", 2026, "2020-01-01", null, "0"],
])("%s a year in %i for someone employed from %s until %s: %s", (yearly, year, from, until, expected) => {
  expect(entitlement(yearly, year, day(from), until === null ? null : day(until)).toFixed()).toBe(expected);
});

test.each([
  ["12", null, "0"],
  ["12", "5", "7"],
  ["3", "5", "0"],
  ["-2", "0", "0"],
])("a balance of %s with %s carried over: %s lapse", (balance, carried, expected) => {
  expect(lapsing(balance, carried).toFixed()).toBe(expected);
});

test("days over New Year fall in two years, and half a day counts half", () => {
  const worked = ["2026-12-30", "2026-12-31", "2027-01-04"].map(day);
  expect(daysByYear(worked, false).map(({ year, days }) => [year, days.toFixed()])).toEqual([
    [2026, "2"],
    [2027, "1"],
  ]);
  expect(daysByYear(worked.slice(0, 1), true).map(({ days }) => days.toFixed())).toEqual(["0.5"]);
});
