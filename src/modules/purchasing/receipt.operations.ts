// What came of an order, and what went back: goods or services, each by the line of the order it belongs to.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import { decimal } from "../../kernel/decimal.ts";
import type { Id as RecordId } from "../../kernel/id.ts";
import { Refusal, refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { firstOpenDay, postingRefusals } from "../finance/index.ts";
import { judge } from "./judge.ts";
import { Quantity } from "./order.operations.ts";
import { lockOrder, orderRefusals, type OrderRow } from "./order.store.ts";
import { buyers } from "./request.operations.ts";
import { quantitySlack, receivedOf, toleranceOf } from "./verdict.ts";

const Came = z.strictObject({ orderLineId: ref("purchasing.orderLine"), quantity: Quantity });
const Receipt = z.object({ id: Id, receiptId: ref("purchasing.receipt") });
const fields = {
  day: Day.optional().describe("By default today."),
  reference: Text(60).optional().describe("The number on the delivery note or the time sheet."),
  text: LongText(1000).optional(),
};
const refuses = {
  ...orderRefusals,
  inFuture: "What comes after today is recorded when it has come.",
  lineUnknown: "Line {line} is no line of this order, or is named twice.",
  noDayOpen:
    "No day from {day} until today takes purchases any more. Record it from {open} on, have the month reopened, or get an exception: " +
    "heartwood finance lock-exception grant",
  ...postingRefusals,
};

interface KnownLine {
  readonly id: RecordId;
  readonly ordered: string;
  readonly received: string;
  /** Ordered, and what may come beyond it by the tolerance. */
  readonly most: string;
}

async function orderLines(context: WriteContext, orderId: RecordId): Promise<Map<RecordId, KnownLine>> {
  const rows = await context.db.rows<KnownLine>(sql`
    select p.id, p.quantity::text as ordered, (${receivedOf(context.tenantId, sql`p.id`)})::text as received,
      trim_scale(round(p.quantity + ${quantitySlack}, 6))::text as most
    from purchasing.order_line p
    join purchasing.purchase_order o on o.tenant_id = ${context.tenantId} and o.id = p.order_id
    left join lateral ${toleranceOf(context.tenantId)} t on true
    where p.tenant_id = ${context.tenantId} and p.order_id = ${orderId} order by p.position`);
  return new Map(rows.map((row) => [row.id, row]));
}

interface Delivery {
  readonly order: OrderRow;
  readonly kind: "receipt" | "return";
  readonly day: KernelDay;
  readonly reference?: string;
  readonly text?: string;
  readonly lines: readonly { readonly orderLineId: RecordId; readonly quantity: string }[];
}

/** Refuses `inFuture`, `lineUnknown`, `noDayOpen` and whatever posting refuses. */
async function record(
  context: WriteContext,
  known: Map<RecordId, KnownLine>,
  wish: Delivery,
): Promise<{ id: RecordId; receiptId: RecordId }> {
  if (wish.day > context.today) refuse("inFuture", {}, ["day"]);
  const left = new Set(known.keys());
  for (const [index, line] of wish.lines.entries()) {
    if (!left.delete(line.orderLineId)) refuse("lineUnknown", { line: index + 1 }, ["lines", index, "orderLineId"]);
  }
  const { tenantId } = context;
  const receiptId = context.newId();
  await context.db.run(sql`
    insert into purchasing.receipt (tenant_id, id, order_id, kind, day, reference, text, by_id, by_name, at)
    values (${tenantId}, ${receiptId}, ${wish.order.id}, ${wish.kind}, ${wish.day}, ${wish.reference ?? null}, ${wish.text ?? null},
      ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
  await context.db.run(sql`
    insert into purchasing.receipt_line (tenant_id, id, receipt_id, order_line_id, quantity)
    select ${tenantId}, l.id, ${receiptId}, l.order_line_id, l.quantity
    from unnest(${wish.lines.map(() => context.newId())}::uuid[], ${wish.lines.map((line) => line.orderLineId)}::uuid[],
      ${wish.lines.map((line) => line.quantity)}::numeric[]) as l (id, order_line_id, quantity)`);
  const failed = await context.attempt(() => judge(context, [wish.order.id], wish.day));
  if (failed) throw await saidFully(context, wish, failed);
  return { id: wish.order.id, receiptId };
}

/** What comes after today is refused as well: a day that is locked until then has to be said otherwise. */
async function saidFully(context: WriteContext, { order, day }: Delivery, failed: unknown): Promise<unknown> {
  if (!(failed instanceof Refusal) || (failed.code !== "areaLocked" && failed.code !== "periodClosed")) return failed;
  const open = await firstOpenDay(context, order.bookId, day, ["purchase"]);
  return open !== undefined && open <= context.today ? failed : refuse("noDayOpen", { day, open: open ?? "the next fiscal year" }, ["day"]);
}

/** Refuses `moreThanOrdered`. */
function mustBeOrdered(known: Map<RecordId, KnownLine>, lines: Delivery["lines"]): void {
  for (const [index, line] of lines.entries()) {
    const own = known.get(line.orderLineId);
    if (!own) continue;
    const left = decimal(own.most).minus(decimal(own.received));
    if (decimal(line.quantity).lte(left)) continue;
    const facts = { ordered: decimal(own.ordered).toFixed(), received: decimal(own.received).toFixed() };
    refuse("moreThanOrdered", { line: index + 1, ...facts, left: left.lt(0) ? "0" : left.toFixed() }, ["lines", index, "quantity"]);
  }
}

const receiveOrder = operation({
  name: "purchasing.order.receive",
  title: "Record what came",
  does: "Records goods or services that came of an order; by default all that is still to come. What is not billed yet is accrued at once.",
  kind: "write",
  may: buyers,
  input: z.strictObject({
    orderId: ref("purchasing.order"),
    lines: z.array(Came).min(1).max(500).optional().describe("By default all that is still to come."),
    beyondOrder: z.boolean().optional().describe("More came than was ordered, and it is kept."),
    ...fields,
  }),
  output: Receipt,
  when: (found) => found["state"] === "ordered",
  refuses: {
    ...refuses,
    nothingToCome: "All of this order has come. Say which line came beyond it.",
    moreThanOrdered:
      "Of line {line}, {ordered} are ordered and {received} came before; at most {left} more may come. Correct how many, change the " +
      "order, or say that what came beyond the order is kept.",
  },
  emits: ["purchasing.receipt.recorded"],
  async run(input, context) {
    const order = await lockOrder(context, input.orderId, "ordered");
    const known = await orderLines(context, order.id);
    const rest = [...known.values()].map((line) => ({
      orderLineId: line.id,
      quantity: decimal(line.ordered).minus(decimal(line.received)).toFixed(),
    }));
    const lines = input.lines ?? rest.filter((line) => decimal(line.quantity).gt(0));
    if (lines.length === 0) refuse("nothingToCome");
    if (!input.beyondOrder) mustBeOrdered(known, lines);
    const { day = context.today, reference, text } = input;
    const made = await record(context, known, { order, kind: "receipt", day, reference, text, lines });
    context.emit("purchasing.receipt.recorded", { orderId: order.id, receiptId: made.receiptId });
    return made;
  },
});

const returnOrder = operation({
  name: "purchasing.order.return",
  title: "Record what went back",
  does: "Records goods that went back to the supplier; their accrual goes back with them.",
  kind: "write",
  may: buyers,
  input: z.strictObject({ orderId: ref("purchasing.order"), lines: z.array(Came).min(1).max(500), ...fields }),
  output: Receipt,
  when: (found) => found["state"] === "ordered" || found["state"] === "closed",
  refuses: { ...refuses, moreThanCame: "Of line {line}, only {received} came. No more can go back." },
  emits: ["purchasing.receipt.returned"],
  async run(input, context) {
    const order = await lockOrder(context, input.orderId, "ordered", "closed");
    const known = await orderLines(context, order.id);
    for (const [index, line] of input.lines.entries()) {
      const received = known.get(line.orderLineId)?.received;
      if (received !== undefined && decimal(line.quantity).gt(decimal(received))) {
        refuse("moreThanCame", { line: index + 1, received: decimal(received).toFixed() }, ["lines", index, "quantity"]);
      }
    }
    const { day = context.today, reference, text } = input;
    const lines = input.lines.map((line) => ({ ...line, quantity: `-${line.quantity}` }));
    const made = await record(context, known, { order, kind: "return", day, reference, text, lines });
    context.emit("purchasing.receipt.returned", { orderId: order.id, receiptId: made.receiptId });
    return made;
  },
});

const reverseReceipt = operation({
  name: "purchasing.receipt.reverse",
  title: "Take the receipt back",
  does: "Says that a receipt or a return was recorded wrongly; what was accrued is taken back on its day, or the first open one after.",
  kind: "write",
  may: buyers,
  input: z.strictObject({ receiptId: ref("purchasing.receipt"), reason: LongText(300).min(3, "says why, in a few words") }),
  output: z.object({ id: Id }),
  when: (found) => found["state"] !== "reversed",
  refuses: {
    notFound: "There is no such receipt.",
    reversedBefore: "This receipt was taken back before.",
    wentBack: "Some of what came with it went back. Take that return back first.",
    ...postingRefusals,
  },
  emits: ["purchasing.receipt.reversed"],
  async run(input, context) {
    const { tenantId } = context;
    const receipt = await context.db.maybe<{ id: RecordId; orderId: RecordId; day: KernelDay }>(sql`
      select id, order_id, day from purchasing.receipt
      where tenant_id = ${tenantId} and id = ${input.receiptId}`);
    if (!receipt) refuse("notFound");
    const order = await lockOrder(context, receipt.orderId);
    const done = await context.db.rows(sql`
      update purchasing.receipt set reversed_at = ${context.now}, reversed_by_name = ${context.actor.name}, reverse_reason = ${input.reason}
      where tenant_id = ${tenantId} and id = ${receipt.id} and reversed_at is null returning id`);
    if (done.length === 0) refuse("reversedBefore");
    const known = await orderLines(context, receipt.orderId);
    if ([...known.values()].some((line) => decimal(line.received).lt(0))) refuse("wentBack");
    await judge(context, [order.id], await firstOpenDay(context, order.bookId, receipt.day, ["purchase"]));
    context.emit("purchasing.receipt.reversed", { receiptId: receipt.id, orderId: receipt.orderId, reason: input.reason });
    return { id: receipt.id };
  },
});

export const receiptOperations = [receiveOrder, returnOrder, reverseReceipt];
