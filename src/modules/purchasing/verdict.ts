// What is wrong with a bill against its orders: a question asked of what was ordered, received and billed, never an answer that is kept.
// However these came about and in whatever order, the same facts give the same verdict.
//
// | reason       | when                                                                                              |
// |--------------|---------------------------------------------------------------------------------------------------|
// | notOrdered   | a line of a bill for orders that no line of an order stands behind, or whose order does not stand |
// | quantityOver | more is billed than was ordered, beyond the tolerance of the quantity                              |
// | notReceived  | more is billed than was received, where receipts are asked for                                     |
// | priceOver    | a line costs more than its quantity at the ordered price, beyond the tolerance of the price        |
import type { Id } from "../../kernel/id.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import { orderLabel } from "./order.store.ts";

export const reasons = ["notOrdered", "quantityOver", "notReceived", "priceOver"] as const;

/** In words, as the order's line says it. */
export const reasonText = (reason: Sql): Sql => sql`
  case ${reason} when 'notOrdered' then 'not ordered' when 'quantityOver' then 'more than ordered'
    when 'notReceived' then 'more than received' else 'above the price' end`;

/** Bills that are for an order. */
export const billsOf = (tenantId: Id, orderIds: readonly Id[]): Sql => sql`
  select bill_id from purchasing.bill_order where tenant_id = ${tenantId} and order_id = any(${orderIds}::uuid[])`;

export const allBills = (tenantId: Id): Sql => sql`select bill_id from purchasing.bill_order where tenant_id = ${tenantId}`;

/** What a line of a bill is for, of one line of an order. */
const matched: Sql = sql`coalesce(m.quantity, l.quantity, 1)`;

/**
 * Each match of living bills (a query of `bill_id`): how many, and what they cost. A line of a bill that is for several lines of orders is
 * shared by what those ordered, to the cent. What a posted credit note takes back of such a line is a row of its own, below zero; one that
 * names no quantity takes back of the price alone.
 */
export const shares = (tenantId: Id, bills: Sql): Sql => sql`
  select w.bill_line_id, null::uuid as corrects_line_id, w.order_line_id, w.bill_id, w.day, w.state, w.supplier_id, w.book_id, w.currency,
    w.account_id, w.unit_id, w.quantity,
    (round(w.basis * w.upto / w.weights) - round(w.basis * (w.upto - w.weight) / w.weights))::bigint as share,
    (round(w.book_basis * w.upto / w.weights) - round(w.book_basis * (w.upto - w.weight) / w.weights))::bigint as book_share
  from (
    select m.*, m.net * m.part as basis, m.book_net * m.part as book_basis,
      sum(m.weight) over (partition by m.bill_line_id) as weights,
      sum(m.weight) over (partition by m.bill_line_id order by m.order_line_id) as upto
    from (
      select m.bill_line_id, m.order_line_id, l.bill_id, b.day, b.state, b.supplier_id, b.book_id,
        coalesce(b.currency, k.currency) as currency, l.account_id, l.unit_id, l.net, coalesce(l.book_net, l.net) as book_net,
        ${matched} as quantity,
        ${matched} * greatest(o.unit_price, 0.00000001) as weight,
        least(1, coalesce(sum(${matched}) over (partition by m.bill_line_id) / l.quantity, 1)) as part
      from purchasing.bill_match m
      join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = m.bill_line_id
      join finance.bill b on b.tenant_id = ${tenantId} and b.id = l.bill_id and b.state in ('draft', 'approved', 'posted')
      join finance.book k on k.tenant_id = ${tenantId} and k.id = b.book_id
      join purchasing.order_line o on o.tenant_id = ${tenantId} and o.id = m.order_line_id
      where m.tenant_id = ${tenantId} and l.bill_id in (${bills})) m) w
  union all
  select c.id, c.corrects_line_id, w.order_line_id, c.bill_id, b.day, b.state, b.supplier_id, b.book_id, coalesce(b.currency, k.currency),
    c.account_id, c.unit_id, -coalesce(c.quantity, 0) * w.weight / w.weights,
    -(round(c.net * w.upto / w.weights) - round(c.net * (w.upto - w.weight) / w.weights))::bigint,
    -(round(coalesce(c.book_net, c.net) * w.upto / w.weights)
      - round(coalesce(c.book_net, c.net) * (w.upto - w.weight) / w.weights))::bigint
  from (
    select m.bill_line_id, m.order_line_id, ${matched} as weight, sum(${matched}) over (partition by m.bill_line_id) as weights,
      sum(${matched}) over (partition by m.bill_line_id order by m.order_line_id) as upto
    from purchasing.bill_match m
    join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = m.bill_line_id
    where m.tenant_id = ${tenantId} and l.bill_id in (${bills})) w
  join finance.bill_line c on c.tenant_id = ${tenantId} and c.corrects_line_id = w.bill_line_id
  join finance.bill b on b.tenant_id = ${tenantId} and b.id = c.bill_id and b.state = 'posted'
  join finance.book k on k.tenant_id = ${tenantId} and k.id = b.book_id`;

/** What is billed of a line of an order by bills in a state, less what posted credit notes took back of them. */
export const billedOf = (tenantId: Id, orderLineId: Sql, state: Sql): Sql => sql`
  coalesce((select sum(${matched} - ${matched} * coalesce((
      select sum(c.quantity) from finance.bill_line c
      join finance.bill n on n.tenant_id = ${tenantId} and n.id = c.bill_id and n.state = 'posted'
      where c.tenant_id = ${tenantId} and c.corrects_line_id = l.id) / (
      select sum(coalesce(x.quantity, l.quantity, 1)) from purchasing.bill_match x
      where x.tenant_id = ${tenantId} and x.bill_line_id = l.id), 0))
    from purchasing.bill_match m
    join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = m.bill_line_id
    join finance.bill b on b.tenant_id = ${tenantId} and b.id = l.bill_id and ${state}
    where m.tenant_id = ${tenantId} and m.order_line_id = ${orderLineId}), 0)`;

/** Of `b`: a bill that may still come to be paid, or was. */
export const livingBill: Sql = sql`b.state in ('draft', 'approved', 'posted')`;
export const postedBill: Sql = sql`b.state = 'posted'`;

/** What came in for a line of an order, less what went back. */
export const receivedOf = (tenantId: Id, orderLineId: Sql): Sql => sql`
  coalesce((select sum(rl.quantity) from purchasing.receipt_line rl
    join purchasing.receipt r on r.tenant_id = ${tenantId} and r.id = rl.receipt_id and r.reversed_at is null
    where rl.tenant_id = ${tenantId} and rl.order_line_id = ${orderLineId}), 0)`;

/** The tolerances of an order `o`: of its supplier, or else of all. */
export const toleranceOf = (tenantId: Id): Sql => sql`(
  select * from purchasing.tolerance t
  where t.tenant_id = ${tenantId} and (t.supplier_id = o.supplier_id or t.supplier_id is null)
  order by t.supplier_id nulls last limit 1)`;

/** By how many a line `p` of an order may be exceeded, by tolerances `t`. */
export const quantitySlack: Sql = sql`coalesce(least(p.quantity * t.quantity_percent / 100, t.quantity_absolute), 0)`;

/** Bills that have a line of an order in common with these. */
const neighbours = (tenantId: Id, bills: Sql): Sql => sql`
  select l2.bill_id from finance.bill_line l1
  join purchasing.bill_match m1 on m1.tenant_id = ${tenantId} and m1.bill_line_id = l1.id
  join purchasing.bill_match m2 on m2.tenant_id = ${tenantId} and m2.order_line_id = m1.order_line_id
  join finance.bill_line l2 on l2.tenant_id = ${tenantId} and l2.id = m2.bill_line_id
  where l1.tenant_id = ${tenantId} and l1.bill_id in (${bills})`;

/** Where bills are for lines of orders, less what was taken back of them. Of several bills for one line the later ones are over. */
const matchedReasons = (tenantId: Id, bills: Sql): Sql => sql`
  select x.bill_id, x.bill_line_id, x.order_line_id, x.order_id, v.reason, v.excess, v.amount
  from (
    select s.bill_id, s.bill_line_id, s.order_line_id, s.net_quantity as quantity, s.net_share as share, s.billed,
      o.id as order_id, p.quantity as ordered, o.policy, p.unit_price, o.decimals, ${receivedOf(tenantId, sql`p.id`)} as received,
      (o.state in ('approved', 'ordered', 'closed') and o.supplier_id = s.supplier_id and o.currency = s.currency) as stands,
      ${quantitySlack} as quantity_slack,
      round(s.net_quantity * p.unit_price * 10::numeric ^ o.decimals) as wanted,
      coalesce(least(s.net_quantity * p.unit_price * 10::numeric ^ o.decimals * t.price_percent / 100,
        t.price_absolute * 10::numeric ^ o.decimals), 0) as price_slack
    from (
      select s.*, sum(s.quantity) over line as net_quantity, sum(s.share) over line as net_share,
        -- What was taken back counts before all bills, so that none is over for what came back.
        sum(s.quantity) over (partition by s.order_line_id
          order by s.corrects_line_id is null, s.day, s.bill_id, s.bill_line_id) as billed
      from (${shares(tenantId, neighbours(tenantId, bills))}) s
      window line as (partition by coalesce(s.corrects_line_id, s.bill_line_id), s.order_line_id)) s
    join purchasing.order_line p on p.tenant_id = ${tenantId} and p.id = s.order_line_id
    join purchasing.purchase_order o on o.tenant_id = ${tenantId} and o.id = p.order_id
    left join lateral ${toleranceOf(tenantId)} t on true
    where s.corrects_line_id is null) x
  cross join lateral (values
    ('notOrdered', case when not x.stands then x.quantity end, x.share),
    ('quantityOver', case when x.stands and x.billed > x.ordered + x.quantity_slack then least(x.quantity, x.billed - x.ordered) end,
      round(x.share * least(x.quantity, x.billed - x.ordered) / nullif(x.quantity, 0))::bigint),
    ('notReceived', case when x.stands and x.policy = 'threeWay' and x.billed > x.received + x.quantity_slack
      then least(x.quantity, x.billed - x.received) end,
      round(x.share * least(x.quantity, x.billed - x.received) / nullif(x.quantity, 0))::bigint),
    ('priceOver', case when x.stands and x.share - x.wanted > x.price_slack then x.share - x.wanted end, (x.share - x.wanted)::bigint)
  ) v (reason, excess, amount)
  where v.excess is not null and x.policy <> 'none' and x.bill_id in (${bills})`;

/** Where lines of bills that are for orders are for none, for less than they bill, or for more. */
const unmatchedReasons = (tenantId: Id, bills: Sql): Sql => sql`
  select l.bill_id, l.id as bill_line_id, null::uuid as order_line_id, o.order_id, v.reason, v.excess, v.amount
  from finance.bill_line l
  join finance.bill b on b.tenant_id = ${tenantId} and b.id = l.bill_id and b.state in ('draft', 'approved', 'posted')
  join lateral (
    select o.id as order_id from purchasing.bill_order x
    join purchasing.purchase_order o on o.tenant_id = ${tenantId} and o.id = x.order_id and o.policy <> 'none'
    where x.tenant_id = ${tenantId} and x.bill_id = b.id order by o.id limit 1) o on true
  cross join lateral (
    select count(*) as matches, coalesce(sum(coalesce(m.quantity, l.quantity, 1)), 0) as matched from purchasing.bill_match m
    where m.tenant_id = ${tenantId} and m.bill_line_id = l.id) m
  cross join lateral (values
    ('notOrdered', case when m.matches = 0 then l.net::numeric when m.matched < l.quantity then l.quantity - m.matched end,
      case when m.matches = 0 then l.net else round(l.net * (1 - m.matched / l.quantity))::bigint end),
    ('quantityOver', case when m.matched > l.quantity then m.matched - l.quantity end,
      round(l.net * (m.matched - l.quantity) / l.quantity)::bigint)
  ) v (reason, excess, amount)
  where l.tenant_id = ${tenantId} and l.bill_id in (${bills}) and l.net > 0 and v.excess is not null`;

/** Everything that is wrong with these bills (a query of `bill_id`), and whether someone said that it is all right. */
export const exceptions = (tenantId: Id, bills: Sql): Sql => sql`
  select e.*, a.why is not null as accepted, a.why, a.by_name as accepted_by
  from (${matchedReasons(tenantId, bills)} union all ${unmatchedReasons(tenantId, bills)}) e
  left join lateral (
    select a.why, a.by_name from purchasing.match_acceptance a
    where a.tenant_id = ${tenantId} and a.bill_id = e.bill_id and a.bill_line_id = e.bill_line_id
      and a.order_line_id is not distinct from e.order_line_id and a.reason = e.reason and a.excess >= e.excess
    order by a.at desc limit 1) a on true`;

/** The number of the order that a bill `b` names: in its e-invoice (BT-13), or in its text. */
export const namedNumber = (tenantId: Id): Sql => sql`
  substring(upper(concat_ws(' ', (select e.order_number from finance.e_invoice e
    where e.tenant_id = ${tenantId} and e.bill_id = b.id limit 1), b.text)) from '\\mPO[- ]?0*([1-9][0-9]{0,8})\\M')::int`;

/** What is to be known of the orders of bills that differ, each a sentence: whose they are, that they ended, that no line is matched. */
export const notes = (tenantId: Id, bills: Sql): Sql => sql`
  select b.id as bill_id, ${orderLabel(sql`o.number`)} || v.says as note
  from finance.bill b
  join finance.book k on k.tenant_id = ${tenantId} and k.id = b.book_id
  join purchasing.bill_order x on x.tenant_id = ${tenantId} and x.bill_id = b.id
  join purchasing.purchase_order o on o.tenant_id = ${tenantId} and o.id = x.order_id and o.policy <> 'none'
  cross join lateral (select case
    when o.supplier_id <> b.supplier_id then ' is an order of another supplier.'
    when o.currency <> coalesce(b.currency, k.currency) then ' is in ' || o.currency || '.'
    when o.state not in ('approved', 'ordered') then ' is ' || o.state || '.'
    when not exists (select from purchasing.bill_match m
      join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = m.bill_line_id
      where m.tenant_id = ${tenantId} and l.bill_id = b.id)
      then ' is open, and no line of the bill is matched with an order.' end as says) v
  where b.tenant_id = ${tenantId} and b.id in (${bills}) and v.says is not null
  union all
  select b.id, 'It names order ' || ${orderLabel(sql`n.number`)} || ', and there is no such order.'
  from finance.bill b
  cross join lateral (select ${namedNumber(tenantId)} as number) n
  where b.tenant_id = ${tenantId} and b.id in (${bills}) and n.number is not null
    and not exists (select from purchasing.purchase_order o where o.tenant_id = ${tenantId} and o.number = n.number)`;
