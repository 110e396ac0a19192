// Days of returns.
import { expect, test } from "vitest";
import { day } from "../../../../kernel/day.ts";
import { lastDayOf, spanOf } from "./tax-return.rules.ts";

test.each([
  ["2026-02-01", "month", "2026-02-28"],
  ["2026-10-01", "quarter", "2026-12-31"],
  ["2026-01-01", "year", "2026-12-31"],
] as const)("from %s a %s ends on %s", (from, span, to) => {
  expect(lastDayOf(day(from), span)).toBe(to);
  expect(spanOf(day(from), day(to))).toBe(span);
});

test("other days are a month", () => {
  expect(spanOf(day("2026-01-01"), day("2026-01-17"))).toBe("month");
});
