// Issuing: a posted invoice or credit note leaves as a file that was judged by the rules before, and hangs on the invoice.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { FileId, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { addAttachment } from "../../office/index.ts";
import { invoiceOf, type IssueFacts, missingFacts } from "./issue.rules.ts";
import { issuableInvoice, issueFactRefusals } from "./issue.store.ts";
import type { BookName } from "./judge.rules.ts";
import { readDocument } from "./read-xml.rules.ts";
import { faultsIn, verdictOn } from "./verdict.ts";
import { writeCii } from "./write-cii.rules.ts";
import { writeUbl } from "./write-ubl.rules.ts";

export const issueEInvoice = operation({
  name: "finance.eInvoice.issue",
  title: "Issue as e-invoice",
  does: "Writes a posted invoice or credit note as an electronic invoice, judges it by the rules, and attaches it.",
  kind: "write",
  on: "finance.invoice",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    invoiceId: ref("finance.invoice"),
    syntax: z.enum(["ubl", "cii"]).default("ubl").describe("UBL 2.1, or UN/CEFACT CII D16B."),
    profile: z.enum(["peppol", "en16931"]).default("peppol").describe("Peppol BIS Billing 3, or EN 16931 by itself."),
    buyerReference: Text(100).optional().describe("By default what is agreed with the customer."),
    orderNumber: Text(100).optional().describe("The customer's order."),
  }),
  output: z.object({ id: ref("finance.eInvoice"), fileId: FileId, number: z.string(), rules: z.number().int() }),
  refuses: {
    ...issueFactRefusals,
    factsMissing: "Not all is known that an e-invoice has to tell. Missing: {missing}.",
    totalDiffers: "What is kept of {number} makes a document over {told}, and {total} was posted. Credit the invoice and issue it anew.",
    rulesBroken: "The document breaks rules of the standard and was not issued: {faults}",
  },
  when: (record) => ["open", "overdue", "paid"].includes(String(record["state"])),
  emits: ["finance.eInvoice.issued"],
  async run(input, context) {
    const { syntax, profile } = input;
    const { facts: found, customerId, total } = await issuableInvoice(context, input.invoiceId);
    const buyerReference = input.buyerReference ?? found.buyerReference;
    const facts: IssueFacts = { ...found, syntax, profile, buyerReference, order: input.orderNumber ?? null };
    const missing = missingFacts(facts);
    if (missing.length > 0) refuse("factsMissing", { missing: missing.join("; ") });
    const invoice = invoiceOf(facts);
    const bytes = new TextEncoder().encode(syntax === "ubl" ? writeUbl(invoice) : writeCii(invoice));
    // The file itself is judged, as its reader will see it.
    const document = readDocument(bytes);
    const told = document.invoice.totals.due?.value ?? "nothing";
    if (told !== total.amount) refuse("totalDiffers", { number: facts.number, told, total: total.amount });
    const verdict = verdictOn(document, booksFor(profile));
    if (!verdict.isValid) refuse("rulesBroken", { faults: faultsIn(verdict) });
    const fileId = await context.writeFile(`${facts.number}-${syntax}.xml`, "application/xml", bytes);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.e_invoice (tenant_id, id, direction, state, syntax, specification, kind, number, day, due_day, currency, total,
        party_name, party_id, invoice_id, file_id, file_hash, is_valid, books, rules, findings, person_id, by_name, at)
      values (${context.tenantId}, ${id}, 'out', 'issued', ${syntax}, ${invoice.specification!}, ${facts.kind}, ${facts.number},
        ${facts.day}, ${facts.dueDay}, ${facts.currency}, ${total.minor}, ${facts.buyer.name}, ${customerId}, ${input.invoiceId}, ${fileId},
        ${createHash("sha256").update(bytes).digest("hex")}, true, ${verdict.books}::text[], ${verdict.rules},
        ${JSON.stringify(verdict.findings)}::jsonb, ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
    await attach(context, input.invoiceId, fileId, `E-invoice ${facts.number} (${syntax.toUpperCase()})`);
    context.emit("finance.eInvoice.issued", { eInvoiceId: id, invoiceId: input.invoiceId, syntax, profile });
    return { id, fileId, number: facts.number, rules: verdict.rules };
  },
});

const booksFor = (profile: IssueFacts["profile"]): BookName[] => (profile === "peppol" ? ["en16931", "peppol", "national"] : ["en16931"]);

async function attach(context: WriteContext, invoiceId: KernelId, fileId: KernelId, title: string): Promise<void> {
  await context.call(addAttachment, { subject: "finance.invoice", recordId: invoiceId, fileId, title });
}
