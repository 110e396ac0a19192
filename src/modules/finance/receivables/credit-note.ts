// Credit notes to customers: what they say of an invoice, that they stay within it, and how they settle it. One that is drafted is judged
// when it is drafted and again when it is posted.
import { type Day, later } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { allocate, undoAllocations } from "../ledger/allocation.ts";
import { shareOldestFirst } from "../ledger/open-item.rules.ts";
import { postInvoices } from "./invoice.ts";
import { type LockedInvoice, lockInvoice } from "./invoice-lock.ts";
import { depositsLeft } from "./invoice-ground.ts";
import type { InvoiceInput, InvoiceLineInput } from "./invoice.rules.ts";
import { linesKept, taxedOf } from "./invoice.store.ts";

export const creditRefusals = {
  moreThanInvoiced: "Of invoice {number} only {left} is not credited yet. Credit at most that.",
  taxCodeNotInvoiced: "Invoice {number} has nothing at tax code {code}. Credit it at what it was invoiced at: {codes}.",
  moreThanInvoicedAtCode: "Of invoice {number} {left} net is not credited yet at tax code {code}. Credit at most that at it.",
  moreThanLeft:
    "Of invoice {number} {reduced} was taken off as discount or written off, and {left} is left. Credit at most that, or take these back " +
    "with it: heartwood finance invoice credit-note --takes-back-reductions",
  moreThanLeftAtCode:
    "Of invoice {number} {reduced} was taken off as discount or written off, which leaves {left} net at tax code {code}. Credit at most " +
    "that, or take these back with it: heartwood finance invoice credit-note --takes-back-reductions",
  depositDrawn: "Of deposit {number} only {left} net is not drawn yet. Credit at most that, or first the invoice that drew it.",
} as const;

export const creditedInvoiceRefusals = {
  notPosted: "Only a posted invoice is credited. Cancel the draft, or credit the invoice itself.",
  dayBeforeInvoice: "The credit note cannot be dated before the invoice of {day}.",
} as const;

export interface CreditWish {
  /** By default today. */
  readonly day?: Day;
  readonly reason: string;
  /** By default all lines of the invoice. */
  readonly lines?: readonly InvoiceLineInput[];
}

/** What a credit note of a locked invoice says. Refuses what `creditedInvoiceRefusals` says. */
export async function creditContent(context: WriteContext, invoice: LockedInvoice, wish: CreditWish): Promise<InvoiceInput> {
  if (invoice.state !== "posted" || invoice.kind !== "invoice") refuse("notPosted");
  const day = wish.day ?? context.today;
  if (day < invoice.day) refuse("dayBeforeInvoice", { day: invoice.day }, ["day"]);
  const { bookId, customerId, isDeposit, pricesIncludeTax } = invoice;
  return {
    kind: "creditNote",
    bookId,
    customerId,
    isDeposit,
    pricesIncludeTax,
    taxed: (await taxedOf(context, [invoice.id])).get(invoice.id),
    day,
    text: wish.reason,
    correctsId: invoice.id,
    // What is taken back leaves the books at what it came in with.
    rate: invoice.rate ?? undefined,
    lines: wish.lines ?? (await linesKept(context, [invoice])).get(invoice.id)!,
  };
}

/** Discounts that were taken on the invoice and debts of it that were written off: they left what it says, and its tax, already. */
const reductionsOf = (tenantId: Id, invoice: LockedInvoice): Sql => sql`
  select t.amount, t.discount_item_id from finance.discount_taken t
  join finance.open_item o on o.tenant_id = ${tenantId} and o.id = t.item_id
  where t.tenant_id = ${tenantId} and o.document_id = ${invoice.id} and o.entry_id = ${invoice.entryId} and t.reversal_id is null`;

/** Takes these back on a day, so that all of the invoice may be credited: what was paid of it is then in the customer's favour. */
export async function takeBackReductions(context: WriteContext, invoice: LockedInvoice, day: Day, reason: string): Promise<void> {
  const { tenantId } = context;
  const taken = await context.db.rows<{ itemId: Id; day: Day }>(sql`
    select r.discount_item_id as item_id, o.day from (${reductionsOf(tenantId, invoice)}) r
    join finance.open_item o on o.tenant_id = ${tenantId} and o.id = r.discount_item_id`);
  if (taken.length === 0) return;
  // Nothing is taken back before it was there.
  const on = taken.reduce((last, one) => later(last, one.day), day);
  await undoAllocations(context, { itemIds: taken.map((one) => one.itemId) }, on, reason);
}

/**
 * A drafted credit note stays within what is left of its locked invoice, and takes back nothing that was drawn: debt and tax go once
 * (Art. 90 of the VAT Directive). Refuses what `creditRefusals` says.
 */
export async function requireCreditable(context: WriteContext, invoice: LockedInvoice, creditNoteId: Id): Promise<void> {
  const { tenantId } = context;
  const { total, credited, reduced } = await context.db.row<{ total: bigint; credited: bigint; reduced: bigint }>(sql`
    select i.total, (select coalesce(sum(c.total), 0) from finance.invoice c
      where c.tenant_id = ${tenantId} and c.corrects_id = ${invoice.id} and c.state = 'posted')::bigint as credited,
      (select coalesce(sum(r.amount), 0) from (${reductionsOf(tenantId, invoice)}) r)::bigint as reduced
    from finance.invoice i where i.tenant_id = ${tenantId} and i.id = ${creditNoteId}`);
  const left = invoice.total - credited - reduced;
  const { number, currency } = invoice;
  const shown = (minor: bigint): string => new Money(minor, currency).toString();
  if (total > left + reduced) refuse("moreThanInvoiced", { number, left: shown(left + reduced) }, ["lines"]);
  if (total > left) refuse("moreThanLeft", { number, reduced: shown(reduced), left: shown(left) }, ["lines"]);
  await requireLeftAtCodes(context, invoice, creditNoteId, reduced);
  if (!invoice.isDeposit) return;
  const drawn = await context.db.row<{ left: bigint; isBeyond: boolean }>(sql`
    select coalesce(sum(d.net_left), 0)::bigint as left, bool_or(coalesce(c.net, 0) > coalesce(d.net_left, 0)) as is_beyond
    from (${depositsLeft(tenantId, [invoice.id])}) d
    full join (select l.tax_code_id, sum(l.net) as net from finance.invoice_line l
      where l.tenant_id = ${tenantId} and l.invoice_id = ${creditNoteId} group by 1) c on c.tax_code_id = d.tax_code_id`);
  if (drawn.isBeyond) refuse("depositDrawn", { number, left: shown(drawn.left) }, ["lines"]);
}

/**
 * No more is credited at a tax code than was invoiced at it. What was taken off left each in its share of the invoice; a part of a cent is
 * in the customer's favour. Nets of prices with the tax in them are rounded by each document: a cent a line.
 */
async function requireLeftAtCodes(context: WriteContext, invoice: LockedInvoice, creditNoteId: Id, reduced: bigint): Promise<void> {
  const { tenantId } = context;
  const [part, whole] = reduced > 0n ? [invoice.total - reduced, invoice.total] : [1n, 1n];
  const cents = invoice.pricesIncludeTax ? sql`s.lines` : sql`0`;
  const over = await context.db.maybe<{ code: string; left: bigint; isInvoiced: boolean; codes: string }>(sql`
    select t.code, s.left::bigint as left, s.is_invoiced,
      (select string_agg(distinct c.code, ', ' order by c.code) from finance.invoice_line l
        join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = l.tax_code_id
        where l.tenant_id = ${tenantId} and l.invoice_id = ${invoice.id}) as codes
    from (
      select l.tax_code_id, sum(l.net) filter (where i.id = ${creditNoteId}) as net,
        coalesce(bool_or(i.id = ${invoice.id}), false) as is_invoiced, count(*) as lines,
        ceil(coalesce(sum(l.net) filter (where i.id = ${invoice.id}), 0) * ${part}::numeric / ${whole}::numeric)
          - coalesce(sum(l.net) filter (where i.id not in (${creditNoteId}, ${invoice.id})), 0) as left
      from finance.invoice i
      join finance.invoice_line l on l.tenant_id = ${tenantId} and l.invoice_id = i.id
      where i.tenant_id = ${tenantId}
        and (i.id in (${creditNoteId}, ${invoice.id}) or (i.corrects_id = ${invoice.id} and i.state = 'posted'))
      group by l.tax_code_id) s
    join finance.tax_code t on t.tenant_id = ${tenantId} and t.id = s.tax_code_id
    where s.net > greatest(s.left, 0) + case when s.is_invoiced then ${cents} else 0 end order by t.code limit 1`);
  if (!over) return;
  const { number, currency } = invoice;
  const { code, codes } = over;
  if (!over.isInvoiced) refuse("taxCodeNotInvoiced", { number, code, codes }, ["lines"]);
  const facts = {
    number,
    code,
    reduced: new Money(reduced, currency).toString(),
    left: new Money(over.left < 0n ? 0n : over.left, currency).toString(),
  };
  refuse(reduced > 0n ? "moreThanLeftAtCode" : "moreThanInvoicedAtCode", facts, ["lines"]);
}

/** Posts a drafted credit note and sets it against what is open of its invoice; nothing where the draft is an invoice. */
export async function postCreditNote(context: WriteContext, id: Id) {
  const draft = await context.db.maybe<{ correctsId: Id; day: Day }>(sql`
    select corrects_id, day from finance.invoice
    where tenant_id = ${context.tenantId} and id = ${id} and kind = 'creditNote' and state = 'draft'`);
  if (!draft) return undefined;
  return settleCredit(context, await lockInvoice(context, draft.correctsId), id, draft.day);
}

/** The same where the invoice is locked already. */
export async function settleCredit(context: WriteContext, invoice: LockedInvoice, id: Id, day: Day) {
  await requireCreditable(context, invoice, id);
  const [posted] = await postInvoices(context, [id]);
  const { number, entryId, entryNumber, total, itemId } = posted!;
  const shares = shareOldestFirst(total, invoice.items);
  await allocate(
    context,
    shares.map((share) => ({ itemId: itemId!, againstId: share.itemId, amount: share.amount })),
    day,
  );
  context.emit("finance.invoice.credited", { invoiceId: invoice.id, creditNoteId: id });
  return { id, number, entryId, entryNumber, total };
}
