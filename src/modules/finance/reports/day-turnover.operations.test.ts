// Counted days: whatever was counted and whatever was posted since, every statement of any day reads as its lines do.
import { afterAll, beforeAll, expect, test } from "vitest";
import { reverseJournalEntry, postJournalEntry } from "../ledger/entry.operations.ts";
import { day } from "../../../kernel/day.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { readingOf } from "../../../platform/testing/reading.ts";
import { countDays } from "./day-turnover.ts";
import { getBalanceSheet, getProfitAndLoss } from "./statement.operations.ts";
import { getTrialBalance } from "./trial-balance.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const count = (): Promise<void> => books.house.funnel.work(books.house.tenantId, countDays);

async function post(on: string, cents: number, debit = "6540", credit = "1120"): Promise<string> {
  const amount = eur((cents / 100).toFixed(2));
  const lines = [
    { accountId: books.account(debit), debit: amount },
    { accountId: books.account(credit), credit: amount },
  ];
  return (await books.house.run(postJournalEntry, { day: on, text: `On ${on}`, lines }, books.accountant)).id;
}

/** What the lines say of accounts from the first of January until a day. */
async function linesSay(until: string, ...codes: string[]): Promise<string> {
  const { rows } = await books.house.owner.query<{ sum: string }>(
    `select (coalesce(sum(amount), 0) / 100.0)::numeric(20, 2)::text as sum from finance.journal_line
     where tenant_id = $1 and account_id = any($2) and day <= $3`,
    [books.house.tenantId, codes.map(books.account), until],
  );
  return rows[0]!.sum;
}

const days = ["2026-01-01", "2026-01-14", "2026-01-31", "2026-02-13", "2026-02-14", "2026-03-01", "2026-03-30"];

async function agree(): Promise<void> {
  for (const asOf of days) {
    const trial = await books.house.run(getTrialBalance, { asOf }, books.chief);
    const closing = new Map(trial.rows.map((row) => [row.code, row.closing.amount]));
    for (const code of ["6540", "1120", "4110"]) expect(closing.get(code) ?? "0.00", `${code} on ${asOf}`).toBe(await linesSay(asOf, code));
    const sheet = await books.house.run(getBalanceSheet, { asOf }, books.chief);
    expect(sheet.difference.amount).toBe("0.00");
    expect(sheet.rows.find((row) => row.code === "1120")?.amount.amount ?? "0.00").toBe(await linesSay(asOf, "1120"));
    const result = await books.house.run(getProfitAndLoss, { from: "2026-01-01", to: asOf }, books.chief);
    expect(result.result.negated().amount).toBe(await linesSay(asOf, "6540", "4110"));
  }
  expect(await books.breaks()).toEqual([]);
}

test("before anything is counted, in between, and after it", async () => {
  for (const [index, on] of days.entries()) await post(on, 1000 + index);
  await agree();
  await count();
  await agree();
  for (const [index, on] of days.entries()) await post(on, 3 + index, "1120", "4110");
  await agree();
  await count();
  await count();
  await agree();
});

test("a reversal is counted like any entry, and what was posted later is not in what was known before", async () => {
  const asKnownAt = books.house.today;
  const before = await books.house.run(getTrialBalance, { asOf: "2026-02-13" }, books.chief);
  books.house.today = day("2026-11-24");
  const entryId = await post("2026-02-10", 7777);
  await books.house.run(reverseJournalEntry, { journalEntryId: entryId, on: "2026-02-12", reason: "Wrong account" }, books.chief);
  await post("2026-02-11", 999);
  await agree();
  expect(await books.house.run(getTrialBalance, { asOf: "2026-02-13", asKnownAt }, books.chief)).toEqual(before);
  await count();
  await agree();
  expect(await books.house.run(getTrialBalance, { asOf: "2026-02-13", asKnownAt }, books.chief)).toEqual(before);
});

test("a counted day costs a row for each account and no line", async () => {
  await count();
  const { rows } = await readingOf(books.house, () => books.house.run(getTrialBalance, { asOf: "2026-02-13" }, books.chief));
  expect(rows.get("journal_line") ?? 0).toBe(0);
  expect(rows.get("journal_entry") ?? 0).toBe(0);
  await post("2026-02-13", 500);
  const after = await readingOf(books.house, () => books.house.run(getTrialBalance, { asOf: "2026-02-13" }, books.chief));
  expect(after.rows.get("journal_line")).toBe(2);
});

test("a count that differs from its lines breaks the law", async () => {
  await books.house.owner.query("update finance.day_turnover set debit = debit + 1 where tenant_id = $1 and day = '2026-01-14'", [
    books.house.tenantId,
  ]);
  expect((await books.breaks()).some((line) => line.includes("on 2026-01-14 is counted as"))).toBe(true);
});
