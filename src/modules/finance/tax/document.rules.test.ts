// Totals of documents as tables, with the cases in which rounding decides.
import { describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { documentTotals, lineNet, supplierNumberKey } from "./document.rules.ts";
import { taxLines, taxRecords } from "./tax-posting.rules.ts";
import type { TaxPart } from "./tax-code.rules.ts";

const eur = (amount: string): Money => Money.parse(amount, "EUR");
const part = (percent: string, more: Partial<TaxPart> = {}): TaxPart => ({
  taxCodeId: percent as Id,
  code: percent,
  percent,
  outputAccountId: "output" as Id,
  inputAccountId: "input" as Id,
  pendingAccountId: null,
  deductiblePercent: "100",
  outputBaseBox: null,
  outputTaxBox: null,
  inputBaseBox: null,
  inputTaxBox: null,
  ...more,
});
const line = (net: string, percent: string, more: Partial<TaxPart> = {}) => ({
  net: eur(net),
  taxCodeId: percent as Id,
  parts: [part(percent, more)],
});

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
    const lines = nets.map(([net, percent]) => line(net!, percent!));
    const totals = documentTotals(lines, "EUR");
    expect([totals.tax.amount, totals.total.amount]).toEqual([tax, total]);
  });
});

describe("rounding that EN 16931 accepts: the tax of a rate is its base times the rate, the rest is a rounding of what is paid", () => {
  const sums = ({ net, tax, rounding, total }: ReturnType<typeof documentTotals>) => [net, tax, rounding, total].map((one) => one.amount);

  test("3 at 99.99 with 25 %, rounded by line (erp-mafia/accounted 2580)", () => {
    const lines = [line("99.99", "25"), line("99.99", "25"), line("99.99", "25")];
    expect(sums(documentTotals(lines, "EUR"))).toEqual(["299.97", "74.99", "0.00", "374.96"]);
    expect(sums(documentTotals(lines, "EUR", { rounding: "line" }))).toEqual(["299.97", "74.99", "0.01", "374.97"]);
  });

  test("0.75 at 98.50 with 19 % is 87.92 (invopop/gobl 463)", () => {
    const lines = [{ ...line("0", "19"), net: lineNet("0.75", eur("98.50")) }];
    expect(sums(documentTotals(lines, "EUR"))).toEqual(["73.88", "14.04", "0.00", "87.92"]);
  });

  test("3 at 10.00 with 15 % in the price is 26.09 net, not 26.10 (odoo 275093)", () => {
    const lines = [line("10.00", "15"), line("10.00", "15"), line("10.00", "15")];
    const totals = documentTotals(lines, "EUR", { pricesIncludeTax: true });
    expect(sums(totals)).toEqual(["26.09", "3.91", "0.00", "30.00"]);
    // 8.6957 each: two of the lines have the cents.
    expect(totals.nets.map((net) => net.amount)).toEqual(["8.70", "8.70", "8.69"]);
  });

  test("a price that no net and tax make exactly keeps what the customer pays", () => {
    // 3 cents with 19 %: the net of 2.52 is 3 cents, its tax of 0.57 is 1 cent.
    expect(sums(documentTotals([line("0.03", "19")], "EUR", { pricesIncludeTax: true }))).toEqual(["0.03", "0.01", "-0.01", "0.03"]);
  });

  test("a rate on discounted lines with a deduction, as Peppol's base and allowance examples come to", () => {
    // base-example: 7 × 400, −3 × 500 and a charge of 25 at 25 %.
    expect(sums(documentTotals([line("2800.00", "25"), line("-1500.00", "25"), line("25.00", "25")], "EUR"))).toEqual([
      "1325.00",
      "331.25",
      "0.00",
      "1656.25",
    ]);
    // allowance-example: 4,000.00 and 900.00 at 25 %, 1,000.00 exempt; 200.00 more and 200.00 less leave the base.
    const allowance = [line("4000.00", "25"), line("900.00", "25"), line("1000.00", "0"), line("200.00", "25"), line("-200.00", "25")];
    expect(sums(documentTotals(allowance, "EUR"))).toEqual(["5900.00", "1225.00", "0.00", "7125.00"]);
    // Vat-category-S: 4,000, 2,000 and 900, with 200 more and 100 less at 25 %; 1,250 and 300 of tax.
    const categories = [line("4000.00", "25"), line("2000.00", "15"), line("900.00", "25"), line("200.00", "25"), line("-100.00", "25")];
    expect(sums(documentTotals(categories, "EUR"))).toEqual(["7000.00", "1550.00", "0.00", "8550.00"]);
  });

  test("dinars have three decimals: 1.005 at 5 % is 0.05025, so 0.050", () => {
    const lines = [{ ...line("0", "5"), net: Money.parse("1.005", "KWD") }];
    expect(sums(documentTotals(lines, "KWD"))).toEqual(["1.005", "0.050", "0.000", "1.055"]);
  });

  test("yen have no cents", () => {
    const lines = [{ ...line("0", "10"), net: Money.parse("105", "JPY") }];
    expect(sums(documentTotals(lines, "JPY"))).toEqual(["105", "11", "0", "116"]);
  });
});

describe("what tax posts", () => {
  const posted = (side: "output" | "input", net: string, percent: string, more: Partial<TaxPart>) => {
    const { taxes, total } = documentTotals([line(net, percent, more)], "EUR");
    const lines = taxLines(side, taxes, [{ account: "6540" }]).map(({ account, amount }) => [
      typeof account === "string" ? account : "id" in account ? account.id : account.role,
      amount.amount,
    ]);
    return {
      total: total.amount,
      lines,
      kept: taxRecords(side, taxes).map((one) => [one.side, one.base.amount, one.tax.amount, one.cost.amount]),
    };
  };

  test("a purchase under reverse charge is owed and reclaimed, and the supplier asks for the net", () => {
    expect(posted("input", "100.00", "19", { isReverse: true })).toEqual({
      total: "100.00",
      lines: [
        ["input", "19.00"],
        ["output", "-19.00"],
      ],
      kept: [
        ["output", "100.00", "19.00", "0.00"],
        ["input", "100.00", "19.00", "0.00"],
      ],
    });
  });

  test("a sale under reverse charge has a base and no tax", () => {
    expect(posted("output", "100.00", "19", { isReverse: true })).toEqual({
      total: "100.00",
      lines: [],
      kept: [["output", "100.00", "0.00", "0.00"]],
    });
  });

  test("half of it deductible: the rest is cost of the line", () => {
    expect(posted("input", "99.95", "20", { deductiblePercent: "50" })).toEqual({
      total: "119.94",
      // 19.99: 9.995 rounds to 10.00, the rest is 9.99.
      lines: [
        ["input", "10.00"],
        ["6540", "9.99"],
      ],
      kept: [["input", "99.95", "10.00", "9.99"]],
    });
  });

  test("tax due on payment waits on its own account", () => {
    expect(posted("output", "100.00", "19", { pendingAccountId: "waiting" as Id }).lines).toEqual([["waiting", "-19.00"]]);
  });
});

test.each([
  ["RE 2026/0815", "re20260815"],
  ["re-2026-0815", "re20260815"],
  ["  Re2026 0815.", "re20260815"],
  ["ＲＥ１", "re1"],
  ["Ф-12/2026", "ф122026"],
  ["ΤΔΑΣ 7", "τδασ7"],
  ["Ä 1", "ä1"],
  ["---", ""],
])("the supplier's number %s compares as %s", (number, key) => {
  expect(supplierNumberKey(number)).toBe(key);
});
