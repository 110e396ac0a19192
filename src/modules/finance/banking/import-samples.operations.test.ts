// Real statement files of many banks (`../shared/samples`, named in PROVENANCE.tsv), imported into bank accounts of their currency in
// one set of books kept in EUR: what stands in its bank lines afterwards is what the publishers of the files expect.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { currencies, type Currency } from "../../../kernel/currency.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { rowsOn, sql } from "../../../platform/database/sql.ts";
import { createBankAccount, identifyBankAccount } from "../ledger/bank-account.operations.ts";
import { openBooks, type TestBooks } from "../testing/books.ts";
import { storedFile } from "./banking.testing.ts";
import { importBankStatement } from "./import.operations.ts";
import { readStatements } from "./statement-format.rules.ts";
import type { BankStatement } from "./statement.ts";

const folder = resolve(import.meta.dirname, "../../../../../shared/samples/01-bank-statements");
const isHere = existsSync(resolve(folder, "dev/expected-dev.json"));
if (!isHere) console.warn(`SKIPPED: the sample statements are not at ${folder}.`);

interface Expected {
  readonly statements?: readonly { readonly id: string; readonly entry_list: readonly { readonly minor: string }[] }[];
  readonly tx?: readonly { readonly amount: { readonly amount: string } }[];
  readonly transactions?: number;
  readonly balance?: string;
}
const expected: Readonly<Record<string, Expected>> = isHere
  ? JSON.parse(readFileSync(resolve(folder, "dev/expected-dev.json"), "utf8"))
  : {};
const files = Object.keys(expected).filter((name) => existsSync(resolve(folder, name)) && !name.startsWith("bai2"));

const bytesOf = (name: string): Uint8Array => readFileSync(resolve(folder, name));
const wolph = "mt940-wolph/";
// The publishers' readers take anything; these are no statements, or contradict themselves, and are refused whole.
const contradictory = [
  "camt-genkgo/camt053.v2.all-balance-types.xml",
  "camt-genkgo/camt053.v2.minimal.xml",
  "camt-genkgo/camt053.v2.minimal.ultimate.xml",
  "camt-genkgo/camt053.v2.with-party-ids.xml",
  "camt-genkgo/camt053.v3.xml",
  ...["abnamro", "ing", "knab", "triodos"].map((name) => `${wolph}jejik/${name}.sta`),
  `${wolph}betterplace/sepa_snippet.sta`,
  ...["details_60-63", "malformed_details", "mt942", "overly_long_details", "whitespace"].map(
    (name) => `${wolph}self-provided/${name}.sta`,
  ),
];
// Entries in another currency than the balances of their own account.
const foreign = ["camt-genkgo/camt052.v4.xml", "camt-genkgo/camt053.v2.with-account-name.xml"];
// Accounts in three currencies, one of them in marks, which no account is kept in any more.
const manyCurrencies = `${wolph}cmxl/mt940.sta`;

function isReadable(name: string): boolean {
  try {
    return readStatements(bytesOf(name), { currency: "EUR" }).length > 0;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
const readable = isHere ? files.filter(isReadable) : [];
const importable = readable.filter((name) => !contradictory.includes(name) && !foreign.includes(name) && name !== manyCurrencies);

let books: TestBooks;
beforeAll(async () => {
  if (isHere) books = await openBooks();
});
afterAll(() => books?.house.close());

let made = 0;

/** Currencies that are no longer money get an account in EUR, and are refused. */
async function accountFor(currency: string): Promise<Id> {
  made += 1;
  const input = { code: `S${made}`, name: `Bank ${made}`, currency: currencies().includes(currency as Currency) ? currency : "EUR" };
  return (await books.house.run(createBankAccount, input, books.chief)).id;
}

async function importInto(bankAccountId: Id, name: string) {
  const fileId = await storedFile(books, bytesOf(name));
  return books.house.run(importBankStatement, { fileId, bankAccountId }, books.accountant);
}

/** The next sample may be of the same account: this one gives its number back. */
const release = (bankAccountId: Id) => books.house.run(identifyBankAccount, { bankAccountId, number: `USED${made}` }, books.chief);

const linesOf = async (bankAccountId: Id) =>
  (
    (await books.house.call("finance.bankLine.list", { filter: { bankAccountId }, limit: 1000 }, books.chief)) as {
      rows: { amount: { amount: string }; day: string }[];
    }
  ).rows;

async function statementRows(): Promise<number> {
  const { count } = await rowsOn(books.house.owner as never).row<{ count: number }>(sql`
    select ((select count(*) from finance.bank_statement) + (select count(*) from finance.bank_line))::int as count`);
  return count;
}

/** What the publishers expect of the statements of the first account, as far as they say. */
function wanted(name: string, own: readonly BankStatement[]) {
  const { statements = [], tx, transactions } = expected[name]!;
  const told =
    own.length === 1 && statements.length === 1
      ? statements
      : statements.filter((one) => own.some(({ statementId }) => statementId === one.id));
  if (told.length === own.length && told.length > 0) {
    const decimals = own[0]!.currency === "JPY" ? 0 : 2;
    return told.flatMap((one) => one.entry_list.map((entry) => new Money(BigInt(entry.minor), decimals === 0 ? "JPY" : "EUR").amount));
  }
  if (tx && own.reduce((sum, one) => sum + one.entries.length, 0) === tx.length)
    return tx.map((one) => Number(one.amount.amount).toFixed(2));
  return transactions === undefined ? undefined : own.flatMap((one) => one.entries.map((entry) => entry.amount.amount));
}

describe.skipIf(!isHere)("samples", () => {
  test("enough of them are importable", () => {
    expect(importable.length).toBeGreaterThanOrEqual(17);
  });

  test.each(importable)("%s", async (name) => {
    const all = readStatements(bytesOf(name), { currency: "EUR" });
    const own = all.filter((one) => one.accountIdentification === all[0]!.accountIdentification);
    const account = await accountFor(all[0]!.currency);
    const done = await importInto(account, name);
    expect(done.statements.map((one) => [one.opening?.toString(), one.closing?.toString()])).toEqual(
      own.map((one) => [one.openingBalance?.amount.toString(), one.closingBalance?.amount.toString()]),
    );
    const lines = await linesOf(account);
    expect(lines).toHaveLength(done.added + done.advised);
    expect(done.known).toBe(0);
    const amounts = wanted(name, own);
    if (amounts) expect(lines.map((line) => line.amount.amount).toSorted()).toEqual(amounts.toSorted());
    const { balance } = expected[name]!;
    if (balance) expect(done.statements[0]!.closing!.amount).toBe(balance);
    const again = await importInto(account, name);
    expect([again.added, again.advised, again.known]).toEqual([0, 0, lines.length]);
    expect(await linesOf(account)).toHaveLength(lines.length);
    await release(account);
  });

  test.each(contradictory)("%s contradicts itself and leaves no row", async (name) => {
    const account = await accountFor("EUR");
    const before = await statementRows();
    await expect(importInto(account, name)).rejects.toMatchObject({ code: expect.stringMatching(/statementDoesNotAddUp|currencyDiffers/) });
    expect(await statementRows()).toBe(before);
  });

  test.each([...foreign, ...(isHere ? files.filter((name) => !isReadable(name)) : [])])("%s leaves no row", async (name) => {
    const account = await accountFor(foreign.includes(name) ? readStatements(bytesOf(name), { currency: "EUR" })[0]!.currency : "EUR");
    const before = await statementRows();
    await expect(importInto(account, name)).rejects.toBeInstanceOf(Refusal);
    expect(await statementRows()).toBe(before);
  });

  test("a file of accounts in many currencies goes into one of each, and says what is left out", async () => {
    const [euros, zlotys] = [await accountFor("EUR"), await accountFor("PLN")];
    const left = (done: { leftOut: readonly { currency: string }[] }) => done.leftOut.map((one) => one.currency);
    const inEuros = await importInto(euros, manyCurrencies);
    expect([inEuros.added, left(inEuros)]).toEqual([2, ["DEM", "PLN"]]);
    expect(inEuros.leftOut.map((one) => one.next)).toEqual([
      expect.stringContaining("no longer in use"),
      expect.stringMatching(/bank-account create --code PLN .*--currency PLN && .* import FILE --bank-account PLN$/),
    ]);
    const inZlotys = await importInto(zlotys, manyCurrencies);
    expect(inZlotys.statements.map((one) => one.closing?.currency)).toEqual(["PLN"]);
    expect(inZlotys.leftOut.find((one) => one.currency === "EUR")?.next).toContain("--bank-account S");
  });

  test("everything imported obeys the laws", async () => {
    expect(await books.breaks()).toEqual([]);
  });
});
