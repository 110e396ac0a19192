// What reports cost, in counts that do not drift with the machine: how many statements each sends, and how many lines of the journal it
// reads of the three hundred that stand in it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { journalEntryRegister, postJournalEntry } from "../ledger/entry.operations.ts";
import { getAgeing } from "../receivables/account.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { readingOf } from "../../../platform/testing/reading.ts";
import { getLedger } from "./ledger.operations.ts";
import { getBalanceSheet, getProfitAndLoss } from "./statement.operations.ts";
import { getTrialBalance } from "./trial-balance.operations.ts";

/** One entry of two lines a day: fifty in each of three months. */
const days = ["01", "02", "03"]
  .flatMap((month) => Array.from({ length: 50 }, (_, index) => `2026-${month}-${1 + (index % 25)}`))
  .map((day) => day.replace(/-(\d)$/, "-0$1"));

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
  const lines = [
    { accountId: books.account("6540"), debit: eur("1.00") },
    { accountId: books.account("1120"), credit: eur("1.00") },
  ];
  for (const [index, day] of days.entries()) {
    await books.house.run(postJournalEntry, { day, text: `Day ${index}`, lines }, books.accountant, { key: `day-${index}` });
  }
  await books.house.owner.query("vacuum analyze");
});
afterAll(() => books.house.close());

const entries = (from: string, until: string): number => days.filter((day) => day >= from && day <= until).length;

test("a trial balance at a month's end is two statements between begin and commit, and no line", async () => {
  const { statements, rows } = await readingOf(books.house, () => books.house.run(getTrialBalance, { asOf: "2026-03-31" }, books.chief));
  expect(statements).toEqual(["begin read", "select b.id,", "with turnover", "commit"]);
  expect(rows.get("journal_line") ?? 0).toBe(0);
});

test("in the middle of a month it reads the lines of that month until the day, and no others", async () => {
  const { statements, rows } = await readingOf(books.house, () => books.house.run(getTrialBalance, { asOf: "2026-02-10" }, books.chief));
  expect(statements).toHaveLength(4);
  expect(rows.get("journal_line")).toBe(2 * entries("2026-02-01", "2026-02-10"));
});

test("profit and loss of twelve months asks once for all its columns", async () => {
  const wish = { from: "2026-01-01", to: "2026-12-31", by: "month" };
  const { statements, rows } = await readingOf(books.house, () => books.house.run(getProfitAndLoss, wish, books.chief));
  expect(statements).toHaveLength(5);
  expect(rows.get("journal_line") ?? 0).toBe(0);
});

test("a balance sheet asks for its accounts, its balances and the account of earlier years at once", async () => {
  const { statements, rows } = await readingOf(books.house, () => books.house.run(getBalanceSheet, { asOf: "2026-03-10" }, books.chief));
  expect(statements).toHaveLength(6);
  expect(rows.get("journal_line")).toBe(2 * entries("2026-03-01", "2026-03-10"));
});

test("a page of an account's ledger reads its own lines and one more, however many follow", async () => {
  const wish = { accountId: books.account("1120"), from: "2026-01-01", to: "2026-12-31", limit: 20 };
  const { statements, rows } = await readingOf(books.house, () => books.house.run(getLedger, wish, books.chief));
  expect(statements).toHaveLength(6);
  expect(rows.get("journal_line")).toBe(21);
  expect(rows.get("journal_entry")).toBe(21);
});

test("the list of entries is read along its index from the newest day on", async () => {
  const { rows } = await readingOf(books.house, () => books.house.call("finance.journalEntry.list", { limit: 20 }, books.chief));
  expect(rows.get("journal_entry")).toBe(21);
});

test("search looks through the newest entries, and finds every one by the beginning of its number", async () => {
  const { house } = books;
  // Of the same book, with identifiers lower than any that was made since.
  await house.owner.query(`
    insert into finance.journal_entry (tenant_id, id, book_id, journal_id, period_id, fiscal_year, sequence, number, day, text, total,
      posted_at, by_name)
    select tenant_id, ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, book_id, journal_id, period_id, 1999, i,
      'OLD-1999-' || i, day, 'Ancient ' || i, total, posted_at, by_name
    from generate_series(1, 6000) i cross join (select * from finance.journal_entry order by id limit 1) e`);
  await house.owner.query("vacuum analyze finance.journal_entry");
  const found = (text: string): Promise<string[]> =>
    house.funnel.read({ tenantId: house.tenantId, actor: books.chief }, async (context) => {
      const hits = await context.db.rows<{ label: string }>(journalEntryRegister.hits(context, text, 5));
      return hits.map(({ label }) => label);
    });
  expect(await found("Ancient 5999")).toEqual(["OLD-1999-5999"]);
  expect(await found("Ancient 7")).not.toContain("OLD-1999-7");
  expect(await found("old-1999-7")).toContain("OLD-1999-7");
  expect(await found("OLD-1999-7")).toContain("OLD-1999-7");
  const { statements, rows } = await readingOf(house, () => found("Nowhere"));
  expect(statements).toHaveLength(3);
  expect(rows.get("journal_entry")).toBe(5000);
});

test("ageing is two statements", async () => {
  const { statements } = await readingOf(books.house, () => books.house.run(getAgeing, { asOf: "2026-03-10" }, books.chief));
  expect(statements).toHaveLength(4);
});
