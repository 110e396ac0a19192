// What others read: hledger and Ledger, where they are installed, open our exported journal, find every entry balanced and agree with our
// trial balance on every account. They are programs of their own, so this is truth from outside.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { Money, parseMinor } from "../../../kernel/money.ts";
import { postEntries } from "../ledger/posting.ts";
import { openBooks, type TestBooks } from "../testing/books.ts";
import { invoiceOn, paidOn, postOn } from "./quarter.testing.ts";

const isInstalled = (program: string): boolean => spawnSync(program, ["--version"]).status === 0;
const hasHledger = isInstalled("hledger");
const hasLedger = isInstalled("ledger");
if (!hasHledger) console.warn("hledger is not installed here: its agreement with our export is not checked.");
if (!hasLedger) console.warn("ledger is not installed here: its agreement with our export is not checked.");

let books: TestBooks;
let folder: string;
let file: string;
/** Closing balance by account code, in minor units. */
let trial: Map<string, bigint>;

const oddTexts = [
  "=cmd|' /C calc'!A0; 100 USD @ 0.94 EUR",
  "2026-01-01 * (code) Payee | note  ; comment",
  "[2026/02/02] date: tag:value, \"quotes\" and 'single'",
  "Schöne Grüße, 日本語, emoji 🧾",
  "  two  blanks   and a\ttab",
  "(virtual) [balanced] {lot} {{total}} @ @@ = == ~ ! *",
  "1,000.00 JPY and -5 CHF @@ 4 EUR",
  "; begins with a comment",
  "! marked",
  "* cleared",
  "P 2026-01-01 USD 0.9 EUR",
];

beforeAll(async () => {
  books = await openBooks();
  books.house.today = day("2026-04-02");
  await tellOddly();
  const { text } = (await books.house.call(
    "finance.ledger.export",
    { format: "hledger", from: "2026-01-01", to: "2026-12-31" },
    books.chief,
  )) as { text: string };
  folder = mkdtempSync(join(tmpdir(), "heartwood-journal-"));
  file = join(folder, "books.journal");
  writeFileSync(file, text);
  const { rows } = (await books.house.call("finance.trialBalance.get", { asOf: "2026-12-31" }, books.chief)) as {
    rows: { code: string; closing: { amount: string } }[];
  };
  trial = new Map(
    rows.map((row) => [row.code, parseMinor(row.closing.amount, 2)]).filter(([, amount]) => amount !== 0n) as [string, bigint][],
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await books.house.close();
});

/** Odd words everywhere, another currency, tax, a reversal and an account whose name is full of signs. */
async function tellOddly(): Promise<void> {
  const owner = await books.house.person("Olga Owner", "owner");
  for (const [index, text] of oddTexts.entries()) {
    await postOn(books, `2026-01-${String(index + 5).padStart(2, "0")}`, text.replaceAll("\t", " "), [
      { account: "1120", amount: `${1000 + index}.${10 + index}` },
      { account: "3110", amount: `-${1000 + index}.${10 + index}` },
    ]);
  }
  const group = books.account("6500");
  const odd = { parentId: group, code: "6.5-X", name: "Odd: name; with | (signs) [and]  blanks @ 2 EUR" };
  const { id } = await books.house.call("finance.account.create", odd, books.chief);
  await postOn(books, "2026-02-01", "On the odd account", [
    { account: "6.5-X", amount: "0.01" },
    { account: "1120", amount: "-0.01" },
  ]);
  await books.house.call("finance.account.rename", { accountId: id, name: "=Odd; still" }, owner);
  const { itemId } = await invoiceOn(books, "2026-02-02", "1234.56", "1,000 pieces @ 1.23456 EUR");
  await paidOn(books, "2026-02-20", "469.13", itemId);
  const [wrong] = await postOn(books, "2026-03-01", "Wrong", [
    { account: "6210", amount: "77.70" },
    { account: "1120", amount: "-77.70" },
  ]);
  await books.house.call(
    "finance.journalEntry.reverse",
    { journalEntryId: wrong!.id, on: "2026-03-02", reason: "Wrong: 12 USD; not EUR" },
    books.chief,
  );
  await books.house.funnel.work(books.house.tenantId, (context) =>
    postEntries(context, [
      {
        journal: "GEN",
        day: day("2026-03-05"),
        text: "Hosting 100 USD",
        lines: [
          { account: "6310", amount: Money.parse("94.39", "EUR"), foreign: Money.parse("100", "USD"), text: "100 USD @ 0.9439" },
          { account: "1120", amount: Money.parse("-94.39", "EUR") },
        ],
      },
    ]),
  );
}

/** Balances by account code from lines like `"assets:1120 Bank","1,000.00 EUR"`. */
function balances(lines: readonly (readonly [account: string, amount: string])[]): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const [account, amount] of lines) {
    const code = account.split(":").at(-1)!.split(" ")[0]!;
    const [number = "", currency] = amount.split(" ");
    expect(currency, account).toBe("EUR");
    found.set(code, (found.get(code) ?? 0n) + parseMinor(number.replaceAll(",", ""), 2));
  }
  return found;
}

const sorted = (found: ReadonlyMap<string, bigint>) => [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
const fields = (line: string): string[] => [...line.matchAll(/"((?:[^"]|"")*)"/g)].map((found) => found[1]!);

describe("our journal", () => {
  test.skipIf(!hasHledger)("is read by hledger, which agrees on every account", () => {
    const text = execFileSync("hledger", ["-f", file, "--strict", "balance", "--flat", "--no-total", "-O", "csv"], { encoding: "utf8" });
    const lines = text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => fields(line) as unknown as [string, string]);
    expect(sorted(balances(lines))).toEqual(sorted(trial));
  });

  test.skipIf(!hasLedger)("is read by Ledger, which agrees on every account", () => {
    const format = '"%(account)","%(display_total)"\\n';
    const text = execFileSync("ledger", ["-f", file, "balance", "--flat", "--no-total", "--balance-format", format], { encoding: "utf8" });
    const lines = text
      .trim()
      .split("\n")
      .map((line) => fields(line) as unknown as [string, string]);
    expect(sorted(balances(lines))).toEqual(sorted(trial));
  });

  test.skipIf(!hasHledger)("keeps every entry: hledger counts as many as we have", async () => {
    const { count } = (await books.house.call("finance.journalEntry.list", { limit: 1, count: true }, books.chief)) as { count: number };
    const stats = execFileSync("hledger", ["-f", file, "stats"], { encoding: "utf8" });
    expect(Number(/Transactions\s*:\s*(\d+)/.exec(stats)![1])).toBe(count);
  });
});
