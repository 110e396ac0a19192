// The invoice while it is typed: what a line comes to, by hand, and what is sent.
import { expect, test } from "vitest";
import { blankLine, type InvoiceDraft, isComplete, lineAmount, mistakesOf, sentOf, withTail } from "./invoice-draft.ts";

test.each([
  ["10", "100.00", 2, "1000.00"],
  ["0.333", "10.00", 2, "3.33"],
  ["0.5", "0.01", 2, "0.01"],
  ["-1", "12.34", 2, "-12.34"],
  ["-0.5", "0.01", 2, "-0.01"],
  ["3", "7", 0, "21"],
  ["1,5", "1.000,50", 2, "1500.75"],
  ["", "5", 2, undefined],
  ["1", "a", 2, undefined],
])("%s times %s", (quantity, price, decimals, amount) => {
  expect(lineAmount(quantity, price, decimals)).toBe(amount);
});

const line = { ...blankLine(1), description: " Lens ", unitPrice: "1.000,50" };
const draft: InvoiceDraft = {
  customerId: "c",
  day: "2026-11-21",
  paymentTermId: null,
  text: "",
  pricesIncludeTax: false,
  isDeposit: false,
  lines: [line, blankLine(2)],
  depositIds: ["d"],
};

test("only what was said is sent", () => {
  expect(sentOf(draft, "EUR")).toEqual({
    customerId: "c",
    day: "2026-11-21",
    deposits: [{ depositId: "d" }],
    lines: [{ description: "Lens", quantity: "1", unitPrice: { amount: "1000.50", currency: "EUR" }, taxCode: "standard" }],
  });
});

test("in another currency the prices are in it, and an agreed rate goes along", () => {
  expect(sentOf({ ...draft, currency: "GBP", rate: "1,25" }, "GBP")).toMatchObject({
    rate: "1.25",
    lines: [{ unitPrice: { amount: "1000.50", currency: "GBP" } }],
  });
  expect(sentOf({ ...draft, currency: "GBP", rate: " " }, "GBP")).not.toHaveProperty("rate");
});

test("an empty line waits at the end, with the tax of the one before", () => {
  const lines = withTail([{ ...line, taxCode: "reduced" }]);
  expect(lines.map((one) => [one.key, one.taxCode])).toEqual([
    [1, "reduced"],
    [2, "reduced"],
  ]);
  expect(withTail(lines)).toBe(lines);
});

test("what is missing is said by field, and nothing is asked before it is there", () => {
  expect(mistakesOf({ ...line, description: "", quantity: "x" })).toEqual({
    description: "descriptionNeeded",
    quantity: "numberUnreadable",
  });
  expect(isComplete(draft)).toBe(true);
  expect(isComplete({ ...draft, customerId: null })).toBe(false);
  expect(isComplete({ ...draft, lines: [blankLine(1)] })).toBe(false);
});
