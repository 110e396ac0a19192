// Credit notes to customers: what they say of an invoice, that they stay within it, and how they settle it. One that is drafted is judged
// when it is drafted and again when it is posted.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { allocate } from "../ledger/allocation.ts";
import { shareOldestFirst } from "../ledger/open-item.rules.ts";
import { postInvoices } from "./invoice.ts";
import { type LockedInvoice, lockInvoice } from "./invoice-lock.ts";
import { depositsLeft } from "./invoice-ground.ts";
import type { InvoiceInput, InvoiceLineInput } from "./invoice.rules.ts";
import { linesKept } from "./invoice.store.ts";

export const creditRefusals = {
  moreThanInvoiced: "Of invoice {number} only {left} is not credited yet. Credit at most that.",
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
    day,
    text: wish.reason,
    correctsId: invoice.id,
    // What is taken back leaves the books at what it came in with.
    rate: invoice.rate ?? undefined,
    lines: wish.lines ?? (await linesKept(context, [invoice])).get(invoice.id)!,
  };
}

/** A drafted credit note stays within its locked invoice, and takes back nothing that was drawn. Refuses what `creditRefusals` says. */
export async function requireCreditable(context: WriteContext, invoice: LockedInvoice, creditNoteId: Id): Promise<void> {
  const { tenantId } = context;
  const { total, credited } = await context.db.row<{ total: bigint; credited: bigint }>(sql`
    select i.total, (select coalesce(sum(c.total), 0) from finance.invoice c
      where c.tenant_id = ${tenantId} and c.corrects_id = ${invoice.id} and c.state = 'posted')::bigint as credited
    from finance.invoice i where i.tenant_id = ${tenantId} and i.id = ${creditNoteId}`);
  const left = invoice.total - credited;
  const { number, currency } = invoice;
  if (total > left) refuse("moreThanInvoiced", { number, left: new Money(left, currency).toString() }, ["lines"]);
  if (!invoice.isDeposit) return;
  const drawn = await context.db.row<{ left: bigint; isBeyond: boolean }>(sql`
    select coalesce(sum(d.net_left), 0)::bigint as left, bool_or(coalesce(c.net, 0) > coalesce(d.net_left, 0)) as is_beyond
    from (${depositsLeft(tenantId, [invoice.id])}) d
    full join (select l.tax_code_id, sum(l.net) as net from finance.invoice_line l
      where l.tenant_id = ${tenantId} and l.invoice_id = ${creditNoteId} group by 1) c on c.tax_code_id = d.tax_code_id`);
  if (drawn.isBeyond) refuse("depositDrawn", { number, left: new Money(drawn.left, currency).toString() }, ["lines"]);
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
