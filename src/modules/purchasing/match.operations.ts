// Bills of orders: entered from the order, or matched with it line by line when they came otherwise; and what someone says is all right.
import { z } from "zod";
import { decimal } from "../../kernel/decimal.ts";
import type { Id as RecordId } from "../../kernel/id.ts";
import type { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, FileId, Id, LongText, Money, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { createBill } from "../finance/index.ts";
import { judge, ordersOf } from "./judge.ts";
import { Quantity } from "./order.operations.ts";
import { lineAmount } from "./order.rules.ts";
import { lockOrder, nameForRequest, orderRefusals, type OrderRow } from "./order.store.ts";
import { billedOf, exceptions, livingBill, receivedOf } from "./verdict.ts";

const roles = ["finance.accountant", "finance.manager"];

interface BillableLine {
  readonly id: RecordId;
  readonly description: string;
  readonly unitPrice: string;
  readonly taxCode: string;
  readonly accountId: RecordId;
  readonly unitId: RecordId | null;
  /** Ordered, or received where receipts are asked for, and not billed yet. */
  readonly open: string;
}

const billableLines = (context: WriteContext, order: OrderRow): Promise<BillableLine[]> =>
  context.db.rows<BillableLine>(sql`
    select p.id, p.description, p.unit_price::text as unit_price, p.tax_code, p.account_id, p.unit_id,
      (${order.policy === "threeWay" ? receivedOf(context.tenantId, sql`p.id`) : sql`p.quantity`}
        - ${billedOf(context.tenantId, sql`p.id`, livingBill)})::text as open
    from purchasing.order_line p where p.tenant_id = ${context.tenantId} and p.order_id = ${order.id} order by p.position`);

const BilledLine = z.strictObject({
  orderLineId: ref("purchasing.orderLine"),
  quantity: Quantity.optional().describe("By default what is open."),
  net: Money.optional().describe("By default the quantity at the ordered price."),
});

const billOrder = operation({
  name: "purchasing.order.bill",
  title: "Enter its bill",
  does: "Enters the supplier's bill for an order; a bill that differs from what was ordered or received is held until that is cleared up.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    orderId: ref("purchasing.order"),
    supplierNumber: Text(60).describe("The number on the supplier's paper."),
    day: Day.describe("The day on the supplier's paper."),
    dueDay: Day.optional(),
    total: Money.optional().describe("What the supplier asks for with tax; compared with the lines."),
    lines: z.array(BilledLine).min(1).max(500).optional().describe("By default all that is received or ordered and not billed yet."),
    fileId: FileId.optional(),
    paymentReference: Text(140).optional(),
  }),
  output: z.object({ id: Id, billId: ref("finance.bill"), total: Money, isHeld: z.boolean() }),
  when: (record) => record["state"] === "ordered" || record["state"] === "closed",
  refuses: {
    ...orderRefusals,
    lineUnknown: "Line {line} is no line of this order, or is named twice.",
    nothingToBill: "Nothing of this order is open for a bill. Name its lines to enter a bill all the same.",
  },
  emits: ["purchasing.order.billed"],
  async run(input, context) {
    const order = await lockOrder(context, input.orderId, "ordered", "closed");
    const lines = wantedLines(await billableLines(context, order), input.lines);
    if (lines.length === 0) refuse("nothingToBill");
    const bill = await context.call(createBill, {
      supplierId: order.supplierId,
      supplierNumber: input.supplierNumber,
      day: input.day,
      dueDay: input.dueDay,
      total: input.total,
      fileId: input.fileId,
      paymentReference: input.paymentReference,
      bookId: order.bookId,
      lines: lines.map((line) => ({
        description: line.description,
        quantity: line.quantity,
        net: line.net ?? lineAmount(line, order.currency),
        taxCode: line.taxCode,
        accountId: line.accountId,
        unitId: line.unitId ?? undefined,
      })),
    });
    await tieLines(context, order, bill.id, lines);
    await judge(context, [order.id]);
    context.emit("purchasing.order.billed", { orderId: order.id, billId: bill.id });
    const { isHeld } = await context.db.row<{ isHeld: boolean }>(sql`
      select hold_reason is not null as is_held from finance.bill where tenant_id = ${context.tenantId} and id = ${bill.id}`);
    return { id: order.id, billId: bill.id, total: bill.total, isHeld };
  },
});

type WantedLine = BillableLine & { readonly quantity: string; readonly net?: KernelMoney };

/** Refuses `lineUnknown`. */
function wantedLines(known: readonly BillableLine[], wished: readonly z.output<typeof BilledLine>[] | undefined): WantedLine[] {
  if (!wished) return known.filter((line) => decimal(line.open).gt(0)).map((line) => ({ ...line, quantity: plain(line.open) }));
  const left = new Map(known.map((line) => [line.id, line]));
  return wished.map((wish, index) => {
    const line = left.get(wish.orderLineId) ?? refuse("lineUnknown", { line: index + 1 }, ["lines", index, "orderLineId"]);
    left.delete(wish.orderLineId);
    const quantity = wish.quantity ?? (decimal(line.open).gt(0) ? plain(line.open) : refuse("nothingToBill"));
    return { ...line, quantity, net: wish.net };
  });
}

const plain = (text: string): string => decimal(text).toFixed();

/** The bill was written a moment ago with its lines in this order: each keeps what it is for by its own identity from now on. */
async function tieLines(context: WriteContext, order: OrderRow, billId: RecordId, lines: readonly WantedLine[]): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`insert into purchasing.bill_order (tenant_id, bill_id, order_id) values (${tenantId}, ${billId}, ${order.id})`);
  await context.db.run(sql`
    insert into purchasing.bill_match (tenant_id, bill_line_id, order_line_id, by_name, at)
    select ${tenantId}, l.id, o.order_line_id, ${context.actor.name}, ${context.now}
    from unnest(${lines.map((line) => line.id)}::uuid[]) with ordinality as o (order_line_id, position)
    join finance.bill_line l on l.tenant_id = ${tenantId} and l.bill_id = ${billId} and l.position = o.position`);
  await nameForRequest(context, order, billId);
}

interface FoundBillLine {
  readonly billId: RecordId;
  readonly supplierId: RecordId;
  readonly currency: string;
  readonly state: string;
  readonly quantity: string | null;
  /** Matched with other lines of orders. */
  readonly elsewhere: string;
  readonly isWhole: boolean;
}

interface FoundOrderLine {
  readonly orderId: RecordId;
  readonly supplierId: RecordId;
  readonly currency: string;
  readonly state: string;
}

const matchRefusals = {
  billLineUnknown: "There is no such line of a bill.",
  billOver: "The bill is {state}; its lines are matched no more.",
  orderLineUnknown: "There is no such line of an order.",
  orderNotStanding: "The order is {state}; bills are matched with orders that were sent.",
  otherSupplier: "The bill is from another supplier than the order.",
  currencyDiffers: "The bill is in {billed}, the order in {ordered}.",
  quantityMissing: "The line of the bill does not say how many. Say how many of it are for this line of the order.",
  beyondLine: "The line of the bill is for {quantity}, of which {elsewhere} are matched elsewhere.",
};

const matchLine = operation({
  name: "purchasing.billLine.match",
  title: "Match with an order",
  does: "Says which line of an order a line of a bill is for, and how many of it; the same pair again changes how many.",
  kind: "write",
  may: roles,
  on: "finance.billLine",
  input: z.strictObject({
    billLineId: ref("finance.billLine"),
    orderLineId: ref("purchasing.orderLine"),
    quantity: Quantity.optional().describe("By default all of the line of the bill."),
  }),
  output: z.object({ id: Id, billId: ref("finance.bill"), isHeld: z.boolean() }),
  refuses: matchRefusals,
  emits: ["purchasing.billLine.matched"],
  async run(input, context) {
    const { tenantId } = context;
    const order = await orderLine(context, input.orderLineId);
    await lockOrder(context, order.orderId);
    const line = await billLine(context, input.billLineId, input.orderLineId);
    if (order.supplierId !== line.supplierId) refuse("otherSupplier", {}, ["orderLineId"]);
    if (order.currency !== line.currency) refuse("currencyDiffers", { billed: line.currency, ordered: order.currency }, ["orderLineId"]);
    if (input.quantity === undefined && line.quantity === null) refuse("quantityMissing", {}, ["quantity"]);
    const wished = decimal(input.quantity ?? line.quantity!);
    const isBeyond = line.quantity !== null && wished.plus(decimal(line.elsewhere)).gt(decimal(line.quantity));
    if (isBeyond || line.isWhole) {
      refuse("beyondLine", { quantity: plain(line.quantity ?? line.elsewhere), elsewhere: plain(line.elsewhere) }, ["quantity"]);
    }
    await context.db.run(sql`
      insert into purchasing.bill_match (tenant_id, bill_line_id, order_line_id, quantity, by_name, at)
      values (${tenantId}, ${input.billLineId}, ${input.orderLineId}, ${input.quantity ?? null}, ${context.actor.name}, ${context.now})
      on conflict (tenant_id, bill_line_id, order_line_id) do update set quantity = excluded.quantity, by_name = excluded.by_name,
        at = excluded.at`);
    await context.db.run(sql`
      insert into purchasing.bill_order (tenant_id, bill_id, order_id) values (${tenantId}, ${line.billId}, ${order.orderId})
      on conflict do nothing`);
    return judged(context, "purchasing.billLine.matched", { ...input, billId: line.billId });
  },
});

/** Refuses `billLineUnknown` and `billOver`. */
async function billLine(context: WriteContext, billLineId: RecordId, orderLineId: RecordId): Promise<FoundBillLine> {
  const { tenantId } = context;
  const line = await context.db.maybe<FoundBillLine>(sql`
    select l.bill_id, b.supplier_id, coalesce(b.currency, k.currency) as currency, b.state, l.quantity::text as quantity,
      coalesce(m.elsewhere, 0)::text as elsewhere, coalesce(m.is_whole, false) as is_whole
    from finance.bill_line l
    join finance.bill b on b.tenant_id = ${tenantId} and b.id = l.bill_id and b.kind = 'bill'
    join finance.book k on k.tenant_id = ${tenantId} and k.id = b.book_id
    left join lateral (
      select sum(coalesce(m.quantity, l.quantity, 1)) as elsewhere, bool_or(m.quantity is null) as is_whole from purchasing.bill_match m
      where m.tenant_id = ${tenantId} and m.bill_line_id = l.id and m.order_line_id <> ${orderLineId}) m on true
    where l.tenant_id = ${tenantId} and l.id = ${billLineId} for update of b`);
  if (!line) refuse("billLineUnknown", {}, ["billLineId"]);
  if (!["draft", "approved", "posted"].includes(line.state)) refuse("billOver", { state: line.state });
  return line;
}

/** Refuses `orderLineUnknown` and `orderNotStanding`. */
async function orderLine(context: WriteContext, orderLineId: RecordId): Promise<FoundOrderLine> {
  const line = await context.db.maybe<FoundOrderLine>(sql`
    select o.id as order_id, o.supplier_id, o.currency, o.state from purchasing.order_line p
    join purchasing.purchase_order o on o.tenant_id = ${context.tenantId} and o.id = p.order_id
    where p.tenant_id = ${context.tenantId} and p.id = ${orderLineId}`);
  if (!line) refuse("orderLineUnknown", {}, ["orderLineId"]);
  if (!["ordered", "closed"].includes(line.state)) refuse("orderNotStanding", { state: line.state }, ["orderLineId"]);
  return line;
}

const unmatchLine = operation({
  name: "purchasing.billLine.unmatch",
  title: "Undo the match with an order",
  does: "Says that a line of a bill is not for that line of an order; its bill stays one that has to agree with an order.",
  kind: "write",
  may: roles,
  on: "finance.billLine",
  input: z.strictObject({ billLineId: ref("finance.billLine"), orderLineId: ref("purchasing.orderLine") }),
  output: z.object({ id: Id, billId: ref("finance.bill"), isHeld: z.boolean() }),
  refuses: { notMatched: "The two are not matched." },
  emits: ["purchasing.billLine.unmatched"],
  async run(input, context) {
    const { tenantId } = context;
    const gone = await context.db.maybe<{ billId: RecordId; orderId: RecordId }>(sql`
      delete from purchasing.bill_match m using finance.bill_line l, purchasing.order_line p
      where m.tenant_id = ${tenantId} and m.bill_line_id = ${input.billLineId} and m.order_line_id = ${input.orderLineId}
        and l.tenant_id = ${tenantId} and l.id = m.bill_line_id and p.tenant_id = ${tenantId} and p.id = m.order_line_id
      returning l.bill_id, p.order_id`);
    if (!gone) refuse("notMatched");
    return judged(context, "purchasing.billLine.unmatched", { ...input, billId: gone.billId });
  },
});

async function judged(
  context: WriteContext,
  event: string,
  match: { readonly billLineId: RecordId; readonly orderLineId: RecordId; readonly billId: RecordId },
) {
  await judge(context, await ordersOf(context, match.billId));
  context.emit(event, match);
  const { isHeld } = await context.db.row<{ isHeld: boolean }>(sql`
    select hold_reason is not null as is_held from finance.bill where tenant_id = ${context.tenantId} and id = ${match.billId}`);
  return { id: match.billLineId, billId: match.billId, isHeld };
}

const acceptException = operation({
  name: "purchasing.matchException.accept",
  title: "Accept how it differs from its order",
  does: "Says why a bill may be paid though it differs from its order; it holds for what differs now, and no more than that.",
  kind: "write",
  may: ["finance.manager", "purchasing.manager"],
  on: "finance.bill",
  input: z.strictObject({ billId: ref("finance.bill"), reason: LongText(500).min(5, "says why, in a few words") }),
  output: z.object({ id: Id, accepted: z.number().int() }),
  when: (record) => String(record["holdReason"] ?? "").startsWith("Differs from its order"),
  refuses: {
    nothingOpen: "Nothing about this bill differs from its order.",
    ownBill: "Who entered a bill does not accept how it differs. Another person has to.",
  },
  emits: ["purchasing.matchException.accepted"],
  async run(input, context) {
    const { tenantId } = context;
    const orderIds = await ordersOf(context, input.billId);
    const bill = await context.db.maybe<{ personId: RecordId | null }>(sql`
      select person_id from finance.bill where tenant_id = ${tenantId} and id = ${input.billId} for update`);
    const open = await context.db.rows<{ billLineId: RecordId; orderLineId: RecordId | null; reason: string; excess: string }>(sql`
      select e.bill_line_id, e.order_line_id, e.reason, e.excess::text as excess
      from (${exceptions(tenantId, sql`select ${input.billId}::uuid as bill_id`)}) e where not e.accepted`);
    if (open.length === 0) refuse("nothingOpen");
    if (bill?.personId && bill.personId === context.actor.personId) refuse("ownBill");
    await context.db.run(sql`
      insert into purchasing.match_acceptance (tenant_id, id, bill_id, bill_line_id, order_line_id, reason, excess, why, by_id, by_name, at)
      select ${tenantId}, a.id, ${input.billId}, a.bill_line_id, a.order_line_id, a.reason, a.excess, ${input.reason},
        ${context.actor.personId}, ${context.actor.name}, ${context.now}
      from unnest(${open.map(() => context.newId())}::uuid[], ${open.map((one) => one.billLineId)}::uuid[],
        ${open.map((one) => one.orderLineId)}::uuid[], ${open.map((one) => one.reason)}::text[],
        ${open.map((one) => one.excess)}::numeric[]) as a (id, bill_line_id, order_line_id, reason, excess)`);
    await judge(context, orderIds);
    context.emit("purchasing.matchException.accepted", { billId: input.billId, reason: input.reason });
    return { id: input.billId, accepted: open.length };
  },
});

export const matchOperations = [billOrder, matchLine, unmatchLine, acceptException];
