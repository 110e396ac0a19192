// Totals of documents as tables, with the cases in which rounding decides.
import { describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { documentTotals, lineNet, supplierNumberKey } from "./document.rules.ts";

const eur = (amount: string): Money => Money.parse(amount, "EUR");
const standard = "standard" as Id;
const reduced = "reduced" as Id;

test.each([
  { quantity: "1", price: "100.00", net: "100.00" },
  { quantity: "2.5", price: "33.33", net: "83.33" },
  { quantity: "0.333333", price: "1.00", net: "0.33" },
  { quantity: "1.5", price: "0.01", net: "0.02" },
  { quantity: "-1", price: "12.34", net: "-12.34" },
  { quantity: "3", price: "0.00", net: "0.00" },
])("$quantity times $price is $net", ({ quantity, price, net }) => {
  expect(lineNet(quantity, eur(price)).amount).toBe(net);
});

describe("tax is counted once on the sum of each rate", () => {
  test.each([
    { says: "one line", nets: [["100.00", "19"]], tax: "19.00", total: "119.00" },
    // Line by line this would be 3 x 0.06 = 0.18; on the sum it is 0.19.
    {
      says: "three small lines",
      nets: [
        ["0.33", "19"],
        ["0.33", "19"],
        ["0.33", "19"],
      ],
      tax: "0.19",
      total: "1.18",
    },
    {
      says: "two rates",
      nets: [
        ["100.00", "19"],
        ["50.00", "7"],
      ],
      tax: "22.50",
      total: "172.50",
    },
    {
      says: "a discount line",
      nets: [
        ["100.00", "19"],
        ["-10.00", "19"],
      ],
      tax: "17.10",
      total: "107.10",
    },
    { says: "a rate with decimals", nets: [["99.99", "8.875"]], tax: "8.87", total: "108.86" },
    { says: "no tax", nets: [["10.00", "0"]], tax: "0.00", total: "10.00" },
  ])("$says", ({ nets, tax, total }) => {
    const lines = nets.map(([net, percent]) => ({ net: eur(net!), percent: percent!, taxCodeId: percent === "19" ? standard : reduced }));
    const totals = documentTotals(lines, "EUR");
    expect([totals.tax.amount, totals.total.amount]).toEqual([tax, total]);
  });
});

test.each([
  ["RE 2026/0815", "re20260815"],
  ["re-2026-0815", "re20260815"],
  ["  Re2026 0815.", "re20260815"],
  ["ＲＥ１", "re1"],
  ["---", ""],
])("the supplier's number %s compares as %s", (number, key) => {
  expect(supplierNumberKey(number)).toBe(key);
});
