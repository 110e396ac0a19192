// What is done with invoices: drafted, posted, paid, credited; a draft may be cancelled, a posted one only credited.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, DecimalText, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { allocate } from "../ledger/open-item.ts";
import { paymentRefusals, recordPayment } from "../payments/payment.ts";
import { dueDayOf, insertDraft, invoiceRefusals, postInvoices } from "./invoice.ts";

const roles = ["finance.accountant", "finance.manager"];

const Line = z.strictObject({
  description: Text(300),
  quantity: DecimalText.default("1"),
  unitPrice: Money,
  taxCode: z.string().max(20).default("standard").describe("Code of the tax, e.g. standard, reduced, exempt."),
  accountId: ref("finance.account").optional().describe("By default the account for sales."),
  unitId: ref("directory.unit").optional().describe("The cost centre."),
});

const Draft = z.object({ id: Id, net: Money, tax: Money, total: Money });

export const createInvoice = operation({
  name: "finance.invoice.create",
  title: "Draft an invoice",
  does: "Puts together an invoice for a customer; nothing is booked until it is posted.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    customerId: ref("directory.customer"),
    day: Day.optional().describe("By default today."),
    termsDays: z.number().int().min(0).max(365).default(30),
    text: LongText(2000).optional(),
    lines: z.array(Line).min(1).max(500),
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: Draft,
  refuses: invoiceRefusals,
  emits: ["finance.invoice.created"],
  async run(input, context) {
    const { termsDays, day = context.today, ...rest } = input;
    const { id, totals } = await insertDraft(context, { ...rest, kind: "invoice", day, dueDay: dueDayOf(day, termsDays) });
    context.emit("finance.invoice.created", { invoiceId: id });
    return { id, net: totals.net, tax: totals.tax, total: totals.total };
  },
});

const Posted = z.object({ id: Id, number: z.string(), entryId: ref("finance.journalEntry"), entryNumber: z.string(), total: Money });

const postRefusals = {
  notFound: "There is no such invoice.",
  notDraft: "Only a draft is posted; this invoice is {state}.",
  ...postingRefusals,
} as const;

export const postInvoice = operation({
  name: "finance.invoice.post",
  title: "Post an invoice",
  does: "Gives the invoice its number and books it: what the customer owes, the sales and the tax.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({ invoiceId: ref("finance.invoice") }),
  output: Posted,
  refuses: postRefusals,
  when: (record) => record["state"] === "draft",
  emits: ["finance.invoice.posted"],
  async run(input, context) {
    const [posted] = await postInvoices(context, [input.invoiceId]);
    const { id, number, entryId, entryNumber, total } = posted!;
    context.emit("finance.invoice.posted", { invoiceId: id, number });
    return { id, number, entryId, entryNumber, total };
  },
});

export const cancelInvoice = operation({
  name: "finance.invoice.cancel",
  title: "Cancel a draft",
  does: "Sets a draft aside that is not wanted any more.",
  kind: "write",
  may: roles,
  input: z.strictObject({ invoiceId: ref("finance.invoice") }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such invoice.", notDraft: "Only a draft is cancelled; this invoice is {state}. Credit it instead." },
  when: (record) => record["state"] === "draft",
  async run(input, context) {
    const invoice = await lockInvoice(context, input.invoiceId);
    if (invoice.state !== "draft") refuse("notDraft", { state: invoice.state });
    await context.db.run(sql`
      update finance.invoice set state = 'cancelled' where tenant_id = ${context.tenantId} and id = ${invoice.id}`);
    return { id: invoice.id };
  },
});

interface LockedInvoice {
  id: KernelId;
  bookId: KernelId;
  kind: string;
  state: string;
  number: string;
  customerId: KernelId;
  day: KernelDay;
  total: bigint;
  itemId: KernelId;
  openAmount: bigint;
  currency: string;
}

/** Locks the invoice, then its open item. */
async function lockInvoice(context: WriteContext, id: KernelId): Promise<LockedInvoice> {
  const invoice = await context.db.maybe<LockedInvoice>(sql`
    select i.id, i.book_id, i.kind, i.state, i.number, i.customer_id, i.day, i.total, i.item_id, b.currency, 0::bigint as open_amount
    from finance.invoice i join finance.book b on b.tenant_id = ${context.tenantId} and b.id = i.book_id
    where i.tenant_id = ${context.tenantId} and i.id = ${id} for update of i`);
  if (!invoice) refuse("notFound");
  const item = await context.db.maybe<{ openAmount: bigint }>(sql`
    select open_amount from finance.open_item where tenant_id = ${context.tenantId} and id = ${invoice.itemId} for update`);
  return { ...invoice, openAmount: item?.openAmount ?? 0n };
}

export const creditInvoice = operation({
  name: "finance.invoice.creditNote",
  title: "Credit an invoice",
  does: "Posts a credit note over the whole invoice, or over the lines given, and sets it against what is still open.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    invoiceId: ref("finance.invoice"),
    day: Day.optional().describe("By default today."),
    reason: LongText(500).min(3, "says why, in a few words"),
    lines: z.array(Line).min(1).max(500).optional().describe("By default all lines of the invoice."),
  }),
  output: Posted,
  refuses: {
    notPosted: "Only a posted invoice is credited. Cancel the draft, or credit the invoice itself.",
    dayBeforeInvoice: "The credit note cannot be dated before the invoice of {day}.",
    moreThanInvoiced: "Of invoice {number} only {left} is not credited yet. Credit at most that.",
    ...invoiceRefusals,
    ...postRefusals,
  },
  when: (record) => record["kind"] === "invoice" && ["open", "overdue", "paid"].includes(String(record["state"])),
  emits: ["finance.invoice.credited"],
  async run(input, context) {
    const invoice = await lockInvoice(context, input.invoiceId);
    if (invoice.state !== "posted" || invoice.kind !== "invoice") refuse("notPosted");
    const day = input.day ?? context.today;
    if (day < invoice.day) refuse("dayBeforeInvoice", { day: invoice.day }, ["day"]);
    const { bookId, customerId, id: correctsId } = invoice;
    const lines = input.lines ?? (await linesOf(context, invoice));
    const draft = await insertDraft(context, {
      kind: "creditNote",
      bookId,
      customerId,
      day,
      dueDay: day,
      text: input.reason,
      correctsId,
      lines,
    });
    await requireCreditable(context, invoice, draft.totals.total);
    const [posted] = await postInvoices(context, [draft.id]);
    const { id, number, entryId, entryNumber, total, itemId } = posted!;
    const open = new KernelMoney(invoice.openAmount, invoice.currency);
    const settled = open.compare(total) < 0 ? open : total;
    if (settled.minor > 0n) await allocate(context, [{ itemId, againstId: invoice.itemId, amount: settled }], day);
    context.emit("finance.invoice.credited", { invoiceId: invoice.id, creditNoteId: id });
    return { id, number, entryId, entryNumber, total };
  },
});

async function linesOf(context: WriteContext, invoice: LockedInvoice) {
  const rows = await context.db.rows<{
    description: string;
    quantity: string;
    unitPrice: bigint;
    accountId: KernelId;
    taxCode: string;
    unitId: KernelId | null;
  }>(sql`
    select l.description, trim_scale(l.quantity)::text as quantity, l.unit_price, l.account_id, t.code as tax_code, l.unit_id
    from finance.invoice_line l join finance.tax_code t on t.tenant_id = ${context.tenantId} and t.id = l.tax_code_id
    where l.tenant_id = ${context.tenantId} and l.invoice_id = ${invoice.id} order by l.position`);
  return rows.map((row) => ({ ...row, unitPrice: new KernelMoney(row.unitPrice, invoice.currency), unitId: row.unitId ?? undefined }));
}

/** Together the credit notes of an invoice never exceed it. */
async function requireCreditable(context: WriteContext, invoice: LockedInvoice, total: KernelMoney): Promise<void> {
  const { credited } = await context.db.row<{ credited: bigint }>(sql`
    select coalesce(sum(total), 0)::bigint as credited from finance.invoice
    where tenant_id = ${context.tenantId} and corrects_id = ${invoice.id} and state = 'posted'`);
  const left = new KernelMoney(invoice.total - credited, invoice.currency);
  if (total.compare(left) > 0) refuse("moreThanInvoiced", { number: invoice.number, left: left.toString() }, ["lines"]);
}

export const payInvoice = operation({
  name: "finance.invoice.recordPayment",
  title: "Record its payment",
  does: "Posts the customer's payment of this invoice; what is paid beyond it stays on the customer's account.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    invoiceId: ref("finance.invoice"),
    bankAccountId: ref("finance.bankAccount"),
    day: Day.optional().describe("By default today."),
    amount: Money.optional().describe("By default all that is open."),
    reference: Text(140).optional(),
  }),
  output: z.object({ id: Id, paymentId: ref("finance.payment"), number: z.string(), open: Money }),
  refuses: { notFound: "There is no such invoice.", nothingOpen: "Nothing of this invoice is open.", ...paymentRefusals },
  when: (record) => record["kind"] === "invoice" && (record["state"] === "open" || record["state"] === "overdue"),
  emits: ["finance.payment.recorded"],
  async run(input, context) {
    const invoice = await lockInvoice(context, input.invoiceId);
    const open = new KernelMoney(invoice.openAmount, invoice.currency);
    if (invoice.state !== "posted" || open.minor <= 0n) refuse("nothingOpen");
    const { bankAccountId, reference = invoice.number, day = context.today, amount = open } = input;
    if (amount.currency !== invoice.currency) refuse("currencyDiffers", { currency: invoice.currency }, ["amount"]);
    const settled = amount.compare(open) < 0 ? amount : open;
    const payment = await recordPayment(context, {
      direction: "incoming",
      partyId: invoice.customerId,
      amount,
      bankAccountId,
      day,
      reference,
      allocations: [{ itemId: invoice.itemId, amount: settled }],
    });
    context.emit("finance.payment.recorded", { paymentId: payment.id, partyId: invoice.customerId, direction: "incoming" });
    return { id: invoice.id, paymentId: payment.id, number: payment.number, open: open.minus(settled) };
  },
});
