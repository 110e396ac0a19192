// What the books take from an entry of a plain-text journal, as a table (hledger 1.x manual, "Costs" and "Balancing").
import { describe, expect, test } from "vitest";
import { JournalBalances } from "./journal-balance.rules.ts";
import { linesOf } from "./journal-draft.rules.ts";
import { JournalReader } from "./journal-text.rules.ts";

function linesIn(...postings: string[]) {
  const reader = new JournalReader();
  reader.read("2026-03-05 Test");
  for (const posting of postings) reader.read(`  ${posting}`);
  const lines = linesOf(reader.end()!, "EUR");
  return "says" in lines ? lines.says : lines.map((line) => [line.account, line.amount.amount, line.foreign?.toString() ?? ""]);
}

describe("what is left out, priced or in another currency", () => {
  test.each<[string, string[], string[][]]>([
    [
      "the amount left out is the rest",
      ["a  10 EUR", "b  5", "c"],
      [
        ["a", "10.00", ""],
        ["b", "5.00", ""],
        ["c", "-15.00", ""],
      ],
    ],
    [
      "a unit price",
      ["a  10 USD @ 0.925 EUR", "b"],
      [
        ["a", "9.25", "10.00 USD"],
        ["b", "-9.25", ""],
      ],
    ],
    [
      "a whole price, for less than nothing too",
      ["a  $-10 @@ €9.20", "b"],
      [
        ["a", "-9.20", "-10.00 USD"],
        ["b", "9.20", ""],
      ],
    ],
    [
      "what is no currency counts by its price",
      ["a  3 ACME @ 33.333 EUR", "b  -100 EUR"],
      [
        ["a", "100.00", ""],
        ["b", "-100.00", ""],
      ],
    ],
    [
      "another currency is worth the rest",
      ["a  100 USD", "b  -92 EUR"],
      [
        ["a", "92.00", "100.00 USD"],
        ["b", "-92.00", ""],
      ],
    ],
    [
      "two lines of it share the rest",
      ["a  100 USD", "b  200 USD", "c  -100 EUR"],
      [
        ["a", "33.33", "100.00 USD"],
        ["b", "66.67", "200.00 USD"],
        ["c", "-100.00", ""],
      ],
    ],
    [
      "a line of nothing falls away",
      ["a  1 EUR", "b  0 EUR", "c  -1 EUR"],
      [
        ["a", "1.00", ""],
        ["c", "-1.00", ""],
      ],
    ],
    [
      "what is no currency is worth the rest too",
      ["a  10 ACME {12 EUR}", "b  -120 EUR"],
      [
        ["a", "120.00", ""],
        ["b", "-120.00", ""],
      ],
    ],
    [
      "nothing of a thing is nothing, whatever it is",
      ["a  0 ACME", "b  1 EUR", "c"],
      [
        ["b", "1.00", ""],
        ["c", "-1.00", ""],
      ],
    ],
    [
      "lines in brackets balance among themselves, and leave one amount out of their own",
      ["[a]  10 EUR", "b  5 EUR", "c", "[d]"],
      [
        ["b", "5.00", ""],
        ["c", "-5.00", ""],
        ["a", "10.00", ""],
        ["d", "-10.00", ""],
      ],
    ],
    [
      "half a cent of a price is its own",
      ["a  3 USD @ 0.335 EUR", "b  -1.00 EUR"],
      [
        ["a", "1.00", "3.00 USD"],
        ["b", "-1.00", ""],
      ],
    ],
  ])("%s", (_, postings, expected) => {
    expect(linesIn(...postings)).toEqual(expected);
  });
});

describe("told, not mended", () => {
  test.each<[string, string[], RegExp]>([
    ["a difference", ["a  10 EUR", "b  -9.99 EUR"], /differ by 0.01 EUR/],
    ["more than there can be", ["a  12345678901234567890.00 EUR", "b"], /more than books can hold/],
    ["more than there can be in another currency", ["a  123456789012345678 USD @ 0 EUR", "b"], /more than books can hold/],
    ["a price in another currency", ["a  3 ACME @ 10 USD", "b"], /price of 3 ACME is not in EUR/],
    ["two others that both come in", ["a  100 USD", "b  92 EUR"], /USD stands without/],
    ["a lot without its price", ["a  3 ACME {10 EUR}", "b"], /ACME is no currency/],
    ["less than a cent", ["a  1 JPY @ 0.004 EUR", "b"], /worth less than EUR/],
    ["a difference in brackets that the rest would hide", ["[a]  10 EUR", "b  5 EUR", "c"], /differ by 10 EUR/],
    ["too many decimals", ["a  10.005 EUR", "b"], /more decimals than EUR/],
    ["too many decimals in another currency", ["a  10.5 JPY @ 0.006 EUR", "b"], /more decimals than JPY/],
    ["a thing without a price", ["a  3 ACME", "b  -3 ACME"], /ACME is no currency/],
    ["another currency alone", ["a  3 USD", "b"], /USD stands without a price in EUR/],
    ["two other currencies", ["a  3 USD", "b  -2 GBP", "c  -1 EUR"], /USD and GBP stands without/],
  ])("%s", (_, postings, says) => {
    expect(linesIn(...postings)).toMatch(says);
  });
});

test("how many there are of what is no currency stands in the text of its line", () => {
  const reader = new JournalReader();
  for (const line of ["2026-03-05 Test", "  a  3 ACME @ 10 EUR  ; first lot", "  b"]) reader.read(line);
  expect(linesOf(reader.end()!, "EUR")).toMatchObject([
    { line: 2, text: "3 ACME; first lot" },
    { line: 3, text: "" },
  ]);
  expect([...reader.skipped]).toEqual([expect.stringMatching(/its number in the text/)]);
});

// hledger manual, "Balance assertions" and "Balance assignments"; both programs agree on each of these.
describe("balances that a journal asserts", () => {
  function walk(text: string, own = "EUR") {
    const reader = new JournalReader();
    const balances = new JournalBalances(own);
    const said: string[] = [];
    const lines: string[][] = [];
    for (const entry of [...text.split("\n").map((line) => reader.read(line)), reader.end()]) {
      if (!entry) continue;
      const settled = balances.settled(entry);
      const made = "says" in settled ? settled : linesOf(settled, own);
      const wrong = "says" in settled || "says" in made ? made : balances.take(settled, made);
      if (wrong) said.push(`${(wrong as { line: number }).line}: ${(wrong as { says: string }).says}`);
      else
        lines.push(
          (made as readonly { account: string; amount: { amount: string } }[]).map((one) => `${one.account} ${one.amount.amount}`),
        );
    }
    const { mistakes, skipped } = balances.end();
    return { lines, said: [...said, ...mistakes.map(({ line, says }) => `${line}: ${says}`)], skipped: [...skipped] };
  }
  const begun = "2026-01-01 A\n  a  100 EUR\n  a:b  20 EUR\n  c\n";

  test.each<[string, string, string[]]>([
    ["what is left out brings the account there", "2026-01-02 B\n  a  = 70 EUR\n  d", ["a -30.00", "d 30.00"]],
    ["with the accounts below", "2026-01-02 B\n  a  =* 70 EUR\n  d", ["a -50.00", "d 50.00"]],
    ["after the lines before it", "2026-01-02 B\n  a  5 EUR\n  a  = 70 EUR\n  d", ["a 5.00", "a -35.00", "d 30.00"]],
    ["of an amount that was left out", "2026-01-02 B\n  c  = -100 EUR\n  d", ["c 20.00", "d -20.00"]],
    ["met", "2026-01-02 B\n  a  5 EUR = 105 EUR\n  d  == -5 EUR", ["a 5.00", "d -5.00"]],
  ])("%s", (_, text, expected) => {
    expect(walk(begun + text)).toEqual({ lines: [["a 100.00", "a:b 20.00", "c -120.00"], expected], said: [], skipped: [] });
  });

  test.each<[string, string, RegExp[]]>([
    ["one that is not met", "2026-01-02 B\n  a  5 EUR = 100 EUR\n  d", [/^6: a then holds 105 EUR, not 100 as/]],
    ["a sole one that is not alone", "2026-01-02 B\n  a  5 USD @ 1 EUR == 5 USD\n  d", [/^6: a then holds 100 EUR too/]],
    ["a balance of two things", "2026-01-02 B\n  a  5 USD @ 1 EUR\n  d\n2026-01-03 C\n  a  = 0\n  d", [/^9: a holds USD too/]],
    ["entries that do not follow their days", "2025-12-31 B\n  a  = 0 EUR\n  d", [/^5: .*do not follow their days/]],
    ["and those that come later", "2026-01-03 B\n  a  = 0 EUR\n  d\n2026-01-02 C\n  a  1 EUR\n  d", [/^8: .*do not follow their days/]],
    ["lines in brackets", "2026-01-02 B\n  [a]  5 EUR\n  [d]\n2026-01-03 C\n  a  = 0 EUR\n  d", [/^9: a has lines in brackets/]],
  ])("%s", (_, text, says) => {
    expect(walk(begun + text).said).toEqual(says.map((one) => expect.stringMatching(one)));
  });

  test("where the days jump, hledger and Ledger check different balances: said, not told", () => {
    const { said, skipped } = walk(`${begun}2025-12-31 B\n  a  5 EUR = 5 EUR\n  d`);
    expect([said, skipped]).toEqual([[], [expect.stringMatching(/do not follow their days/)]]);
  });
});
