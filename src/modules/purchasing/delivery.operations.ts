// What comes of an order: the supplier's bill, and, for equipment, a thing of the company.
import { z } from "zod";
import { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Day, Id, Money, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { assetKinds, createAsset } from "../assets/index.ts";
import { accountOf, createBill } from "../finance/index.ts";
import { orderLabel } from "./order.store.ts";
import { buyers, mustBe, requestById, setState, stateRefusals } from "./request.operations.ts";

export const billRequest = operation({
  name: "purchasing.request.bill",
  title: "Enter its bill",
  does: "Enters the supplier's bill for what was ordered, so that finance approves, posts and pays it.",
  kind: "write",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    requestId: ref("purchasing.request"),
    supplierNumber: Text(60).describe("The number on the supplier's paper."),
    day: Day.describe("The day on the supplier's paper."),
    dueDay: Day.optional(),
    net: Money.optional().describe("Without tax; by default what was approved."),
    taxCode: z.string().max(20).default("standard"),
  }),
  output: z.object({ id: Id, billId: ref("finance.bill") }),
  when: (record) => record["state"] === "ordered" && record["billId"] === null,
  refuses: {
    ...stateRefusals,
    billedBefore: "The bill of this request was entered before.",
    hasOrder: "This was ordered with {order}. Enter the bill of that order.",
    aboveApproval: "The bill is {net}, approved were {amount}. Change the request and have it approved anew.",
  },
  constraints: { request_bill: "billedBefore" },
  emits: ["purchasing.request.billed"],
  async run(input, context) {
    const request = await mustBe(context, input.requestId, "ordered");
    if (request.billId) refuse("billedBefore");
    const order = await context.db.maybe<{ order: string }>(sql`
      select ${orderLabel(sql`number`)} as order from purchasing.purchase_order
      where tenant_id = ${context.tenantId} and request_id = ${request.id} and state <> 'cancelled' limit 1`);
    if (order) refuse("hasOrder", { ...order });
    const approved = new KernelMoney(request.amount, request.currency);
    const net = input.net ?? approved;
    if (net.currency !== approved.currency || net.compare(approved) > 0) {
      refuse("aboveApproval", { net: net.toString(), amount: approved.toString() }, ["net"]);
    }
    // Equipment is an asset from the day of its bill; all else is an expense.
    const accountId = request.kind === "equipment" ? (await accountOf(context, "fixedAsset")).id : undefined;
    const bill = await context.call(createBill, {
      supplierId: request.supplierId,
      supplierNumber: input.supplierNumber,
      day: input.day,
      dueDay: input.dueDay,
      lines: [{ description: request.title, net, taxCode: input.taxCode, accountId }],
    });
    await context.db.run(sql`
      update purchasing.request set bill_id = ${bill.id} where tenant_id = ${context.tenantId} and id = ${request.id}`);
    context.emit("purchasing.request.billed", { requestId: request.id, billId: bill.id });
    return { id: request.id, billId: bill.id };
  },
});

export const capitaliseRequest = operation({
  name: "purchasing.request.capitalise",
  title: "Put it into the asset register",
  does: "Makes what was bought a thing of the company, with the cost of its bill.",
  kind: "write",
  may: buyers,
  input: z.strictObject({
    requestId: ref("purchasing.request"),
    kind: z.enum(assetKinds).describe("What kind of thing it is."),
    serial: Text(100).optional(),
  }),
  output: z.object({ id: Id, assetId: ref("assets.asset"), tag: z.string() }),
  when: (record) => record["kind"] === "equipment" && record["billId"] !== null && record["assetId"] === null,
  refuses: {
    ...stateRefusals,
    notEquipment: "Only equipment becomes a thing of the company.",
    billNotPosted: "Its bill is not posted yet. Post the bill first.",
    capitalisedBefore: "It is in the asset register already.",
  },
  emits: ["purchasing.request.capitalised"],
  async run(input, context) {
    const request = await mustBe(context, input.requestId, "ordered", "closed");
    if (request.kind !== "equipment") refuse("notEquipment");
    if (request.assetId) refuse("capitalisedBefore");
    const bill = await context.db.maybe<{ net: bigint; day: z.output<typeof Day> }>(sql`
      select net, day from finance.bill where tenant_id = ${context.tenantId} and id = ${request.billId} and state = 'posted'`);
    if (!bill) refuse("billNotPosted");
    const asset = await context.callAsSystem(createAsset, {
      kind: input.kind,
      name: request.title,
      serial: input.serial,
      boughtOn: bill.day,
      cost: new KernelMoney(bill.net, request.currency),
    });
    await context.db.run(sql`
      update purchasing.request set asset_id = ${asset.id} where tenant_id = ${context.tenantId} and id = ${request.id}`);
    context.emit("purchasing.request.capitalised", { requestId: request.id, assetId: asset.id });
    return { id: request.id, assetId: asset.id, tag: asset.tag };
  },
});

export const closeRequest = operation({
  name: "purchasing.request.close",
  title: "Close the request",
  does: "Puts a finished purchase away: its bill is paid and nothing is left to do.",
  kind: "write",
  may: buyers,
  input: z.strictObject({ requestId: ref("purchasing.request") }),
  output: z.object({ id: Id }),
  when: (record) => record["state"] === "ordered" && record["billId"] !== null,
  refuses: { ...stateRefusals, notPaid: "Its bill is not paid yet." },
  emits: ["purchasing.request.closed"],
  async run(input, context) {
    const request = await mustBe(context, input.requestId, "ordered");
    if (!(await billIsPaid(context, { requestId: request.id }))) refuse("notPaid");
    await setState(context, request.id, "closed");
    context.emit("purchasing.request.closed", { requestId: request.id });
    return { id: request.id };
  },
});

type Asker = Parameters<typeof requestById>[0];
type Subject = { readonly requestId: Parameters<typeof requestById>[1] };

const stateOf = async (context: Asker, subject: Subject): Promise<string> => (await requestById(context, subject.requestId))?.state ?? "";

export const requestIsApproved = async (context: Asker, subject: Subject): Promise<boolean> =>
  ["approved", "ordered", "closed"].includes(await stateOf(context, subject));

export const requestIsOrdered = async (context: Asker, subject: Subject): Promise<boolean> =>
  ["ordered", "closed"].includes(await stateOf(context, subject));

export const billIsEntered = async (context: Asker, subject: Subject): Promise<boolean> =>
  Boolean((await requestById(context, subject.requestId))?.billId);

export const isEquipment = async (context: Asker, subject: Subject): Promise<boolean> =>
  (await requestById(context, subject.requestId))?.kind === "equipment";

export const assetIsCapitalised = async (context: Asker, subject: Subject): Promise<boolean> =>
  Boolean((await requestById(context, subject.requestId))?.assetId);

export async function billIsApproved(context: Asker, { requestId }: Subject): Promise<boolean> {
  const found = await context.db.maybe(sql`
    select b.id from purchasing.request q
    join finance.bill b on b.tenant_id = q.tenant_id and b.id = q.bill_id and b.state in ('approved', 'posted')
    where q.tenant_id = ${context.tenantId} and q.id = ${requestId}`);
  return found !== undefined;
}

export const billIsPosted = (context: Asker, subject: Subject): Promise<boolean> => billStands(context, subject, sql`true`);

export const billIsPaid = (context: Asker, subject: Subject): Promise<boolean> => billStands(context, subject, sql`i.open_amount = 0`);

async function billStands(context: Asker, subject: Subject, condition: ReturnType<typeof sql>): Promise<boolean> {
  const found = await context.db.maybe(sql`
    select b.id from purchasing.request q
    join finance.bill b on b.tenant_id = q.tenant_id and b.id = q.bill_id and b.state = 'posted'
    join finance.open_item i on i.tenant_id = b.tenant_id and i.id = b.item_id
    where q.tenant_id = ${context.tenantId} and q.id = ${subject.requestId} and ${condition}`);
  return found !== undefined;
}
