// Printing an invoice or credit note.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { FileId, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { invoicePdf, type InvoicePaper, type PaperParty } from "./invoice.document.ts";

export const printInvoice = operation({
  name: "finance.invoice.print",
  title: "Print an invoice",
  does: "Makes the posted invoice or credit note as a PDF, to be sent to the customer.",
  kind: "write",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({ invoiceId: ref("finance.invoice") }),
  output: z.object({ fileId: FileId }),
  refuses: { notFound: "There is no such invoice.", notPosted: "A draft has no number yet. Post the invoice first." },
  when: (record) => ["open", "overdue", "paid"].includes(String(record["state"])),
  async run(input, context) {
    const paper = await paperOf(context, input.invoiceId);
    return { fileId: await context.writeFile(`${paper.number}.pdf`, "application/pdf", invoicePdf(paper)) };
  },
});

interface HeadRow {
  number: string | null;
  kind: string;
  day: string;
  dueDay: string;
  text: string | null;
  corrects: string | null;
  net: bigint;
  total: bigint;
  currency: string;
  bookId: KernelId;
  customerId: KernelId;
  sellerId: KernelId | null;
  books: string;
}

async function paperOf(context: ReadContext, invoiceId: KernelId): Promise<InvoicePaper> {
  const { tenantId } = context;
  const head = await context.db.maybe<HeadRow>(sql`
    select i.number, i.kind, i.day, i.due_day, i.text, c.number as corrects, i.net, i.total, b.currency, i.book_id, i.customer_id,
      n.party_id as seller_id, b.name as books
    from finance.invoice i
    join finance.book b on b.tenant_id = ${tenantId} and b.id = i.book_id
    left join directory.legal_entity n on n.tenant_id = ${tenantId} and n.id = b.legal_entity_id
    left join finance.invoice c on c.tenant_id = ${tenantId} and c.id = i.corrects_id
    where i.tenant_id = ${tenantId} and i.id = ${invoiceId}`);
  if (!head) refuse("notFound");
  if (head.number === null) refuse("notPosted");
  const amount = (minor: bigint): string => new Money(minor, head.currency).amount;
  const lines = await context.db.rows<{ description: string; quantity: string; unitPrice: bigint; percent: string; net: bigint }>(sql`
    select l.description, trim_scale(l.quantity)::text as quantity, l.unit_price, trim_scale(r.percent)::text as percent, l.net
    from finance.invoice_line l
    join finance.tax_rate r on r.tenant_id = ${tenantId} and r.tax_code_id = l.tax_code_id and r.during @> ${head.day}::date
    where l.tenant_id = ${tenantId} and l.invoice_id = ${invoiceId} order by l.position`);
  const taxes = await context.db.rows<{ percent: string; base: bigint; tax: bigint }>(sql`
    select trim_scale(percent)::text as percent, abs(base) as base, abs(tax) as tax from finance.tax_line
    where tenant_id = ${tenantId} and document_id = ${invoiceId} order by percent desc, id`);
  const isInvoice = head.kind === "invoice";
  return {
    title: isInvoice ? "Invoice" : "Credit note",
    number: head.number,
    day: head.day,
    dueDay: isInvoice ? head.dueDay : null,
    corrects: head.corrects,
    text: head.text ?? "",
    from: head.sellerId ? await partyOf(context, head.sellerId) : { name: head.books, lines: [] },
    to: await partyOf(context, head.customerId),
    currency: head.currency,
    lines: lines.map((line) => ({ ...line, unitPrice: amount(line.unitPrice), net: amount(line.net) })),
    taxes: taxes.map((tax) => ({ percent: tax.percent, base: amount(tax.base), tax: amount(tax.tax) })),
    net: amount(head.net),
    total: amount(head.total),
    account: isInvoice ? await payableTo(context, head.bookId) : null,
  };
}

async function partyOf(context: ReadContext, id: KernelId): Promise<PaperParty> {
  const party = await context.db.row<Record<"name" | "street" | "postcode" | "city" | "country" | "taxNumber", string | null>>(sql`
    select name, street, postcode, city, country, tax_number from directory.party where tenant_id = ${context.tenantId} and id = ${id}`);
  const town = [party.postcode, party.city].filter((part) => part !== null).join(" ");
  const tax = party.taxNumber ? `Tax number ${party.taxNumber}` : "";
  return { name: party.name!, lines: [party.street ?? "", town, party.country ?? "", tax].filter((line) => line !== "") };
}

/** The first bank account whose number is known, one in the books' currency before others. */
async function payableTo(context: ReadContext, bookId: KernelId): Promise<string | null> {
  const bank = await context.db.maybe<{ number: string; bic: string | null }>(sql`
    select k.number, k.bic from finance.bank_account k
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = k.book_id
    where k.tenant_id = ${context.tenantId} and k.book_id = ${bookId} and k.number is not null and k.retired_from is null
    order by k.currency <> b.currency, k.code limit 1`);
  return bank ? `${bank.number.replace(/(.{4})(?=.)/g, "$1 ")}${bank.bic ? ` (${bank.bic})` : ""}` : null;
}
