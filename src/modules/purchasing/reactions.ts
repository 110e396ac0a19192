// What purchasing does when something happened elsewhere: bills changed under it, an approval was declined.
import type { Id } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import type { HouseEvent, Reaction } from "../../platform/operation/module.ts";
import { judge, ordersOf } from "./judge.ts";
import { tieBill } from "./tie.ts";

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

/** A bill that came otherwise than from an order is for the order it names, or waits until someone says which. */
async function tie(event: HouseEvent, context: WriteContext): Promise<void> {
  await tieBill(context, event.payload["billId"] as Id);
  await judgeBill(event, context);
}

/** What a credit note takes back of a bill is taken back of its orders. */
async function takeBack(event: HouseEvent, context: WriteContext): Promise<void> {
  const note = await context.db.row<{ billId: Id | null }>(sql`
    select corrects_id as bill_id from finance.bill
    where tenant_id = ${context.tenantId} and id = ${event.payload["supplierCreditNoteId"] as Id}`);
  if (note.billId !== null) await judge(context, await ordersOf(context, note.billId));
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
  { to: "finance.bill.created", does: tie },
  { to: "finance.bill.changed", does: tie },
  { to: "finance.bill.declined", does: judgeBill },
  { to: "finance.bill.reversed", does: judgeBill },
  { to: "finance.bill.released", does: judgeBill },
  { to: "finance.bill.posted", does: judgeBill },
  { to: "finance.supplierCreditNote.posted", does: takeBack },
  { to: "finance.supplierCreditNote.reversed", does: takeBack },
  { to: "purchasing.order.approved", does: judgeOrder },
  { to: "purchasing.tolerance.set", does: judgeAll },
];

/** An order that was changed beyond its approval stands again. */
async function judgeOrder(event: HouseEvent, context: WriteContext): Promise<void> {
  await judge(context, [event.payload["orderId"] as Id]);
}
