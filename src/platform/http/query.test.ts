// What stands behind the question mark, as a table.
import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../operation/shape.ts";
import { inputFromQuery, withMinorUnits } from "./query.ts";

const schema: JsonSchema = {
  properties: {
    count: { type: "integer" },
    open: { type: "boolean" },
    tags: { type: "array", items: { type: "string" } },
    numbers: { anyOf: [{ type: "array", items: { type: "integer" } }, { type: "null" }] },
    price: { type: "object", "x-kind": "money" },
    where: { type: "object", properties: { floor: { type: "integer" } } },
    filter: { type: "object", additionalProperties: { type: "string" } },
  },
};

describe("a query", () => {
  const cases: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["numbers and flags", { count: "12", open: "true" }, { count: 12, open: true }],
    ["what does not fit stays text", { count: "twelve", open: "yes" }, { count: "twelve", open: "yes" }],
    ["one of a list", { tags: "a" }, { tags: ["a"] }],
    ["several of a list", { "tags[]": ["a", "b"] }, { tags: ["a", "b"] }],
    ["a list as JSON", { tags: '["a","b"]', numbers: ["1", "2"] }, { tags: ["a", "b"], numbers: [1, 2] }],
    ["an object as JSON", { price: '{"amount":"1","currency":"EUR"}' }, { price: { amount: "1", currency: "EUR" } }],
    ["an object in brackets", { "where[floor]": "3" }, { where: { floor: 3 } }],
    ["a filter", { "filter[state]": "open", "filter[day]": ">=2026-01-01" }, { filter: { state: "open", day: ">=2026-01-01" } }],
    ["the last of what is said twice", { count: ["1", "2"] }, { count: 2 }],
    ["what is unknown, to be refused by name", { nobody: "1" }, { nobody: "1" }],
  ];
  it.each(cases)("reads %s", (_, query, input) => {
    expect(inputFromQuery(query, schema)).toEqual(input);
  });

  it("does not let a name reach the prototype", () => {
    const input = inputFromQuery({ "filter[__proto__]": "x", __proto__x: "y" }, schema);
    expect(Object.getPrototypeOf(input["filter"])).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });
});

describe("amounts in a filter", () => {
  const cases: [string, string][] = [
    [">=100.00 EUR", ">=10000"],
    ["<5 JPY", "<5"],
    ["1.5 KWD", "1500"],
    ["-12.5", "-1250"],
    ["10000", "10000"],
    ["10.00|20 EUR", "1000|2000"],
    ["1.234 EUR", "1.234 EUR"],
    ["~text", "~text"],
  ];
  it.each(cases)("reads %s as %s", (typed, compared) => {
    expect(withMinorUnits({ filter: { total: typed, name: typed } }, new Set(["total"]))).toEqual({
      filter: { total: compared, name: typed },
    });
  });
});
