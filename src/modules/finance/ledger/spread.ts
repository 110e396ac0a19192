// Lines of bills and invoices that are for days beyond the month of their document: held on the balance sheet, and a deferral for each that
// brings them month by month to the account they are for. Constant statements for any number of lines; none where no line is spread.
//
// | what is posted                         | Dr                                              | Cr                              |
// |----------------------------------------|-------------------------------------------------|---------------------------------|
// | line of a bill                         | prepaid expenses: net, and tax that is cost     | (within the bill)               |
// | line of an invoice                     | (within the invoice)                            | deferred income: net            |
// | line of a credit note, either side     | the same turned round, and spread below zero, unless                             |
// | it takes back the whole of a line      | what was recognised is mirrored on its day, and the deferral ends                |
// | its deferral was taken back by hand    | the same turned round, and nothing is spread: it takes from what is held         |
// | its document is reversed               | what was recognised is mirrored, and the deferral ends                           |
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { reverseDeferrals } from "./deferral.ts";
import { type CreditedDeferral, creditedWhole, documentSchedule, spreadBy, type SpreadLine, takesFromHeld } from "./deferral.rules.ts";
import type { AccountChoice, JournalEntryDraft } from "./entry.rules.ts";
import type { PostedEntry } from "./posting.ts";
import { reverseAlong } from "./reversal.ts";

export interface SpreadDocument {
  readonly id: Id;
  readonly day: Day;
  readonly partyId: Id;
  readonly lines: readonly SpreadLine[];
  readonly draft: JournalEntryDraft;
  readonly entry: Pick<PostedEntry, "id" | "lineIds">;
}

/** What a credit note takes back. */
interface Credited {
  /** Of the bill or invoice that it corrects. */
  readonly deferrals: readonly CreditedDeferral[];
  readonly reason: string;
  /** Suppliers' credit notes can be reversed, and then what they took back stands again. */
  readonly isSuppliers: boolean;
}

interface Spread extends SpreadLine {
  readonly document: SpreadDocument;
  /** As the kind has it: cost in debit, income in credit. */
  readonly amount: Money;
  readonly lineId: Id;
}

/** Keeps the deferrals of posted documents of one set of books. */
export async function keepSpread(context: WriteContext, bookId: Id, documents: readonly SpreadDocument[]): Promise<void> {
  await insertDeferrals(context, bookId, documents.flatMap(spreadsOf));
}

/** The deferrals of documents that are credited, held until the transaction ends when one is posted; not those credited before. */
export const creditedDeferrals = async (
  context: ReadContext,
  documentIds: readonly Id[],
  isPosted: boolean,
): Promise<CreditedDeferral[]> =>
  documentIds.length === 0
    ? []
    : context.db.rows<CreditedDeferral>(sql`
    select d.id, d.to_account_id, d.unit_id, d.from_day, d.until_day, d.amount, d.reversed_on is not null as is_by_hand
    from finance.deferral d
    where d.tenant_id = ${context.tenantId} and d.taken_back_by_id is null and d.taken_back_by_invoice_id is null and (
      d.bill_line_id in (select id from finance.bill_line where tenant_id = ${context.tenantId} and bill_id = any(${documentIds}::uuid[]))
      or d.invoice_line_id in (select id from finance.invoice_line
        where tenant_id = ${context.tenantId} and invoice_id = any(${documentIds}::uuid[])))
    order by d.id ${isPosted ? sql`for update of d` : sql``}`);

/**
 * The same of a credit note. A line that is what a deferral of the corrected document is ends that one; one for what was taken back by
 * hand takes from what is held since then; any other is spread below zero.
 */
export async function keepCredited(context: WriteContext, bookId: Id, note: SpreadDocument, credited: Credited): Promise<void> {
  let left = credited.deferrals;
  const ended: Id[] = [];
  const rest = spreadsOf(note).filter((spread) => {
    const whole = creditedWhole(spread, spread.amount.minor, left);
    if (!whole) return true;
    left = left.filter((one) => one !== whole);
    if (!whole.isByHand) ended.push(whole.id);
    return false;
  });
  if (ended.length > 0) {
    const { tenantId } = context;
    await reverseDeferrals(context, ended, note.day, credited.reason);
    await context.db.run(sql`
      update finance.deferral set ${credited.isSuppliers ? sql`taken_back_by_id` : sql`taken_back_by_invoice_id`} = ${note.id}
      where tenant_id = ${tenantId} and id = any(${ended}::uuid[])`);
  }
  await insertDeferrals(
    context,
    bookId,
    rest.filter((spread) => !takesFromHeld(spread, left)),
  );
}

/** A reversed bill or supplier's credit note takes its deferrals along; what the credit note had taken back stands again. */
export async function reverseSpread(context: WriteContext, billId: Id, on: Day | undefined, reason: string): Promise<void> {
  const { tenantId } = context;
  const found = await context.db.rows<{ id: Id; standsAgain: boolean }>(sql`
    select d.id, d.taken_back_by_id is not null as stands_again from finance.deferral d
    where d.tenant_id = ${tenantId} and (d.taken_back_by_id = ${billId} or (d.reversed_on is null
      and d.bill_line_id in (select id from finance.bill_line where tenant_id = ${tenantId} and bill_id = ${billId})))
    order by d.id for update`);
  const ids = (standsAgain: boolean): Id[] => found.filter((one) => one.standsAgain === standsAgain).map((one) => one.id);
  await reverseDeferrals(context, ids(false), on, reason);
  await standAgain(context, ids(true), on, reason);
}

/** What was recognised is recognised again by the mirror of its mirror; the rest is scheduled as before. */
async function standAgain(context: WriteContext, ids: readonly Id[], on: Day | undefined, reason: string): Promise<void> {
  if (ids.length === 0) return;
  const { tenantId } = context;
  const parts = await context.db.rows<{ id: Id; mirrorId: Id }>(sql`
    select l.id, x.id as mirror_id from finance.deferral_line l
    join finance.journal_entry x on x.tenant_id = ${tenantId} and x.reverses_id = l.entry_id
    where l.tenant_id = ${tenantId} and l.deferral_id = any(${ids}::uuid[]) order by l.deferral_id, l.position`);
  const again = await reverseAlong(
    context,
    parts.map((part) => part.mirrorId),
    on,
    reason,
  );
  await context.db.run(sql`
    update finance.deferral set stopped_on = null, stop_reason = null, reversed_on = null, taken_back_by_id = null
    where tenant_id = ${tenantId} and id = any(${ids}::uuid[])`);
  await context.db.run(sql`
    update finance.deferral_line l set entry_id = p.entry_id, posted_day = p.day
    from unnest(${parts.map((part) => part.id)}::uuid[], ${again.map((entry) => entry.id)}::uuid[],
      ${again.map((entry) => entry.day)}::date[]) as p (id, entry_id, day)
    where l.tenant_id = ${tenantId} and l.id = p.id`);
}

/** What was posted for each line where it is held; nothing where it came to nothing. */
function spreadsOf(document: SpreadDocument): Spread[] {
  const posted = new Map<AccountChoice, { amount: Money; lineId: Id }>();
  document.draft.lines.forEach(({ account, amount }, place) => {
    const known = posted.get(account);
    posted.set(account, { amount: known ? known.amount.plus(amount) : amount, lineId: document.entry.lineIds[place]! });
  });
  return document.lines.flatMap((line) => {
    const { amount, lineId } = posted.get(line.held) ?? {};
    if (!amount || amount.minor === 0n) return [];
    return [{ ...line, document, lineId: lineId!, amount: line.kind === "expense" ? amount : amount.negated() }];
  });
}

async function insertDeferrals(context: WriteContext, bookId: Id, spreads: readonly Spread[]): Promise<void> {
  if (spreads.length === 0) return;
  const { tenantId } = context;
  const made = spreads.map((spread) => ({ ...spread, id: context.newId() }));
  const column = <Value>(value: (spread: (typeof made)[number]) => Value): Value[] => made.map(value);
  const parts = made.flatMap(({ id, amount, serviceFrom, serviceUntil, document }) =>
    documentSchedule(amount, serviceFrom, serviceUntil, document.day).map((part, index) => ({
      ...part,
      deferralId: id,
      position: index + 1,
    })),
  );
  await context.db.run(sql`
    with deferral as (
      insert into finance.deferral (tenant_id, id, book_id, text, kind, amount, from_account_id, to_account_id, from_day, until_day, by,
        unit_id, party_id, by_name, at, bill_line_id, invoice_line_id)
      select ${tenantId}, d.id, ${bookId}, d.text, d.kind, d.amount, j.account_id, d.to_account_id, d.from_day, d.until_day, d.by,
        d.unit_id, d.party_id, d.by_name, ${context.now}, b.id, i.id
      from unnest(${column((one) => one.id)}::uuid[], ${column((one) => one.text.slice(0, 200))}::text[],
        ${column((one) => one.kind)}::text[], ${column((one) => one.amount.minor)}::bigint[],
        ${column((one) => one.document.entry.id)}::uuid[], ${column((one) => one.lineId)}::uuid[],
        ${column((one) => one.toAccountId)}::uuid[], ${column((one) => one.serviceFrom)}::date[],
        ${column((one) => one.serviceUntil)}::date[], ${column((one) => spreadBy(one.serviceFrom, one.serviceUntil))}::text[],
        ${column((one) => one.unitId ?? null)}::uuid[], ${column((one) => one.document.partyId)}::uuid[],
        ${column((one) => (one.document.draft.author ?? context.actor).name)}::text[], ${column((one) => one.document.id)}::uuid[],
        ${column((one) => one.position)}::int[])
        as d (id, text, kind, amount, entry_id, line_id, to_account_id, from_day, until_day, by, unit_id, party_id, by_name, document_id,
          position)
      join finance.journal_line j on j.tenant_id = ${tenantId} and j.entry_id = d.entry_id and j.id = d.line_id
      left join finance.bill_line b on b.tenant_id = ${tenantId} and b.bill_id = d.document_id and b.position = d.position
      left join finance.invoice_line i on i.tenant_id = ${tenantId} and i.invoice_id = d.document_id and i.position = d.position
    )
    insert into finance.deferral_line (tenant_id, id, deferral_id, position, from_day, until_day, amount)
    select ${tenantId}, l.id, l.deferral_id, l.position, l.from_day, l.until_day, l.amount
    from unnest(${parts.map(() => context.newId())}::uuid[], ${parts.map((part) => part.deferralId)}::uuid[],
      ${parts.map((part) => part.position)}::int[], ${parts.map((part) => part.fromDay)}::date[],
      ${parts.map((part) => part.untilDay)}::date[], ${parts.map((part) => part.amount.minor)}::bigint[])
      as l (id, deferral_id, position, from_day, until_day, amount)`);
}
