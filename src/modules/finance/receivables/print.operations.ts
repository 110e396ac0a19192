// Printing an invoice or credit note, and mailing it to the customer.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { writeMails } from "../../../platform/notify/mail.ts";
import { FileId, Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { invoicePdf } from "./invoice.document.ts";
import { paperOf } from "./invoice-paper.ts";

const roles = ["finance.accountant", "finance.manager"];
const isPosted = (record: Readonly<Record<string, unknown>>): boolean => ["open", "overdue", "paid"].includes(String(record["state"]));
const notPosted = "A draft has no number yet. Post the invoice first.";

export const printInvoice = operation({
  name: "finance.invoice.print",
  title: "Print an invoice",
  does: "Makes the posted invoice or credit note as a PDF, to be sent to the customer.",
  kind: "write",
  may: roles,
  input: z.strictObject({ invoiceId: ref("finance.invoice") }),
  output: z.object({ fileId: FileId }),
  refuses: { notFound: "There is no such invoice.", notPosted },
  when: isPosted,
  async run(input, context) {
    const { email: _email, ...paper } = await paperOf(context, input.invoiceId);
    return { fileId: await context.writeFile(`${paper.number}.pdf`, "application/pdf", invoicePdf(paper)) };
  },
});

export const sendInvoice = operation({
  name: "finance.invoice.send",
  title: "Mail an invoice",
  does: "Mails the posted invoice or credit note to the customer as a PDF, and notes when and where to.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    invoiceId: ref("finance.invoice"),
    to: z.email().max(254).optional().describe("By default the customer's address."),
    subject: Text(150).optional(),
    text: LongText(4000).optional(),
  }),
  output: z.object({ id: Id, fileId: FileId, to: z.string() }),
  refuses: {
    notFound: "There is no such invoice.",
    notPosted,
    addressMissing: "No mail address is known of {customer}. Name one, or add it to the customer.",
  },
  when: isPosted,
  emits: ["finance.invoice.sent"],
  async run(input, context) {
    const { email, ...paper } = await paperOf(context, input.invoiceId);
    const to = input.to ?? email;
    if (!to) refuse("addressMissing", { customer: paper.to.name }, ["to"]);
    const fileId = await context.writeFile(`${paper.number}.pdf`, "application/pdf", invoicePdf(paper));
    const due = paper.dueDay ? `, due ${paper.dueDay}` : "";
    const says = `please find attached ${paper.number} over ${paper.total} ${paper.currency}${due}.`;
    const text = `Dear customer,\n\n${says}\n\n${paper.from.name}`;
    await writeMails(context, [{ to, subject: input.subject ?? `${paper.title} ${paper.number}`, text: input.text ?? text, fileId }]);
    await context.db.run(sql`
      update finance.invoice set sent_at = ${context.now}, sent_to = ${to}
      where tenant_id = ${context.tenantId} and id = ${input.invoiceId}`);
    context.emit("finance.invoice.sent", { invoiceId: input.invoiceId, to });
    return { id: input.invoiceId, fileId, to };
  },
});
