// Mistakes in a process that are found when it is declared, and what an event must bring.
import { expect, test } from "vitest";
import { newId } from "../../../kernel/id.ts";
import { days, ids, process, type Step } from "./process.ts";
import { processModule } from "./module.ts";

const step = (after: string[] = []): Step<{ personId: never }> => ({
  says: "It is so.",
  owner: "it.equipment",
  by: days(0),
  after,
  done: async () => true,
});

const withSteps = (steps: Record<string, Step<{ personId: never }>>) =>
  process({
    name: "odd",
    title: "Odd",
    says: "Odd.",
    starts: "lab.odd.began",
    subject: () => ({ personId: newId() as never }),
    anchor: async () => undefined,
    called: async () => "Odd",
    steps,
  });

test.each([
  ["a step that is not there", { a: step(["b"]) }, "process odd: a comes after b, which is not a step"],
  ["itself over another", { a: step(["b"]), b: step(["a"]) }, "process odd: a waits for itself"],
])("a step cannot wait for %s", (_, steps, message) => {
  expect(() => withSteps(steps)).toThrow(message);
});

test("the owner of a step is an activity", () => {
  expect(() => withSteps({ a: { ...step(), owner: "IT" } })).toThrow("process odd: the owner of a is no activity: IT");
});

test("two processes cannot share a name", () => {
  expect(() => processModule([withSteps({ a: step() }), withSteps({ a: step() })])).toThrow("two processes share a name");
});

test("an event without the identifier is not the one the process was written for", () => {
  const personId = newId();
  expect(ids({ personId, more: 1 }, "personId")).toEqual({ personId });
  expect(() => ids({ personId: "Mara" }, "personId")).toThrow("the event has no identifier personId");
});
