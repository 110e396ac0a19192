// Posting in bulk: each balance written once, nobody in other series held up, whoever waits for the same series waits without a deadlock.
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { inBulk } from "./bulk.ts";
import { postJournalEntry } from "./entry.operations.ts";
import { postEntries } from "./posting.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const work = <T>(run: (context: WriteContext) => Promise<T>): Promise<T> => books.house.funnel.work(books.house.tenantId, run);

const batch = (...days: string[]) =>
  days.map((on) => ({
    journal: "GEN",
    day: day(on),
    text: "In bulk",
    lines: [
      { account: "6540", amount: Money.parse("10", "EUR") },
      { account: "1120", amount: Money.parse("-10", "EUR") },
    ],
  }));

const byHand = (journal: string) =>
  books.house.run(
    postJournalEntry,
    {
      journal,
      day: "2026-03-10",
      text: "Meanwhile",
      lines: [
        { accountId: books.account("6540"), debit: eur("1.00") },
        { accountId: books.account("1120"), credit: eur("1.00") },
      ],
    },
    books.accountant,
  );

const bookId = async (context: WriteContext) =>
  (await context.db.row<{ id: never }>(sql`select id from finance.book where tenant_id = ${context.tenantId} and is_main`)).id;

test("however many batches, a balance is written once, behind the last", async () => {
  const written = await work(async (context) => {
    await inBulk(context, await bookId(context), async () => {
      for (const month of ["03", "04", "03", "04", "03"]) await postEntries(context, batch(`2026-${month}-05`, `2026-${month}-06`));
    });
    return context.db.row(sql`
      select n_tup_ins::int as inserted, n_tup_upd::int as updated from pg_stat_xact_user_tables
      where schemaname = 'finance' and relname = 'balance'`);
  });
  expect(written).toEqual({ inserted: 4, updated: 0 });
  expect(await books.breaks()).toEqual([]);
});

test("who posts in another series is not held up; who posts in the same waits, and neither is undone", async () => {
  let same: Promise<{ number: string }> | undefined;
  const numbers = await work(async (context) =>
    inBulk(context, await bookId(context), async () => {
      const [first] = await postEntries(context, batch("2026-03-07"));
      expect(await byHand("BNK")).toMatchObject({ number: "BNK-2026-00001" });
      same = byHand("GEN");
      await isWaiting();
      const [second] = await postEntries(context, batch("2026-03-08"));
      return [first!.number, second!.number];
    }),
  );
  expect(numbers).toEqual(["GEN-2026-00011", "GEN-2026-00012"]);
  expect(await same).toMatchObject({ number: "GEN-2026-00013" });
  expect(await books.breaks()).toEqual([]);
});

async function isWaiting(): Promise<void> {
  for (let looks = 0; looks < 400; looks++) {
    const { rows } = await books.house.owner.query(`
      select from pg_locks l join pg_database d on d.oid = l.database
      where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`);
    if (rows.length > 0) return;
    await pause(10);
  }
  throw new Error("nobody waits");
}

test("a transaction whose balances were never written is undone", async () => {
  const entries = async () => (await books.house.owner.query("select count(*)::int as entries from finance.journal_entry")).rows[0];
  const before = await entries();
  const forgotten = work(async (context) => {
    await context.db.run(sql`select finance.hold_balances(${context.tenantId}, ${await bookId(context)})`);
    await postEntries(context, batch("2026-03-09"));
  });
  await expect(forgotten).rejects.toMatchObject({ constraint: "balance_backlog_empty" });
  expect(await entries()).toEqual(before);
  expect(await books.breaks()).toEqual([]);
});
