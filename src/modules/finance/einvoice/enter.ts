// A received document enters the books: as a bill, or as a credit note of the supplier against the bill it names, and waits for approval.
import type { Id } from "../../../kernel/id.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { createBill } from "../payables/bill.operations.ts";
import { createSupplierCreditNote } from "../payables/supplier-credit-note.operations.ts";
import { creditedBills, creditedLines, type KnownTaxCode, taxCodesOn } from "./receive.store.ts";
import { type BillDraft, withoutQuantity } from "./receive.rules.ts";
import { fittingCode } from "./tax-category.rules.ts";

interface LineCoding {
  readonly line: number;
  readonly accountId?: Id;
  readonly taxCode?: string;
  readonly unitId?: Id;
}

interface Entering {
  readonly draft: BillDraft;
  readonly supplierId: Id;
  readonly fileId: Id;
  readonly bookId: Id;
  readonly coding?: readonly LineCoding[];
  readonly reason?: string;
  readonly rate?: string;
  /** Of a credit note: the bill it takes back; by default the one it names. */
  readonly billId?: Id;
}

/** What was made of a document: one or the other. */
interface EnteredPaper {
  readonly billId: Id | null;
  readonly supplierCreditNoteId: Id | null;
}

export const notEntered: EnteredPaper = { billId: null, supplierCreditNoteId: null };

/** A double is refused whole; any other no is a reason to wait. */
export async function tryToEnter(context: WriteContext, id: Id, entering: Entering, waits: string[]): Promise<EnteredPaper> {
  const { draft, supplierId } = entering;
  const [named] = draft.corrects;
  if (
    draft.kind === "creditNote" &&
    draft.corrects.length === 1 &&
    (await creditedBills(context, supplierId, draft.corrects)).length === 0
  ) {
    waits.push(`It takes back invoice ${named}, which is not among the supplier's bills. Enter it all the same, or choose the bill.`);
    return notEntered;
  }
  let entered = notEntered;
  const failed = await context.attempt(async () => {
    entered = await enterPaper(context, id, entering);
  });
  if (!failed) return entered;
  if (!(failed instanceof Refusal) || failed.code === "enteredBefore" || failed.code === "fileKnown") throw failed;
  waits.push(failed.message);
  return notEntered;
}

export async function enterPaper(context: WriteContext, id: Id, entering: Entering): Promise<EnteredPaper> {
  const { draft, supplierId, reason } = entering;
  const made = draft.kind === "bill" ? await makeBill(context, entering) : await makeCreditNote(context, entering);
  await context.db.run(sql`
    update finance.e_invoice set state = 'entered', bill_id = ${made}, party_id = ${supplierId}, reason = ${reason ?? null},
      order_number = ${draft.order ?? null}
    where tenant_id = ${context.tenantId} and id = ${id}`);
  return draft.kind === "bill" ? { ...notEntered, billId: made } : { ...notEntered, supplierCreditNoteId: made };
}

async function makeBill(context: WriteContext, entering: Entering): Promise<Id> {
  const { draft, bookId } = entering;
  const bill = await context.call(createBill, {
    ...paperOf(entering),
    bookId,
    dueDay: draft.dueDay,
    paymentReference: draft.remittance,
    discountDay: draft.discount?.untilDay,
    discountPercent: draft.discount?.percent,
    lines: (await linesOf(context, entering)).map((line, index) => ({ ...line, quantity: draft.lines[index]!.quantity })),
  });
  return bill.id;
}

/** Lines that are in the bill too are taken back from where they were booked. */
async function makeCreditNote(context: WriteContext, entering: Entering): Promise<Id> {
  const { draft, supplierId, bookId } = entering;
  const named = entering.billId ? [entering.billId] : await creditedBills(context, supplierId, draft.corrects);
  const billId = named.length === 1 ? named[0] : undefined;
  const left = billId ? await creditedLines(context, billId) : [];
  const lines = (await linesOf(context, entering)).map((line) => {
    const place = left.findIndex((one) => withoutQuantity(one.description) === withoutQuantity(line.description));
    const [same] = place < 0 ? [] : left.splice(place, 1);
    return same
      ? { ...line, billLineId: same.id, accountId: line.accountId ?? same.accountId, unitId: line.unitId ?? same.unitId ?? undefined }
      : line;
  });
  const note = await context.call(createSupplierCreditNote, { ...paperOf(entering), ...(billId ? { billId } : { bookId }), lines });
  return note.id;
}

const paperOf = ({ draft, supplierId, fileId, rate }: Entering) => ({
  supplierId,
  supplierNumber: draft.number,
  day: draft.day,
  total: draft.total,
  text: draft.terms,
  rate,
  fileId,
});

async function linesOf(context: WriteContext, { draft, bookId, coding = [] }: Entering) {
  const codes = await taxCodesOn(context, bookId, draft.day);
  return draft.lines.map((line, index) => {
    const own = coding.find((one) => one.line === index + 1);
    const taxCode = own?.taxCode ?? taxCodeFor(codes, line.category, index);
    const { description, net, serviceFrom, serviceUntil } = line;
    return { description, net, taxCode, accountId: own?.accountId, unitId: own?.unitId, serviceFrom, serviceUntil };
  });
}

export const taxUnmapped =
  "Line {line} has the tax category {category} at {percent} %, and no tax code of the books is that. Name one for the line, or add it: " +
  "heartwood finance tax-code create";

function taxCodeFor(codes: readonly KnownTaxCode[], category: BillDraft["lines"][number]["category"], index: number): string {
  const found = fittingCode(codes, category);
  if (found) return found.code;
  const facts = { line: String(index + 1), category: category.code, percent: category.percent.toFixed() };
  const words = taxUnmapped.replace(/\{(\w+)\}/g, (_, name: keyof typeof facts) => facts[name]);
  throw new Refusal("taxUnmapped", words, facts, ["coding"]);
}
