// Schedules as tables. Days by the calendar, cents by hand: cut each share, then the largest remainders get the cents that are left.
import { expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { deferralSchedule } from "./deferral.rules.ts";

test.each([
  // 10 January until 15 March 2019: 22, 28 and 15 of 65 days; 33.846, 43.077, 23.077.
  { amount: "100.00", from: "2019-01-10", until: "2019-03-15", by: "days", parts: ["33.84", "43.08", "23.08"] },
  { amount: "1200.00", from: "2026-01-01", until: "2026-03-31", by: "months", parts: ["400.00", "400.00", "400.00"] },
  { amount: "100.00", from: "2026-01-01", until: "2026-03-31", by: "months", parts: ["33.34", "33.33", "33.33"] },
  // Half of April (15 of 30 days), May whole, half of June: 0.5, 1, 0.5.
  { amount: "800.00", from: "2026-04-16", until: "2026-06-15", by: "months", parts: ["200.00", "400.00", "200.00"] },
  // 31, 28 and 31 of 90 days: 344.44, 311.11, 344.44.
  { amount: "1000.00", from: "2026-01-01", until: "2026-03-31", by: "days", parts: ["344.45", "311.11", "344.44"] },
  { amount: "5.00", from: "2028-02-01", until: "2028-02-29", by: "days", parts: ["5.00"] },
  // Two cents for three months: a month of nothing is no part.
  { amount: "0.02", from: "2026-01-01", until: "2026-03-31", by: "months", parts: ["0.01", "0.01"] },
] as const)("$amount from $from until $until by $by", ({ amount, from, until, by, parts }) => {
  const schedule = deferralSchedule(Money.parse(amount, "EUR"), day(from), day(until), by);
  expect(schedule.map((part) => part.amount.amount)).toEqual(parts);
  expect(schedule[0]!.fromDay).toBe(from);
});
