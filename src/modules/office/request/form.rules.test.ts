// Forms: what can be asked, what is shown, and which answers fit.
import { expect, test } from "vitest";
import { fitAnswers, type FormField, mistakeInForm, shownFields } from "./form.rules.ts";
import { usualKinds } from "./usual-kinds.rules.ts";

const one = (field: Partial<FormField>): FormField => ({ name: "x", label: "X", kind: "text", ...field });
const id = "01930000-0000-7000-8000-000000000001";

test.each<[string, FormField[], RegExp | undefined]>([
  ["nothing asked", [], undefined],
  ["a name twice", [one({}), one({})], /twice/],
  ["a choice of one", [one({ kind: "choice", options: ["A", "A"] })], /two different options/],
  ["options on text", [one({ options: ["A", "B"] })], /no options/],
  ["a record of no register", [one({ kind: "record" })], /register/],
  ["a register on text", [one({ register: "it.device" })], /register/],
  ["least above most", [one({ kind: "number", least: 3, most: 2 })], /least is above most/],
  ["a condition on itself", [one({ showWhen: { field: "x", is: ["A"] } })], /does not stand before/],
  [
    "a condition on a later field",
    [one({ showWhen: { field: "y", is: ["yes"] } }), one({ name: "y", kind: "yesNo" })],
    /does not stand before/,
  ],
  ["an answer that cannot be", [one({ kind: "yesNo" }), one({ name: "y", showWhen: { field: "x", is: ["maybe"] } })], /cannot have/],
  ["a condition on text", [one({}), one({ name: "y", showWhen: { field: "x", is: ["A"] } })], /cannot have/],
  ["a good condition", [one({ kind: "yesNo" }), one({ name: "y", showWhen: { field: "x", is: ["no"] } })], undefined],
])("a form with %s", (_what, fields, says) => {
  if (says) expect(mistakeInForm(fields)).toMatch(says);
  else expect(mistakeInForm(fields)).toBeUndefined();
});

const chain: FormField[] = [
  one({ name: "a", kind: "yesNo" }),
  one({ name: "b", kind: "choices", options: ["P", "Q"], showWhen: { field: "a", is: ["yes"] } }),
  one({ name: "c", required: true, showWhen: { field: "b", is: ["Q"] } }),
];
const shown = (answers: Record<string, unknown>): string[] => shownFields(chain, answers).map((field) => field.name);

test("a field is shown for the answer it waits for, and what hangs on a hidden one is hidden too", () => {
  expect(shown({})).toEqual(["a"]);
  expect(shown({ a: false, b: ["Q"] })).toEqual(["a"]);
  expect(shown({ a: true })).toEqual(["a", "b"]);
  expect(shown({ a: true, b: ["P", "Q"] })).toEqual(["a", "b", "c"]);
});

test("what was answered to hidden fields is left out; what is needed is asked for only when shown", () => {
  expect(fitAnswers(chain, { a: false, b: ["Q"], c: "x" })).toEqual({ answers: { a: false } });
  expect(fitAnswers(chain, { a: true, b: ["Q"] }).mistake).toMatchObject({ field: "c", says: "is needed" });
  expect(fitAnswers(chain, { a: true, b: ["Q"], c: "  " }).mistake).toMatchObject({ field: "c" });
  expect(fitAnswers(chain, { z: 1 }).mistake).toMatchObject({ field: "z", says: "the form does not ask for it" });
});

test.each<[Partial<FormField>, unknown, boolean]>([
  [{ kind: "text" }, "a", true],
  [{ kind: "text" }, 5, false],
  [{ kind: "text", most: 3 }, "abcd", false],
  [{ kind: "longText" }, "a".repeat(10_001), false],
  [{ kind: "number" }, "12.5", true],
  [{ kind: "number" }, 12, true],
  [{ kind: "number" }, "twelve", false],
  [{ kind: "number", least: 1, most: 5 }, "0", false],
  [{ kind: "number", least: 1, most: 5 }, "6", false],
  [{ kind: "money" }, { amount: "10.50", currency: "EUR" }, true],
  [{ kind: "money" }, { amount: "10.505", currency: "EUR" }, false],
  [{ kind: "money" }, "10 EUR", false],
  [{ kind: "day" }, "2026-02-28", true],
  [{ kind: "day" }, "2026-02-30", false],
  [{ kind: "choice", options: ["A", "B"] }, "B", true],
  [{ kind: "choice", options: ["A", "B"] }, "C", false],
  [{ kind: "choices", options: ["A", "B"] }, ["A", "B"], true],
  [{ kind: "choices", options: ["A", "B"] }, ["A", "A"], false],
  [{ kind: "choices", options: ["A", "B"] }, "A", false],
  [{ kind: "yesNo" }, false, true],
  [{ kind: "yesNo" }, "no", false],
  [{ kind: "person" }, id, true],
  [{ kind: "place" }, "somewhere", false],
  [{ kind: "file" }, id, true],
  [{ kind: "record", register: "it.device" }, id, true],
])("a field %o answered with %o fits: %s", (field, value, fits) => {
  const { answers, mistake } = fitAnswers([one(field)], { x: value });
  expect(mistake === undefined).toBe(fits);
  expect(answers).toEqual(fits ? { x: value } : {});
});

test("every usual kind has a form that can be answered, and a code of its own", () => {
  expect(usualKinds.map(({ code, fields }) => [code, mistakeInForm(fields)]).filter(([, says]) => says)).toEqual([]);
  expect(new Set(usualKinds.map(({ code }) => code)).size).toBe(usualKinds.length);
  expect(usualKinds.length).toBeGreaterThanOrEqual(20);
});
