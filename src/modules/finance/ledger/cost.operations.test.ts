// What a posting costs, in counts that do not drift with the machine: statements, and which tables a report reads.
import { afterAll, beforeAll, expect, test } from "vitest";
import { askedBy } from "../../../platform/testing/reading.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { postJournalEntry } from "./entry.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
  // Where every write is watched, the first of its kind is tried dry and repeated.
  await post();
});
afterAll(() => books.house.close());

/** How the statements begin that some work sent to the database, begin and commit among them. */
const statementsOf = async (work: () => Promise<unknown>): Promise<string[]> =>
  (await askedBy(books.house, work)).map(({ text }) => text.trim().replaceAll(/\s+/g, " ").slice(0, 60));

let key = 0;
const post = () =>
  books.house.run(
    postJournalEntry,
    {
      day: "2026-03-05",
      text: "Cost",
      lines: [
        { accountId: books.account("6540"), debit: eur("1.00") },
        { accountId: books.account("1120"), credit: eur("1.00") },
      ],
    },
    books.accountant,
    { key: `cost-${(key += 1)}` },
  );

test("posting takes one statement; trail, key and event another; begin and commit are the rest", async () => {
  const sent = await statementsOf(post);
  expect(sent.map((one) => one.split(" ").slice(0, 4).join(" "))).toEqual([
    "begin ; set local",
    "select entry_id, entry_number as",
    "with part_0 as (",
    "commit",
  ]);
});

test("a hundred that arrive together take as many statements as one", async () => {
  const sent = await statementsOf(() => Promise.all(Array.from({ length: 100 }, post)));
  expect(sent.filter((one) => one.startsWith("commit"))).toHaveLength(1);
  expect(sent).toHaveLength(4);
});

test("a trial balance at a month's end reads kept balances, whatever was posted", async () => {
  const sent = await statementsOf(() => books.house.run(getTrialBalance, { asOf: "2026-03-31" }, books.chief));
  expect(sent.length).toBeLessThanOrEqual(6);
});
