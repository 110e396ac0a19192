// Receiving: a document is read, judged and kept; what is clear becomes a draft bill at once, what is not waits for a person.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Refusal, refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { FileId, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { createBill } from "../payables/bill.operations.ts";
import { booksOf } from "./judge.rules.ts";
import type { ElectronicInvoice } from "./model.ts";
import { readDocument, readRefusals } from "./read-xml.rules.ts";
import { type BillDraft, dayOf, draftBill, keysOf, moneyOf } from "./receive.rules.ts";
import { type Candidate, candidatesFor, type KnownTaxCode, lockDocument, receivedBefore, taxCodesOn } from "./receive.store.ts";
import { fittingCode } from "./tax-category.rules.ts";
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
  does: "Reads an electronic invoice, judges it rule by rule and keeps it; when all is clear, enters it as a bill that waits for approval.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({ fileId: FileId.describe("UBL 2.1 Invoice or CreditNote, or UN/CEFACT CII.") }),
  output: z.object({
    id: ref("finance.eInvoice"),
    number: z.string(),
    seller: z.string(),
    billId: ref("finance.bill").nullable(),
    waits: z.array(z.string()).describe("Why it is no bill yet, each as a sentence."),
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
    const drafted = draftBill(invoice, book.currency);
    const waits = [...reasonsToWait(verdict, candidates), ...drafted.problems];
    const billId =
      drafted.draft && waits.length === 0
        ? await tryToEnter(
            context,
            kept.id,
            { draft: drafted.draft, supplierId: sureOf(candidates)!.id, fileId: input.fileId, bookId: book.id },
            waits,
          )
        : null;
    context.emit("finance.eInvoice.received", { eInvoiceId: kept.id, isValid: verdict.isValid, billId });
    return { ...kept, billId, waits, candidates, ...verdict };
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

interface Entering {
  readonly draft: BillDraft;
  readonly supplierId: KernelId;
  readonly fileId: KernelId;
  readonly bookId: KernelId;
  readonly coding?: readonly LineCoding[];
  readonly reason?: string;
}

/** A double is refused whole; any other no is a reason to wait. */
async function tryToEnter(context: WriteContext, id: KernelId, entering: Entering, waits: string[]): Promise<KernelId | null> {
  let billId: KernelId | null = null;
  const failed = await context.attempt(async () => {
    billId = await enterBill(context, id, entering);
  });
  if (!failed) return billId;
  if (!(failed instanceof Refusal) || failed.code === "enteredBefore" || failed.code === "fileKnown") throw failed;
  waits.push(failed.message);
  return null;
}

interface LineCoding {
  readonly line: number;
  readonly accountId?: KernelId;
  readonly taxCode?: string;
  readonly unitId?: KernelId;
}

async function enterBill(context: WriteContext, id: KernelId, entering: Entering): Promise<KernelId> {
  const { draft, supplierId, fileId, bookId, coding = [] } = entering;
  const codes = await taxCodesOn(context, bookId, draft.day);
  const lines = draft.lines.map((line, index) => {
    const own = coding.find((one) => one.line === index + 1);
    const taxCode = own?.taxCode ?? taxCodeFor(codes, line.category, index);
    return { description: line.description, net: line.net, taxCode, accountId: own?.accountId, unitId: own?.unitId };
  });
  const bill = await context.call(createBill, {
    supplierId,
    supplierNumber: draft.number,
    day: draft.day,
    dueDay: draft.dueDay,
    total: draft.total,
    fileId,
    lines,
    bookId,
  });
  await context.db.run(sql`
    update finance.e_invoice set state = 'entered', bill_id = ${bill.id}, party_id = ${supplierId}, reason = ${entering.reason ?? null}
    where tenant_id = ${context.tenantId} and id = ${id}`);
  return bill.id;
}

const taxUnmapped =
  "Line {line} has the tax category {category} at {percent} %, and no tax code of the books is that. Name one for the line, or add it: " +
  "heartwood finance tax-code create";

function taxCodeFor(codes: readonly KnownTaxCode[], category: BillDraft["lines"][number]["category"], index: number): string {
  const found = fittingCode(codes, category);
  if (found) return found.code;
  const facts = { line: String(index + 1), category: category.code, percent: category.percent.toFixed() };
  const words = taxUnmapped.replace(/\{(\w+)\}/g, (_, name: keyof typeof facts) => facts[name]);
  throw new Refusal("taxUnmapped", words, facts, ["coding"]);
}

const Coding = z.strictObject({
  line: z.number().int().min(1).describe("Its place among the lines of the draft."),
  accountId: ref("finance.account").optional(),
  taxCode: z.string().max(20).optional(),
  unitId: ref("directory.unit").optional(),
});

export const enterEInvoice = operation({
  name: "finance.eInvoice.enter",
  title: "Enter as a bill",
  does: "Makes a bill that waits for approval of a received document, with the supplier, tax codes and accounts a person chose.",
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
    coding: z.array(Coding).max(500).optional().describe("Tax code, account or cost centre of single lines."),
  }),
  output: z.object({ id: ref("finance.eInvoice"), billId: ref("finance.bill") }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    notFound: "There is no such document.",
    notReceived: "Only a document that waits becomes a bill; this one is {state}.",
    reasonMissing: "The document breaks rules of the standard: {faults} Say why it is taken all the same.",
    supplierMissing: "Nobody is chosen who sent it. Name the supplier.",
    noBill: "No bill can be made of it: {problems}",
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
    const { draft, problems } = draftBill(document.invoice, book.currency);
    if (!draft) refuse("noBill", { problems: problems.join(" ") });
    const { coding, reason } = input;
    const billId = await enterBill(context, kept.id, { draft, supplierId, fileId: kept.fileId, bookId: book.id, coding, reason });
    context.emit("finance.eInvoice.entered", { eInvoiceId: kept.id, billId });
    return { id: kept.id, billId };
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
