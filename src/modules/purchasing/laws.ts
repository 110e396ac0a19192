// What must hold of purchases at all times.
import { sql } from "../../platform/database/sql.ts";
import type { Law } from "../../platform/operation/module.ts";
import { valueOf } from "./accrual.ts";
import { orderLabel } from "./order.store.ts";
import { allBills, billedOf, exceptions, postedBill, receivedOf } from "./verdict.ts";

export const laws: readonly Law[] = [
  {
    name: "purchasing.ordersAreApproved",
    says: "Nothing was ordered that a second person had not approved.",
    breaks: async (context) => {
      const found = await context.db.rows<{ number: number; title: string }>(sql`
        select q.number, q.title from purchasing.request q
        where q.tenant_id = ${context.tenantId} and q.state in ('approved', 'ordered', 'closed') and not exists (
          select from office.approval a where a.tenant_id = q.tenant_id and a.id = q.approval_id and a.state = 'approved'
            and a.decided_by is distinct from q.requester_id)
        order by q.number limit 20`);
      return found.map((row) => `Request ${row.number} (${row.title}) was released without the approval of a second person.`);
    },
  },
  {
    name: "purchasing.assetsCarryTheirCost",
    says: "What was bought as equipment stands in the asset register with the cost of its bill.",
    breaks: async (context) => {
      const found = await context.db.rows<{ number: number; tag: string }>(sql`
        select q.number, a.tag from purchasing.request q
        join assets.asset a on a.tenant_id = q.tenant_id and a.id = q.asset_id
        join finance.bill b on b.tenant_id = q.tenant_id and b.id = q.bill_id
        where q.tenant_id = ${context.tenantId} and a.cost_minor is distinct from b.net order by q.number limit 20`);
      return found.map((row) => `Thing ${row.tag} of request ${row.number} does not carry the cost of its bill.`);
    },
  },
  {
    name: "purchasing.ordersWithinRequests",
    says: "Orders stand within what a second person approved: the order itself, or the request that it comes from.",
    breaks: async (context) => {
      const found = await context.db.rows<{ says: string }>(sql`
        select 'Request ' || q.number || ' was approved with ' || q.amount || ', its orders come to ' || sum(o.amount) as says
        from purchasing.request q
        join purchasing.purchase_order o on o.tenant_id = ${context.tenantId} and o.request_id = q.id and o.state in ('ordered', 'closed')
        where q.tenant_id = ${context.tenantId} group by q.id, q.number, q.amount having sum(o.amount) > q.amount
        union all
        select ${orderLabel(sql`o.number`)} || ' was sent without the approval of a second person.'
        from purchasing.purchase_order o
        where o.tenant_id = ${context.tenantId} and o.state in ('ordered', 'closed') and o.request_id is null and not exists (
          select from office.approval a where a.tenant_id = ${context.tenantId} and a.id = o.approval_id and a.state = 'approved'
            and a.decided_by is distinct from a.requested_by)
        union all
        select ${orderLabel(sql`o.number`)} || ' comes to ' || o.amount || ', its lines to ' || sum(p.amount)
        from purchasing.purchase_order o
        join purchasing.order_line p on p.tenant_id = ${context.tenantId} and p.order_id = o.id
        where o.tenant_id = ${context.tenantId} group by o.id, o.number, o.amount having sum(p.amount) <> o.amount
        limit 20`);
      return found.map((row) => row.says);
    },
  },
  {
    name: "purchasing.receivedNotBilled",
    says: "What orders have posted to received, not billed is the value of what came less what posted bills asked for, line by line.",
    breaks: async (context) => {
      const { tenantId } = context;
      const found = await context.db.rows<{ says: string }>(sql`
        select ${orderLabel(sql`o.number`)} || ' has ' || coalesce(j.amount, 0) || ' in the ledger, and should have ' || v.amount as says
        from purchasing.purchase_order o
        cross join lateral (
          select coalesce(sum(${valueOf(receivedOf(tenantId, sql`p.id`))}
            - ${valueOf(billedOf(tenantId, sql`p.id`, postedBill))}), 0) as amount
          from purchasing.order_line p where p.tenant_id = ${tenantId} and p.order_id = o.id and o.policy = 'threeWay') v
        left join lateral (
          select -sum(j.amount) as amount from finance.journal_entry e
          join finance.journal_line j on j.tenant_id = ${tenantId} and j.entry_id = e.id
          join finance.account_role r on r.tenant_id = ${tenantId} and r.book_id = o.book_id and r.account_id = j.account_id
            and r.role = 'goodsReceived'
          where e.tenant_id = ${tenantId} and e.document_subject = 'purchasing.order' and e.document_id = o.id) j on true
        where o.tenant_id = ${tenantId} and coalesce(j.amount, 0) <> v.amount order by o.number limit 20`);
      return found.map((row) => row.says);
    },
  },
  {
    name: "purchasing.billsThatDifferAreHeld",
    says: "A bill that differs from its order, and that nobody accepted, is held, unless it is paid or waits in a run.",
    breaks: async (context) => {
      const { tenantId } = context;
      const found = await context.db.rows<{ number: string; reason: string }>(sql`
        select b.supplier_number as number, e.reason from (${exceptions(tenantId, allBills(tenantId))}) e
        join finance.bill b on b.tenant_id = ${tenantId} and b.id = e.bill_id
        left join finance.open_item i on i.tenant_id = ${tenantId} and i.id = b.item_id
        where not e.accepted and b.hold_reason is null and coalesce(i.open_amount, 1) <> 0 and not exists (
          select from finance.payment_run_item x where x.tenant_id = ${tenantId} and x.bill_id = b.id and x.is_live) limit 20`);
      return found.map((row) => `Bill ${row.number} is not held, though: ${row.reason}.`);
    },
  },
  {
    name: "purchasing.matchesWithinLines",
    says: "No line of a bill that may be paid is matched with more than it bills.",
    breaks: async (context) => {
      const { tenantId } = context;
      const found = await context.db.rows<{ says: string }>(sql`
        select 'Line ' || l.description || ' of bill ' || b.supplier_number || ' is for ' || l.quantity || ', matched are '
          || sum(m.quantity) as says
        from purchasing.bill_match m
        join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = m.bill_line_id
        join finance.bill b on b.tenant_id = ${tenantId} and b.id = l.bill_id and b.state in ('draft', 'approved', 'posted')
          and b.hold_reason is null
        where m.tenant_id = ${tenantId} and not exists (
          select from purchasing.match_acceptance a where a.tenant_id = ${tenantId} and a.bill_line_id = l.id)
        group by l.id, l.description, l.quantity, b.supplier_number having sum(m.quantity) > l.quantity limit 20`);
      return found.map((row) => row.says);
    },
  },
];
