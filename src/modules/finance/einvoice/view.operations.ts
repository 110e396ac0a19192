// Looking into a document: what it says, the verdict on it, who may have sent it, and the bill it would become.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, DecimalText, FileId, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { inBooks } from "../currency/convert.rules.ts";
import { keyOf } from "../currency/document-rate.rules.ts";
import { documentRates, rateRefusals } from "../currency/rate.ts";
import type { FoundRate, RateNo } from "../currency/rate.rules.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import type { ElectronicInvoice } from "./model.ts";
import { readDocument, readRefusals } from "./read-xml.rules.ts";
import { CandidateRow } from "./receive.operations.ts";
import { type BillDraft, dayOf, draftBill, keysOf } from "./receive.rules.ts";
import { candidatesFor, taxCodesOn } from "./receive.store.ts";
import { fittingCode } from "./tax-category.rules.ts";
import { type Verdict, VerdictRow } from "./verdict.ts";
import { DocumentView, viewOf } from "./view.rules.ts";

const DraftView = z.object({
  kind: z.enum(["bill", "creditNote"]),
  lines: z.array(z.object({ line: z.number().int(), description: z.string(), net: Money, taxCode: z.string().nullable() })),
  total: Money.nullable(),
  rate: z
    .object({ rate: DecimalText, day: Day, source: z.string(), total: Money.describe("In the books' currency.") })
    .nullable()
    .describe("Of a document in another currency: how it comes into the books, and of which day that is."),
  problems: z.array(z.string()),
});

export const viewEInvoice = operation({
  name: "finance.eInvoice.view",
  title: "Look into an e-invoice",
  does: "Shows an electronic invoice as a person reads it, beside the verdict on it and what it would become in the books.",
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
    supplierCreditNoteId: ref("finance.supplierCreditNote").nullable(),
    invoiceId: ref("finance.invoice").nullable(),
    document: DocumentView,
    verdict: VerdictRow,
    candidates: z.array(CandidateRow),
    draft: DraftView.nullable().describe("Only of a document that waits."),
  }),
  refuses: { notFound: "There is no such document.", booksMissing: postingRefusals.booksMissing, ...readRefusals },
  async run({ eInvoiceId }, context) {
    const kept = await context.db.maybe<KeptRow>(sql`
      select e.id, e.direction, e.state, e.reason, e.file_id, case when l.kind = 'bill' then l.id end as bill_id,
        case when l.kind = 'creditNote' then l.id end as supplier_credit_note_id, e.invoice_id, e.is_valid, e.books, e.rules, e.findings
      from finance.e_invoice e
      left join finance.bill l on l.tenant_id = ${context.tenantId} and l.id = e.bill_id
      where e.tenant_id = ${context.tenantId} and e.id = ${eInvoiceId}`);
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
  supplierCreditNoteId: KernelId | null;
  invoiceId: KernelId | null;
}

async function draftOf(context: ReadContext, invoice: ElectronicInvoice): Promise<z.output<typeof DraftView>> {
  const book = await bookOf(context);
  const { draft, problems } = draftBill(invoice);
  if (!draft) return { kind: "bill", lines: [], total: null, rate: null, problems: [...problems] };
  const codes = await taxCodesOn(context, book.id, draft.day);
  const lines = draft.lines.map(({ description, net, category }, index) => ({
    line: index + 1,
    description,
    net,
    taxCode: fittingCode(codes, category)?.code ?? null,
  }));
  const unmapped = lines.filter((line) => line.taxCode === null).map((line) => line.line);
  const says = `No tax code of the books is what the document has on line ${unmapped.join(", ")}: name one when you enter it.`;
  const found = await rateOf(context, book, draft);
  const waits = [
    ...(unmapped.length > 0 ? [says] : []),
    ...(found && "code" in found ? [word(rateRefusals[found.code], found.facts)] : []),
  ];
  return {
    kind: draft.kind,
    lines,
    total: draft.total,
    rate: found && "rate" in found ? inRate(draft, book, found) : null,
    problems: waits,
  };
}

/** Nothing for a document in the books' currency. */
async function rateOf(context: ReadContext, book: Book, { total, day }: BillDraft): Promise<FoundRate | RateNo | undefined> {
  const { currency } = total;
  return (await documentRates(context, book, [{ currency, day }])).get(keyOf(currency, day));
}

const inRate = ({ total }: BillDraft, book: Book, { rate, day, source }: FoundRate) => ({
  rate,
  day,
  source,
  total: inBooks(total, { bookCurrency: book.currency, rate }),
});
