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
import { firstOpenDay, type JournalEntryDraft, type JournalLineDraft, postEntries } from "../finance/index.ts";
import { orderLabel } from "./order.store.ts";
import { receivedOf, shares } from "./verdict.ts";

/** A quantity at the order's price in minor units of the books' currency. */
export const valueOf = (quantity: Sql): Sql =>
  sql`round(${quantity} * p.unit_price * coalesce(o.rate, 1) * 10::numeric ^ o.book_decimals)::bigint`;

/** What should stand for each line of these orders, and for each line of a posted bill that is for one of them. */
const targets = (tenantId: Id, orderIds: readonly Id[]): Sql => sql`
  select p.id as order_line_id, null::uuid as bill_line_id, ${receivedOf(tenantId, sql`p.id`)} as quantity,
    ${valueOf(receivedOf(tenantId, sql`p.id`))} as value, 0::bigint as cost
  from purchasing.order_line p
  join purchasing.purchase_order o on o.tenant_id = ${tenantId} and o.id = p.order_id
  where p.tenant_id = ${tenantId} and p.order_id = any(${orderIds}::uuid[]) and o.policy = 'threeWay'
  union all
  select s.order_line_id, s.bill_line_id, s.quantity, s.value, case when s.is_expense then s.book_share else s.value end as cost
  from (
    select s.order_line_id, s.bill_line_id, s.quantity, s.book_share, a.type = 'expense' as is_expense,
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
  /** What a bill clears stands on the bill's day, and is taken back on that of its reversal; all else has no day of its own. */
  readonly day: Day | null;
  readonly orderId: Id;
  readonly bookId: Id;
  readonly bookCurrency: string;
  readonly order: string;
  readonly supplierId: Id;
  readonly orderLineId: Id;
  readonly position: number;
  readonly description: string;
  readonly unitPrice: string;
  readonly currency: string;
  readonly accountId: Id;
  readonly unitId: Id | null;
  readonly billLineId: Id | null;
  readonly billAccountId: Id | null;
  readonly billUnitId: Id | null;
  /** What the supplier did with which paper. */
  readonly bill: string | null;
  /** How many came or are billed as it stands now; nothing where that was taken back. */
  readonly quantity: string | null;
  readonly wasPosted: boolean;
  readonly value: bigint;
  readonly cost: bigint;
}

/** Whether something of the line of an order `t` was booked before. */
const booked = (tenantId: Id, which: Sql): Sql => sql`exists (
  select from purchasing.accrual a where a.tenant_id = ${tenantId} and a.order_line_id = t.order_line_id and ${which})`;

const differences = (tenantId: Id, orderIds: readonly Id[]): Sql => sql`
  select d.day, o.id as order_id, o.book_id, k.currency as book_currency, ${orderLabel(sql`o.number`)} as order, o.supplier_id,
    p.id as order_line_id, p.position, p.description, p.account_id, p.unit_id, trim_scale(p.unit_price)::text as unit_price, o.currency,
    d.bill_line_id, l.account_id as bill_account_id, l.unit_id as bill_unit_id, d.quantity, d.was_posted,
    case b.kind when 'creditNote' then 'credited' else 'billed' end || ' with ' || b.supplier_number as bill,
    d.value, d.cost
  from (
    select t.order_line_id, t.bill_line_id, t.day, trim_scale(round(sum(t.quantity), 6))::text as quantity,
      bool_or(t.is_posted) as was_posted, sum(t.value)::bigint as value, sum(t.cost)::bigint as cost,
      sum(sum(t.value)) over line as value_left, sum(sum(t.cost)) over line as cost_left
    from (
      select t.order_line_id, t.bill_line_id, t.quantity, t.value, t.cost, false as is_posted,
        -- What came and is booked only now, as the order is matched with receipts from now on, takes its bills along.
        case when not ${booked(tenantId, sql`a.bill_line_id = t.bill_line_id`)} and (${booked(tenantId, sql`a.bill_line_id is null`)}
          or ${receivedOf(tenantId, sql`t.order_line_id`)} = 0) then b.day end as day
      from (${targets(tenantId, orderIds)}) t
      left join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = t.bill_line_id
      left join finance.bill b on b.tenant_id = ${tenantId} and b.id = l.bill_id
      union all
      select a.order_line_id, a.bill_line_id, null, -a.value, -a.cost, true, case when x.id is not null then greatest(e.day, x.day) end
      from purchasing.accrual a
      join purchasing.order_line p on p.tenant_id = ${tenantId} and p.id = a.order_line_id and p.order_id = any(${orderIds}::uuid[])
      join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = a.entry_id
      left join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = a.bill_line_id
      left join finance.bill b on b.tenant_id = ${tenantId} and b.id = l.bill_id
      left join finance.journal_entry x on x.tenant_id = ${tenantId} and x.reverses_id = b.entry_id
      where a.tenant_id = ${tenantId}) t
    group by t.order_line_id, t.bill_line_id, t.day
    window line as (partition by t.order_line_id, t.bill_line_id)) d
  join purchasing.order_line p on p.tenant_id = ${tenantId} and p.id = d.order_line_id
  join purchasing.purchase_order o on o.tenant_id = ${tenantId} and o.id = p.order_id
  join finance.book k on k.tenant_id = ${tenantId} and k.id = o.book_id
  left join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = d.bill_line_id
  left join finance.bill b on b.tenant_id = ${tenantId} and b.id = l.bill_id
  where (d.value <> 0 or d.cost <> 0) and (d.value_left <> 0 or d.cost_left <> 0)
  order by o.id, p.position, d.bill_line_id nulls first, d.day`;

/**
 * Posts whatever of these orders is not in the books yet: what a bill or its reversal changes on their day, or on the first open one after
 * it, all else on `day`.
 */
export async function settleAccruals(context: WriteContext, orderIds: readonly Id[], day: Day): Promise<void> {
  const found = await context.db.rows<Difference>(differences(context.tenantId, orderIds));
  const books = grouped(found, (one) => one.bookId);
  for (const [bookId, ofBook] of books) {
    const days = new Map<Day | null, Day>([[null, day]]);
    for (const { day: own } of ofBook) {
      if (own !== null && !days.has(own)) days.set(own, (await firstOpenDay(context, bookId, own, ["purchase"])) ?? day);
    }
    const entries = [...grouped(ofBook, (one) => `${one.orderId} ${days.get(one.day)!}`).values()];
    const posted = await postEntries(
      context,
      entries.map((rows) => entryOf(rows, days.get(rows[0]!.day)!)),
      bookId,
    );
    await keep(
      context,
      entries.flatMap((rows, index) => rows.map((row) => ({ ...row, entryId: posted[index]!.id }))),
    );
  }
}

function grouped<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
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

/** How many at which price, of which line of the order. */
function saidOf({ order, position, description, unitPrice, currency, bill, quantity, wasPosted }: Difference): string {
  const what = bill ?? "received";
  const count = quantity === null ? `${what}, taken back` : `${quantity} ${what} at ${unitPrice} ${currency}`;
  const less = quantity !== null && wasPosted ? ", less what was booked before" : "";
  return `${count}${less} (line ${position} of ${order}): ${description}`.slice(0, 300);
}

function linesOf(row: Difference): JournalLineDraft[] {
  const money = (minor: bigint): Money => new Money(minor, row.bookCurrency);
  const text = saidOf(row);
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
