// When a policy applies: each comparison with what it means, and what cannot be compared.
import { describe, expect, test } from "vitest";
import { type Condition, fits } from "./condition.rules.ts";
import { fieldOf, lacks, mistakeIn } from "./policy.rules.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });
const facts = {
  input: {
    amount: eur("1000.00"),
    kind: "equipment",
    days: 12,
    day: "2026-03-05",
    supplierId: "s-1",
    note: "",
    lines: [{ amount: eur("400.00") }, { amount: eur("600.00") }],
  },
  record: { category: "travel" },
  requester: { unitId: "u-1" },
};

test.each<[string, Condition, boolean]>([
  ["at least the same amount", { field: "amount", is: "atLeast", amount: eur("1000") }, true],
  ["one cent more", { field: "amount", is: "atLeast", amount: eur("1000.01") }, false],
  ["less than one cent more", { field: "amount", is: "lessThan", amount: eur("1000.01") }, true],
  ["less than the same", { field: "amount", is: "lessThan", amount: eur("1000") }, false],
  ["another currency is asked about to be safe", { field: "amount", is: "atLeast", amount: { amount: "9999999", currency: "USD" } }, true],
  ["another currency is never below", { field: "amount", is: "lessThan", amount: { amount: "9999999", currency: "USD" } }, false],
  ["one of the lines", { field: "lines.amount", is: "atLeast", amount: eur("500") }, true],
  ["none of the lines", { field: "lines.amount", is: "atLeast", amount: eur("700") }, false],
  ["all lines below", { field: "lines.amount", is: "lessThan", amount: eur("600.01") }, true],
  ["a number, not as text", { field: "days", is: "atLeast", value: "9" }, true],
  ["a day", { field: "day", is: "lessThan", value: "2026-03-06" }, true],
  ["a word", { field: "kind", is: "equals", value: "equipment" }, true],
  ["another word", { field: "kind", is: "differs", value: "service" }, true],
  ["one of several", { field: "kind", is: "oneOf", values: ["service", "equipment"] }, true],
  ["none of several", { field: "kind", is: "oneOf", values: ["service"] }, false],
  ["given", { field: "supplierId", is: "given" }, true],
  ["an empty text is not given", { field: "note", is: "given" }, false],
  ["missing", { field: "approver", is: "missing" }, true],
  ["of the record", { field: "record.category", is: "equals", value: "travel" }, true],
  ["of who asks", { field: "requester.unitId", is: "equals", value: "u-1" }, true],
  ["what is not there is at least nothing", { field: "nowhere", is: "atLeast", value: "0" }, false],
  ["for the first time", { field: "supplierId", is: "firstTime" }, true],
])("%s", (_, condition, expected) => {
  expect(fits([condition], facts)).toBe(expected);
});

test("all conditions have to hold, none holds always, and a known supplier is not new", () => {
  const large: Condition = { field: "amount", is: "atLeast", amount: eur("500") };
  expect(fits([large, { field: "kind", is: "equals", value: "service" }], facts)).toBe(false);
  expect(fits([], facts)).toBe(true);
  expect(fits([{ field: "supplierId", is: "firstTime" }], facts, new Set(["s-1"]))).toBe(false);
});

describe("what a policy says is understood against the fields", () => {
  const money = { "x-kind": "money", type: "object" };
  const schema = {
    type: "object",
    properties: {
      amount: money,
      kind: { type: "string", enum: ["a", "b"] },
      days: { type: "integer" },
      supplierId: { type: "string", "x-kind": "ref" },
      lines: { type: "array", items: { type: "object", properties: { amount: money } } },
    },
  };
  test("fields, through lists", () => {
    expect(fieldOf(schema, "lines.amount")).toEqual(money);
    expect(fieldOf(schema, "lines.nothing")).toBeUndefined();
  });
  test.each<[Condition, string | undefined]>([
    [{ field: "amount", is: "atLeast", value: "5" }, "name an amount with its currency"],
    [{ field: "amount", is: "atLeast", amount: eur("5") }, undefined],
    [{ field: "kind", is: "equals", value: "c" }, "«c» is none of: a, b"],
    [{ field: "kind", is: "atLeast", value: "a" }, "this field has no order; compare it by equals or one of"],
    [{ field: "kind", is: "oneOf", values: [] }, "name the values"],
    [{ field: "days", is: "lessThan", value: "many" }, "«many» is no number"],
    [{ field: "days", is: "equals" }, "name a value"],
    [{ field: "days", is: "firstTime" }, "«for the first time» asks about a record"],
    [{ field: "supplierId", is: "firstTime" }, undefined],
  ])("%o", (condition, mistake) => {
    expect(mistakeIn(condition, schema.properties[condition.field as "amount"])).toBe(mistake);
  });
  test("approvers need what their kind is found by", () => {
    expect([lacks({ kind: "lineManager" }), lacks({ kind: "role" }), lacks({ kind: "person", personId: "p" })]).toEqual([
      undefined,
      "role",
      undefined,
    ]);
  });
});
