// What stands before what, as tables.
import { expect, test } from "vitest";
import { brokenStep, doneDependents, openPrerequisites } from "./close.rules.ts";
import { standardTasks } from "./standard.ts";
import { closeFacts } from "./facts.ts";

const step = (key: string, ...requires: string[]) => ({ key, requires });

test.each([
  ["a line", [step("a"), step("b", "a"), step("c", "b")], undefined],
  ["a diamond", [step("d", "b", "c"), step("b", "a"), step("c", "a"), step("a")], undefined],
  ["something missing", [step("a"), step("b", "x")], { key: "b", missing: "x" }],
  ["a task before itself", [step("a", "a")], { key: "a", missing: "a" }],
  ["a circle of three behind a start", [step("s"), step("a", "s", "c"), step("b", "a"), step("c", "b")], { key: "a", missing: "c" }],
])("%s", (_, steps, broken) => {
  expect(brokenStep(steps)).toEqual(broken);
});

test("what is open before, what is done after", () => {
  const tasks = [
    { ...step("a"), state: "done" as const },
    { ...step("b"), state: "open" as const },
    { ...step("c", "a", "b"), state: "done" as const },
  ];
  expect(openPrerequisites(tasks[2]!, tasks).map((task) => task.key)).toEqual(["b"]);
  expect(doneDependents(tasks[1]!, tasks).map((task) => task.key)).toEqual(["c"]);
});

test("the standard list can be worked off, names only places and facts by key, and ends with the close", () => {
  expect(brokenStep(standardTasks)).toBeUndefined();
  expect(new Set(standardTasks.map((task) => task.key)).size).toBe(standardTasks.length);
  expect(standardTasks.at(-1)).toMatchObject({ fact: "periodIsClosed" });
  expect(new Set(closeFacts.map((fact) => fact.key)).size).toBe(closeFacts.length);
});
