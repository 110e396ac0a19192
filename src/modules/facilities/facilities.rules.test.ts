// Work orders and maintenance, as tables.
import { expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { dueFor, hintFor, mayFollow, type State, states, type Step, titleOf } from "./work-order.rules.ts";

test.each([
  ["open", ["assign", "cancel"]],
  ["assigned", ["assign", "start", "hold", "work", "complete", "cancel"]],
  ["inProgress", ["assign", "hold", "work", "complete"]],
  ["onHold", ["assign", "resume", "work"]],
  ["done", ["close", "reopen"]],
  ["closed", []],
  ["cancelled", []],
] as [State, Step[]][])("what is %s may be followed by %j", (state, steps) => {
  const all: Step[] = ["assign", "start", "hold", "resume", "work", "complete", "close", "reopen", "cancel"];
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
