// Orders that change, are called off or come to their end.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { accountOf } from "../finance/index.ts";
import { voidApprovals } from "../office/index.ts";
import { judge } from "./judge.ts";
import { OrderLine, Policy } from "./order.operations.ts";
import { orderAmount } from "./order.rules.ts";
import {
  aboveApproval,
  checkedLines,
  keepVersion,
  lineRefusals,
  lockOrder,
  mustBeWithin,
  orderRefusals,
  type OrderRow,
  requestGround,
  writeLines,
} from "./order.store.ts";
import { buyers } from "./request.operations.ts";
import { receivedOf } from "./verdict.ts";

const changeOrder = operation({
  name: "purchasing.order.change",
  title: "Change the order",
  does: "Writes a new version of the order; the one before is kept. More than was approved has to be approved and sent anew.",
  kind: "write",
  may: buyers,
  input: z.strictObject({
    orderId: ref("purchasing.order"),
    lines: z
      .array(OrderLine.extend({ id: ref("purchasing.orderLine").optional().describe("A line that stays; without it the line is new.") }))
      .min(1)
      .max(500)
      .optional()
      .describe("All lines as they are to be."),
    policy: Policy.optional(),
    wantedBy: Day.optional(),
    text: LongText(2000).optional(),
    reason: LongText(300).optional(),
  }),
  output: z.object({ id: Id, version: z.number().int(), amount: Money, state: z.string() }),
  when: (record) => ["draft", "submitted", "approved", "declined", "ordered"].includes(String(record["state"])),
  refuses: {
    ...orderRefusals,
    lineUnknown: "Line {line} is no line of this order, or is named twice.",
    lineInUse: "{line} was received or billed already and stays. Lower its quantity instead.",
    ...lineRefusals,
    aboveApproval,
  },
  emits: ["purchasing.order.changed"],
  async run(input, context) {
    const order = await lockOrder(context, input.orderId, "draft", "submitted", "approved", "declined", "ordered");
    await keepVersion(context, order, input.reason);
    const amount = input.lines ? await rewriteLines(context, order, input.lines) : new KernelMoney(order.amount, order.currency);
    if (order.requestId) {
      const request = await requestGround(context, order.requestId, order.id);
      if (request) mustBeWithin(request, amount);
    }
    // Within its request it is as approved as the request is.
    const approved = order.requestId && order.state !== "draft" ? amount.minor : order.approvedAmount;
    const stands = ["approved", "ordered"].includes(order.state) && approved !== null && amount.minor <= approved;
    if (!stands) await voidApprovals(context, { subject: "purchasing.order", id: order.id }, "The order was changed.");
    const state = stands ? order.state : "draft";
    await context.db.run(sql`
      update purchasing.purchase_order set version = version + 1, state = ${state}, amount = ${amount.minor}, approved_amount = ${approved},
        policy = ${input.policy ?? order.policy}, wanted_by = coalesce(${input.wantedBy ?? null}::date, wanted_by),
        text = coalesce(${input.text ?? null}, text)
      where tenant_id = ${context.tenantId} and id = ${order.id}`);
    await judge(context, [order.id]);
    context.emit("purchasing.order.changed", { orderId: order.id, version: order.version + 1 });
    return { id: order.id, version: order.version + 1, amount, state };
  },
});

type WishedLine = z.output<typeof OrderLine> & { readonly id?: RecordId };

/** Refuses `lineUnknown` and `lineInUse`. */
async function rewriteLines(context: WriteContext, order: OrderRow, wished: readonly WishedLine[]): Promise<KernelMoney> {
  const { tenantId } = context;
  const kept = await context.db.rows<{ id: RecordId; description: string; accountId: RecordId; isUsed: boolean }>(sql`
    select p.id, p.description, p.account_id, (
      exists (select from purchasing.receipt_line r where r.tenant_id = ${tenantId} and r.order_line_id = p.id)
      or exists (select from purchasing.bill_match m where m.tenant_id = ${tenantId} and m.order_line_id = p.id)) as is_used
    from purchasing.order_line p where p.tenant_id = ${tenantId} and p.order_id = ${order.id}`);
  const left = new Map(kept.map((line) => [line.id, line]));
  const lines = wished.map((line, index) => {
    if (line.id === undefined) return line;
    const own = left.get(line.id) ?? refuse("lineUnknown", { line: index + 1 }, ["lines", index, "id"]);
    left.delete(line.id);
    return { ...line, accountId: line.accountId ?? own.accountId };
  });
  const used = [...left.values()].find((line) => line.isUsed);
  if (used) refuse("lineInUse", { line: used.description }, ["lines"]);
  const usual = await accountOf(context, "expense", order.bookId);
  const ready = await checkedLines(context, order.bookId, lines, usual.id);
  const amount = orderAmount(ready, order.currency);
  if (amount.minor <= 0n) refuse("amountNotPositive", {}, ["lines"]);
  await writeLines(context, order.id, ready, order.currency);
  return amount;
}

const Ended = z.object({ id: Id, state: z.string() });

const cancelOrder = operation({
  name: "purchasing.order.cancel",
  title: "Cancel the order",
  does: "Calls off an order of which nothing was received or billed.",
  kind: "write",
  may: buyers,
  input: z.strictObject({ orderId: ref("purchasing.order"), reason: LongText(300).min(3, "says why, in a few words") }),
  output: Ended,
  when: (record) => !["closed", "cancelled"].includes(String(record["state"])),
  refuses: { ...orderRefusals, inUse: "Something of this order was received or billed. Close it instead." },
  emits: ["purchasing.order.cancelled"],
  async run(input, context) {
    const order = await lockOrder(context, input.orderId, "draft", "submitted", "approved", "declined", "ordered");
    const { tenantId } = context;
    const used = await context.db.maybe(sql`
      select p.id from purchasing.order_line p where p.tenant_id = ${tenantId} and p.order_id = ${order.id} and (
        ${receivedOf(tenantId, sql`p.id`)} <> 0
        or exists (select from purchasing.bill_match m where m.tenant_id = ${tenantId} and m.order_line_id = p.id)) limit 1`);
    if (used) refuse("inUse");
    await voidApprovals(context, { subject: "purchasing.order", id: order.id }, "The order was cancelled.");
    return end(context, order.id, "cancelled", input.reason);
  },
});

const closeOrder = operation({
  name: "purchasing.order.close",
  title: "Close the order",
  does: "Says that no more is to come of an order, though less may have come than was ordered.",
  kind: "write",
  may: buyers,
  input: z.strictObject({ orderId: ref("purchasing.order"), reason: LongText(300).optional() }),
  output: Ended,
  when: (record) => record["state"] === "ordered",
  refuses: orderRefusals,
  emits: ["purchasing.order.closed"],
  async run(input, context) {
    const order = await lockOrder(context, input.orderId, "ordered");
    return end(context, order.id, "closed", input.reason);
  },
});

async function end(context: WriteContext, orderId: RecordId, state: "cancelled" | "closed", reason: string | undefined) {
  await context.db.run(sql`
    update purchasing.purchase_order set state = ${state}, end_reason = ${reason ?? null}
    where tenant_id = ${context.tenantId} and id = ${orderId}`);
  await judge(context, [orderId]);
  context.emit(`purchasing.order.${state}`, { orderId });
  return { id: orderId, state };
}

export const orderCareOperations = [changeOrder, cancelOrder, closeOrder];
