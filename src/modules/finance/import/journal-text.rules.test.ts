// Plain-text journals, as tables of what stands there and what it means (hledger 1.x manual, "Journal"; Ledger 3 manual, chapter 5).
import { describe, expect, test } from "vitest";
import { parsePricedAmount, plainNumber, styleOf } from "./journal-amount.rules.ts";
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
  expect(skipped.join(" ")).toMatch(/plans/);
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

// What each program makes of these was asked of hledger 1.25 and of Ledger 3.3 on 2026-11-23; where they differ, nothing may be taken.
const one = (...lines: string[]) => readAll(["2026-03-05 Test", ...lines.map((line) => `  ${line}`)].join("\n"));
const told = (text: string) => readAll(text).mistakes.map(({ line, says }) => `${line}: ${says}`);

describe("days", () => {
  test.each([
    ["1/2/2010 Cafe", /1\/2\/2010.*does not begin with a day/],
    ["10/02/03 Cafe", /10\/02\/03.*does not begin with a day/],
    ["2010-02-30 Cafe", /does not begin with a day/],
    ["1/2 Cafe", /“1\/2” is no day of any year. Write the year/],
  ])("%s is refused by both, or means the year in which it is read", (heading, says) => {
    expect(told(`${heading}\n  a  1 EUR\n  b`)).toEqual([expect.stringMatching(says)]);
  });

  test.each(["Y 2025", "Y2025", "year 2025", "apply year 2025"])("%s gives the year", (directive) => {
    expect(readAll(`${directive}\n1/2 Cafe\n  a  1 EUR\n  b`).entries).toMatchObject([{ day: "2025-01-02", description: "Cafe" }]);
  });

  test("a year ends with what it was applied to", () => {
    const { entries, mistakes } = readAll("Y2024\napply year 2025\n1/2 A\n  a  1\n  b\nend apply year\n1/2 B\n  a  1\n  b");
    expect([mistakes, entries.map((entry) => entry.day)]).toEqual([[], ["2025-01-02", "2024-01-02"]]);
  });
});

describe("marks between digits", () => {
  // hledger reads 1.000 and Ledger 1,000.
  test.each(["$1,000", "1,000 EUR", "10 USD @ 1,125 EUR", "1.000 EUR", "1.500", "10 USD @@ 1.000 EUR", "= $1,000"])(
    "%s is not guessed",
    (amount) => {
      expect(one(`a  ${amount}`, "b").mistakes).toMatchObject([{ line: 2, says: expect.stringMatching(/a thousand times.*decimal-mark/) }]);
    },
  );

  test.each([
    ["0.500 EUR", "0.500"],
    ["10.125 ACME", "10.125"],
    ["1.000 KWD", "1.000"],
    ["₹1,00,000.50", "100000.50"],
    ["1,00,000 INR", "100000"],
    ["10 000,00 EUR", "10000.00"],
    ["10 USD @ 1.125 EUR", "10"],
  ])("%s can only be %s", (amount, quantity) => {
    expect(one(`a  ${amount}`, "b").entries[0]?.postings[0]?.amount?.quantity).toBe(quantity);
  });

  test.each(["5 10 EUR", "1.234,56.7 EUR", "1,234.5,6 EUR", "12,34 567.00 EUR"])("%s is no amount", (amount) => {
    expect(one(`a  ${amount}`, "b").mistakes).toMatchObject([{ line: 2, says: expect.stringMatching(/cannot be read/) }]);
  });

  test.each([
    ["decimal-mark ,", "1.000 EUR", "1000"],
    ["decimal-mark .", "1.000 EUR", "1.000"],
    ["commodity 1.000,00 EUR", "1.000 EUR", "1000"],
    ["commodity EUR\n  format 1.000,00 EUR", "1.000 EUR", "1000"],
    ["commodity $1,000.00", "$1,000", "1000"],
    ["D $1,000.00", "1,000", "1000"],
  ])("after %s, %s is %s", (directive, amount, quantity) => {
    expect(readAll(`${directive}\n2026-03-05 Test\n  a  ${amount}\n  b`).entries[0]?.postings[0]?.amount?.quantity).toBe(quantity);
  });

  test.each([
    ["1.000,00 EUR", "EUR", ","],
    ["$1,000.00", "$", "."],
    ["1 000. CHF", "CHF", "."],
    ["1.000.000 EUR", "EUR", ","],
    ["1,000 JPY", "JPY", undefined],
    ["1000 JPY", "JPY", undefined],
  ])("%s shows a commodity", (text, commodity, mark) => {
    expect(styleOf(text)).toEqual({ commodity, mark });
  });
});

test("what names no commodity is in the journal's default (hledger manual, D directive)", () => {
  const { entries } = readAll("D 1000.00 USD\n2026-03-05 A\n  a  5\n  b  -4 EUR\ncommodity CHF\n  default\n2026-03-06 B\n  a  5\n  b");
  expect(entries.map((entry) => entry.postings[0]?.amount?.commodity)).toEqual(["USD", "CHF"]);
});

describe("what cannot stand in books is told with its line", () => {
  test.each([
    ["2026-01-01 A\n  (budget:food)  5 EUR\n  a  1 EUR\n  b", /^2: \(budget:food\) stands in parentheses/],
    ["= expenses:food\n  (tax)  *0.1\n2026-01-01 A\n  a  1 EUR\n  b", /^1: An automatic entry/],
    ["i 2026-01-01 09:00:00 client", /^1: This line clocks hours/],
    ["2026-01-01 open Assets:Cash EUR", /^1: This is a line of Beancount/],
    ["2026-01-01 pad Assets:Cash Equity:Opening", /^1: This is a line of Beancount/],
    ["2026-01-01 A\n  a  -10 ACME {12 EUR} @ 15 EUR\n  b", /^2: A lot is kept at one price/],
    ["2026-01-01 A\n  <a>  -10 EUR\n  b", /^2: <a> stands in angle brackets/],
    ["account food\n  payee ^Shop$\n2026-01-01 Shop\n  Expenses:Unknown  10 EUR\n  b", /^4: Expenses:Unknown is named by the payee/],
    ["2026-01-01 A\n  a  -10 USD @ -11 EUR\n  b", /^2: .*cannot be read as an amount/],
    ["2026-01-01 A\n  a  = 1 EUR @ 1 USD\n  b", /^2: A price beside a balance/],
    ["2026-01-01 A\u0000\n  a  1 EUR\n  b", /^1: .*NUL/],
    ["apply fixed CAD 0.9 USD", /^1: “apply fixed/],
    ["end apply account", /^1: .*ends nothing/],
    ["include other.journal", /^1: .*names another file/],
  ])("%s", (text, says) => {
    expect(told(text)).toEqual([expect.stringMatching(says)]);
  });

  test("days of single lines are the entry's own, and that is said", () => {
    expect(one("a  1 EUR  ; date:2026-04-01", "b").skipped).toEqual([expect.stringMatching(/days of single lines/)]);
  });
});

describe("accounts", () => {
  const names = (text: string) =>
    readAll(text)
      .entries.at(-1)
      ?.postings.map((posting) => posting.account);

  test("aliases from the last to the first, each on what the one before made, until they end", () => {
    const entry = "2026-01-01 A\n  a:x  1\n  bank\n";
    expect(names(`alias a=b\nalias b=c\n${entry}`)).toEqual(["b:x", "bank"]);
    expect(names(`alias b=c\nalias a=b\n${entry}`)).toEqual(["c:x", "bank"]);
    expect(names(`alias a=b\nend aliases\n${entry}`)).toEqual(["a:x", "bank"]);
    expect(names(`account assets:bank\n  alias bank\n${entry}`)).toEqual(["a:x", "assets:bank"]);
  });

  test.each(["A assets:bank", "bucket assets:bank", "account assets:bank\n  default"])(
    "%s takes what a single line leaves",
    (directive) => {
      expect(names(`${directive}\n2026-01-01 A\n  expenses:food  10 EUR\n`)).toEqual(["expenses:food", "assets:bank"]);
    },
  );

  test("tags that are applied say nothing, and what is applied ends in turn", () => {
    expect(names("apply account shop\napply tag x\nend apply tag\nend\n2026-01-01 A\n  a  1\n  b\n")).toEqual(["a", "b"]);
  });

  test("what a directive says an account is holds for those below it (hledger manual, Account types)", () => {
    const reader = new JournalReader();
    const lines = [
      "account Erlöse  ; type: R",
      "account Kasse  ; type:C",
      "account Eigen  ; type:E",
      "account Aufwand",
      "  ; type:X",
      "account Z",
    ];
    for (const line of lines) reader.read(line);
    const asked = ["Erlöse", "Erlöse:Miete:Nord", "Kasse", "Eigen", "Aufwand:Strom", "Z", "Kassel"];
    expect(asked.map((name) => reader.typeOf(name))).toEqual(["income", "income", "asset", "equity", "expense", undefined, undefined]);
  });
});
