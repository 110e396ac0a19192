// Invoices and their lines as they are kept: written in one statement for any number of them, read back as what was wished.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { prepared, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { inBooks } from "../currency/convert.rules.ts";
import type { TaxedBefore } from "../tax/taken-back.rules.ts";
import { bookNets } from "./invoice-entry.rules.ts";
import type { InvoiceInput, InvoiceLineInput, ReadyInvoice, Taxed, Wish } from "./invoice.rules.ts";

/** An invoice to be written; a draft has no number yet. */
export interface KeptInvoice {
  readonly id: Id;
  readonly ready: ReadyInvoice;
  readonly posted?: { readonly number: string; readonly entryId: Id; readonly itemId: Id | null };
}

/** Writes invoices with their lines in one statement. */
export async function insertInvoices(context: WriteContext, bookId: Id, kept: readonly KeptInvoice[]): Promise<void> {
  const { tenantId, actor } = context;
  const lines = kept.flatMap(({ id, ready }) => keptLines(ready).map((line) => ({ ...line, invoiceId: id })));
  const column = <Value>(value: (invoice: KeptInvoice) => Value): Value[] => kept.map(value);
  await context.db.run(
    prepared(sql`
    with invoice as (
      insert into finance.invoice (tenant_id, id, book_id, kind, state, number, customer_id, day, due_day, text, corrects_id, net, tax,
        rounding, total, prices_include_tax, entry_id, item_id, payment_term_id, instalments, is_deposit, over_limit_reason, currency,
        rate, book_total, person_id, by_name, at)
      select ${tenantId}, i.id, ${bookId}, i.kind, case when i.number is null then 'draft' else 'posted' end, i.number, i.customer_id,
        i.day, i.due_day, i.text, i.corrects_id, i.net, i.tax, i.rounding,
        i.net + i.tax + i.rounding, i.prices_include_tax,
        i.entry_id, i.item_id, i.payment_term_id, i.instalments, i.is_deposit, i.over_limit_reason, i.currency, i.rate,
        i.book_total, i.person_id, i.by_name, ${context.now}
      from unnest(${column((one) => one.id)}::uuid[], ${column((one) => one.ready.input.kind)}::text[],
        ${column((one) => one.posted?.number ?? null)}::text[], ${column((one) => one.ready.input.customerId)}::uuid[],
        ${column((one) => one.ready.input.day)}::date[], ${column((one) => one.ready.dueDay)}::date[],
        ${column((one) => one.ready.input.text ?? null)}::text[], ${column((one) => one.ready.input.correctsId ?? null)}::uuid[],
        ${column((one) => one.ready.totals.net.minor)}::bigint[], ${column((one) => one.ready.totals.tax.minor)}::bigint[],
        ${column((one) => one.ready.totals.rounding.minor)}::bigint[],
        ${column((one) => one.ready.input.pricesIncludeTax ?? false)}::boolean[],
        ${column((one) => one.posted?.entryId ?? null)}::uuid[], ${column((one) => one.posted?.itemId ?? null)}::uuid[],
        ${column((one) => one.ready.paymentTermId)}::uuid[], ${column((one) => Math.max(1, one.ready.instalments.length))}::int[],
        ${column((one) => one.ready.input.isDeposit ?? false)}::boolean[],
        ${column((one) => one.ready.input.overLimitReason ?? null)}::text[],
        ${column((one) => (one.ready.exchange ? one.ready.currency : null))}::text[],
        ${column((one) => one.ready.exchange?.rate ?? null)}::numeric[], ${column(({ ready }) => bookTotal(ready))}::bigint[],
        ${column((one) => (one.ready.input.author ?? actor).personId)}::uuid[],
        ${column((one) => (one.ready.input.author ?? actor).name)}::text[])
        as i (id, kind, number, customer_id, day, due_day, text, corrects_id, net, tax, rounding, prices_include_tax, entry_id, item_id,
          payment_term_id, instalments, is_deposit, over_limit_reason, currency, rate, book_total, person_id, by_name)
    )
    insert into finance.invoice_line (tenant_id, id, invoice_id, position, description, quantity, unit_price, net, account_id,
      tax_code_id, unit_id, deposit_id, book_net, service_from, service_until)
    select ${tenantId}, l.id, l.invoice_id, l.position, l.description, l.quantity, l.unit_price, l.net, l.account_id, l.tax_code_id,
      l.unit_id, l.deposit_id, l.book_net, l.service_from, l.service_until
    from unnest(${lines.map(() => context.newId())}::uuid[], ${lines.map((line) => line.invoiceId)}::uuid[],
      ${lines.map((line) => line.position)}::int[], ${lines.map((line) => line.description)}::text[],
      ${lines.map((line) => line.quantity)}::numeric[], ${lines.map((line) => line.unitPrice.minor)}::bigint[],
      ${lines.map((line) => line.net.minor)}::bigint[], ${lines.map((line) => line.accountId)}::uuid[],
      ${lines.map((line) => line.taxCodeId)}::uuid[], ${lines.map((line) => line.unitId ?? null)}::uuid[],
      ${lines.map((line) => line.depositId ?? null)}::uuid[], ${lines.map((line) => line.inBooks)}::bigint[],
      ${lines.map((line) => line.serviceFrom ?? null)}::date[], ${lines.map((line) => line.serviceUntil ?? null)}::date[])
      as l (id, invoice_id, position, description, quantity, unit_price, net, account_id, tax_code_id, unit_id, deposit_id, book_net,
        service_from, service_until)`),
  );
}

const bookTotal = ({ exchange, totals }: ReadyInvoice): bigint | null => (exchange ? inBooks(totals.total, exchange).minor : null);

/** The lines of an invoice as they are kept, each with its place and what it comes to in the books. */
function keptLines(ready: ReadyInvoice) {
  const amounts = bookNets(ready);
  return ready.lines.map((line, index) => ({
    ...line,
    net: ready.totals.nets[index]!,
    position: index + 1,
    inBooks: amounts[index]!,
  }));
}

interface DraftRow extends Omit<InvoiceInput, "lines" | "bookId" | "dueDay" | "text" | "rate" | "taxed"> {
  id: Id;
  bookId: Id;
  currency: string;
  bookCurrency: string;
  state: string;
  dueDay: Day;
  text: string | null;
  rate: string | null;
  total: bigint;
  bookTotal: bigint;
}

interface LineRow extends Omit<InvoiceLineInput, "unitPrice" | "bookNet" | "serviceFrom" | "serviceUntil"> {
  invoiceId: Id;
  unitPrice: bigint;
  bookNet: bigint | null;
  serviceFrom: Day | null;
  serviceUntil: Day | null;
}

/** Locks drafts and reads them as the wishes they were, in the order of the identifiers. Refuses `notFound` and `notDraft`. */
export async function lockDrafts(context: WriteContext, ids: readonly Id[]): Promise<(Wish & { readonly id: Id })[]> {
  const { tenantId } = context;
  const found = await context.db.rows<DraftRow>(sql`
    select d.id, d.book_id, coalesce(d.currency, b.currency) as currency, b.currency as book_currency, d.kind, d.state, d.customer_id,
      d.day, d.due_day, d.payment_term_id, d.text, d.corrects_id, 
      d.is_deposit, d.prices_include_tax, d.over_limit_reason, d.total, coalesce(d.book_total, d.total) as book_total,
      trim_scale(d.rate)::text as rate
    from finance.invoice d
    join finance.book b on b.tenant_id = ${tenantId} and b.id = d.book_id
    where d.tenant_id = ${tenantId} and d.id = any(${ids}::uuid[]) order by d.id for update of d`);
  if (found.length < new Set(ids).size) refuse("notFound");
  const taken = found.find((invoice) => invoice.state !== "draft");
  if (taken) refuse("notDraft", { state: taken.state });
  const lines = await linesKept(context, found);
  const taxed = await taxedOf(
    context,
    found.flatMap((draft) => draft.correctsId ?? []),
  );
  return found.map(({ id, total, bookTotal, text, rate, dueDay, paymentTermId, overLimitReason, correctsId, ...draft }) => ({
    id,
    draft: { id, total: new Money(total, draft.currency), booked: new Money(bookTotal, draft.bookCurrency) },
    input: {
      ...draft,
      text: text ?? undefined,
      rate: rate ?? undefined,
      correctsId: correctsId ?? undefined,
      taxed: correctsId ? taxed.get(correctsId) : undefined,
      overLimitReason: overLimitReason ?? undefined,
      // Terms are read anew; a draft without terms keeps its day.
      ...(paymentTermId ? { paymentTermId } : { dueDay }),
      lines: lines.get(id)!,
    },
  }));
}

/** The lines of invoices as they were wished for, in their order; a deposit is drawn at what it came into the books with. */
export async function linesKept(
  context: WriteContext,
  invoices: readonly { readonly id: Id; readonly currency: string; readonly bookCurrency: string }[],
): Promise<ReadonlyMap<Id, readonly InvoiceLineInput[]>> {
  const { tenantId } = context;
  const byId = new Map(invoices.map((invoice) => [invoice.id, invoice]));
  const rows = await context.db.rows<LineRow>(sql`
    select l.invoice_id, l.description, trim_scale(l.quantity)::text as quantity, l.unit_price, l.account_id, l.unit_id, l.deposit_id,
      case when l.deposit_id is not null then l.book_net end as book_net, t.code as tax_code,
      l.service_from, l.service_until
    from finance.invoice_line l
    join finance.tax_code t on t.tenant_id = ${tenantId} and t.id = l.tax_code_id
    where l.tenant_id = ${tenantId} and l.invoice_id = any(${[...byId.keys()]}::uuid[]) order by l.invoice_id, l.position`);
  const lines = new Map<Id, InvoiceLineInput[]>(invoices.map(({ id }) => [id, []]));
  for (const { invoiceId, unitPrice, unitId, depositId, bookNet, serviceFrom, serviceUntil, ...line } of rows) {
    const { currency, bookCurrency } = byId.get(invoiceId)!;
    lines.get(invoiceId)!.push({
      ...line,
      unitPrice: new Money(unitPrice, currency),
      unitId: unitId ?? undefined,
      depositId: depositId ?? undefined,
      bookNet: bookNet === null ? undefined : new Money(bookNet, bookCurrency),
      serviceFrom: serviceFrom ?? undefined,
      serviceUntil: serviceUntil ?? undefined,
      isTaxChosen: true,
    });
  }
  return lines;
}

/** Drafts become posted. */
export async function keepPosted(context: WriteContext, kept: readonly Required<KeptInvoice>[]): Promise<void> {
  await context.db.run(sql`
    update finance.invoice i set state = 'posted', number = p.number, entry_id = p.entry_id, item_id = p.item_id, net = p.net, tax = p.tax,
      rounding = p.rounding, total = p.net + p.tax + p.rounding, due_day = p.due_day, instalments = p.instalments,
      over_limit_reason = p.over_limit_reason,
      book_total = p.book_total
    from unnest(${kept.map((one) => one.id)}::uuid[], ${kept.map((one) => one.posted.number)}::text[],
      ${kept.map((one) => one.posted.entryId)}::uuid[], ${kept.map((one) => one.posted.itemId)}::uuid[],
      ${kept.map((one) => one.ready.totals.net.minor)}::bigint[], ${kept.map((one) => one.ready.totals.tax.minor)}::bigint[],
      ${kept.map((one) => one.ready.totals.rounding.minor)}::bigint[],
      ${kept.map((one) => one.ready.dueDay)}::date[], ${kept.map((one) => Math.max(1, one.ready.instalments.length))}::int[],
      ${kept.map((one) => one.ready.input.overLimitReason ?? null)}::text[], ${kept.map(({ ready }) => bookTotal(ready))}::bigint[])
      as p (id, number, entry_id, item_id, net, tax, rounding, due_day, instalments, over_limit_reason, book_total)
    where i.tenant_id = ${context.tenantId} and i.id = p.id`);
  // The tax of a code may have changed since it was drafted, and with it what prices that include it leave, and the cent a line takes.
  const changed = kept.filter(({ ready }) => ready.exchange || ready.input.pricesIncludeTax);
  const lines = changed.flatMap(({ id, ready }) => keptLines(ready).map((line) => ({ ...line, id })));
  if (lines.length === 0) return;
  await context.db.run(sql`
    update finance.invoice_line l set net = n.net, book_net = n.book_net
    from unnest(${lines.map((line) => line.id)}::uuid[], ${lines.map((line) => line.position)}::int[],
      ${lines.map((line) => line.net.minor)}::bigint[], ${lines.map((line) => line.inBooks)}::bigint[])
      as n (invoice_id, position, net, book_net)
    where l.tenant_id = ${context.tenantId} and l.invoice_id = n.invoice_id and l.position = n.position`);
}

export interface PostedTax {
  readonly taxCodeId: Id;
  /** Zero where the buyer owes it. */
  readonly percent: string;
  /** As the document says it, in minor units of its currency: below zero where a deposit takes off more than is charged. */
  readonly base: bigint;
  readonly tax: bigint;
  /** In the books' currency. */
  readonly bookTax: bigint;
}

/** The tax that an invoice or a credit note was posted with, due then or when it is paid, whatever its codes say by now. */
export const taxesPosted = (context: ReadContext, invoiceId: Id): Promise<PostedTax[]> => {
  const { tenantId } = context;
  return context.db.rows<PostedTax>(sql`
    select t.tax_code_id, trim_scale(t.percent)::text as percent, k.sign * t.base as base, k.sign * t.tax as tax,
      k.sign * t.book_tax as book_tax
    from finance.invoice i
    cross join lateral (select case i.kind when 'creditNote' then -1 else 1 end as sign) k
    cross join lateral (
      select l.id, l.tax_code_id, l.percent, coalesce(l.currency_base, l.base) as base, coalesce(l.currency_tax, l.tax) as tax,
        l.tax as book_tax
      from finance.tax_line l where l.tenant_id = ${tenantId} and l.document_id = i.id and l.entry_id = i.entry_id
      union all
      select p.id, p.tax_code_id, p.percent, coalesce(p.currency_base, p.base), coalesce(p.currency_tax, p.tax), p.tax
      from finance.tax_pending p where p.tenant_id = ${tenantId} and p.document_id = i.id and p.entry_id = i.entry_id) t
    where i.tenant_id = ${tenantId} and i.id = ${invoiceId} order by t.percent desc, t.id`);
};

/** How posted invoices were taxed, and what credit notes took back of it. The caller has locked them. */
export async function taxedOf(context: ReadContext, ids: readonly Id[]): Promise<ReadonlyMap<Id, Taxed>> {
  if (ids.length === 0) return new Map();
  const { tenantId } = context;
  const taxes = (table: Sql): Sql => sql`
    select t.tax_code_id, t.percent, coalesce(t.currency_base, t.base) as base, coalesce(t.currency_tax, t.tax) as tax
    from ${table} t where t.tenant_id = ${tenantId} and t.document_id = d.id and t.entry_id = d.entry_id`;
  type Row = { id: Id; day: Day; rounding: "line" | "document"; taxCodeId: Id | null; percent: string | null } & TaxedBefore;
  const rows = await context.db.rows<Row>(sql`
    select i.id, i.day, case i.rounding when 0 then 'document' else 'line' end as rounding, t.tax_code_id,
      trim_scale(max(t.percent) filter (where d.id = i.id and t.percent > 0))::text as percent,
      coalesce(sum(t.base) filter (where d.id = i.id), 0)::bigint as base,
      coalesce(sum(t.tax) filter (where d.id = i.id), 0)::bigint as tax,
      coalesce(-sum(t.base) filter (where d.id <> i.id), 0)::bigint as back_base,
      coalesce(-sum(t.tax) filter (where d.id <> i.id), 0)::bigint as back_tax
    from finance.invoice i
    join finance.invoice d on d.tenant_id = ${tenantId} and d.state = 'posted' and (d.id = i.id or d.corrects_id = i.id)
    left join lateral (${taxes(sql`finance.tax_line`)} union all ${taxes(sql`finance.tax_pending`)}) t on true
    where i.tenant_id = ${tenantId} and i.id = any(${[...new Set(ids)]}::uuid[])
    group by i.id, i.day, i.rounding, t.tax_code_id`);
  const taxed = new Map<Id, Taxed & { percents: Map<Id, string>; atCodes: Map<Id, TaxedBefore> }>();
  for (const { id, day, rounding, taxCodeId, percent, ...before } of rows) {
    const one = taxed.get(id) ?? { day, rounding, percents: new Map(), atCodes: new Map() };
    taxed.set(id, one);
    if (taxCodeId) one.atCodes.set(taxCodeId, before);
    if (taxCodeId && percent) one.percents.set(taxCodeId, percent);
  }
  return taxed;
}

/** What may be taken off the items for paying early. */
export async function insertOffers(
  context: WriteContext,
  offers: readonly { readonly itemId: Id; readonly untilDay: Day; readonly amount: Money }[],
): Promise<void> {
  if (offers.length === 0) return;
  await context.db.run(sql`
    insert into finance.discount_offer (tenant_id, item_id, until_day, amount)
    select ${context.tenantId}, o.item_id, o.until_day, o.amount
    from unnest(${offers.map((one) => one.itemId)}::uuid[], ${offers.map((one) => one.untilDay)}::date[],
      ${offers.map((one) => one.amount.minor)}::bigint[]) as o (item_id, until_day, amount)`);
}

/** Takes a draft out, to be written anew; returns who made it. Refuses `notFound`, `notDraft` and `kindDiffers`. */
export async function removeDraft(context: WriteContext, id: Id, kind: InvoiceInput["kind"]): Promise<InvoiceInput["author"]> {
  const { tenantId } = context;
  const draft = await context.db.maybe<{ state: string; kind: string; personId: Id | null; byName: string }>(sql`
    select state, kind, person_id, by_name from finance.invoice where tenant_id = ${tenantId} and id = ${id} for update`);
  if (!draft) refuse("notFound");
  if (draft.state !== "draft") refuse("notDraft", { state: draft.state });
  if (draft.kind !== kind) refuse("kindDiffers");
  await context.db.run(sql`delete from finance.invoice_line where tenant_id = ${tenantId} and invoice_id = ${id}`);
  await context.db.run(sql`delete from finance.invoice where tenant_id = ${tenantId} and id = ${id}`);
  return { personId: draft.personId, name: draft.byName, isManager: false };
}
