// The bank of a month is reconciled when a statement reaches its end, every line of it is decided on, and books and bank agree; not before.
import { afterAll, beforeAll, expect, test } from "vitest";
import { matchBankLine } from "../banking/bank-line.operations.ts";
import { camt, storedFile, type ToldEntry } from "../banking/banking.testing.ts";
import { holdBankLine } from "../banking/hold.operations.ts";
import { importBankStatement } from "../banking/import.operations.ts";
import { postJournalEntry, reverseJournalEntry } from "../ledger/entry.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { beginClose, completeCloseTask, getCloseBoard } from "./close.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (register: string, filter: object) =>
  ((await books.house.call(`${register}.list`, { filter, limit: 500 }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const period = async (code: string) => (await rowsOf("finance.period", { code }))[0]!["id"] as string;

async function tick(code: string) {
  const { tasks } = await run(getCloseBoard, { periodId: await period(code) }, books.chief);
  return run(completeCloseTask, { closeTaskId: tasks.find((task) => task.key === "bank")!.id }, books.accountant);
}
const refusedAs = (says: string) => ({ code: "factNotTrue", message: expect.stringContaining(says) });

async function told(id: string, days: readonly [string, string], [opening, closing]: readonly [string, string], entry: ToldEntry) {
  const [openingDay, closingDay] = days;
  const file = camt({ iban: "DE89370400440532013000", id, opening, closing, openingDay, closingDay, entries: [entry] });
  await run(importBankStatement, { fileId: await storedFile(books, file), bankAccountId: books.bankAccountId }, books.accountant);
}

test("January is ticked once the statement is in, its line is decided on and the difference is gone", async () => {
  await run(beginClose, { periodId: await period("2026-01") }, books.chief);
  // A statement that begins later tells nothing of January.
  await told("M1", ["2026-03-01", "2026-03-02"], ["424.00", "425.00"], { amount: "1.00", day: "2026-03-02" });
  const fee = [
    { accountId: books.account("6560"), debit: eur("9.00") },
    { accountId: books.account("1120"), credit: eur("9.00") },
  ];
  const booked = await run(postJournalEntry, { day: "2026-01-20", text: "Fee", lines: fee }, books.accountant);
  await expect(tick("2026-01")).rejects.toMatchObject(refusedAs("no statement reaches 2026-01-31 yet"));
  await run(reverseJournalEntry, { journalEntryId: booked.id, reason: "Not at this bank" }, books.accountant);
  await told("J1", ["2026-01-01", "2026-01-30"], ["500.00", "423.00"], { amount: "-77.00", day: "2026-01-15" });
  // March opens with 424.00 and January ended with 423.00 so far: something is missing between.
  await expect(tick("2026-01")).rejects.toMatchObject(refusedAs("no statement reaches 2026-01-31 yet"));
  await told("J2", ["2026-01-30", "2026-01-31"], ["423.00", "424.00"], { amount: "1.00", day: "2026-01-31" });
  const lines = (await rowsOf("finance.bankLine", {})).map((row) => row["id"]);
  for (const bankLineId of lines) await run(holdBankLine, { bankLineId, question: "What is it?" }, books.accountant);
  await expect(tick("2026-01")).rejects.toMatchObject(refusedAs("wait for an answer: 2."));
  for (const bankLineId of lines) await run(matchBankLine, { bankLineId, accountCode: "6560" }, books.accountant);
  // The bank began with 500.00 that the books know nothing of: 424.00 there, −76.00 here.
  await expect(tick("2026-01")).rejects.toMatchObject(refusedAs("500.00 EUR are not explained on 2026-01-31"));
  const opening = [
    { accountId: books.account("1120"), debit: eur("500.00") },
    { accountId: books.account("2490"), credit: eur("500.00") },
  ];
  await run(postJournalEntry, { day: "2026-01-01", text: "The bank's balance", lines: opening }, books.accountant);
  expect(await tick("2026-01")).toMatchObject({ state: "done" });
});

test("a month without movement needs no statement; one with movement in the books alone does", async () => {
  await run(beginClose, { periodId: await period("2026-02") }, books.chief);
  await run(beginClose, { periodId: await period("2026-03") }, books.chief);
  const fee = [
    { accountId: books.account("6560"), debit: eur("5.00") },
    { accountId: books.account("1120"), credit: eur("5.00") },
  ];
  await run(postJournalEntry, { day: "2026-03-05", text: "Fee", lines: fee }, books.accountant);
  expect(await tick("2026-02")).toMatchObject({ state: "done" });
  await expect(tick("2026-03")).rejects.toMatchObject(refusedAs("no statement reaches 2026-03-31 yet"));
  expect(await books.breaks()).toEqual([]);
});
