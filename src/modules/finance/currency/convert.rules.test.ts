// Documents into the books, with cents that have to go somewhere.
import { expect, test } from "vitest";
import { Money } from "../../../kernel/money.ts";
import type { JournalLineDraft } from "../ledger/entry.rules.ts";
import { inBooks, linesInBooks } from "./convert.rules.ts";

const line = (account: string, amount: string, currency = "USD"): JournalLineDraft => ({ account, amount: Money.parse(amount, currency) });
const isFixed = (one: JournalLineDraft): boolean => one.account === "1210" || one.account === "2210";
const shown = (lines: readonly JournalLineDraft[]) => lines.map((one) => [one.account, one.amount.amount, one.foreign?.amount]);

test("388 USD at 94.39 are 36 623.32 INR (frappe/erpnext 56648)", () => {
  expect(inBooks(Money.parse("388.00", "USD"), { bookCurrency: "INR", rate: "94.39" }).amount).toBe("36623.32");
});

test("yen have no cents, euros have", () => {
  expect(inBooks(Money.parse("10000", "JPY"), { bookCurrency: "EUR", rate: "0.006157" }).amount).toBe("61.57");
  expect(inBooks(Money.parse("61.57", "EUR"), { bookCurrency: "JPY", rate: "162.42" }).amount).toBe("10000");
});

test("100.00 USD at 82.42135 are 824214 hundredths of a rupee (TigerBeetle, currency exchange)", () => {
  expect(inBooks(Money.parse("100.00", "USD"), { bookCurrency: "INR", rate: "82.42135" }).minor).toBe(824_214n);
});

test("dinars have three decimals and the Chilean unit of account has four", () => {
  // 1.234 x 3.0123 = 3.7171782; 100 x 0.33197 = 33.197; 100,000 x 0.000025641 = 2.5641; 2.5641 x 39000.01 = 99,999.925….
  expect(inBooks(Money.parse("1.234", "KWD"), { bookCurrency: "EUR", rate: "3.0123" }).amount).toBe("3.72");
  expect(inBooks(Money.parse("100.00", "EUR"), { bookCurrency: "KWD", rate: "0.33197" }).amount).toBe("33.197");
  expect(inBooks(Money.parse("100000", "CLP"), { bookCurrency: "CLF", rate: "0.000025641" }).amount).toBe("2.5641");
  expect(inBooks(Money.parse("2.5641", "CLF"), { bookCurrency: "CLP", rate: "39000.01" }).amount).toBe("100000");
});

test("half a cent goes away from nothing on either side", () => {
  expect(inBooks(Money.parse("0.05", "USD"), { bookCurrency: "EUR", rate: "0.9" }).amount).toBe("0.05");
  expect(inBooks(Money.parse("-0.05", "USD"), { bookCurrency: "EUR", rate: "0.9" }).amount).toBe("-0.05");
});

test("three thirds: what is owed is rounded once, the lines share it", () => {
  // 30.03 x 0.9 = 27.027 is 27.03, and each of the three lines 9.009 is 9.01.
  const lines = [line("1210", "30.03"), line("4110", "-10.01"), line("4120", "-10.01"), line("4130", "-10.01")];
  const found = linesInBooks(lines, { bookCurrency: "EUR", rate: "0.9" }, isFixed);
  expect(shown(found)).toEqual([
    ["1210", "27.03", "30.03"],
    ["4110", "-9.01", "-10.01"],
    ["4120", "-9.01", "-10.01"],
    ["4130", "-9.01", "-10.01"],
  ]);
});

test("the cent left over goes to the largest remainder, first come first", () => {
  // 0.30 x 0.55 = 0.165 is 0.17; each tenth is 0.055: two lines have 0.06, one has 0.05.
  const lines = [line("1210", "0.30"), line("4110", "-0.10"), line("4120", "-0.10"), line("4130", "-0.10")];
  const found = linesInBooks(lines, { bookCurrency: "EUR", rate: "0.55" }, isFixed);
  expect(shown(found).map(([, amount]) => amount)).toEqual(["0.17", "-0.05", "-0.06", "-0.06"]);
});

test("tax is what the rate makes of it, the sale takes the cent", () => {
  // 119.00 x 0.3333 = 39.6627, 19.00 x 0.3333 = 6.3327: 39.66 and 6.33, so the sale is 33.33.
  const lines = [line("1210", "119.00"), line("4110", "-100.00"), line("2210", "-19.00")];
  expect(shown(linesInBooks(lines, { bookCurrency: "EUR", rate: "0.3333" }, isFixed)).map(([, amount]) => amount)).toEqual([
    "39.66",
    "-33.33",
    "-6.33",
  ]);
});

test("a document in the books' currency stays as it is", () => {
  const lines = [line("1210", "1.00"), line("4110", "-1.00")];
  expect(linesInBooks(lines, undefined, isFixed)).toBe(lines);
});
