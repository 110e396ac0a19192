// Posting in bulk: each balance written once, nobody in other series held up, whoever waits for the same series waits without a deadlock.
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { openBooks, type TestBooks } from "../testing/books.ts";
import { bookOf } from "./book.ts";
import { inBulk } from "./bulk.ts";
import { postEntries } from "./posting.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const work = <T>(run: (context: WriteContext) => Promise<T>): Promise<T> => books.house.funnel.work(books.house.tenantId, run);

const batch = (...days: string[]) => batchOf("GEN", ...days);
const batchOf = (journal: string, ...days: string[]) =>
  days.map((on) => ({
    journal,
    day: day(on),
    text: "In bulk",
    lines: [
      { account: "6540", amount: Money.parse("10", "EUR") },
      { account: "1120", amount: Money.parse("-10", "EUR") },
    ],
  }));

const byOther = (journal: string) => work(async (context) => (await postEntries(context, batchOf(journal, "2026-03-10")))[0]!);

const bookId = async (context: WriteContext) => (await bookOf(context)).id;

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
      expect(await byOther("BNK")).toMatchObject({ number: "BNK-2026-00001" });
      same = byOther("GEN");
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

test("two at once in two series do not wait for each other", async () => {
  await work(async (context) =>
    inBulk(context, await bookId(context), async () => {
      await postEntries(context, batch("2026-03-11"));
      await work(async (other) => inBulk(other, await bookId(other), () => postEntries(other, batchOf("BNK", "2026-03-11"))));
    }),
  );
  expect(await books.breaks()).toEqual([]);
});

test("many entries are written some at a time, of each series and year what is its own", async () => {
  await work(async (context) => {
    const { tenantId } = context;
    const id = await bookId(context);
    await context.db.run(sql`select finance.hold_balances(${tenantId}, ${id})`);
    await postEntries(context, batch("2026-05-01", "2026-05-02", "2026-06-01", "2027-01-01", "2026-06-02"));
    await postEntries(context, batchOf("BNK", "2026-05-01"));
    const more: boolean[] = [];
    do more.push((await context.db.row<{ isMore: boolean }>(sql`select finance.write_balances(${tenantId}, ${id}, 3) as is_more`)).isMore);
    while (more.at(-1));
    // BNK, GEN of 2026 in two, GEN of 2027.
    expect(more).toEqual([true, true, true, true, false]);
  });
  expect(await books.breaks()).toEqual([]);
});

test("in a circle with a posting that goes on from another series to ours, the bulk is not done again", async () => {
  let other: Promise<unknown> | undefined;
  let runs = 0;
  await work(async (context) =>
    inBulk(context, await bookId(context), async () => {
      runs += 1;
      await postEntries(context, batch("2026-03-12"));
      other = work(async (one) => {
        await postEntries(one, batchOf("BNK", "2026-03-12"));
        await postEntries(one, batch("2026-03-12"));
      });
      other.catch(() => undefined);
      await isWaiting();
      // PostgreSQL looks for circles when someone has waited for a second: now the bulk is the one that will find it.
      await pause(1_300);
    }),
  );
  expect(runs).toBe(1);
  // The other one gave up after five seconds, or was tried again.
  await Promise.allSettled([other]);
  expect(await books.breaks()).toEqual([]);
}, 30_000);

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
