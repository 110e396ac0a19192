// Schedules as tables. Days by the calendar, cents by hand: cut each share, then the largest remainders get the cents that are left.
import { expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { deferralSchedule, documentSchedule, isServicePeriodFit, isSpread } from "./deferral.rules.ts";

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

test.each([
  // Whole months weigh the same: a year's insurance from March, 1200.00, is 100.00 a month.
  { amount: "1200.00", on: "2026-03-10", from: "2026-03-01", until: "2027-02-28", first: ["2026-03-31", "100.00"], parts: 12 },
  // Billed in May for the whole year: January until May, 500.00, are recognised with May.
  { amount: "1200.00", on: "2026-05-10", from: "2026-01-01", until: "2026-12-31", first: ["2026-05-31", "500.00"], parts: 8 },
  // Billed in February for 1 March on: nothing is before.
  { amount: "1200.00", on: "2026-02-20", from: "2026-03-01", until: "2027-02-28", first: ["2026-03-31", "100.00"], parts: 12 },
  // No whole months: by days. 15 March until 14 June is 17, 30, 31 and 14 of 92 days; 92.00 is a euro a day.
  { amount: "92.00", on: "2026-03-15", from: "2026-03-15", until: "2026-06-14", first: ["2026-03-31", "17.00"], parts: 4 },
  // What a credit note takes back, below zero.
  { amount: "-600.00", on: "2026-09-05", from: "2026-07-01", until: "2026-12-31", first: ["2026-09-30", "-300.00"], parts: 4 },
] as const)("a document of $on over $amount for $from until $until", ({ amount, on, from, until, first, parts }) => {
  const schedule = documentSchedule(Money.parse(amount, "EUR"), day(from), day(until), day(on));
  expect([schedule[0]!.untilDay, schedule[0]!.amount.amount, schedule.length]).toEqual([...first, parts]);
  expect(schedule.reduce((sum, part) => sum + part.amount.minor, 0n)).toBe(Money.parse(amount, "EUR").minor);
});

test("what is for the month of its document, or stands on the balance sheet, is not spread", () => {
  const until = (serviceUntil: string) => ({ serviceFrom: day("2026-01-01"), serviceUntil: day(serviceUntil) });
  expect(isSpread(until("2026-04-01"), "expense", day("2026-03-10"))).toBe(true);
  expect(isSpread(until("2026-03-31"), "expense", day("2026-03-10"))).toBe(false);
  expect(isSpread(until("2026-12-31"), "asset", day("2026-03-10"))).toBe(false);
  expect(isSpread({}, "income", day("2026-03-10"))).toBe(false);
  const spans = [["2026-01-01", undefined], ["2026-01-02", "2026-01-01"], ["2026-01-01", "2057-01-01"], ["2026-01-01", "2026-01-01"], []];
  const fit = spans.map(([from, to]) => isServicePeriodFit({ serviceFrom: from && day(from), serviceUntil: to && day(to) } as object));
  expect(fit).toEqual([false, false, false, true, true]);
});
