// What posting keeps in memory of the books is never what it posts by once somebody has changed them: in the same transaction, in another
// one that is over, and in one that is under way.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { inTransaction } from "../../../platform/funnel/transaction.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { createAccount, retireAccount } from "./account.operations.ts";
import { postJournalEntry } from "./entry.operations.ts";
import { postEntry } from "./posting.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const post = (day: string, accountId: string = books.account("6540")) =>
  books.house.run(
    postJournalEntry,
    {
      day,
      text: "Kept",
      lines: [
        { accountId, debit: eur("1.00") },
        { accountId: books.account("1120"), credit: eur("1.00") },
      ],
    },
    books.accountant,
  );
const add = async (code: string): Promise<string> =>
  (await books.house.run(createAccount, { code, name: `Account ${code}`, parentId: books.account("6500") }, books.chief)).id;

test("an account that is new is posted to, one that is retired is not", async () => {
  await post("2026-03-05");
  const id = await add("6591");
  await post("2026-03-05", id);
  await books.house.run(retireAccount, { accountId: id, from: "2026-04-01" }, books.chief);
  await post("2026-03-05", id);
  await expect(post("2026-04-05", id)).rejects.toMatchObject({ code: "accountRetired" });
  expect(await books.breaks()).toEqual([]);
});

test("what is added within a transaction is posted to in it, and forgotten with it", async () => {
  await post("2026-03-05");
  const { house } = books;
  const lines = (account: string) => ({
    journal: "GEN",
    day: "2026-03-05" as never,
    text: "Within",
    lines: [
      { account, amount: Money.parse("1.00", "EUR") },
      { account: "1120", amount: Money.parse("-1.00", "EUR") },
    ],
  });
  const within = (context: WriteContext) =>
    context.call(createAccount, { code: "6592", name: "Of one moment", parentId: books.account("6500") as Id, isGroup: false });
  await expect(
    house.funnel.work(house.tenantId, async (context) => {
      await within(context);
      expect((await postEntry(context, lines("6592"))).number).toMatch(/^GEN-2026-/);
      throw new Error("and never was");
    }),
  ).rejects.toThrow("never was");
  await expect(house.funnel.work(house.tenantId, (context) => postEntry(context, lines("6592")))).rejects.toMatchObject({
    code: "accountUnknown",
  });
  await post("2026-03-05");
  expect(await books.breaks()).toEqual([]);
});

test("whoever posts while a period is being closed waits, and is refused", async () => {
  await post("2026-02-05");
  const { house } = books;
  let posted: Promise<unknown> | undefined;
  await inTransaction(house.pool, house.tenantId, "write", async (db) => {
    // As closing does it, held open until the posting has come to the door.
    await db.run(sql`
      update finance.period set state = 'closed', closed_entries = (select count(*) from finance.journal_entry e
          where e.tenant_id = ${house.tenantId} and e.period_id = period.id),
        closed_debit = (select coalesce(sum(total), 0) from finance.journal_entry e
          where e.tenant_id = ${house.tenantId} and e.period_id = period.id)
      where tenant_id = ${house.tenantId} and code = '2026-02'`);
    posted = post("2026-02-06").then(
      () => "posted",
      (error: unknown) => (error as { code?: string }).code,
    );
    await waiting();
  });
  expect(await posted).toBe("periodClosed");
  expect(await books.breaks()).toEqual([]);
});

/** Until some session waits for a lock. */
async function waiting(): Promise<void> {
  for (let left = 200; left > 0; left--) {
    const { rows } = await books.house.owner.query(
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("nobody waited");
}
