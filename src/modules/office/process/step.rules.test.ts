// What becomes of steps, from the facts alone.
import { expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { dueDay, judge, type StepFacts } from "./step.rules.ts";

const step = (key: string, more: Partial<StepFacts> = {}): StepFacts => ({
  key,
  after: [],
  was: "waiting",
  isDone: false,
  fallsAway: false,
  ...more,
});

test.each<[string, StepFacts[], Record<string, string>]>([
  ["a first step opens", [step("a")], { a: "open" }],
  ["a later one waits", [step("a"), step("b", { after: ["a"] })], { a: "open", b: "waiting" }],
  ["until the earlier is done", [step("a", { isDone: true }), step("b", { after: ["a"] })], { a: "done", b: "open" }],
  ["or has fallen away", [step("a", { fallsAway: true }), step("b", { after: ["a"] })], { a: "skipped", b: "open" }],
  [
    "it waits for all of them",
    [step("a", { isDone: true }), step("b"), step("c", { after: ["a", "b"] })],
    { a: "done", b: "open", c: "waiting" },
  ],
  ["done before its turn is done", [step("a"), step("b", { after: ["a"], isDone: true })], { a: "open", b: "done" }],
  ["done beats falling away", [step("a", { isDone: true, fallsAway: true })], { a: "done" }],
  ["no longer true opens again", [step("a", { was: "done" })], { a: "open" }],
  [
    "open stays open when an earlier one opens again",
    [step("a", { was: "done" }), step("b", { after: ["a"], was: "open" })],
    { a: "open", b: "open" },
  ],
  ["back from falling away it takes its turn", [step("a"), step("b", { after: ["a"], was: "skipped" })], { a: "open", b: "waiting" }],
  ["order of writing does not matter", [step("b", { after: ["a"] }), step("a", { isDone: true })], { a: "done", b: "open" }],
  ["a step that a release took out holds nobody up", [step("b", { after: ["gone"] })], { b: "open" }],
])("%s", (_, steps, states) => {
  expect(Object.fromEntries(judge(steps))).toEqual(states);
});

test.each([
  ["2026-04-01", -21, "2026-03-01", "2026-03-11"],
  ["2026-04-01", 5, "2026-03-01", "2026-04-06"],
  ["2026-04-01", -21, "2026-03-20", "2026-03-20"],
])("counted from %s by %i days, begun on %s, it is due on %s", (anchor, offset, startedOn, due) => {
  expect(dueDay(day(anchor), offset, day(startedOn))).toBe(due);
});
