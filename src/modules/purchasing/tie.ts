// A bill that came otherwise than from its order is tied to the order it names. One that names none, of a supplier with orders open whose
// bills are compared with what came, is tied to the oldest of these: no line of it stands behind the bill, so that someone looks at it.
import type { Id } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { hold } from "./judge.ts";
import { lockOrder, nameForRequest, type OrderRow } from "./order.store.ts";
import { billedOf, livingBill, namedNumber, receivedOf } from "./verdict.ts";

interface LooseBill {
  readonly id: Id;
  readonly supplierId: Id;
  readonly bookId: Id;
  readonly currency: string;
  /** Of the order it names. */
  readonly named: number | null;
  readonly wasHeld: boolean;
}

/** A bill that may still come to be paid and is for no order yet, nor for a request that was ordered without one. */
const looseBill = (context: WriteContext, billId: Id): Promise<LooseBill | undefined> => {
  const { tenantId } = context;
  return context.db.maybe<LooseBill>(sql`
    select b.id, b.supplier_id, b.book_id, coalesce(b.currency, k.currency) as currency, ${namedNumber(tenantId)} as named,
      exists (select from purchasing.bill_hold h where h.tenant_id = ${tenantId} and h.bill_id = b.id) as was_held
    from finance.bill b
    join finance.book k on k.tenant_id = ${tenantId} and k.id = b.book_id
    where b.tenant_id = ${tenantId} and b.id = ${billId} and b.kind = 'bill' and ${livingBill}
      and not exists (select from purchasing.bill_order x where x.tenant_id = ${tenantId} and x.bill_id = b.id)
      and not exists (select from purchasing.request q where q.tenant_id = ${tenantId} and q.bill_id = b.id)`);
};

/** The order that a bill names; one whose bills are compared with nothing only where the bill can be for it. */
const namedOrder = (context: WriteContext, bill: LooseBill): Promise<{ id: Id } | undefined> =>
  context.db.maybe<{ id: Id }>(sql`
    select o.id from purchasing.purchase_order o
    where o.tenant_id = ${context.tenantId} and o.number = ${bill.named}
      and (o.policy <> 'none' or (o.supplier_id = ${bill.supplierId} and o.state in ('ordered', 'closed')))`);

/** The oldest order of the supplier of which a bill is to come, where bills have to agree with what came. */
function openOrder(context: WriteContext, bill: LooseBill): Promise<{ id: Id } | undefined> {
  const { tenantId } = context;
  const came = receivedOf(tenantId, sql`p.id`);
  return context.db.maybe<{ id: Id }>(sql`
    select o.id from purchasing.purchase_order o
    where o.tenant_id = ${tenantId} and o.supplier_id = ${bill.supplierId} and o.book_id = ${bill.bookId} and o.policy = 'threeWay'
      and o.state in ('ordered', 'closed') and exists (
        select from purchasing.order_line p where p.tenant_id = ${tenantId} and p.order_id = o.id
          and ${billedOf(tenantId, sql`p.id`, livingBill)}
            < case o.state when 'ordered' then greatest(p.quantity, ${came}) else ${came} end)
    order by o.number limit 1`);
}

/** Ties a bill that is for no order yet, and says which order that is; nothing where the supplier is billed without orders. */
export async function tieBill(context: WriteContext, billId: Id): Promise<void> {
  const bill = await looseBill(context, billId);
  if (!bill) return;
  const named = bill.named === null ? undefined : await namedOrder(context, bill);
  const found = named ?? (await openOrder(context, bill));
  if (found) {
    const order = await lockOrder(context, found.id);
    await context.db.run(sql`
      insert into purchasing.bill_order (tenant_id, bill_id, order_id) values (${context.tenantId}, ${bill.id}, ${order.id})
      on conflict do nothing`);
    if (named && isFor(order, bill)) await matchAlike(context, order, bill.id);
  } else if (bill.named !== null && !bill.wasHeld) {
    const label = `PO-${String(bill.named).padStart(5, "0")}`;
    await hold(context, bill.id, `It names order ${label}, and there is no such order. Match its lines with their order, or release it.`);
  }
}

const isFor = (order: OrderRow, bill: LooseBill): boolean =>
  order.supplierId === bill.supplierId && order.currency === bill.currency && ["ordered", "closed"].includes(order.state);

/** Matches what is surely meant: lines of the same description, or the one line of the bill with the one line of its order. */
async function matchAlike(context: WriteContext, order: OrderRow, billId: Id): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`
    insert into purchasing.bill_match (tenant_id, bill_line_id, order_line_id, by_name, at)
    select ${tenantId}, l.id, p.id, ${context.actor.name}, ${context.now}
    from (
      select id, quantity, count(*) over () as lines, lower(regexp_replace(description, '^[0-9.]+ × ', '')) as name
      from finance.bill_line where tenant_id = ${tenantId} and bill_id = ${billId} and net > 0) l
    join (
      select id, count(*) over () as lines, lower(description) as name, count(*) over (partition by lower(description)) as namesakes
      from purchasing.order_line where tenant_id = ${tenantId} and order_id = ${order.id}) p
      on (p.name = l.name and p.namesakes = 1) or (p.lines = 1 and l.lines = 1)
    where l.quantity is not null
    on conflict do nothing`);
  await nameForRequest(context, order, billId);
}
