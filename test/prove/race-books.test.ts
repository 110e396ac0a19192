// Races in the books: 32 at once on the same accounts, numbers, keys, bills, items, entries and periods, on two servers. Nothing is lost,
// doubled, skewed or left out, and nobody is shown a conflict of the database. HEARTWOOD_RACE_ROUNDS=300 presses longer.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../src/kernel/id.ts";
import { rowsOn, sql } from "../../src/platform/database/sql.ts";
import { eur, openBooks, type TestBooks } from "../../src/modules/finance/testing/books.ts";
import { Barrier, contenders, rounds } from "./barrier.ts";

const minutes = 10 * 60_000;
let books: TestBooks;
let barrier: Barrier;
const ask = <Row>(statement: ReturnType<typeof sql>): Promise<Row> => rowsOn(books.house.owner).row<Row>(statement);

beforeAll(async () => {
  books = await openBooks();
  barrier = new Barrier(books.house);
});
afterAll(async () => {
  expect(await books.breaks()).toEqual([]);
  await books.house.close();
}, minutes);

const entry = (amount: string, on = "2026-11-20", other = amount) => ({
  day: on,
  text: "Race",
  lines: [
    { accountId: books.account("6540"), debit: eur(amount) },
    { accountId: books.account("6220"), credit: eur(other) },
  ],
});

interface Series {
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

const series = async (table: "journal_entry" | "invoice"): Promise<Series> => {
  const { rows } = await books.house.owner.query<Series>(
    `select count(*)::int as count, min(right(number, 5)) as first, max(right(number, 5)) as last from finance.${table}
     where number is not null ${table === "journal_entry" ? "and number like 'GEN-2026-%'" : ""}`,
  );
  return rows[0]!;
};

test("entries on the same two accounts: the balance is their sum and the numbers have no gap", { timeout: minutes }, async () => {
  const balance = () =>
    ask<{ sum: bigint }>(sql`
      select coalesce(sum(b.debit - b.credit), 0)::bigint as sum from finance.balance b
      where b.account_id = ${books.account("6540")}`);
  const before = (await balance()).sum;
  for (let round = 0; round < rounds; round++) {
    // Every fifth does not balance and is refused: its number goes to another.
    const { granted, refused } = await barrier.raceOf((index) => ({
      name: "finance.journalEntry.post",
      input: index % 5 === 4 ? entry("1.00", "2026-11-20", "2.00") : entry("1.00"),
      as: books.accountant,
    }));
    expect(granted).toHaveLength(26);
    expect(new Set(granted.map((answer) => answer["id"])).size).toBe(26);
    expect(refused).toHaveLength(6);
  }
  expect((await balance()).sum - before).toBe(BigInt(26 * 100 * rounds));
  const { count, first, last } = await series("journal_entry");
  expect(Number(last) - Number(first) + 1).toBe(count);
});

test("invoices: every number once, none left out, whatever is refused or only tried in between", { timeout: minutes }, async () => {
  const lines = [{ description: "Race", quantity: "1", unitPrice: eur("10.00") }];
  for (let round = 0; round < rounds; round++) {
    const { granted } = await barrier.raceOf((index) => ({
      name: "finance.invoice.issue",
      input: { customerId: index % 4 === 3 ? newId() : books.customerId, day: "2026-11-20", lines },
      as: books.accountant,
    }));
    expect(granted).toHaveLength(24);
  }
  const { count, first, last } = await series("invoice");
  expect(Number(last) - Number(first) + 1).toBe(count);
  expect(count).toBe(24 * rounds);
});

test("one key: one effect, one answer, and a refusal for whoever asks something else with it", { timeout: minutes }, async () => {
  for (let round = 0; round < rounds; round++) {
    const key = newId();
    const post = await barrier.raceOf((index) => ({
      name: "finance.journalEntry.post",
      input: entry(index % 8 === 7 ? "4.00" : "3.00"),
      as: books.accountant,
      key,
    }));
    expect(new Set(post.granted.map((answer) => answer["id"])).size).toBe(1);
    expect(new Set(post.refused)).toEqual(new Set(["idempotencyKeyReused"]));
    // A write that is done alone, not together with others of its kind.
    const alone = newId();
    const input = {
      supplierId: books.supplierId,
      supplierNumber: newId(),
      day: "2026-11-20",
      lines: [{ description: "x", net: eur("5.00") }],
    };
    const bills = await barrier.raceOf(() => ({ name: "finance.bill.create", input, as: books.accountant, key: alone }));
    expect(new Set(bills.granted.map((answer) => answer["id"])).size).toBe(1);
    expect(bills.granted).toHaveLength(contenders);
    const { logged } = await ask<{ logged: number }>(sql`
      select count(*)::int as logged from platform.operation_log where key in (${key}, ${alone})`);
    expect(logged).toBe(2);
  }
});

test("a bill is paid once, however many pay it", { timeout: minutes }, async () => {
  const as = books.accountant;
  for (let round = 0; round < rounds; round++) {
    const lines = [{ description: "Goods", net: eur("100.00") }];
    const wish = { supplierId: books.supplierId, supplierNumber: newId(), day: "2026-11-20", lines };
    const { id: billId } = await books.house.call("finance.bill.create", wish, as);
    await books.house.call("finance.bill.approve", { billId }, books.chief);
    await books.house.call("finance.bill.post", { billId }, as);
    const { granted } = await barrier.raceOf(() => ({
      name: "finance.bill.recordPayment",
      input: { billId, bankAccountId: books.bankAccountId },
      as,
    }));
    expect(granted).toHaveLength(1);
  }
});

test("an open item is never settled for more than it is open", { timeout: minutes }, async () => {
  const as = books.accountant;
  for (let round = 0; round < rounds; round++) {
    const lines = [{ description: "Advice", quantity: "1", unitPrice: eur("100.00") }];
    const invoice = await books.house.call("finance.invoice.issue", { customerId: books.customerId, day: "2026-11-20", lines }, as);
    const paid = { direction: "incoming", partyId: books.customerId, bankAccountId: books.bankAccountId, day: "2026-11-20" };
    const payments = await Promise.all([0, 1].map(() => books.house.call("finance.payment.record", { ...paid, amount: eur("80.00") }, as)));
    const itemOf = async (id: unknown) =>
      (
        await ask<{ id: string }>(sql`
          select id from finance.open_item where document_id = ${id}
            or entry_id = (select entry_id from finance.payment where id = ${id})`)
      ).id;
    const againstId = await itemOf(invoice["id"]);
    const items = await Promise.all(payments.map((payment) => itemOf(payment["id"])));
    await barrier.raceOf((index) => ({
      name: "finance.openItem.allocate",
      input: { openItemId: items[index % 2], againstId, amount: eur("30.00") },
      as,
    }));
    const left = await books.house.owner.query<{ open_amount: string }>(
      "select open_amount::text from finance.open_item where id = any($1::uuid[]) order by 1",
      [[againstId, ...items]],
    );
    // Each allocation takes 30 from both sides: with tax the invoice is 119, so three fit; the two payments give at most two each.
    const open = left.rows.map((row) => BigInt(row.open_amount));
    expect(open.reduce((sum, amount) => sum + amount, 0n)).toBe(11900n - 16000n);
    expect(open.filter((amount) => amount > 0n)).toEqual([2900n]);
  }
});

test("an entry is reversed once", { timeout: minutes }, async () => {
  for (let round = 0; round < rounds; round++) {
    const { id: journalEntryId } = await books.house.call("finance.journalEntry.post", entry("7.00"), books.accountant);
    const { granted } = await barrier.raceOf(() => ({
      name: "finance.journalEntry.reverse",
      input: { journalEntryId, on: "2026-11-21", reason: "Twice" },
      as: books.accountant,
    }));
    expect(granted).toHaveLength(1);
  }
});

test("nothing enters a period after its closing totals", { timeout: minutes }, async () => {
  const { rows } = (await books.house.call("finance.period.list", { limit: 20, sort: "code" }, books.chief)) as {
    rows: { id: string; code: string; fiscalYear: number }[];
  };
  const months = rows.filter((row) => row.code < "2026-10");
  for (const { id: periodId, code } of months.slice(0, Math.max(3, Math.min(rounds, months.length)))) {
    // Closing again after reopening makes as many rounds as are wanted of one month.
    for (let round = 0; round < Math.ceil(rounds / months.length); round++) {
      const { granted } = await barrier.raceOf((index) =>
        index === 16
          ? { name: "finance.period.close", input: { periodId }, as: books.chief }
          : { name: "finance.journalEntry.post", input: entry("2.00", `${code}-10`), as: books.accountant },
      );
      const counted = await ask<{ closed: string | null; there: number; sum: string }>(sql`
        select p.closed_entries::text || ' ' || p.closed_debit as closed, count(e.id)::int as there, coalesce(sum(e.total), 0)::text as sum
        from finance.period p left join finance.journal_entry e on e.tenant_id = p.tenant_id and e.period_id = p.id
        where p.id = ${periodId} group by p.tenant_id, p.id`);
      expect(counted.closed).toBe(`${counted.there} ${counted.sum}`);
      expect(granted.length).toBeGreaterThan(0);
      await books.house.call("finance.period.reopen", { periodId, reason: "Another round" }, books.chief);
    }
    await books.house.call("finance.period.close", { periodId }, books.chief);
  }
});
