// Importing statements on a real database: what is added, what is known, what is refused whole and leaves no row.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { rowsOn, sql } from "../../../platform/database/sql.ts";
import { createAccount } from "../ledger/account.operations.ts";
import { createBankAccount } from "../ledger/bank-account.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { importBankStatement } from "./import.operations.ts";
import { camt, storedFile } from "./banking.testing.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

let made = 0;
/** A new bank account on a ledger account of its own. */
async function bankAccount(number?: string): Promise<Id> {
  made += 1;
  const { id: accountId } = await books.house.run(
    createAccount,
    { parentId: books.account("1100"), code: `18${made}`, name: `Bank ${made}` },
    books.chief,
  );
  const { id } = await books.house.run(createBankAccount, { code: `B${made}`, name: `Bank ${made}`, number, accountId }, books.chief);
  return id;
}

async function importText(bankAccountId: Id, content: string | Uint8Array, more: object = {}, options: { dryRun?: boolean } = {}) {
  const fileId = await storedFile(books, content);
  return books.house.run(importBankStatement, { fileId, bankAccountId, ...more }, books.accountant, options);
}

async function rowCounts(): Promise<unknown> {
  return rowsOn(books.house.owner as never).row(sql`
    select (select count(*)::int from finance.bank_statement) as statements, (select count(*)::int from finance.bank_line) as lines,
      (select count(*)::int from finance.bank_match) as matches, (select count(*)::int from finance.bank_match_part) as parts,
      (select count(*)::int from finance.bank_account where number is not null) as numbers,
      (select count(*)::int from platform.event where name like 'finance.bank%') as events`);
}

const lines = async (bankAccountId: Id, more: object = {}) =>
  (
    (await books.house.call("finance.bankLine.list", { filter: { bankAccountId, ...more }, limit: 500 }, books.accountant)) as {
      rows: Record<string, unknown>[];
    }
  ).rows;

const iban = "DE89370400440532013000";
const fixture = (name: string): Uint8Array => readFileSync(resolve(import.meta.dirname, "../../../../test/fixtures/bank", name));

describe("a good file", () => {
  test("is taken with its proof, and taken again adds nothing", async () => {
    const account = await bankAccount();
    const file = camt({ iban, id: "S1", opening: "100.00", closing: "130.50", entries: [{ amount: "50.00" }, { amount: "-19.50" }] });
    const first = await importText(account, file);
    expect(first).toMatchObject({ added: 2, known: 0 });
    expect(first.statements).toMatchObject([
      {
        statementId: "S1",
        opening: eur("100.00"),
        entriesSum: eur("30.50"),
        closing: eur("130.50"),
        difference: eur("0.00"),
        proven: true,
      },
    ]);
    const again = await importText(account, file);
    expect(again).toMatchObject({ added: 0, known: 2, statements: [{ id: first.statements[0]!.id, added: 0, known: 2 }] });
    expect((await lines(account)).map((line) => [line["state"], line["amount"]])).toEqual([
      ["unmatched", eur("50.00")],
      ["unmatched", eur("-19.50")],
    ]);
    expect(await books.breaks()).toEqual([]);
  });

  test("keeps two equal real payments, and an overlapping statement adds only what is new", async () => {
    const account = await bankAccount();
    const twin = { amount: "10.00", text: "Coffee" };
    await importText(account, camt({ iban: "DE02120300000000202051", id: "T1", opening: "0.00", closing: "20.00", entries: [twin, twin] }));
    const overlapping = camt({
      iban: "DE02120300000000202051",
      id: "T2",
      opening: "0.00",
      closing: "25.00",
      closingDay: "2026-11-11",
      entries: [twin, twin, { amount: "5.00", day: "2026-11-11" }],
    });
    expect(await importText(account, overlapping)).toMatchObject({ added: 1, known: 2 });
    expect(await lines(account)).toHaveLength(3);
    const next = { iban: "DE02120300000000202051", id: "T3", opening: "25.00", closing: "35.00", closingDay: "2026-11-11" };
    expect(await importText(account, camt({ ...next, entries: [{ ...twin, day: "2026-11-11" }] }))).toMatchObject({ added: 1, known: 0 });
  });

  test("on a dry run shows all and keeps nothing", async () => {
    const account = await bankAccount();
    const before = await rowCounts();
    const file = camt({ iban: "DE75512108001245126199", id: "D1", opening: "0.00", closing: "1.00", entries: [{ amount: "1.00" }] });
    expect(await importText(account, file, {}, { dryRun: true })).toMatchObject({ added: 1, statements: [{ proven: true }] });
    expect(await rowCounts()).toEqual({ ...(before as object) });
  });

  test("shows a gap to the statement before", async () => {
    const account = await bankAccount();
    const of = (id: string, opening: string, closing: string, day: string) =>
      camt({ iban: "DE27100777770209299700", id, opening, closing, openingDay: day, closingDay: day, entries: [{ amount: "1.00", day }] });
    expect((await importText(account, of("G1", "0.00", "1.00", "2026-11-02"))).statements[0]!.gap).toBeNull();
    expect((await importText(account, of("G2", "1.00", "2.00", "2026-11-03"))).statements[0]!.gap).toBeNull();
    expect((await importText(account, of("G4", "7.00", "8.00", "2026-11-05"))).statements[0]!.gap).toEqual(
      expect.objectContaining({ minor: 500n }),
    );
    const listed = (await books.house.call(
      "finance.bankStatement.list",
      { filter: { bankAccountId: account }, sort: "untilDay" },
      books.chief,
    )) as {
      rows: Record<string, unknown>[];
    };
    expect(listed.rows.map((row) => [row["statement"], row["gap"], row["state"]])).toEqual([
      ["G1", null, "proven"],
      ["G2", null, "proven"],
      ["G4", eur("5.00"), "proven"],
    ]);
  });

  test("of many statements makes each of them, and the account takes its number", async () => {
    const account = await bankAccount();
    const done = await importText(account, fixture("camt053.v2.multi.statement.xml"));
    expect(done.statements.map((one) => [one.opening?.amount, one.entriesSum.amount, one.closing?.amount, one.added])).toEqual([
      ["18.15", "8.85", "27.00", 1],
      ["27.00", "-7.00", "20.00", 1],
    ]);
    const accounts = (await books.house.call("finance.bankAccount.list", { filter: { number: "NL26VAYB8060476890" } }, books.chief)) as {
      rows: Record<string, unknown>[];
    };
    expect(accounts.rows).toMatchObject([{ id: account }]);
  });

  test("told during the day is kept apart and booked by the day's statement", async () => {
    const account = await bankAccount();
    const entry = { amount: "40.00", reference: "BANK-4711" };
    const parts = { iban: "DE12500105170648489890", opening: "0.00", closing: "40.00", entries: [entry] };
    expect(await importText(account, camt({ ...parts, id: "R1", isReport: true }))).toMatchObject({ added: 0, advised: 1 });
    expect(await lines(account)).toMatchObject([{ state: "advised" }]);
    expect(await importText(account, camt({ ...parts, id: "R2" }))).toMatchObject({ added: 1, known: 0, advised: 0 });
    expect(await lines(account)).toMatchObject([{ state: "unmatched", statement: "R2" }]);
  });
});

describe("a file that is wrong leaves no row", () => {
  const wrong = (more: object) => camt({ iban, id: "W", opening: "100.00", closing: "130.50", entries: [{ amount: "30.50" }], ...more });
  test.each([
    ["wrong totals", "statementDoesNotAddUp", () => wrong({ closing: "131.00" })],
    ["a page that is no statement", "statementFormatUnknown", () => "<html><body>Sign in</body></html>"],
    ["an entity bomb", "documentTypeForbidden", () => `<!DOCTYPE x [<!ENTITY a "b">]>${wrong({})}`],
    ["a file cut off", "statementTruncated", () => wrong({}).slice(0, -60)],
    ["an amount that is none", "amountMalformed", () => wrong({}).replace(">30.50<", ">3O.50<")],
    ["a day that is none", "dayMalformed", () => wrong({}).replaceAll("2026-11-10", "2026-02-30")],
    ["another account", "accountDiffers", () => wrong({ iban: "DE02500105170137075030" })],
    ["another currency", "currencyDiffers", () => wrong({}).replaceAll("EUR", "USD")],
    ["nothing at all", "statementFormatUnknown", () => ""],
    ["the second of two statements", "statementDoesNotAddUp", () => twoStatements()],
    ["an entry without an amount", "amountMissing", () => wrong({}).replace(/(<Ntry>)<Amt[^]*?<\/Amt>/, "$1")],
    ["an entry without a day", "bookingDayMissing", () => wrong({}).replace(/<BookgDt>[^]*<\/ValDt>/, "")],
    ["a statement without a currency", "currencyMissing", () => wrong({ entries: [] }).replace(/<Ccy>EUR<\/Ccy>|<Bal>[^]*<\/Bal>/g, "")],
    ["a field that stands twice", "fieldRepeated", () => mt940([`:25:${iban}`])],
    ["a total that is none", "totalMalformed", () => mt940([":90C:one EUR"])],
    ["an OFX entry that corrects another", "correctionUnsupported", () => corrected()],
  ])("%s", async (_, code, content) => {
    const account = await bankAccount(iban.replace("3000", `${1000 + made}`));
    const own = `DE893704004405320${(await numberOf(account)).slice(-5)}`;
    const before = await rowCounts();
    const text = content().replaceAll(iban, own);
    await expect(importText(account, text)).rejects.toMatchObject({
      code,
      facts: { line: expect.any(Number) },
      message: expect.stringMatching(/^Line \d+: /),
    });
    expect(await rowCounts()).toEqual(before);
  });

  const mt940 = (more: readonly string[]): string =>
    [":20:W", `:25:${iban}`, ":28C:1/1", ":60F:C261110EUR10,00", ":62F:C261110EUR10,00", ...more, "-"].join("\r\n");

  function corrected(): string {
    const text = new TextDecoder().decode(fixture("bank_medium.ofx")).replaceAll(/<CURDEF>\w+/g, "<CURDEF>EUR");
    return text.replace("</STMTTRN>", "<CORRECTFITID>1<CORRECTACTION>REPLACE</STMTTRN>");
  }

  function twoStatements(): string {
    const [good, bad] = [wrong({ id: "W1" }), wrong({ id: "W2", opening: "130.50", closing: "999.00" })];
    const part = /<Stmt>[^]*<\/Stmt>/.exec(bad)![0];
    return good.replace("</Stmt>", `</Stmt>${part}`);
  }

  async function numberOf(id: Id): Promise<string> {
    return ((await books.house.call("finance.bankAccount.get", { id }, books.chief)) as { number: string }).number;
  }

  test("another bank account has the number already", async () => {
    const known = await bankAccount("DE91100000000123456789");
    const other = await bankAccount();
    const file = camt({ iban: "DE91100000000123456789", id: "N1", opening: "0.00", closing: "0.00", entries: [] });
    const before = await rowCounts();
    await expect(importText(other, file)).rejects.toMatchObject({ code: "accountDiffers" });
    expect(await rowCounts()).toEqual(before);
    expect(await importText(known, file)).toMatchObject({ added: 0 });
  });

  test("unproven, where that is not allowed", async () => {
    const account = await bankAccount();
    const text = new TextDecoder().decode(fixture("bank_medium.ofx")).replaceAll(/<CURDEF>\w+/g, "<CURDEF>EUR");
    await expect(importText(account, text, { allowUnproven: false })).rejects.toMatchObject({ code: "statementUnproven" });
    expect(await importText(account, text)).toMatchObject({ statements: [{ proven: false, unproven: "openingMissing", opening: null }] });
  });

  test("a bank account or a file that is not there", async () => {
    const file = camt({ iban, id: "X", opening: "0.00", closing: "0.00", entries: [] });
    await expect(importText(books.customerId, file)).rejects.toMatchObject({ code: "bankAccountUnknown" });
    const input = { fileId: books.customerId, bankAccountId: books.bankAccountId };
    await expect(books.house.run(importBankStatement, input, books.accountant)).rejects.toMatchObject({ code: "fileNotFound" });
  });

  test("days that a proven statement tells differently", async () => {
    const account = await bankAccount();
    const parts = { iban: "DE21500500009876543210", opening: "0.00", openingDay: "2026-11-01" };
    await importText(
      account,
      camt({ ...parts, id: "C1", closing: "9.00", closingDay: "2026-11-30", entries: [{ amount: "9.00", day: "2026-11-12" }] }),
    );
    const other = camt({ ...parts, id: "C2", closing: "9.00", closingDay: "2026-11-20", entries: [{ amount: "9.00", day: "2026-11-13" }] });
    await expect(importText(account, other)).rejects.toMatchObject({
      code: "statementContradicts",
      facts: { statement: "C2", other: "C1" },
    });
  });

  test("the same day in another format", async () => {
    const account = await bankAccount();
    const parts = { iban: "DE44500105175407324931", opening: "10.00", closing: "15.00", openingDay: "2026-11-10" };
    await importText(account, camt({ ...parts, id: "F1", entries: [{ amount: "5.00" }] }));
    const mt940 = [
      ":20:F1",
      ":25:DE44500105175407324931",
      ":28C:1/1",
      ":60F:C261110EUR10,00",
      ":61:2611101110C5,00NTRFNONREF",
      ":86:Payment in other words",
      ":62F:C261110EUR15,00",
      "-",
    ];
    await expect(importText(account, mt940.join("\r\n"))).rejects.toMatchObject({ code: "statementContradicts" });
  });
});

test("only who keeps the books may import", async () => {
  const someone = await books.house.person("Sam Someone");
  const input = { fileId: books.customerId, bankAccountId: books.bankAccountId };
  await expect(books.house.run(importBankStatement, input, someone)).rejects.toMatchObject({ name: "NotPermitted" });
});
