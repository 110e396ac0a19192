// What a person is told to do with a statement that belongs elsewhere.
import { expect, test } from "vitest";
import { currency } from "../../../kernel/currency.ts";
import { waysInto } from "./import-way.rules.ts";

const accounts = [
  { code: "BANK", number: "DE89370400440532013000", currency: "EUR" },
  { code: "CHF", number: null, currency: "CHF" },
];
const told = (accountIdentification: string, code: string) => ({ accountIdentification, currency: currency(code) });

test("goes into its own bank account, however the bank writes the number", () => {
  expect(waysInto(accounts, [told("37040044/532013000", "EUR")])).toEqual([
    "Import the file into its bank account: heartwood finance bank-statement import FILE --bank-account BANK",
  ]);
});

test("goes into new ones, each with a code nobody has", () => {
  const ways = waysInto(accounts, [told("CH93 0076", "CHF"), told("CH94 0076", "CHF"), told("CH93 0076", "CHF"), told("1", "DEM")]);
  expect(ways[0]).toContain('bank-account create --code CHF2 --name "CHF2 account" --number CH930076 --currency CHF && heartwood');
  expect(ways[1]).toContain("--code CHF3 ");
  expect(ways[2]).toMatch(/into its bank account: .* --bank-account CHF2$/);
  expect(ways[3]).toContain("no longer in use");
});
