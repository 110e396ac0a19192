// What is done with credit notes to customers: posted at once, or drafted, changed, and then posted or cancelled as invoices are.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, LongText, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { reversalRefusals } from "../ledger/reversal.ts";
import {
  creditContent,
  creditedInvoiceRefusals,
  creditRefusals,
  requireCreditable,
  settleCredit,
  takeBackReductions,
} from "./credit-note.ts";
import { DatedInvoiceLine } from "./invoice.fields.ts";
import { lockInvoice } from "./invoice-lock.ts";
import { Draft, Posted, postRefusals, shownDraft } from "./invoice.operations.ts";
import { changeDraft, insertDraft, invoiceRefusals } from "./invoice.ts";

const roles = ["finance.accountant", "finance.manager"];
const fields = {
  day: Day.optional().describe("By default today."),
  reason: LongText(500).min(3, "says why, in a few words"),
  lines: z.array(DatedInvoiceLine).min(1).max(500).optional().describe("By default all lines of the invoice."),
};
const notFound = "There is no such invoice.";

const mayCredit = (record: Readonly<Record<string, unknown>>): boolean =>
  record["kind"] === "invoice" && ["open", "overdue", "paid"].includes(String(record["state"]));

export const creditInvoice = operation({
  name: "finance.invoice.creditNote",
  title: "Credit an invoice",
  does: "Posts a credit note over the whole invoice, or over the lines given, and sets it against what is still open.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    invoiceId: ref("finance.invoice"),
    ...fields,
    takesBackReductions: z
      .boolean()
      .default(false)
      .describe("First takes back discounts on the invoice and what was written off of it, so that all of it may be credited."),
  }),
  output: Posted,
  refuses: { ...reversalRefusals, ...creditedInvoiceRefusals, ...creditRefusals, ...invoiceRefusals, ...postRefusals },
  when: mayCredit,
  emits: ["finance.invoice.credited"],
  async run({ invoiceId, takesBackReductions, ...wish }, context) {
    const invoice = await lockInvoice(context, invoiceId);
    const content = await creditContent(context, invoice, wish);
    if (takesBackReductions) await takeBackReductions(context, invoice, content.day, wish.reason);
    const { id } = await insertDraft(context, content);
    return settleCredit(context, takesBackReductions ? await lockInvoice(context, invoiceId) : invoice, id, content.day);
  },
});

export const draftCreditNote = operation({
  name: "finance.invoice.draftCreditNote",
  title: "Draft a credit note",
  does: "Puts together a credit note for an invoice; nothing is booked until it is posted, and until then it may be changed or cancelled.",
  kind: "write",
  may: roles,
  input: z.strictObject({ invoiceId: ref("finance.invoice"), ...fields }),
  output: Draft,
  refuses: { notFound, ...creditedInvoiceRefusals, ...creditRefusals, ...invoiceRefusals },
  when: mayCredit,
  emits: ["finance.invoice.created"],
  async run({ invoiceId, ...wish }, context) {
    const invoice = await lockInvoice(context, invoiceId);
    const { id, ready } = await insertDraft(context, await creditContent(context, invoice, wish));
    await requireCreditable(context, invoice, id);
    context.emit("finance.invoice.created", { invoiceId: id });
    return shownDraft(id, ready);
  },
});

export const changeCreditNote = operation({
  name: "finance.invoice.changeCreditNote",
  title: "Change a credit note",
  does: "Puts new content in the place of what a drafted credit note said; one that is posted is never changed.",
  kind: "write",
  may: roles,
  input: z.strictObject({ invoiceId: ref("finance.invoice").describe("The drafted credit note."), ...fields }),
  output: Draft,
  refuses: {
    notFound,
    notDraft: "Only a draft is changed; this credit note is {state}. Issue an invoice over what it credited too much.",
    kindDiffers: "This draft is an invoice. Change it as one: heartwood finance invoice change",
    ...creditedInvoiceRefusals,
    ...creditRefusals,
    ...invoiceRefusals,
  },
  when: (record) => record["state"] === "draft" && record["kind"] === "creditNote",
  async run({ invoiceId, ...wish }, context) {
    const draft = await context.db.maybe<{ correctsId: typeof invoiceId | null }>(sql`
      select corrects_id from finance.invoice where tenant_id = ${context.tenantId} and id = ${invoiceId}`);
    if (!draft) refuse("notFound");
    if (draft.correctsId === null) refuse("kindDiffers");
    const invoice = await lockInvoice(context, draft.correctsId);
    const ready = await changeDraft(context, invoiceId, await creditContent(context, invoice, wish));
    await requireCreditable(context, invoice, invoiceId);
    return shownDraft(invoiceId, ready);
  },
});
