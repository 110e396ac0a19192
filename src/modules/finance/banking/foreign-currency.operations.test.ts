// Bank accounts in other currencies than the books: opened with a ledger account of their own, imported into, and not posted by the house.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { createBankAccount, identifyBankAccount } from "../ledger/bank-account.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { camt, storedFile, type ToldStatement } from "./banking.testing.ts";
import { ignoreBankLine, listCandidates, matchBankLine } from "./bank-line.operations.ts";
import { importBankStatement } from "./import.operations.ts";
import { matchAllBankLines } from "./match-all.operations.ts";
import { getBankReconciliation } from "./reconciliation.operations.ts";
import { unmatchBankLine } from "./unmatch.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const iban = "CH9300762011623852957";
const chf = (amount: string) => ({ amount, currency: "CHF" });
const told = (currency: string, more: Partial<ToldStatement> = {}): string =>
  camt({ iban, id: "F1", opening: "100.00", closing: "130.50", entries: [{ amount: "50.00" }, { amount: "-19.50" }], ...more }).replaceAll(
    "EUR",
    currency,
  );

const open = (code: string, more: object = {}) =>
  books.house.run(createBankAccount, { code, name: `${code} account`, ...more }, books.chief);

async function importText(bankAccountId: Id, content: string) {
  const fileId = await storedFile(books, content);
  return books.house.run(importBankStatement, { fileId, bankAccountId }, books.accountant);
}

const list = async (name: string, filter: object) =>
  ((await books.house.call(name, { filter }, books.accountant)) as { rows: Record<string, unknown>[] }).rows;

describe("a new bank account", () => {
  test("gets a ledger account of its own beside the bank's, with the next free code", async () => {
    const first = await open("SPARE");
    const second = await open("SPARE2", { currency: "SEK" });
    expect([first.account, first.currency]).toEqual(["1130 SPARE account", "EUR"]);
    expect([second.account, second.currency]).toEqual(["1140 SPARE2 account", "SEK"]);
    expect(await list("finance.account.list", { code: "1140" })).toMatchObject([{ type: "asset", parent: "1100 Cash and bank" }]);
    expect(await list("finance.bankAccount.list", { code: "SPARE2" })).toMatchObject([
      { currency: "SEK", balance: eur("0.00"), bankBalance: null, number: null },
    ]);
  });

  test("may share its number with one in another currency, and with no other", async () => {
    const number = "GB33BUKB20201555555555";
    const pounds = await open("GBP", { number, currency: "GBP" });
    const dollars = await open("USD", { number, currency: "USD" });
    expect(pounds.id).not.toBe(dollars.id);
    await expect(open("GBP2", { number, currency: "GBP" })).rejects.toMatchObject({ code: "numberTaken", facts: { other: "GBP" } });
    const { id } = await open("GBP3", { currency: "GBP" });
    await expect(books.house.run(identifyBankAccount, { bankAccountId: id, number }, books.chief)).rejects.toMatchObject({
      code: "numberTaken",
    });
  });

  test("is not opened under a code that is taken", async () => {
    await expect(open("BANK", { currency: "CHF" })).rejects.toMatchObject({ code: "codeTaken" });
  });
});

describe("an account in francs", () => {
  let account: Id;
  const lines = () => list("finance.bankLine.list", { bankAccountId: account });
  beforeAll(async () => {
    account = (await open("CHF", { currency: "CHF" })).id;
    await importText(account, told("CHF"));
  });

  test("keeps statements and lines in francs, proven, and knows them again", async () => {
    expect(await importText(account, told("CHF"))).toMatchObject({ added: 0, known: 2 });
    expect(await list("finance.bankStatement.list", { bankAccountId: account })).toMatchObject([
      { opening: chf("100.00"), entriesSum: chf("30.50"), closing: chf("130.50"), difference: chf("0.00"), proven: true },
    ]);
    expect((await lines()).map((line) => line["amount"])).toEqual([chf("50.00"), chf("-19.50")]);
    expect(await list("finance.bankAccount.list", { code: "CHF" })).toMatchObject([
      { number: iban, balance: eur("0.00"), bankBalance: chf("130.50") },
    ]);
  });

  test("is not matched or posted, in words that say what to do", async () => {
    const [line] = await lines();
    const bankLineId = line!["id"];
    const facts = { bankAccount: "CHF", currency: "CHF", bookCurrency: "EUR" };
    const no = {
      code: "foreignCurrencyLater",
      facts,
      message: expect.stringMatching(/^Bank account CHF is kept in CHF and the books in EUR; .* heartwood finance bank-line ignore$/),
    };
    await expect(books.house.run(listCandidates, { bankLineId }, books.accountant)).rejects.toMatchObject(no);
    await expect(books.house.run(matchBankLine, { bankLineId, accountCode: "6560" }, books.accountant)).rejects.toMatchObject(no);
    await expect(books.house.run(matchAllBankLines, { bankAccountId: account }, books.accountant)).rejects.toMatchObject(no);
    expect((await lines()).map((one) => one["state"])).toEqual(["unmatched", "unmatched"]);
  });

  test("has lines that are set aside and taken back", async () => {
    const bankLineId = (await lines())[0]!["id"];
    await books.house.run(ignoreBankLine, { bankLineId, reason: "Posted as GEN-2026-00001" }, books.accountant);
    expect((await lines())[0]).toMatchObject({ state: "ignored", ignoreReason: "Posted as GEN-2026-00001" });
    await books.house.run(unmatchBankLine, { bankLineId }, books.accountant);
    expect((await lines())[0]).toMatchObject({ state: "unmatched" });
  });

  test("shows both sides of its reconciliation and compares nothing", async () => {
    const shown = await books.house.run(getBankReconciliation, { bankAccountId: account }, books.accountant);
    expect(JSON.parse(JSON.stringify(shown))).toMatchObject({
      statementBalance: chf("130.50"),
      unmatched: { count: 2, sum: chf("30.50") },
      bookBalance: eur("0.00"),
      booksOnly: { sum: eur("0.00") },
      difference: null,
      unexplained: null,
      bookSide: expect.stringContaining("in CHF"),
    });
    const own = await books.house.run(getBankReconciliation, { bankAccountId: books.bankAccountId }, books.accountant);
    expect(own.bookSide).toBeNull();
  });

  test("refuses another currency or account, and says the command to run", async () => {
    await expect(importText(account, told("NOK", { id: "N1" }))).rejects.toMatchObject({
      code: "currencyDiffers",
      message: expect.stringContaining(`bank-account create --code NOK --name "NOK account" --number ${iban} --currency NOK`),
    });
    await expect(importText(account, told("USD", { id: "U1", iban: "GB33BUKB20201555555555" }))).rejects.toMatchObject({
      code: "accountDiffers",
      message: expect.stringContaining("bank-statement import FILE --bank-account USD"),
    });
    await expect(importText(account, told("DEM", { id: "D1" }))).rejects.toMatchObject({
      code: "currencyDiffers",
      message: expect.stringContaining("no longer in use"),
    });
    const second = (await open("CHF2", { currency: "CHF" })).id;
    await expect(importText(second, told("CHF"))).rejects.toMatchObject({
      code: "accountDiffers",
      message: expect.stringContaining("--bank-account CHF"),
    });
  });

  test("leaves every law true", async () => {
    expect(await books.breaks()).toEqual([]);
  });
});
