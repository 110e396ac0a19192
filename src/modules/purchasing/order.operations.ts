// Orders on their way: written by a buyer, from a request or by themselves, approved by a second person, and given to the supplier.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { CurrencyCode, Day, DecimalText, Id, LongText, Money, ref, Text } from "../../platform/operation/field.ts";
import { houseOnceAgreed, operation } from "../../platform/operation/operation.ts";
import { accountOf, type Book, bookOf, exchangeFor, rateRefusals } from "../finance/index.ts";
import { approvable, requestApproval } from "../office/index.ts";
import { orderAmount } from "./order.rules.ts";
import {
  aboveApproval,
  checkedLines,
  decimalsOf,
  lineRefusals,
  lockOrder,
  mustBeWithin,
  orderRefusals,
  type OrderLineInput,
  type ReadyLine,
  type RequestGround,
  requestGround,
  writeLines,
} from "./order.store.ts";
import { buyers, mustSupply, supplierUnknown } from "./request.operations.ts";
import { settingsFor } from "./tolerance.operations.ts";

export const Quantity = DecimalText.regex(/^(?=.*[1-9])\d{1,12}(\.\d{1,6})?$/, "is above zero, with at most six decimals").meta({
  "x-kind": "decimal",
});
const Price = DecimalText.regex(/^\d{1,12}(\.\d{1,8})?$/, "is not below zero, with at most eight decimals").meta({ "x-kind": "decimal" });
export const Policy = z.enum(["none", "twoWay", "threeWay"]);

export const OrderLine = z.strictObject({
  description: Text(300),
  quantity: Quantity,
  unitPrice: Price.describe("Of one, without tax, in the order's currency."),
  taxCode: z.string().max(20).default("standard").describe("Code of the tax, e.g. standard, reduced, exempt."),
  accountId: ref("finance.account").optional().describe("What it is booked on; by default the account for expenses."),
  unitId: ref("directory.unit").optional().describe("The cost centre."),
});

const State = z.object({ id: Id, state: z.string() });

export const createOrder = operation({
  name: "purchasing.order.create",
  title: "Write an order",
  does: "Writes an order to a supplier, from an approved request or by itself; one by itself is approved before it is sent.",
  kind: "write",
  may: buyers,
  input: z.strictObject({
    requestId: ref("purchasing.request").optional().describe("The approved request it comes from."),
    supplierId: ref("directory.supplier").optional().describe("By default the supplier of the request."),
    currency: CurrencyCode.optional().describe("By default that of the request, else of the books."),
    lines: z.array(OrderLine).max(500).optional().describe("By default one line with what was requested."),
    policy: Policy.optional().describe("What its bills are compared with: nothing, the order, or the order and what was received."),
    wantedBy: Day.optional(),
    text: LongText(2000).optional().describe("Terms, or where to deliver."),
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({ id: Id, number: z.string(), amount: Money, state: z.string() }),
  refuses: {
    requestUnknown: "There is no such request.",
    requestNotApproved: "The request is {state}; an order is written once it is approved.",
    supplierMissing: "Say who the order goes to.",
    supplierUnknown,
    linesMissing: "An order has at least one line.",
    ...lineRefusals,
    aboveApproval,
    ...rateRefusals,
  },
  emits: ["purchasing.order.created"],
  async run(input, context) {
    const request = input.requestId && (await approvedRequest(context, input.requestId));
    const supplierId = input.supplierId ?? request?.supplierId ?? refuse("supplierMissing", {}, ["supplierId"]);
    await mustSupply(context, supplierId);
    const book = await bookOf(context, input.bookId);
    const currency = input.currency ?? request?.currency ?? book.currency;
    const wanted = input.lines ?? (request ? [lineOf(request)] : []);
    if (wanted.length === 0) refuse("linesMissing", {}, ["lines"]);
    const usual = await accountOf(context, request?.kind === "equipment" ? "fixedAsset" : "expense", book.id);
    const lines = await checkedLines(context, book.id, wanted, usual.id);
    const amount = orderAmount(lines, currency);
    if (amount.minor <= 0n) refuse("amountNotPositive", {}, ["lines"]);
    if (request) mustBeWithin(request, amount);
    const policy = input.policy ?? (await settingsFor(context, supplierId)).policy;
    const written = await insertOrder(context, { ...input, supplierId, book, currency, policy, amount, lines });
    context.emit("purchasing.order.created", { orderId: written.id, requestId: input.requestId ?? null });
    return { ...written, amount, state: request ? "approved" : "draft" };
  },
});

async function approvedRequest(context: WriteContext, requestId: RecordId): Promise<RequestGround> {
  const request = (await requestGround(context, requestId)) ?? refuse("requestUnknown", {}, ["requestId"]);
  if (!["approved", "ordered"].includes(request.state)) refuse("requestNotApproved", { state: request.state }, ["requestId"]);
  return request;
}

/** What was requested, as one line. */
const lineOf = (request: RequestGround): OrderLineInput => ({
  description: request.title,
  quantity: "1",
  unitPrice: new KernelMoney(request.amount - request.elsewhere, request.currency).amount,
  taxCode: "standard",
});

interface NewOrder {
  readonly supplierId: RecordId;
  readonly requestId?: RecordId;
  readonly book: Book;
  readonly currency: string;
  readonly policy: z.output<typeof Policy>;
  readonly amount: KernelMoney;
  readonly lines: readonly ReadyLine[];
  readonly wantedBy?: z.output<typeof Day>;
  readonly text?: string;
}

async function insertOrder(context: WriteContext, wish: NewOrder): Promise<{ id: RecordId; number: string }> {
  const { tenantId } = context;
  const exchange = await exchangeFor(context, wish.book, { currency: wish.currency, day: context.today });
  const { number } = await context.db.row<{ number: number }>(sql`
    insert into purchasing.order_counter as c (tenant_id, last) values (${tenantId}, 1)
    on conflict (tenant_id) do update set last = c.last + 1 returning last as number`);
  const id = context.newId();
  // What comes from an approved request is approved with it.
  const approved = wish.requestId ? wish.amount.minor : null;
  await context.db.run(sql`
    insert into purchasing.purchase_order (tenant_id, id, number, book_id, supplier_id, request_id, currency, decimals, book_decimals, rate,
      policy, state, version, amount, approved_amount, text, wanted_by, buyer_id, buyer_name, at)
    values (${tenantId}, ${id}, ${number}, ${wish.book.id}, ${wish.supplierId}, ${wish.requestId ?? null}, ${wish.currency},
      ${decimalsOf(wish.currency)}, ${decimalsOf(wish.book.currency)}, ${exchange?.rate ?? null}, ${wish.policy},
      ${approved === null ? "draft" : "approved"}, 1, ${wish.amount.minor}, ${approved}, ${wish.text ?? null}, ${wish.wantedBy ?? null},
      ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
  await writeLines(context, id, wish.lines, wish.currency);
  return { id, number: `PO-${String(number).padStart(5, "0")}` };
}

/** Asked for by an approval only, never by hand. */
const approveOrder = approvable(
  operation({
    name: "purchasing.order.approve",
    title: "Approve an order",
    does: "Releases an order for sending; the house does it when the approval was given.",
    kind: "write",
    may: [houseOnceAgreed],
    // Never offered on screen: the decision is made on the approval.
    when: () => false,
    input: z.strictObject({ orderId: ref("purchasing.order") }),
    output: State,
    refuses: orderRefusals,
    emits: ["purchasing.order.approved"],
    async run(input, context) {
      const order = await lockOrder(context, input.orderId, "submitted");
      await context.db.run(sql`
        update purchasing.purchase_order set state = 'approved', approved_amount = amount
        where tenant_id = ${context.tenantId} and id = ${order.id}`);
      context.emit("purchasing.order.approved", { orderId: order.id });
      return { id: order.id, state: "approved" };
    },
  }),
);

const submitOrder = operation({
  name: "purchasing.order.submit",
  title: "Submit the order for approval",
  does: "Sends the order to whoever may decide on this amount.",
  kind: "write",
  may: buyers,
  input: z.strictObject({ orderId: ref("purchasing.order") }),
  output: z.object({ id: Id, approvalId: Id }),
  when: (record) => record["state"] === "draft" || record["state"] === "declined",
  refuses: orderRefusals,
  emits: ["purchasing.order.submitted"],
  async run(input, context) {
    const order = await lockOrder(context, input.orderId, "draft", "declined");
    const amount = new KernelMoney(order.amount, order.currency);
    const { supplier } = await context.db.row<{ supplier: string }>(sql`
      select name as supplier from directory.party where tenant_id = ${context.tenantId} and id = ${order.supplierId}`);
    const approvalId = await requestApproval(context, {
      title: `Order PO-${String(order.number).padStart(5, "0")} to ${supplier}`,
      about: { subject: "purchasing.order", id: order.id },
      activity: "purchasing.approval",
      amount,
      asks: { operation: approveOrder, input: { orderId: order.id } },
      snapshot: { supplierId: order.supplierId, amount, version: order.version },
    });
    await context.db.run(sql`
      update purchasing.purchase_order set state = 'submitted', approval_id = ${approvalId}
      where tenant_id = ${context.tenantId} and id = ${order.id}`);
    context.emit("purchasing.order.submitted", { orderId: order.id });
    return { id: order.id, approvalId };
  },
});

const sendOrder = operation({
  name: "purchasing.order.send",
  title: "Record it as sent",
  does: "Notes that the supplier was given the order, and its request with it.",
  kind: "write",
  may: buyers,
  input: z.strictObject({ orderId: ref("purchasing.order"), on: Day.optional().describe("By default today.") }),
  output: State,
  when: (record) => record["state"] === "approved",
  refuses: {
    ...orderRefusals,
    requestNotApproved: "The request is {state}; its order is sent once it is approved again.",
    aboveApproval,
  },
  emits: ["purchasing.order.sent", "purchasing.request.ordered"],
  async run(input, context) {
    const order = await lockOrder(context, input.orderId, "approved");
    const on = input.on ?? context.today;
    const request = order.requestId && (await requestGround(context, order.requestId, order.id));
    if (request) {
      if (!["approved", "ordered"].includes(request.state)) refuse("requestNotApproved", { state: request.state });
      mustBeWithin(request, new KernelMoney(order.amount, order.currency));
    }
    await context.db.run(sql`
      update purchasing.purchase_order set state = 'ordered', ordered_on = ${on}
      where tenant_id = ${context.tenantId} and id = ${order.id}`);
    if (request && request.state === "approved") {
      await context.db.run(sql`
        update purchasing.request set state = 'ordered', ordered_on = ${on} where tenant_id = ${context.tenantId} and id = ${request.id}`);
      context.emit("purchasing.request.ordered", { requestId: request.id });
    }
    context.emit("purchasing.order.sent", { orderId: order.id });
    return { id: order.id, state: "ordered" };
  },
});

export const orderOperations = [createOrder, submitOrder, approveOrder, sendOrder];
