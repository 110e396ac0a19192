// Work orders and maintenance, as tables.
import { expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { dueNow, isRule, nextOccurrence } from "./maintenance.rules.ts";
import { dueFor, hintFor, mayFollow, type State, states, type Step, titleOf } from "./work-order.rules.ts";

test.each([
  ["open", ["assign", "cancel"]],
  ["assigned", ["assign", "start", "complete", "cancel"]],
  ["inProgress", ["assign", "complete", "cancel"]],
  ["done", ["close", "reopen"]],
  ["closed", []],
  ["cancelled", []],
] as [State, Step[]][])("what is %s may be followed by %j", (state, steps) => {
  const all: Step[] = ["assign", "start", "complete", "close", "reopen", "cancel"];
  expect(all.filter((step) => mayFollow(state, step))).toEqual(steps);
});

test("every state says what to do", () => {
  for (const state of states) expect(hintFor(state)).toMatch(/\.$/);
});

test.each([
  ["critical", "2026-11-21"],
  ["high", "2026-11-22"],
  ["normal", "2026-11-28"],
  ["low", "2026-12-21"],
] as const)("%s is due on %s", (urgency, due) => expect(dueFor(urgency, day("2026-11-21"))).toBe(due));

test.each([
  ["  The lift is stuck.\nSecond floor", "The lift is stuck."],
  [`${"word ".repeat(30)}`, `${"word ".repeat(15).trim()}…`],
  ["x".repeat(100), `${"x".repeat(79)}…`],
])("a fault is called by its first line", (text, title) => expect(titleOf(text)).toBe(title));

const monthly = { firstDay: day("2026-01-31"), everyMonths: 1, rule: null };
const mondays = { firstDay: day("2026-01-01"), everyMonths: null, rule: "FREQ=WEEKLY;BYDAY=MO" };
const thrice = { firstDay: day("2026-01-05"), everyMonths: null, rule: "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3" };

test.each([
  [monthly, "2026-02-01", "2026-02-28"],
  [monthly, "2026-03-01", "2026-03-31"],
  [monthly, "2025-01-01", "2026-01-31"],
  [mondays, "2026-01-01", "2026-01-05"],
  [mondays, "2026-01-05", "2026-01-05"],
  [mondays, "2026-01-06", "2026-01-12"],
  [thrice, "2026-01-20", null],
])("%j comes round after %s on %s", (rhythm, from, next) => expect(nextOccurrence(rhythm, day(from))).toBe(next));

test.each([
  [monthly, "2026-02-28", "2026-02-20", undefined],
  [monthly, "2026-02-28", "2026-02-28", { day: "2026-02-28", missed: 0, next: "2026-03-31" }],
  [monthly, "2026-02-28", "2026-05-30", { day: "2026-04-30", missed: 2, next: "2026-05-31" }],
  [thrice, "2026-01-05", "2026-12-31", { day: "2026-01-19", missed: 2, next: null }],
])("of %j from %s until %s is made %j", (rhythm, nextDue, until, due) => expect(dueNow(rhythm, day(nextDue), day(until))).toEqual(due));

test.each([
  ["FREQ=WEEKLY;BYDAY=MO", true],
  ["RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", true],
  ["FREQ=HOURLY", false],
  ["FREQ=DAILY\nDTSTART:20200101T000000Z", false],
  ["FREQ=DAILY;WHAT", false],
  ["every monday", false],
])("%s can be followed: %s", (rule, fits) => expect(isRule(rule, day("2026-01-01"))).toBe(fits));
