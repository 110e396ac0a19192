// A journal entry while it is typed: exact sums, balancing, what is missing, what is sent.
import { expect, test } from "vitest";
import { balanced, blankLine, fitting, type LineDraft, mistakesOf, pastedLines, sentLine, sumsOf, withTail } from "./entry-lines.rules.ts";

const bank = { id: "a1", label: "1120 Current account at the bank" };
const receivable = { id: "a2", label: "1210 Trade receivables", control: "receivable" };
const sales = { id: "a3", label: "4120 Sales of goods" };
const line = (key: number, part: Partial<LineDraft>): LineDraft => ({ ...blankLine(key), ...part });

test("sums are exact where numbers would drift", () => {
  const lines = [line(1, { debit: "0.10" }), line(2, { debit: "0.20" }), line(3, { credit: "0.3" })];
  expect(sumsOf(lines, "EUR")).toEqual({ debit: 30n, credit: 30n, difference: 0n });
  const large = [line(1, { debit: "90071992547409.93" }), line(2, { credit: "90071992547409.92" })];
  expect(sumsOf(large, "EUR").difference).toBe(1n);
});

test.each([
  ["debit missing", { debit: "10" }, { credit: "35.50" }, { debit: "25.50", credit: "" }],
  ["credit missing", { debit: "10" }, {}, { debit: "", credit: "10.00" }],
  ["nothing missing", { debit: "10" }, { credit: "10.00" }, { debit: "", credit: "" }],
])("the last line takes what is missing: %s", (_, first, second, expected) => {
  const lines = [line(1, first), line(2, second), line(3, { account: bank, debit: "99" })];
  expect(balanced(lines, 3, "EUR")[2]).toMatchObject(expected);
});

test.each([
  [line(1, {}), {}],
  [line(1, { text: "rent" }), { account: "accountNeeded", debit: "amountNeeded" }],
  [line(1, { account: receivable, debit: "5" }), { party: "partyNeeded" }],
  [line(1, { account: bank, debit: "5", credit: "5" }), { credit: "bothSides" }],
  [line(1, { account: bank, credit: "-5" }), { credit: "negative" }],
  [line(1, { account: bank, debit: "1.234" }), { debit: "amountUnreadable" }],
])("a line says what is wrong with it: %#", (wrong, expected) => expect(mistakesOf(wrong, "EUR")).toEqual(expected));

test("there is always one blank line at the end", () => {
  expect(withTail([])).toEqual([blankLine(1)]);
  expect(withTail([line(4, { text: "x" })])).toEqual([line(4, { text: "x" }), blankLine(5)]);
  expect(withTail([line(4, { text: "x" }), blankLine(5)])).toHaveLength(2);
});

test("a line is sent with one side and without what is empty", () => {
  expect(sentLine(line(1, { account: bank, credit: "7.5", text: " cash " }), "EUR")).toEqual({
    accountId: "a1",
    credit: { amount: "7.50", currency: "EUR" },
    text: "cash",
  });
});

test("accounts are found by code first, then by words", () => {
  const chart = [bank, receivable, sales];
  expect(fitting(chart, "12")).toEqual([receivable]);
  expect(fitting(chart, "goods sales")).toEqual([sales]);
  expect(fitting(chart, "re")).toEqual([receivable, bank]);
  expect(fitting(chart, "")).toEqual(chart);
});

test("a copied range of a spreadsheet becomes lines", () => {
  const read = (amount: string): string => amount.replace(".", "").replace(",", ".");
  const [first, second] = pastedLines("1120\tRent\t\t1.200,00\n4120\tMay\t5\t\n", [bank, sales], read, { firstKey: 3, currency: "EUR" });
  expect(first).toMatchObject({ key: 3, account: bank, text: "Rent", debit: "", credit: "1200.00" });
  expect(second).toMatchObject({ key: 4, account: sales, text: "May", debit: "5.00", credit: "" });
});
