// What purchasing does when something happened elsewhere: bills changed under it, an approval was declined.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import type { HouseEvent, Reaction } from "../../platform/operation/module.ts";
import { judge, ordersOf } from "./judge.ts";

/** A declined wish goes back to who asked, to be changed or dropped. */
async function decline(event: HouseEvent, context: WriteContext): Promise<void> {
  const { verdict, about } = event.payload as { verdict?: string; about?: { subject: string; id: string } };
  if (verdict !== "decline" || !about) return;
  if (about.subject === "purchasing.request") {
    await context.db.run(sql`
      update purchasing.request set state = 'declined' where tenant_id = ${context.tenantId} and id = ${about.id} and state = 'submitted'`);
  }
  if (about.subject === "purchasing.order") {
    await context.db.run(sql`
      update purchasing.purchase_order set state = 'declined'
      where tenant_id = ${context.tenantId} and id = ${about.id} and state = 'submitted'`);
  }
}

async function judgeBill(event: HouseEvent, context: WriteContext): Promise<void> {
  await judge(context, await ordersOf(context, event.payload["billId"] as Id));
}

/** Clears what was accrued on the bill's own day, or today where that day takes nothing any more. */
async function clearBill(event: HouseEvent, context: WriteContext): Promise<void> {
  const billId = event.payload["billId"] as Id;
  const orderIds = await ordersOf(context, billId);
  if (orderIds.length === 0) return;
  const { day } = await context.db.row<{ day: Day }>(sql`
    select day from finance.bill where tenant_id = ${context.tenantId} and id = ${billId}`);
  await judgeOn(context, orderIds, day);
}

/** What a credit note takes back of a bill is taken back of its orders, on the credit note's own day where that takes something. */
async function takeBack(event: HouseEvent, context: WriteContext): Promise<void> {
  const note = await context.db.row<{ billId: Id | null; day: Day }>(sql`
    select corrects_id as bill_id, day from finance.bill
    where tenant_id = ${context.tenantId} and id = ${event.payload["supplierCreditNoteId"] as Id}`);
  if (note.billId === null) return;
  await judgeOn(context, await ordersOf(context, note.billId), note.day);
}

async function judgeOn(context: WriteContext, orderIds: readonly Id[], day: Day): Promise<void> {
  if (orderIds.length === 0) return;
  const failed = await context.attempt(() => judge(context, orderIds, day));
  if (failed) await judge(context, orderIds);
}

/** Other tolerances, other verdicts: on all bills of that supplier's orders that are still to be paid. */
async function judgeAll(event: HouseEvent, context: WriteContext): Promise<void> {
  const supplierId = event.payload["supplierId"] as Id | null;
  const rows = await context.db.rows<{ orderId: Id }>(sql`
    select distinct x.order_id from purchasing.bill_order x
    join finance.bill b on b.tenant_id = ${context.tenantId} and b.id = x.bill_id and b.state in ('draft', 'approved', 'posted')
    left join finance.open_item i on i.tenant_id = ${context.tenantId} and i.id = b.item_id
    where x.tenant_id = ${context.tenantId} and ${supplierId ? sql`b.supplier_id = ${supplierId}` : sql`true`}
      and coalesce(i.open_amount, 1) <> 0`);
  await judge(
    context,
    rows.map((row) => row.orderId),
  );
}

export const reactions: readonly Reaction[] = [
  { to: "office.approval.decided", does: decline },
  { to: "finance.bill.changed", does: judgeBill },
  { to: "finance.bill.declined", does: judgeBill },
  { to: "finance.bill.reversed", does: judgeBill },
  { to: "finance.bill.released", does: judgeBill },
  { to: "finance.bill.posted", does: clearBill },
  { to: "finance.supplierCreditNote.posted", does: takeBack },
  { to: "finance.supplierCreditNote.reversed", does: takeBack },
  { to: "purchasing.order.approved", does: judgeOrder },
  { to: "purchasing.tolerance.set", does: judgeAll },
];

/** An order that was changed beyond its approval stands again. */
async function judgeOrder(event: HouseEvent, context: WriteContext): Promise<void> {
  await judge(context, [event.payload["orderId"] as Id]);
}
