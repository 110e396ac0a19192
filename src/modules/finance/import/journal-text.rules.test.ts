// Plain-text journals, as tables of what stands there and what it means (hledger 1.x manual, "Journal"; Ledger 3 manual, chapter 5).
import { describe, expect, test } from "vitest";
import { parsePricedAmount, plainNumber } from "./journal-amount.rules.ts";
import { JournalReader } from "./journal-text.rules.ts";

describe("amounts", () => {
  test.each([
    ["$100", "100", "$"],
    ["$-1,234.50", "-1234.50", "$"],
    ["-$5", "-5", "$"],
    ["-3 EUR", "-3", "EUR"],
    ["EUR 1.234,50", "1234.50", "EUR"],
    ["1 234,50 €", "1234.50", "€"],
    ["0.001 BTC", "0.001", "BTC"],
    ['7 "fund 2"', "7", "fund 2"],
    ["42", "42", ""],
    ["1,000,000 JPY", "1000000", "JPY"],
    ["$10 = $200", "10", "$"],
    ["10 ACME {12 USD} [2020-01-01]", "10", "ACME"],
  ])("%s", (text, quantity, commodity) => {
    expect(parsePricedAmount(text)).toEqual({ quantity, commodity });
  });

  test.each([
    ["10 ACME @ $12.5", "12.5", "$", false],
    ["-10 USD @@ 9.20 EUR", "9.20", "EUR", true],
  ])("%s", (text, quantity, commodity, isTotal) => {
    expect(parsePricedAmount(text)!.price).toEqual({ quantity, commodity, isTotal });
  });

  test.each(["ten EUR", "1.2.34 EUR", "$", "EUR 5 USD", "1,23,456.7 x y"])("%s is none", (text) => {
    expect(parsePricedAmount(text)).toBeUndefined();
  });

  test.each([
    ["1.234", undefined, "1.234"],
    ["1.234", ",", "1234"],
    ["1,234", ".", "1234"],
    ["1.234.567", undefined, "1234567"],
    ["1.234,5", undefined, "1234.5"],
  ] as const)("%s with the mark %s is %s", (text, mark, expected) => {
    expect(plainNumber(text, mark)).toBe(expected);
  });
});

function readAll(text: string) {
  const reader = new JournalReader();
  const entries = text.split("\n").flatMap((line) => reader.read(line) ?? []);
  const last = reader.end();
  return { entries: last ? [...entries, last] : entries, mistakes: reader.mistakes, skipped: [...reader.skipped] };
}

test("an entry with a code, comments, a status and an amount left out", () => {
  const { entries, mistakes } = readAll(`; opening
2026-03-05=2026-03-06 * (INV-7) Nordlicht AG  ; paid by wire
    ; a note
    assets:bank:checking     1,190.00 EUR ; ref 77
    income:sales            -1000.00 EUR
    liabilities:tax due

2026/3/6 Coffee
\texpenses:food\t3.20 EUR
\tassets:cash
`);
  expect(mistakes).toEqual([]);
  expect(entries).toMatchObject([
    {
      line: 2,
      day: "2026-03-05",
      code: "INV-7",
      description: "Nordlicht AG",
      postings: [
        { line: 4, account: "assets:bank:checking", amount: { quantity: "1190.00", commodity: "EUR" }, comment: "ref 77" },
        { line: 5, account: "income:sales", amount: { quantity: "-1000.00", commodity: "EUR" } },
        { line: 6, account: "liabilities:tax due", amount: undefined },
      ],
    },
    { line: 8, day: "2026-03-06", description: "Coffee", postings: [{ account: "expenses:food" }, { account: "assets:cash" }] },
  ]);
});

test("directives: year, alias, apply account, decimal mark, comment blocks; plans and prices say nothing", () => {
  const { entries, mistakes, skipped } = readAll(`Y2025
decimal-mark ,
alias bank=assets:bank
P 2025-01-01 USD 0,92 EUR
account assets:bank  ; type:C
commodity EUR
  format 1.000,00 EUR
comment
2025-01-01 not an entry
end comment
apply account shop
12/31 Sale
  bank  1.000 EUR
  (virtual)  5 EUR
  sales
end apply account
~ monthly
  expenses:rent  900 EUR
  assets:bank
`);
  expect(mistakes).toEqual([]);
  expect(entries).toMatchObject([
    {
      day: "2025-12-31",
      postings: [
        { account: "shop:bank", amount: { quantity: "1000", commodity: "EUR" } },
        { account: "shop:sales", amount: undefined },
      ],
    },
  ]);
  expect(skipped.join(" ")).toMatch(/parentheses.*plans/);
});

test("mistakes are told with their lines, and their entries are left out", () => {
  const { entries, mistakes } = readAll(`include other.journal
2026-13-01 Bad day
  a  1 EUR
  b
2026-01-01 Bad amount
  a  one EUR
  b
2026-01-02 Two left out
  a
  b
  c  1 EUR
nonsense here
2026-01-03 Good
  a  1 EUR
  b`);
  expect(mistakes.map((one) => one.line)).toEqual([1, 2, 6, 8, 12]);
  expect(entries.map((entry) => entry.description)).toEqual(["Good"]);
});
