// What a form makes of what was typed: gaps left out, mistakes in words, amounts as people write them.
import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../catalogue.ts";
import { readAmount } from "./amount.ts";
import { blankOf, fromText, mistakesOf, setAt, wireOf } from "./draft.ts";

const money: JsonSchema = { type: "object", "x-kind": "money", properties: { amount: { type: "string" }, currency: { type: "string" } } };
const entry: JsonSchema = {
  type: "object",
  required: ["day", "text", "lines"],
  properties: {
    day: { type: "string", "x-kind": "day" },
    text: { type: "string", minLength: 1, maxLength: 5 },
    journal: { type: "string", default: "GEN" },
    note: { type: ["string", "null"] },
    terms: { type: "object", required: ["days"], properties: { days: { type: "integer", minimum: 0, maximum: 90 } } },
    lines: {
      type: "array",
      minItems: 2,
      items: { type: "object", required: ["accountId"], properties: { accountId: { type: "string", "x-kind": "ref" }, debit: money } },
    },
  },
};

describe("a draft", () => {
  it("starts with the defaults and as many empty lines as are needed", () => {
    expect(blankOf(entry)).toEqual({ journal: "GEN", lines: [{}, {}] });
  });

  it("sends what was filled and leaves gaps out; an emptied field that may be null is sent as null", () => {
    const draft = {
      day: "2026-11-21",
      text: "Tea",
      journal: "",
      note: null,
      lines: [{ accountId: "a", debit: { amount: "", currency: "EUR" } }, {}],
    };
    expect(wireOf(entry, draft)).toEqual({ day: "2026-11-21", text: "Tea", note: null, lines: [{ accountId: "a" }] });
  });

  it("says every mistake by its path, and none for an optional group nobody began", () => {
    const found = mistakesOf(entry, { text: "Too long", lines: [{ debit: { amount: "1,5", currency: "EUR" } }] });
    expect([...found.keys()].toSorted()).toEqual(["day", "lines", "lines.0.accountId", "lines.0.debit", "text"]);
    expect(mistakesOf(entry, { day: "2026-11-21", text: "Tea", lines: [{ accountId: "a" }, { accountId: "b" }] }).size).toBe(0);
  });

  it("checks an optional group once it was begun", () => {
    const begun = { day: "2026-11-21", text: "Tea", terms: { days: 91 }, lines: [{ accountId: "a" }, { accountId: "b" }] };
    expect([...mistakesOf(entry, begun).keys()]).toEqual(["terms.days"]);
  });

  it("changes one place and keeps the rest as it was", () => {
    const before = { lines: [{ accountId: "a" }, { accountId: "b" }] };
    const after = setAt(before, ["lines", 1, "accountId"], "c") as typeof before;
    expect(after.lines[1]).toEqual({ accountId: "c" });
    expect(after.lines[0]).toBe(before.lines[0]);
    expect(before.lines[1]).toEqual({ accountId: "b" });
  });

  it("reads fields from an address by their kind", () => {
    expect(fromText({ type: "integer" }, "30")).toBe(30);
    expect(fromText({ type: "boolean" }, "true")).toBe(true);
    expect(fromText(money, '{"amount":"5.00","currency":"EUR"}')).toEqual({ amount: "5.00", currency: "EUR" });
    expect(fromText({ type: "string" }, "007")).toBe("007");
  });
});

describe("an amount as people type it", () => {
  it.each([
    ["1234.5", "1234.5"],
    ["1.234,50", "1234.50"],
    ["1,234.50", "1234.50"],
    ["1 234,50", "1234.50"],
    ["1’234.50", "1234.50"],
    ["12,5", "12.5"],
    ["−7", "-7"],
    ["1.234.567", "1234567"],
  ])("%s is %s", (typed, amount) => {
    expect(readAmount(typed)).toBe(amount);
  });
});
