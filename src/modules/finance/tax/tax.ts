// The tax codes of the books as they hold on a day for a party, and the lines that the tax return is made of.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { prepared, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { type Exchange, inBooks } from "../currency/convert.rules.ts";
import { type LockedPosting, passLocks } from "../ledger/lock.ts";
import type { TaxRounding } from "./levy.rules.ts";
import { type TaxChoice, type TaxGround, taxOn, type TaxParty, type TaxSide, taxTaken } from "./tax-code.rules.ts";
import type { TaxRecord } from "./tax-posting.rules.ts";

export const taxRefusals = {
  taxCodeUnknown: "There is no tax code {code} with a rate on {day}. See: heartwood finance tax-code list",
} as const;

/** Everything that the books `b` know of tax, as one JSON value; for a statement that reads other things of the books too. */
export const taxGroundSql = (tenantId: Id): Sql => sql`
  json_build_object('rounding', b.tax_rounding,
    'home', (select y.country from directory.legal_entity n join directory.party y on y.tenant_id = ${tenantId} and y.id = n.party_id
      where n.tenant_id = ${tenantId} and n.id = b.legal_entity_id),
    'codes', coalesce((select json_agg(json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'kind', c.kind,
        'raisesBase', c.raises_base, 'isReverse', c.reverse_charge, 'outputAccountId', c.output_account_id,
        'inputAccountId', c.input_account_id, 'pendingAccountId', case when c.cash_basis then c.pending_account_id end,
        'deductiblePercent', trim_scale(c.deductible_percent)::text, 'outputBaseBox', c.output_base_box,
        'outputTaxBox', c.output_tax_box, 'inputBaseBox', c.input_base_box, 'inputTaxBox', c.input_tax_box,
        'rates', coalesce((select json_agg(json_build_object('from', lower(r.during), 'until', upper(r.during),
            'percent', trim_scale(r.percent)::text, 'perUnit', trim_scale(r.per_unit)::text))
          from finance.tax_rate r where r.tenant_id = ${tenantId} and r.tax_code_id = c.id), '[]'::json),
        'childIds', coalesce((select json_agg(k.child_id order by k.position)
          from finance.tax_child k where k.tenant_id = ${tenantId} and k.group_id = c.id), '[]'::json)))
      from finance.tax_code c where c.tenant_id = ${tenantId} and c.book_id = b.id), '[]'::json),
    'rules', coalesce((select json_agg(json_build_object('id', u.id, 'name', u.name, 'position', u.position, 'side', u.side,
        'fromCodeId', u.from_code_id, 'toCodeId', u.to_code_id, 'partyId', u.party_id, 'place', u.place, 'countries', u.countries,
        'businessOnly', u.business_only, 'fromDay', u.from_day, 'untilDay', u.until_day))
      from finance.tax_rule u where u.tenant_id = ${tenantId} and u.book_id = b.id), '[]'::json))`;

/** What tax depends on of these parties, as one JSON value. */
export const taxPartiesSql = (tenantId: Id, partyIds: readonly Id[]): Sql => sql`
  (select json_agg(json_build_object('id', y.id, 'country', y.country, 'hasTaxNumber', y.tax_number is not null))
    from directory.party y where y.tenant_id = ${tenantId} and y.id = any(${partyIds}::uuid[]))`;

/** What the books know of tax, and the parties named, in one statement. */
export async function loadTax(
  context: ReadContext,
  bookId: Id,
  partyIds: readonly Id[] = [],
): Promise<TaxGround & { readonly parties: readonly TaxParty[] }> {
  const { tenantId } = context;
  const found = await context.db.row<{ tax: TaxGround; parties: TaxParty[] | null }>(
    prepared(sql`
    select ${taxGroundSql(tenantId)} as tax, ${taxPartiesSql(tenantId, partyIds)} as parties
    from finance.book b where b.tenant_id = ${tenantId} and b.id = ${bookId}`),
  );
  return { ...found.tax, parties: found.parties ?? [] };
}

export interface TaxWish {
  readonly bookId: Id;
  readonly codes: readonly string[];
  readonly day: Day;
  readonly side: TaxSide;
  readonly partyId: Id;
}

export interface TaxTable {
  readonly rounding: TaxRounding;
  /** What holds for a code that was asked for, after the rules for this party. */
  of(code: string): TaxChoice;
}

/** The taxes of a document by the codes asked for. Refuses `taxCodeUnknown` in words of its own. */
export async function taxesFor(context: ReadContext, wish: TaxWish): Promise<TaxTable> {
  const ground = await loadTax(context, wish.bookId, [wish.partyId]);
  const asked = { side: wish.side, day: wish.day, party: ground.parties[0] };
  const choices = new Map<string, TaxChoice>();
  for (const code of new Set(wish.codes)) choices.set(code, taxTaken(ground, code, asked) ?? unknown(code, wish.day));
  return { rounding: ground.rounding, of: (code) => choices.get(code)! };
}

function unknown(code: string, day: Day): never {
  const facts = { code, day };
  throw new Refusal("taxCodeUnknown", word(taxRefusals.taxCodeUnknown, facts), facts);
}

export interface TaxesChosen {
  readonly rounding: TaxRounding;
  of(taxCodeId: Id, day: Day): TaxChoice;
}

/** What was chosen for the lines of documents, as it holds on the days they have. Refuses `taxCodeUnknown`. */
export async function taxesChosen(context: ReadContext, bookId: Id): Promise<TaxesChosen> {
  const ground = await loadTax(context, bookId);
  const known = new Map<string, TaxChoice>();
  const of = (taxCodeId: Id, day: Day): TaxChoice => {
    const key = `${taxCodeId} ${day}`;
    const choice = known.get(key) ?? taxOn(ground, taxCodeId, day) ?? unknown(taxCodeId, day);
    known.set(key, choice);
    return choice;
  };
  return { rounding: ground.rounding, of };
}

export interface TaxLineDraft {
  readonly entryId: Id;
  readonly day: Day;
  readonly document: { readonly subject: string; readonly id: Id };
  readonly partyId: Id | null;
  readonly record: TaxRecord;
  /** For a document in another currency: its record is in that one, and kept in the books' too. */
  readonly exchange?: Exchange;
  /** What had waited for the payment, when this is a part of it that became due. */
  readonly pendingId?: Id;
}

/**
 * Keeps what was posted for tax, in the books' currency; `base` and `tax` as the document has them, negative when it takes back. What is
 * due on payment waits. Refuses `areaLocked` where the tax of the period is locked. A line counts on its day, or on the day after the last
 * return filed when that is later: what is corrected after
 * filing goes into the next return.
 */
export async function insertTaxLines(context: WriteContext, drafts: readonly TaxLineDraft[]): Promise<void> {
  const kept = drafts.map(inBothCurrencies);
  const pending = kept.filter((draft) => draft.record.isPending);
  if (pending.length > 0) await insertPending(context, pending);
  const due = kept.filter((draft) => !draft.record.isPending);
  if (due.length === 0) return;
  const { tenantId } = context;
  const first = due.reduce((least, { day }) => (day < least ? day : least), due[0]!.day);
  // No entry of these lies before its line. Which of them are in a locked period is asked only where there is one.
  const { mayBeLocked } = await context.db.row<{ mayBeLocked: boolean }>(
    prepared(sql`
    with kept as (
      insert into finance.tax_line (tenant_id, id, entry_id, tax_code_id, side, sign, day, tax_day, percent, base, tax, cost, base_box,
        tax_box, party_id, document_subject, document_id, pending_id, currency, currency_base, currency_tax)
      select ${tenantId}, t.id, t.entry_id, t.tax_code_id, t.side, case t.side when 'output' then 1 else -1 end, t.day,
        greatest(t.day, f.free_day), t.percent, t.base, t.tax, t.cost, t.base_box, t.tax_box, t.party_id, t.subject, t.document_id,
        t.pending_id, t.currency, t.currency_base, t.currency_tax
      from unnest(${due.map(() => context.newId())}::uuid[], ${due.map((draft) => draft.record.cost.minor)}::bigint[],
        ${due.map((draft) => draft.entryId)}::uuid[], ${due.map((draft) => draft.day)}::date[],
        ${due.map((draft) => draft.document.subject)}::text[], ${due.map((draft) => draft.document.id)}::uuid[],
        ${due.map((draft) => draft.partyId)}::uuid[], ${due.map((draft) => draft.record.taxCodeId)}::uuid[],
        ${due.map((draft) => draft.record.side)}::text[], ${due.map((draft) => draft.record.percent)}::numeric[],
        ${due.map((draft) => draft.record.base.minor)}::bigint[], ${due.map((draft) => draft.record.tax.minor)}::bigint[],
        ${due.map((draft) => draft.record.baseBox)}::text[], ${due.map((draft) => draft.record.taxBox)}::text[],
        ${due.map((draft) => draft.pendingId ?? null)}::uuid[], ${due.map((draft) => draft.said?.base.currency ?? null)}::text[],
        ${due.map((draft) => draft.said?.base.minor ?? null)}::bigint[], ${due.map((draft) => draft.said?.tax.minor ?? null)}::bigint[])
        as t (id, cost, entry_id, day, subject, document_id, party_id, tax_code_id, side, percent, base, tax, base_box, tax_box, pending_id,
          currency, currency_base, currency_tax)
      join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = t.tax_code_id
      ${firstFreeDay(context)}
    )
    select exists (select from finance.period p
      where p.tenant_id = ${tenantId} and 'tax' = any(p.locked_areas) and p.until_day >= ${first}::date) as may_be_locked`),
  );
  if (!mayBeLocked) return;
  const entryIds = [...new Set(due.map((draft) => draft.entryId))];
  const locked = await context.db.rows<LockedPosting>(sql`
    select e.id as entry_id, p.id as period_id, p.code as period, 'tax' as area, e.person_id
    from finance.journal_entry e
    join finance.period p on p.tenant_id = ${tenantId} and p.id = e.period_id and 'tax' = any(p.locked_areas)
    where e.tenant_id = ${tenantId} and e.id = any(${entryIds}::uuid[])`);
  await passLocks(context, locked);
}

type KeptDraft = TaxLineDraft & { readonly said?: { readonly base: Money; readonly tax: Money } };

function inBothCurrencies(draft: TaxLineDraft): KeptDraft {
  const { exchange, record } = draft;
  if (!exchange) return draft;
  const { base, tax, cost } = record;
  const own = { base: inBooks(base, exchange), tax: inBooks(tax, exchange) };
  // The tax is rounded as a whole, as the ledger has it; what may not be reclaimed is the rest.
  const rest = inBooks(tax.plus(cost), exchange).minus(own.tax);
  return { ...draft, record: { ...record, ...own, cost: rest }, said: { base, tax } };
}

/** `f.free_day`: the day after the last return that was filed for the books of `c`; null when none was. */
const firstFreeDay = (context: ReadContext) => sql`
    left join lateral (select max(u.until_day) + 1 as free_day from finance.tax_return u
      where u.tenant_id = ${context.tenantId} and u.book_id = c.book_id) f on true`;

async function insertPending(context: WriteContext, drafts: readonly KeptDraft[]): Promise<void> {
  await context.db.run(sql`
    insert into finance.tax_pending (tenant_id, id, entry_id, day, document_subject, document_id, party_id, tax_code_id, side, percent,
      base, tax, base_box, tax_box, currency, currency_base, currency_tax)
    select ${context.tenantId}, t.*
    from unnest(${drafts.map(() => context.newId())}::uuid[], ${drafts.map((draft) => draft.entryId)}::uuid[],
      ${drafts.map((draft) => draft.day)}::date[], ${drafts.map((draft) => draft.document.subject)}::text[],
      ${drafts.map((draft) => draft.document.id)}::uuid[], ${drafts.map((draft) => draft.partyId)}::uuid[],
      ${drafts.map((draft) => draft.record.taxCodeId)}::uuid[], ${drafts.map((draft) => draft.record.side)}::text[],
      ${drafts.map((draft) => draft.record.percent)}::numeric[], ${drafts.map((draft) => draft.record.base.minor)}::bigint[],
      ${drafts.map((draft) => draft.record.tax.minor)}::bigint[], ${drafts.map((draft) => draft.record.baseBox)}::text[],
      ${drafts.map((draft) => draft.record.taxBox)}::text[], ${drafts.map((draft) => draft.said?.base.currency ?? null)}::text[],
      ${drafts.map((draft) => draft.said?.base.minor ?? null)}::bigint[],
      ${drafts.map((draft) => draft.said?.tax.minor ?? null)}::bigint[]) as t`);
}

interface KeptRow extends Omit<TaxRecord, "base" | "tax" | "cost" | "isPending"> {
  readonly base: bigint;
  readonly tax: bigint;
  readonly cost: bigint;
  readonly currency: string;
  readonly partyId: Id | null;
  readonly documentSubject: string;
  readonly pendingId: Id | null;
}

/** Takes back what a document had kept for tax, by an entry and on a day. Nothing of it was paid, so what waited is void. */
export async function reverseTaxLines(context: WriteContext, documentId: Id, entryId: Id, day: Day): Promise<void> {
  const { tenantId } = context;
  const kept = await context.db.rows<KeptRow>(sql`
    select t.tax_code_id, t.side, trim_scale(t.percent)::text as percent, t.base, t.tax, t.cost, t.base_box, t.tax_box, b.currency,
      t.party_id, t.document_subject, t.pending_id
    from finance.tax_line t
    join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = t.tax_code_id
    join finance.book b on b.tenant_id = ${tenantId} and b.id = c.book_id
    where t.tenant_id = ${tenantId} and t.document_id = ${documentId} order by t.id`);
  const drafts = kept.map(({ base, tax, cost, currency, partyId, documentSubject, pendingId, ...record }): TaxLineDraft => {
    const back = (minor: bigint): Money => new Money(-minor, currency);
    const document = { subject: documentSubject, id: documentId };
    const taken = { ...record, base: back(base), tax: back(tax), cost: back(cost), isPending: false };
    return { entryId, day, document, partyId, record: taken, pendingId: pendingId ?? undefined };
  });
  await insertTaxLines(context, drafts);
  await context.db.run(sql`
    update finance.tax_pending set is_void = true where tenant_id = ${tenantId} and document_id = ${documentId} and not is_void`);
}
