// After anything that changes what was ordered, received or billed: the books are made right, and bills are held back or let go.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { holdBill, releaseBill } from "../finance/index.ts";
import { settleAccruals } from "./accrual.ts";
import { billsOf, exceptions, notes } from "./verdict.ts";

const sentences: Readonly<Record<string, string>> = {
  notOrdered: "something was not ordered",
  quantityOver: "more is billed than was ordered",
  notReceived: "more is billed than was received",
  priceOver: "the price is above the order",
};

interface JudgedBill {
  readonly id: Id;
  readonly holdReason: string | null;
  readonly isOurs: boolean;
  readonly isPayable: boolean;
  readonly reasons: string[] | null;
  readonly notes: string[] | null;
}

/** `day` is the day on which stands what has no day of its own in the books; by default today. */
export async function judge(context: WriteContext, orderIds: readonly Id[], day: Day = context.today): Promise<void> {
  if (orderIds.length === 0) return;
  const { tenantId } = context;
  // One after the other, so that the last one sees what all the others wrote.
  await context.db.run(sql`
    select id from purchasing.purchase_order where tenant_id = ${tenantId} and id = any(${orderIds}::uuid[]) order by id for update`);
  // Lines that have left their bills since.
  await context.db.run(sql`
    delete from purchasing.bill_match m using purchasing.order_line p
    where m.tenant_id = ${tenantId} and p.tenant_id = ${tenantId} and p.id = m.order_line_id and p.order_id = any(${orderIds}::uuid[])
      and not exists (select from finance.bill_line l where l.tenant_id = ${tenantId} and l.id = m.bill_line_id)`);
  await settleAccruals(context, orderIds, day);
  const bills = await context.db.rows<JudgedBill>(sql`
    select b.id, b.hold_reason, h.bill_id is not null as is_ours, e.reasons, n.notes,
      (b.state in ('draft', 'approved') or (b.state = 'posted' and i.open_amount <> 0)) as is_payable
    from finance.bill b
    left join (
      select e.bill_id, array_agg(distinct e.reason order by e.reason) as reasons
      from (${exceptions(tenantId, billsOf(tenantId, orderIds))}) e where not e.accepted group by e.bill_id) e on e.bill_id = b.id
    left join (
      select n.bill_id, array_agg(n.note order by n.note) as notes
      from (${notes(tenantId, billsOf(tenantId, orderIds))}) n group by n.bill_id) n on n.bill_id = b.id
    left join purchasing.bill_hold h on h.tenant_id = ${tenantId} and h.bill_id = b.id
    left join finance.open_item i on i.tenant_id = ${tenantId} and i.id = b.item_id
    where b.tenant_id = ${tenantId} and b.id in (${billsOf(tenantId, orderIds)})
    order by b.id`);
  for (const bill of bills) {
    const reason = bill.reasons && whyHeld(bill.reasons, bill.notes ?? []);
    const isTold = bill.holdReason === reason || (bill.holdReason !== null && !bill.isOurs);
    if (reason && bill.isPayable && !isTold) await hold(context, bill.id, reason);
    if (!reason && bill.isOurs) await letGo(context, bill.id, bill.holdReason !== null);
  }
}

/** As long as a reason to hold a bill may be. */
const whyHeld = (reasons: readonly string[], more: readonly string[]): string =>
  [`Differs from its order: ${reasons.map((one) => sentences[one]).join(", ")}.`, ...more].join(" ").slice(0, 300);

/** A bill that waits in a payment run stays there: the run is looked at by whoever releases it, and the exception stays open. */
export async function hold(context: WriteContext, billId: Id, reason: string): Promise<void> {
  const failed = await context.attempt(() => context.callAsSystem(holdBill, { billId, reason }));
  if (failed && (failed as { code?: string }).code !== "inOtherRun") throw failed;
  if (failed) return;
  await context.db.run(sql`
    insert into purchasing.bill_hold (tenant_id, bill_id) values (${context.tenantId}, ${billId}) on conflict do nothing`);
}

async function letGo(context: WriteContext, billId: Id, isHeld: boolean): Promise<void> {
  await context.db.run(sql`delete from purchasing.bill_hold where tenant_id = ${context.tenantId} and bill_id = ${billId}`);
  if (isHeld) await context.callAsSystem(releaseBill, { billId, note: "It agrees with its order." });
}

/** The orders that a bill is for. */
export async function ordersOf(context: WriteContext, billId: Id): Promise<Id[]> {
  const rows = await context.db.rows<{ orderId: Id }>(sql`
    select order_id from purchasing.bill_order where tenant_id = ${context.tenantId} and bill_id = ${billId}`);
  return rows.map((row) => row.orderId);
}
