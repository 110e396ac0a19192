// What the books take from an entry of a plain-text journal, as a table (hledger 1.x manual, "Costs" and "Balancing").
import { describe, expect, test } from "vitest";
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
    ["too many decimals", ["a  10.005 EUR", "b"], /more decimals than EUR/],
    ["too many decimals in another currency", ["a  10.5 JPY @ 0.006 EUR", "b"], /more decimals than JPY/],
    ["a thing without a price", ["a  3 ACME", "b  -3 ACME"], /ACME is no currency/],
    ["another currency alone", ["a  3 USD", "b"], /USD stands without a price in EUR/],
    ["two other currencies", ["a  3 USD", "b  -2 GBP", "c  -1 EUR"], /USD and GBP stands without/],
  ])("%s", (_, postings, says) => {
    expect(linesIn(...postings)).toMatch(says);
  });
});
