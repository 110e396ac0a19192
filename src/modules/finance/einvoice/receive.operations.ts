// Receiving: a document is read, judged and kept; what is clear becomes a bill or a credit note that waits for approval, what is not waits
// for a person.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { FileId, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { payingFields } from "../payables/bill.operations.ts";
import { enterPaper, notEntered, taxUnmapped, tryToEnter } from "./enter.ts";
import { booksOf } from "./judge.rules.ts";
import type { ElectronicInvoice } from "./model.ts";
import { readDocument, readRefusals } from "./read-xml.rules.ts";
import { dayOf, draftBill, keysOf, moneyOf } from "./receive.rules.ts";
import { type Candidate, candidatesFor, lockDocument, receivedBefore } from "./receive.store.ts";
import { isCreditNote } from "./total-rules.rules.ts";
import { faultsIn, type Verdict, VerdictRow, verdictOn } from "./verdict.ts";

const may = ["finance.accountant", "finance.manager"];

export const CandidateRow = z.object({
  id: ref("directory.organisation"),
  name: z.string(),
  by: z.enum(["tax number", "electronic address", "bank account", "name"]),
  isSupplier: z.boolean(),
});

export const receiveEInvoice = operation({
  name: "finance.eInvoice.receive",
  title: "Receive an e-invoice",
  does: "Reads an electronic invoice, judges it rule by rule and keeps it; when all is clear, enters the bill or credit note.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({ fileId: FileId.describe("UBL 2.1 Invoice or CreditNote, or UN/CEFACT CII.") }),
  output: z.object({
    id: ref("finance.eInvoice"),
    number: z.string(),
    seller: z.string(),
    billId: ref("finance.bill").nullable(),
    supplierCreditNoteId: ref("finance.supplierCreditNote").nullable(),
    waits: z.array(z.string()).describe("Why it is not entered yet, each as a sentence."),
    candidates: z.array(CandidateRow).describe("Who in the directory may have sent it."),
    ...VerdictRow.shape,
  }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    receivedBefore: "This very file was received before: {number} of {seller}. Look at that one: heartwood finance e-invoice list",
    ...readRefusals,
  },
  constraints: { e_invoice_file_once: "receivedBefore" },
  emits: ["finance.eInvoice.received"],
  async run(input, context) {
    const book = await bookOf(context);
    const { bytes, hash } = await context.readFile(input.fileId);
    const earlier = await receivedBefore(context, hash);
    if (earlier) refuse("receivedBefore", { number: earlier.number, seller: earlier.partyName }, ["fileId"]);
    const document = readDocument(bytes);
    const { invoice } = document;
    const verdict = verdictOn(document, booksOf(invoice));
    const candidates = await candidatesFor(context, keysOf(invoice), dayOf(invoice.day) ?? context.today);
    const kept = await keep(context, { invoice, verdict, fileId: input.fileId, hash, partyId: sureOf(candidates)?.id ?? null });
    const drafted = draftBill(invoice);
    const waits = [...reasonsToWait(verdict, candidates), ...drafted.problems];
    const entered =
      drafted.draft && waits.length === 0
        ? await tryToEnter(
            context,
            kept.id,
            { draft: drafted.draft, supplierId: sureOf(candidates)!.id, fileId: input.fileId, bookId: book.id },
            waits,
          )
        : notEntered;
    context.emit("finance.eInvoice.received", { eInvoiceId: kept.id, isValid: verdict.isValid, ...entered });
    return { ...kept, ...entered, waits, candidates, ...verdict };
  },
});

/** The one party that a number proves, or the only one of that name; among several a person chooses. */
function sureOf(candidates: readonly Candidate[]): Candidate | undefined {
  const best = candidates.filter((one) => one.by === candidates[0]!.by);
  return best.length === 1 && best[0]!.isSupplier ? best[0] : undefined;
}

function reasonsToWait(verdict: Verdict, candidates: readonly Candidate[]): string[] {
  const waits = verdict.isValid ? [] : ["It breaks rules of the standard; enter it with a reason, or send it back."];
  if (sureOf(candidates)) return waits;
  if (candidates.length === 0)
    return [...waits, "Nobody in the directory has the seller's tax number, account or name: add the organisation, or choose one."];
  const names = candidates.map((one) => `${one.name} (by ${one.by}${one.isSupplier ? "" : ", no supplier yet"})`).join(", ");
  return [...waits, `Who sent it has to be confirmed: ${names}.`];
}

interface Received {
  readonly invoice: ElectronicInvoice;
  readonly verdict: Verdict;
  readonly fileId: KernelId;
  readonly hash: string;
  readonly partyId: KernelId | null;
}

async function keep(context: WriteContext, { invoice, verdict, fileId, hash, partyId }: Received) {
  const id = context.newId();
  const currency = /^[A-Z]{3}$/.test(invoice.currency ?? "") ? invoice.currency! : null;
  const number = (invoice.number ?? "(no number)").slice(0, 200);
  const seller = (invoice.seller?.name ?? invoice.seller?.tradingName ?? "(no name)").slice(0, 300);
  await context.db.run(sql`
    insert into finance.e_invoice (tenant_id, id, direction, state, syntax, specification, kind, number, day, due_day, currency, total,
      party_name, party_id, file_id, file_hash, is_valid, books, rules, findings, person_id, by_name, at)
    values (${context.tenantId}, ${id}, 'in', 'received', ${invoice.syntax}, ${invoice.specification ?? null},
      ${isCreditNote(invoice) ? "creditNote" : "invoice"}, ${number}, ${dayOf(invoice.day) ?? null}, ${dayOf(invoice.dueDay) ?? null},
      ${currency}, ${moneyOf(invoice.totals.gross, currency ?? undefined)?.minor ?? null}, ${seller}, ${partyId}, ${fileId}, ${hash},
      ${verdict.isValid}, ${verdict.books}::text[], ${verdict.rules}, ${JSON.stringify(verdict.findings)}::jsonb,
      ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
  return { id, number, seller };
}

const Coding = z.strictObject({
  line: z.number().int().min(1).describe("Its place among the lines of the draft."),
  accountId: ref("finance.account").optional(),
  taxCode: z.string().max(20).optional(),
  unitId: ref("directory.unit").optional(),
});

export const enterEInvoice = operation({
  name: "finance.eInvoice.enter",
  title: "Enter into the books",
  does: "Makes a bill or a credit note that waits for approval of a received document, with supplier, tax codes and accounts as chosen.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({
    eInvoiceId: ref("finance.eInvoice"),
    supplierId: ref("directory.supplier").optional().describe("By default the supplier that was found."),
    reason: LongText(500)
      .min(3, "says why, in a few words")
      .optional()
      .describe("Why it is taken although it breaks rules of the standard."),
    rate: payingFields.rate,
    billId: ref("finance.bill").optional().describe("Of a credit note: the bill it takes back; by default the one it names."),
    coding: z.array(Coding).max(500).optional().describe("Tax code, account or cost centre of single lines."),
  }),
  output: z.object({
    id: ref("finance.eInvoice"),
    billId: ref("finance.bill").nullable(),
    supplierCreditNoteId: ref("finance.supplierCreditNote").nullable(),
  }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    notFound: "There is no such document.",
    notReceived: "Only a document that waits is entered; this one is {state}.",
    reasonMissing: "The document breaks rules of the standard: {faults} Say why it is taken all the same.",
    supplierMissing: "Nobody is chosen who sent it. Name the supplier.",
    noBill: "It cannot be entered: {problems}",
    taxUnmapped,
  },
  when: (record) => record["state"] === "received",
  emits: ["finance.eInvoice.entered"],
  async run(input, context) {
    const book = await bookOf(context);
    const kept = await waiting(context, input.eInvoiceId);
    const supplierId = input.supplierId ?? kept.partyId;
    const document = readDocument((await context.readFile(kept.fileId)).bytes);
    if (!kept.isValid && !input.reason) {
      refuse("reasonMissing", { faults: faultsIn(verdictOn(document, booksOf(document.invoice))) }, ["reason"]);
    }
    if (!supplierId) refuse("supplierMissing", {}, ["supplierId"]);
    const { draft, problems } = draftBill(document.invoice);
    if (!draft) refuse("noBill", { problems: problems.join(" ") });
    const { coding, reason, rate, billId } = input;
    const entering = { draft, supplierId, fileId: kept.fileId, bookId: book.id, coding, reason, rate, billId };
    const entered = await enterPaper(context, kept.id, entering);
    context.emit("finance.eInvoice.entered", { eInvoiceId: kept.id, ...entered });
    return { id: kept.id, ...entered };
  },
});

async function waiting(context: WriteContext, id: KernelId) {
  const kept = await lockDocument(context, id);
  if (!kept || kept.direction !== "in") refuse("notFound");
  if (kept.state !== "received") refuse("notReceived", { state: kept.state });
  return kept;
}

export const declineEInvoice = operation({
  name: "finance.eInvoice.decline",
  title: "Send it back",
  does: "Sets a received document aside with the reason that its sender is told; a corrected one can be received again.",
  kind: "write",
  may,
  input: z.strictObject({ eInvoiceId: ref("finance.eInvoice"), reason: Text(500) }),
  output: z.object({ id: ref("finance.eInvoice") }),
  refuses: { notFound: "There is no such document.", notReceived: "Only a document that waits is sent back; this one is {state}." },
  when: (record) => record["state"] === "received",
  emits: ["finance.eInvoice.declined"],
  async run(input, context) {
    const kept = await waiting(context, input.eInvoiceId);
    await context.db.run(sql`
      update finance.e_invoice set state = 'declined', reason = ${input.reason}
      where tenant_id = ${context.tenantId} and id = ${kept.id}`);
    context.emit("finance.eInvoice.declined", { eInvoiceId: kept.id, reason: input.reason });
    return { id: kept.id };
  },
});
