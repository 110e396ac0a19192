// Telling payees what was paid: one mail each, with every bill of the payment on paper, and never twice.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { pdfOf } from "../../../platform/files/pdf.ts";
import { sql } from "../../../platform/database/sql.ts";
import { writeMails } from "../../../platform/notify/mail.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Id, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { companyName } from "./origin.operations.ts";
import { itemsWhere, lockRun, type StoredItem } from "./run.store.ts";
import { lockOrders, type PaymentOrder } from "./settle.ts";

export const advisePaymentRun = operation({
  name: "finance.paymentRun.advise",
  title: "Tell the payees",
  does: "Mails each payee which bills a payment settles; whoever was told before is not told again.",
  kind: "write",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({ paymentRunId: ref("finance.paymentRun") }),
  output: z.object({ id: Id, mailed: z.number().int(), withoutAddress: z.array(z.string()) }),
  refuses: {
    notFound: "There is no such payment run.",
    notAtBank: "Payment run {code} is {state}. Payees are told when it is at the bank.",
  },
  when: (record) => record["state"] === "sent" || record["state"] === "settled",
  emits: ["finance.paymentRun.advised"],
  async run(input, context) {
    const run = await lockRun(context, input.paymentRunId);
    if (run.state !== "sent" && run.state !== "settled") refuse("notAtBank", { code: run.code, state: run.state });
    const orders = await lockOrders(context, sql`p.run_id = ${run.id} and p.advised_at is null and p.state in ('pending', 'succeeded')`);
    const addresses = await addressesOf(context, orders);
    const told = orders.filter((order) => addresses.has(order.supplierId));
    const items = await itemsWhere(context, sql`i.order_id = any(${told.map((order) => order.id)}::uuid[])`);
    const from = await companyName(context, run.bookId);
    const mails = [];
    // One paper for each payee.
    for (const order of told) {
      const own = items.filter((item) => item.orderId === order.id);
      const fileId = await context.writeFile(`${order.code}.pdf`, "application/pdf", advicePdf(from, order, own));
      mails.push({
        to: addresses.get(order.supplierId)!,
        subject: `Payment ${order.code} of ${order.amount.toString()}`,
        text: adviceText(from, order, own),
        fileId,
      });
    }
    await writeMails(context, mails);
    await context.db.run(sql`
      update finance.payment_order set advised_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = any(${told.map((order) => order.id)}::uuid[])`);
    context.emit("finance.paymentRun.advised", { paymentRunId: run.id, payees: told.length });
    const missing = orders.filter((order) => !addresses.has(order.supplierId)).map((order) => order.supplier);
    return { id: run.id, mailed: told.length, withoutAddress: [...new Set(missing)] };
  },
});

async function addressesOf(context: WriteContext, orders: readonly PaymentOrder[]): Promise<Map<KernelId, string>> {
  const rows = await context.db.rows<{ id: KernelId; email: string }>(sql`
    select id, email from directory.party where tenant_id = ${context.tenantId} and email is not null
      and id = any(${orders.map((order) => order.supplierId)}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row.email]));
}

function adviceText(from: string, order: PaymentOrder, items: readonly StoredItem[]): string {
  const lines = items.map((item) => `${item.supplierNumber}: ${item.amount.toString()}${discountText(item)}`);
  const paid = `on ${order.day} we pay ${order.amount.toString()} for`;
  const reference = `The payment carries the reference ${order.code}.`;
  return [`Dear ${order.supplier},`, paid, lines.join("\n"), reference, from].join("\n\n");
}

const discountText = (item: StoredItem): string => (item.discount.minor > 0n ? `, less ${item.discount.toString()} for paying early` : "");

const template = `
#let paper = json(bytes(sys.inputs.at("values")))
#set page(paper: "a4", margin: (x: 22mm, top: 25mm, bottom: 25mm))
#set document(title: "Payment " + paper.code)
#set text(size: 10pt, lang: "en")
#align(right, strong(paper.from))
#v(14mm)
#paper.to
#v(14mm)
#text(size: 16pt, weight: "bold")[Payment #paper.code]
#v(2mm)
Paid on #paper.day
#v(6mm)
#table(columns: (1fr, auto, auto), align: (left, right, right), stroke: none, inset: (x: 2mm, y: 1.6mm),
  table.header(table.hline(), [*Your bill*], [*Discount*], [*Paid #paper.currency*], table.hline(stroke: 0.5pt)),
  ..paper.lines.map(line => ([#line.bill], [#line.discount], [#line.amount])).flatten(),
  table.hline(stroke: 0.5pt), [*Total*], [], [*#paper.total*], table.hline())
`;

const advicePdf = (from: string, order: PaymentOrder, items: readonly StoredItem[]): Uint8Array =>
  pdfOf(template, {
    from,
    to: order.supplier,
    code: order.code,
    day: order.day,
    currency: order.amount.currency,
    total: order.amount.amount,
    lines: items.map((item) => ({
      bill: item.supplierNumber,
      amount: item.amount.amount,
      discount: item.discount.minor > 0n ? item.discount.amount : "",
    })),
  });
