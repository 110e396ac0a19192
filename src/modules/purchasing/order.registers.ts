// Orders, their lines and what came of them, as lists; and what was received and is not billed, with its age.
import { z } from "zod";
import { sql } from "../../platform/database/sql.ts";
import { CurrencyCode, Day, DecimalText, Id, Money, ref } from "../../platform/operation/field.ts";
import { register } from "../../platform/operation/register.ts";
import { valueOf } from "./accrual.ts";
import { orderLabel } from "./order.store.ts";
import { buyers } from "./request.operations.ts";
import { allBills, billedOf, exceptions, livingBill, postedBill, reasons, reasonText, receivedOf } from "./verdict.ts";

const readers = [...buyers];

export const orderRegister = register({
  name: "purchasing.order",
  title: "Orders",
  does: "Orders to suppliers: what was ordered, how much of it came and how much is billed.",
  may: readers,
  row: z.object({
    id: Id,
    label: z.string(),
    supplierId: ref("directory.supplier"),
    supplier: z.string(),
    requestId: ref("purchasing.request").nullable(),
    request: z.string().nullable(),
    amount: Money,
    approved: Money.nullable(),
    policy: z.enum(["none", "twoWay", "threeWay"]).describe("What its bills are compared with."),
    state: z.enum(["draft", "submitted", "approved", "declined", "ordered", "closed", "cancelled"]),
    version: z.number().int(),
    wantedBy: Day.nullable(),
    orderedOn: Day.nullable(),
    buyerId: ref("directory.person").nullable(),
    buyer: z.string(),
    text: z.string().nullable(),
    endReason: z.string().nullable(),
    currency: CurrencyCode,
  }),
  label: "label",
  search: ["label", "supplier", "buyer", "text"],
  sort: "-label",
  totals: ["amount"],
  from: (context) => sql`
    select o.id, ${orderLabel(sql`o.number`)} as label, o.supplier_id, y.name as supplier, o.request_id, q.title as request, o.amount,
      o.approved_amount as approved, o.policy, o.state, o.version, o.wanted_by, o.ordered_on, o.buyer_id, o.buyer_name as buyer, o.text,
      o.end_reason, o.currency
    from purchasing.purchase_order o
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = o.supplier_id
    left join purchasing.request q on q.tenant_id = ${context.tenantId} and q.id = o.request_id
    where o.tenant_id = ${context.tenantId}`,
});

export const orderLineRegister = register({
  name: "purchasing.orderLine",
  title: "Order lines",
  does: "Each line of the orders with what was ordered, received and billed of it.",
  may: readers,
  inner: true,
  row: z.object({
    id: Id,
    description: z.string(),
    orderId: ref("purchasing.order"),
    order: z.string(),
    position: z.number().int(),
    quantity: DecimalText,
    unitPrice: DecimalText,
    amount: Money,
    received: DecimalText,
    billed: DecimalText,
    verdict: z.string().describe("Whether its bills agree with it, or in what they differ."),
    taxCode: z.string(),
    accountId: ref("finance.account"),
    account: z.string(),
    unitId: ref("directory.unit").nullable(),
    currency: CurrencyCode,
  }),
  label: "description",
  search: ["description", "order"],
  sort: "position",
  from: (context) => {
    const { tenantId } = context;
    return sql`
    select p.id, p.description, p.order_id, ${orderLabel(sql`o.number`)} as order, p.position, trim_scale(p.quantity)::text as quantity,
      trim_scale(p.unit_price)::text as unit_price, p.amount, trim_scale(${receivedOf(tenantId, sql`p.id`)})::text as received,
      trim_scale(${billedOf(tenantId, sql`p.id`, livingBill)})::text as billed,
      coalesce(e.verdict, 'agrees') as verdict, p.tax_code, p.account_id, a.code || ' ' || a.name as account, p.unit_id, o.currency
    from purchasing.order_line p
    join purchasing.purchase_order o on o.tenant_id = ${tenantId} and o.id = p.order_id
    join finance.account a on a.tenant_id = ${tenantId} and a.id = p.account_id
    left join (
      select e.order_line_id, string_agg(distinct ${reasonText(sql`e.reason`)}, ', ') as verdict
      from (${exceptions(tenantId, allBills(tenantId))}) e where not e.accepted group by 1) e on e.order_line_id = p.id
    where p.tenant_id = ${tenantId}`;
  },
});

export const receiptRegister = register({
  name: "purchasing.receipt",
  title: "Receipts",
  does: "What came of the orders, and what went back.",
  may: readers,
  row: z.object({
    id: Id,
    label: z.string(),
    orderId: ref("purchasing.order"),
    order: z.string(),
    supplierId: ref("directory.supplier"),
    supplier: z.string(),
    day: Day,
    state: z.enum(["receipt", "return", "reversed"]),
    reference: z.string().nullable(),
    text: z.string().nullable(),
    by: z.string(),
    reverseReason: z.string().nullable(),
  }),
  label: "label",
  search: ["label", "supplier", "reference"],
  grows: true,
  sort: "-day",
  from: (context) => sql`
    select r.id, ${orderLabel(sql`o.number`)} || ' of ' || r.day || coalesce(', ' || r.reference, '') as label, r.order_id,
      ${orderLabel(sql`o.number`)} as order, o.supplier_id, y.name as supplier, r.day,
      case when r.reversed_at is not null then 'reversed' else r.kind end as state, r.reference, r.text, r.by_name as by, r.reverse_reason
    from purchasing.receipt r
    join purchasing.purchase_order o on o.tenant_id = ${context.tenantId} and o.id = r.order_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = o.supplier_id
    where r.tenant_id = ${context.tenantId}`,
});

export const receiptLineRegister = register({
  name: "purchasing.receiptLine",
  title: "Lines of receipts",
  does: "How many came or went back, by line of the order.",
  may: readers,
  inner: true,
  row: z.object({
    id: Id,
    description: z.string(),
    receiptId: ref("purchasing.receipt"),
    orderLineId: ref("purchasing.orderLine"),
    quantity: DecimalText,
  }),
  label: "description",
  search: ["description"],
  sort: "description",
  from: (context) => sql`
    select l.id, p.description, l.receipt_id, l.order_line_id, trim_scale(l.quantity)::text as quantity
    from purchasing.receipt_line l
    join purchasing.order_line p on p.tenant_id = ${context.tenantId} and p.id = l.order_line_id
    where l.tenant_id = ${context.tenantId}`,
});

export const openReceiptRegister = register({
  name: "purchasing.openReceipt",
  title: "Received, not billed",
  does: "What came of orders and is not on a posted bill yet, with its value and age; below zero what is billed and has not come.",
  may: readers,
  row: z.object({
    id: Id,
    label: z.string(),
    orderId: ref("purchasing.order"),
    order: z.string(),
    supplierId: ref("directory.supplier"),
    supplier: z.string(),
    received: DecimalText,
    billed: DecimalText,
    amount: Money,
    since: Day.nullable(),
    days: z.number().int().nullable(),
    accountId: ref("finance.account"),
    account: z.string(),
    currency: CurrencyCode,
  }),
  label: "label",
  search: ["label", "order", "supplier"],
  sort: "-days",
  totals: ["amount"],
  from: (context, asOf) => {
    const { tenantId } = context;
    return sql`
    select x.id, x.label, x.order_id, x.order, x.supplier_id, x.supplier, trim_scale(x.received)::text as received,
      trim_scale(x.billed)::text as billed, x.amount, x.since, (${asOf}::date - x.since)::int as days, x.account_id, x.account, x.currency
    from (
      select p.id, p.description as label, p.order_id, ${orderLabel(sql`o.number`)} as order, o.supplier_id, y.name as supplier, r.received,
        n.billed, ${valueOf(sql`r.received`)} - ${valueOf(sql`n.billed`)} as amount,
        (select min(c.day) from purchasing.receipt c join purchasing.receipt_line l on l.tenant_id = ${tenantId} and l.receipt_id = c.id
          where c.tenant_id = ${tenantId} and l.order_line_id = p.id and c.reversed_at is null) as since,
        p.account_id, a.code || ' ' || a.name as account, k.currency
      from purchasing.order_line p
      join purchasing.purchase_order o on o.tenant_id = ${tenantId} and o.id = p.order_id and o.policy = 'threeWay'
      join finance.book k on k.tenant_id = ${tenantId} and k.id = o.book_id
      join finance.account a on a.tenant_id = ${tenantId} and a.id = p.account_id
      join directory.party y on y.tenant_id = ${tenantId} and y.id = o.supplier_id
      cross join lateral (select ${receivedOf(tenantId, sql`p.id`)} as received) r
      cross join lateral (select ${billedOf(tenantId, sql`p.id`, postedBill)} as billed) n
      where p.tenant_id = ${tenantId} and r.received <> n.billed) x`;
  },
});

export const matchExceptionRegister = register({
  name: "purchasing.matchException",
  title: "Differing bills",
  does: "How bills differ from what was ordered and received, as it stands now; they are held until that is cleared up or accepted.",
  may: readers,
  row: z.object({
    id: Id,
    label: z.string(),
    reason: z.enum(reasons),
    state: z.enum(["open", "accepted"]),
    billId: ref("finance.bill"),
    bill: z.string(),
    supplierId: ref("directory.supplier"),
    supplier: z.string(),
    orderId: ref("purchasing.order"),
    order: z.string(),
    orderLineId: ref("purchasing.orderLine").nullable(),
    tooMany: DecimalText.nullable().describe("By how many the bill asks for too many."),
    amount: Money,
    owner: z.string().describe("The buyer, who clears it up."),
    since: Day,
    days: z.number().int(),
    acceptedBy: z.string().nullable(),
    why: z.string().nullable(),
    currency: CurrencyCode,
  }),
  label: "label",
  search: ["label", "bill", "supplier", "order"],
  sort: "-days",
  totals: ["amount"],
  from: (context, asOf) => {
    const { tenantId } = context;
    return sql`
    select md5(e.bill_line_id::text || coalesce(e.order_line_id::text, '') || e.reason)::uuid as id, l.description as label, e.reason,
      case when e.accepted then 'accepted' else 'open' end as state, e.bill_id, b.supplier_number as bill, b.supplier_id,
      y.name as supplier, e.order_id, ${orderLabel(sql`o.number`)} as order, e.order_line_id,
      case when e.reason <> 'priceOver' and e.order_line_id is not null then trim_scale(e.excess)::text end as too_many, e.amount,
      o.buyer_name as owner, b.at::date as since, (${asOf}::date - b.at::date)::int as days, e.accepted_by, e.why,
      coalesce(b.currency, k.currency) as currency
    from (${exceptions(tenantId, allBills(tenantId))}) e
    join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = e.bill_line_id
    join finance.bill b on b.tenant_id = ${tenantId} and b.id = e.bill_id
    join finance.book k on k.tenant_id = ${tenantId} and k.id = b.book_id
    join directory.party y on y.tenant_id = ${tenantId} and y.id = b.supplier_id
    join purchasing.purchase_order o on o.tenant_id = ${tenantId} and o.id = e.order_id`;
  },
});

export const orderRegisters = [
  orderRegister,
  orderLineRegister,
  receiptRegister,
  receiptLineRegister,
  openReceiptRegister,
  matchExceptionRegister,
];
