// What is received and not billed, in the books: each posting is the difference between what stands now and what was posted before, so that
// receipts, returns, bills, their reversals and new prices lead to the same balance in whatever order they come.
//
// | what happened         | Dr                                         | Cr                                                      |
// |-----------------------|--------------------------------------------|---------------------------------------------------------|
// | goods or services came| the account of the order's line            | received, not billed: quantity at the order's price     |
// | their bill was posted | received, not billed: at the order's price | the account of the bill's line: what the bill took      |
// |                       | price variances: what the bill took more   | (an asset keeps its variance, as it is part of its cost)|
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { Money } from "../../kernel/money.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { type JournalEntryDraft, type JournalLineDraft, postEntries } from "../finance/index.ts";
import { orderLabel } from "./order.store.ts";
import { receivedOf, shares } from "./verdict.ts";

/** A quantity at the order's price in minor units of the books' currency. */
export const valueOf = (quantity: Sql): Sql =>
  sql`round(${quantity} * p.unit_price * coalesce(o.rate, 1) * 10::numeric ^ o.book_decimals)::bigint`;

/** What should stand for each line of these orders, and for each line of a posted bill that is for one of them. */
const targets = (tenantId: Id, orderIds: readonly Id[]): Sql => sql`
  select p.id as order_line_id, null::uuid as bill_line_id, ${valueOf(receivedOf(tenantId, sql`p.id`))} as value, 0::bigint as cost
  from purchasing.order_line p
  join purchasing.purchase_order o on o.tenant_id = ${tenantId} and o.id = p.order_id
  where p.tenant_id = ${tenantId} and p.order_id = any(${orderIds}::uuid[]) and o.policy = 'threeWay'
  union all
  select s.order_line_id, s.bill_line_id, s.value, case when s.is_expense then s.book_share else s.value end as cost
  from (
    select s.order_line_id, s.bill_line_id, s.book_share, a.type = 'expense' as is_expense,
      ${valueOf(sql`sum(s.quantity) over w`)} - ${valueOf(sql`(sum(s.quantity) over w - s.quantity)`)} as value
    from (${shares(
      tenantId,
      sql`
      select l.bill_id from purchasing.order_line p
      join purchasing.bill_match m on m.tenant_id = ${tenantId} and m.order_line_id = p.id
      join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = m.bill_line_id
      where p.tenant_id = ${tenantId} and p.order_id = any(${orderIds}::uuid[])`,
    )}) s
    join purchasing.order_line p on p.tenant_id = ${tenantId} and p.id = s.order_line_id and p.order_id = any(${orderIds}::uuid[])
    join purchasing.purchase_order o on o.tenant_id = ${tenantId} and o.id = p.order_id and o.policy = 'threeWay'
      and o.book_id = s.book_id
    join finance.account a on a.tenant_id = ${tenantId} and a.id = p.account_id
    where s.state = 'posted'
    window w as (partition by s.order_line_id order by s.bill_line_id)) s`;

interface Difference {
  readonly orderId: Id;
  readonly bookId: Id;
  readonly bookCurrency: string;
  readonly order: string;
  readonly supplierId: Id;
  readonly orderLineId: Id;
  readonly description: string;
  readonly accountId: Id;
  readonly unitId: Id | null;
  readonly billLineId: Id | null;
  readonly billAccountId: Id | null;
  readonly billUnitId: Id | null;
  readonly value: bigint;
  readonly cost: bigint;
}

const differences = (tenantId: Id, orderIds: readonly Id[]): Sql => sql`
  select o.id as order_id, o.book_id, k.currency as book_currency, ${orderLabel(sql`o.number`)} as order, o.supplier_id,
    p.id as order_line_id, p.description, p.account_id, p.unit_id, d.bill_line_id, l.account_id as bill_account_id,
    l.unit_id as bill_unit_id, d.value, d.cost
  from (
    select t.order_line_id, t.bill_line_id, sum(t.value)::bigint as value, sum(t.cost)::bigint as cost
    from (
      ${targets(tenantId, orderIds)}
      union all
      select a.order_line_id, a.bill_line_id, -a.value, -a.cost from purchasing.accrual a
      join purchasing.order_line p on p.tenant_id = ${tenantId} and p.id = a.order_line_id and p.order_id = any(${orderIds}::uuid[])
      where a.tenant_id = ${tenantId}) t
    group by t.order_line_id, t.bill_line_id) d
  join purchasing.order_line p on p.tenant_id = ${tenantId} and p.id = d.order_line_id
  join purchasing.purchase_order o on o.tenant_id = ${tenantId} and o.id = p.order_id
  join finance.book k on k.tenant_id = ${tenantId} and k.id = o.book_id
  left join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = d.bill_line_id
  where d.value <> 0 or d.cost <> 0
  order by o.id, p.position, d.bill_line_id nulls first`;

/** Posts whatever of these orders is not in the books yet. */
export async function settleAccruals(context: WriteContext, orderIds: readonly Id[], day: Day): Promise<void> {
  const found = await context.db.rows<Difference>(differences(context.tenantId, orderIds));
  const books = grouped(found, (one) => one.bookId);
  for (const [bookId, ofBook] of books) {
    const orders = [...grouped(ofBook, (one) => one.orderId).values()];
    const entries = await postEntries(
      context,
      orders.map((rows) => entryOf(rows, day)),
      bookId,
    );
    await keep(
      context,
      orders.flatMap((rows, index) => rows.map((row) => ({ ...row, entryId: entries[index]!.id }))),
    );
  }
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => Id): Map<Id, Row[]> {
  const groups = new Map<Id, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

function entryOf(rows: readonly Difference[], day: Day): JournalEntryDraft {
  const [{ orderId, order }] = rows as [Difference];
  return {
    journal: "PUR",
    day,
    text: `Received and billed for ${order}`,
    reference: order,
    document: { subject: "purchasing.order", id: orderId },
    lines: rows.flatMap(linesOf).filter((line) => line.amount.minor !== 0n),
  };
}

function linesOf(row: Difference): JournalLineDraft[] {
  const money = (minor: bigint): Money => new Money(minor, row.bookCurrency);
  const text = row.description;
  const waiting = { account: { role: "goodsReceived" }, partyId: row.supplierId, text } as const;
  if (row.billLineId === null) {
    const came = { account: { id: row.accountId }, amount: money(row.value), unitId: row.unitId ?? undefined, text };
    return [came, { ...waiting, amount: money(-row.value) }];
  }
  const taken = { account: { id: row.billAccountId! }, amount: money(-row.cost), unitId: row.billUnitId ?? undefined, text };
  const variance = {
    account: { role: "priceVariance" },
    amount: money(row.cost - row.value),
    unitId: row.unitId ?? undefined,
    text,
  } as const;
  return [{ ...waiting, amount: money(row.value) }, taken, variance];
}

const keep = (context: WriteContext, rows: readonly (Difference & { readonly entryId: Id })[]): Promise<number> =>
  context.db.run(sql`
    insert into purchasing.accrual (tenant_id, id, order_line_id, bill_line_id, value, cost, entry_id, at)
    select ${context.tenantId}, a.id, a.order_line_id, a.bill_line_id, a.value, a.cost, a.entry_id, ${context.now}
    from unnest(${rows.map(() => context.newId())}::uuid[], ${rows.map((row) => row.orderLineId)}::uuid[],
      ${rows.map((row) => row.billLineId)}::uuid[], ${rows.map((row) => row.value)}::bigint[], ${rows.map((row) => row.cost)}::bigint[],
      ${rows.map((row) => row.entryId)}::uuid[]) as a (id, order_line_id, bill_line_id, value, cost, entry_id)`);
