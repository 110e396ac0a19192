// Bank accounts in other currencies than the books: opened with a ledger account of their own, imported into, and not posted by the house.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { createBankAccount, identifyBankAccount } from "../ledger/bank-account.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { camt, storedFile, type ToldStatement } from "./banking.testing.ts";
import { listCandidates, matchBankLine } from "./bank-line.operations.ts";
import { ignoreBankLine } from "./hold.operations.ts";
import { importBankStatement } from "./import.operations.ts";
import { matchAllBankLines } from "./match-all.operations.ts";
import { getBankReconciliation } from "./reconciliation.operations.ts";
import { createInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { reportBankReconciliation } from "./reconciliation-report.operations.ts";
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

  test("is posted at the rate of its day or one that was said, never without", async () => {
    const [one, two] = await lines();
    const match = (bankLineId: unknown, more: object) => books.house.run(matchBankLine, { bankLineId, ...more }, books.accountant);
    expect((await books.house.run(listCandidates, { bankLineId: one!["id"] }, books.accountant)).candidates).toEqual([]);
    await expect(match(two!["id"], { accountCode: "6560" })).rejects.toMatchObject({ code: "rateMissing" });
    const all = await books.house.run(matchAllBankLines, { bankAccountId: account }, books.accountant);
    expect(all.lines.map((line) => line.why)).toEqual(Array(2).fill("The books know no rate of CHF on 2026-11-10."));
    await expect(match(two!["id"], { accountCode: "6560", rate: "0" })).rejects.toMatchObject({ code: "rateUnfit" });
    const part = { accountCode: "6560", amount: eur("1.00") };
    await expect(match(two!["id"], { lines: [part] })).rejects.toMatchObject({ code: "partCurrencyDiffers" });
    // 19.50 CHF at 1.05 are 20.475 EUR.
    await match(two!["id"], { accountCode: "6560", rate: "1.05" });
    const [fee] = await list("finance.journalLine.list", { accountId: books.account("6560") });
    expect(fee!["debit"]).toEqual(eur("20.48"));
    const { id } = await books.house.run(
      createInvoice,
      { customerId: books.customerId, day: "2026-11-02", lines: [{ description: "Work", unitPrice: eur("40.00") }] },
      books.accountant,
    );
    await books.house.run(postInvoice, { invoiceId: id }, books.accountant);
    const [item] = await list("finance.openItem.list", { documentId: id });
    const allocations = [{ openItemId: item!["id"], amount: eur("47.60") }];
    const mixed = match(one!["id"], { allocations, lines: [{ accountCode: "6560", amount: chf("1.00") }], rate: "1.05" });
    await expect(mixed).rejects.toMatchObject({ code: "currenciesMixed" });
    await match(one!["id"], { allocations });
    expect(await list("finance.openItem.list", { documentId: id })).toMatchObject([{ state: "settled" }]);
    expect(await books.breaks()).toEqual([]);
    const report = await books.house.run(reportBankReconciliation, { bankAccountId: account }, books.accountant);
    expect(report).toMatchObject({ bookBalance: { minor: 3050n, currency: "CHF" }, bankOnly: { minor: 0n }, booksOnly: { minor: 0n } });
    for (const line of [one, two]) await books.house.run(unmatchBankLine, { bankLineId: line!["id"] }, books.accountant);
    expect(await list("finance.openItem.list", { documentId: id })).toMatchObject([{ state: "open" }]);
    expect(await books.breaks()).toEqual([]);
    expect((await lines()).map((line) => line["state"])).toEqual(["unmatched", "unmatched"]);
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
