// Looking into a document: what it says, the verdict on it, who may have sent it, and the bill it would become.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { FileId, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import type { ElectronicInvoice } from "./model.ts";
import { readDocument, readRefusals } from "./read-xml.rules.ts";
import { CandidateRow } from "./receive.operations.ts";
import { dayOf, draftBill, keysOf } from "./receive.rules.ts";
import { candidatesFor, taxCodesOn } from "./receive.store.ts";
import { fittingCode } from "./tax-category.rules.ts";
import { type Verdict, VerdictRow } from "./verdict.ts";
import { DocumentView, viewOf } from "./view.rules.ts";

const DraftView = z.object({
  lines: z.array(z.object({ line: z.number().int(), description: z.string(), net: Money, taxCode: z.string().nullable() })),
  total: Money.nullable(),
  problems: z.array(z.string()),
});

export const viewEInvoice = operation({
  name: "finance.eInvoice.view",
  title: "Look into an e-invoice",
  does: "Shows an electronic invoice as a person reads it, beside the verdict on it and the bill it would become.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({ eInvoiceId: ref("finance.eInvoice") }),
  output: z.object({
    id: ref("finance.eInvoice"),
    direction: z.enum(["out", "in"]),
    state: z.enum(["issued", "received", "entered", "declined"]),
    reason: z.string().nullable(),
    fileId: FileId,
    billId: ref("finance.bill").nullable(),
    invoiceId: ref("finance.invoice").nullable(),
    document: DocumentView,
    verdict: VerdictRow,
    candidates: z.array(CandidateRow),
    draft: DraftView.nullable().describe("Only of a document that waits."),
  }),
  refuses: { notFound: "There is no such document.", booksMissing: postingRefusals.booksMissing, ...readRefusals },
  async run({ eInvoiceId }, context) {
    const kept = await context.db.maybe<KeptRow>(sql`
      select id, direction, state, reason, file_id, bill_id, invoice_id, is_valid, books, rules, findings from finance.e_invoice
      where tenant_id = ${context.tenantId} and id = ${eInvoiceId}`);
    if (!kept) refuse("notFound");
    const { isValid, books, rules, findings, ...row } = kept;
    const { invoice } = readDocument((await context.readFile(kept.fileId)).bytes);
    const waits = kept.state === "received";
    return {
      ...row,
      document: viewOf(invoice),
      verdict: { isValid, books, rules, findings },
      candidates: waits ? await candidatesFor(context, keysOf(invoice), dayOf(invoice.day) ?? context.today) : [],
      draft: waits ? await draftOf(context, invoice) : null,
    };
  },
});

interface KeptRow extends Verdict {
  id: KernelId;
  direction: "out" | "in";
  state: "issued" | "received" | "entered" | "declined";
  reason: string | null;
  fileId: KernelId;
  billId: KernelId | null;
  invoiceId: KernelId | null;
}

async function draftOf(context: ReadContext, invoice: ElectronicInvoice): Promise<z.output<typeof DraftView>> {
  const book = await bookOf(context);
  const { draft, problems } = draftBill(invoice, book.currency);
  if (!draft) return { lines: [], total: null, problems: [...problems] };
  const codes = await taxCodesOn(context, book.id, draft.day);
  const lines = draft.lines.map(({ description, net, category }, index) => ({
    line: index + 1,
    description,
    net,
    taxCode: fittingCode(codes, category)?.code ?? null,
  }));
  const unmapped = lines.filter((line) => line.taxCode === null).map((line) => line.line);
  const says = `No tax code of the books is what the document has on line ${unmapped.join(", ")}: name one when you enter the bill.`;
  return { lines, total: draft.total, problems: unmapped.length > 0 ? [says] : [] };
}
