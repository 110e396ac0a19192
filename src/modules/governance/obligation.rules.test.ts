// When obligations fall due, as tables.
import { expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { dueDayOf, nextPlanned } from "./obligation.plan.ts";
import { firstPlanned, type Plan, planInWords } from "./obligation.rules.ts";

const plan = (recurrence: Plan["recurrence"], firstDue: string, more: Partial<Plan> = {}): Plan => ({
  recurrence,
  anchor: "plan",
  firstDue: day(firstDue),
  dueDays: null,
  ...more,
});
const taxDays = { dueDays: [day("2026-03-10"), day("2026-06-10"), day("2026-09-10")] };

test.each([
  ["once", plan("once", "2026-01-10"), "2026-01-10", "2026-01-10", undefined],
  ["a week later", plan("weekly", "2026-01-05"), "2026-01-05", "2026-01-05", "2026-01-12"],
  ["the same date next month", plan("monthly", "2026-01-10"), "2026-01-10", "2026-01-09", "2026-02-10"],
  ["however late", plan("monthly", "2026-01-10"), "2026-01-10", "2026-04-01", "2026-02-10"],
  ["the last of February", plan("monthly", "2026-01-31"), "2026-01-31", "2026-01-31", "2026-02-28"],
  ["and back to the 31st", plan("monthly", "2026-01-31"), "2026-02-28", "2026-02-28", "2026-03-31"],
  ["a leap year", plan("yearly", "2024-02-29"), "2027-02-28", "2027-02-28", "2028-02-29"],
  ["a quarter later", plan("quarterly", "2025-11-30"), "2025-11-30", "2025-11-30", "2026-02-28"],
  ["half a year later", plan("halfYearly", "2026-03-31"), "2026-03-31", "2026-03-31", "2026-09-30"],
  ["from when it was done", plan("yearly", "2026-01-10", { anchor: "fulfilment" }), "2026-01-10", "2026-03-02", "2027-03-02"],
  ["a week from when it was done", plan("weekly", "2026-01-10", { anchor: "fulfilment" }), "2026-01-10", "2026-01-14", "2026-01-21"],
  ["done a week early", plan("weekly", "2026-01-10", { anchor: "fulfilment" }), "2026-01-10", "2026-01-03", "2026-01-17"],
  ["the next listed day", plan("days", "2026-03-10", taxDays), "2026-03-10", "2026-03-10", "2026-06-10"],
  ["after the last listed day", plan("days", "2026-03-10", taxDays), "2026-09-10", "2026-09-10", undefined],
])("what follows: %s", (_says, given, planned, on, next) => {
  expect(nextPlanned(given, day(planned), day(on))).toBe(next);
});

// Friday 18 to Tuesday 22 December 2026, with Monday a holiday.
const worked = ["2026-12-17", "2026-12-18", "2026-12-22", "2026-12-23"].map(day);

test.each([
  ["a worked day stays", "2026-12-18", "after", "2026-12-18"],
  ["Saturday goes past the weekend and the holiday", "2026-12-19", "after", "2026-12-22"],
  ["Sunday goes back to Friday", "2026-12-20", "before", "2026-12-18"],
  ["the holiday goes back to Friday", "2026-12-21", "before", "2026-12-18"],
  ["a weekend that stays", "2026-12-20", "stays", "2026-12-20"],
] as const)("the day it is due: %s", (_says, planned, weekend, due) => {
  expect(dueDayOf(day(planned), weekend, worked)).toBe(due);
});

test("nothing worked nearby leaves the planned day", () => {
  expect(dueDayOf(day("2026-12-20"), "after", [])).toBe("2026-12-20");
});

test("a plan in words and its first day", () => {
  expect(planInWords(plan("monthly", "2026-01-10"))).toBe("every month on day 10");
  expect(planInWords(plan("yearly", "2026-01-10", { anchor: "fulfilment" }))).toBe("every year, from when it was last done");
  expect(planInWords(plan("days", "2026-03-10", taxDays))).toBe("on 3 days");
  expect(planInWords(plan("once", "2026-03-10"))).toBe("once");
  expect(firstPlanned(plan("days", "2026-01-01", taxDays))).toBe("2026-03-10");
});
