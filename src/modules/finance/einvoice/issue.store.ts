// What an electronic invoice is made of, read from the books and the directory.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money, sumMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { taxesPosted } from "../receivables/invoice.store.ts";
import type { CategoryFacts, IssueFacts, LineFacts, PartyFacts } from "./issue.rules.ts";
import { categoryOf, type TaxCodeFacts } from "./tax-category.rules.ts";
import type { InstalmentFacts } from "./terms.rules.ts";

export const issueFactRefusals = {
  notFound: "There is no such invoice.",
  notPosted: "A draft has no number yet. Post the invoice first.",
  sellerUnknown: "The books {books} belong to no legal entity, so nobody is the seller. Name it: heartwood directory legal-entity create",
  taxUnfit: "Tax code {code} is made of several taxes, or of an amount for each unit, which EN 16931 has no words for.",
} as const;

interface HeadRow {
  number: string | null;
  kind: "invoice" | "creditNote";
  day: Day;
  dueDay: Day;
  text: string | null;
  correctsNumber: string | null;
  correctsDay: Day | null;
  rounding: bigint;
  total: bigint;
  currency: string;
  bookCurrency: string;
  entryId: Id | null;
  bookId: Id;
  books: string;
  customerId: Id;
  sellerId: Id | null;
}

interface IssuableInvoice {
  readonly facts: Omit<IssueFacts, "syntax" | "profile" | "order">;
  readonly customerId: Id;
  readonly total: Money;
}

export async function issuableInvoice(context: ReadContext, invoiceId: Id): Promise<IssuableInvoice> {
  const { tenantId } = context;
  const head = await context.db.maybe<HeadRow>(sql`
    select i.number, i.kind, i.day, i.due_day, i.text, c.number as corrects_number, c.day as corrects_day, i.rounding, i.total,
      coalesce(i.currency, b.currency) as currency, b.currency as book_currency, i.entry_id,
      i.book_id, b.name as books, i.customer_id, n.party_id as seller_id
    from finance.invoice i
    join finance.book b on b.tenant_id = ${tenantId} and b.id = i.book_id
    left join directory.legal_entity n on n.tenant_id = ${tenantId} and n.id = b.legal_entity_id
    left join finance.invoice c on c.tenant_id = ${tenantId} and c.id = i.corrects_id
    where i.tenant_id = ${tenantId} and i.id = ${invoiceId}`);
  if (!head) refuse("notFound");
  if (head.number === null) refuse("notPosted");
  if (!head.sellerId) refuse("sellerUnknown", { books: head.books });
  const parties = await partiesOf(context, [head.sellerId, head.customerId]);
  const { facts: buyer, buyerReference } = parties.get(head.customerId)!;
  const { number, correctsNumber, correctsDay } = head;
  return {
    customerId: head.customerId,
    total: new Money(head.total, head.currency),
    facts: {
      kind: head.kind,
      number,
      day: head.day,
      dueDay: head.dueDay,
      currency: head.currency,
      text: head.text,
      corrects: correctsNumber === null ? null : { number: correctsNumber, day: correctsDay! },
      buyerReference,
      seller: parties.get(head.sellerId)!.facts,
      buyer,
      account: head.kind === "invoice" ? await accountOf(context, head) : null,
      ...(await amountsOf(context, invoiceId, head)),
      instalments: head.kind === "invoice" ? await instalmentsOf(context, invoiceId, head) : [],
    },
  };
}

type PartyRow = PartyFacts & { readonly id: Id; readonly buyerReference: string | null };

async function partiesOf(context: ReadContext, ids: readonly Id[]): Promise<Map<Id, { facts: PartyFacts; buyerReference: string | null }>> {
  const rows = await context.db.rows<PartyRow>(sql`
    select p.id, p.name, p.email, p.phone, p.contact, p.street, p.postcode, p.city, p.country, p.tax_number, p.registration,
      e.endpoint_scheme, e.endpoint, e.buyer_reference
    from directory.party p
    left join finance.party_einvoice e on e.tenant_id = ${context.tenantId} and e.party_id = p.id
    where p.tenant_id = ${context.tenantId} and p.id = any(${ids}::uuid[])`);
  return new Map(rows.map(({ id, buyerReference, ...facts }) => [id, { facts, buyerReference }]));
}

interface LineRow {
  description: string;
  quantity: string;
  unitPrice: bigint;
  net: bigint;
  taxCodeId: Id;
  taxCode: string;
  isPercent: boolean;
  serviceFrom: Day | null;
  serviceUntil: Day | null;
}

/** Lines, taxes and rounding as they were posted: what the rates and the rounding of the books are by now does not count. */
async function amountsOf(context: ReadContext, invoiceId: Id, head: HeadRow) {
  const { tenantId } = context;
  const rows = await context.db.rows<LineRow>(sql`
    select l.description, trim_scale(l.quantity)::text as quantity, l.unit_price, l.net, l.tax_code_id, c.code as tax_code,
      c.kind = 'percent' as is_percent, l.service_from, l.service_until
    from finance.invoice_line l
    join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = l.tax_code_id
    where l.tenant_id = ${tenantId} and l.invoice_id = ${invoiceId} order by l.position`);
  const unfit = rows.find((row) => !row.isPercent);
  if (unfit) refuse("taxUnfit", { code: unfit.taxCode });
  const posted = await taxesPosted(context, invoiceId);
  const categories = await categoriesOf(context, new Map(posted.map((one) => [one.taxCodeId, one.percent])));
  const money = (minor: bigint): Money => new Money(minor, head.currency);
  const lines = rows.map((row): LineFacts => ({
    description: row.description,
    quantity: row.quantity,
    unitPrice: money(row.unitPrice),
    net: money(row.net),
    category: categories.get(row.taxCodeId)!,
    period: row.serviceFrom && row.serviceUntil ? { start: row.serviceFrom, end: row.serviceUntil } : null,
  }));
  const taxes = posted.map(({ taxCodeId, base, tax }) => ({ category: categories.get(taxCodeId)!, base: money(base), tax: money(tax) }));
  const booked = posted.map((one) => new Money(one.bookTax, head.bookCurrency));
  const taxInBooks = head.currency === head.bookCurrency ? null : sumMoney(booked, head.bookCurrency);
  return { lines, taxes, rounding: money(head.rounding), taxInBooks };
}

/** The category of each tax code, with the rate given. */
export async function categoriesOf(context: ReadContext, percents: ReadonlyMap<Id, string>): Promise<Map<Id, CategoryFacts>> {
  const rows = await context.db.rows<Omit<TaxCodeFacts, "percent"> & { id: Id }>(sql`
    select id, name, reverse_charge as is_reverse, ec_supply, vat_category, exemption_code, exemption_text from finance.tax_code
    where tenant_id = ${context.tenantId} and id = any(${[...percents.keys()]}::uuid[])`);
  return new Map(rows.map((row) => [row.id, categoryOf({ ...row, percent: percents.get(row.id)! })]));
}

/** Where it is to be paid: a bank account with a number, one in the document's currency before others. */
async function accountOf(context: ReadContext, head: HeadRow): Promise<{ number: string; bic: string | null } | null> {
  const found = await context.db.maybe<{ number: string; bic: string | null }>(sql`
    select number, bic from finance.bank_account
    where tenant_id = ${context.tenantId} and book_id = ${head.bookId} and number is not null and retired_from is null
    order by currency <> ${head.currency}, code limit 1`);
  return found ?? null;
}

/** What is owed by when, and the discounts offered on it, as they were posted. */
async function instalmentsOf(context: ReadContext, invoiceId: Id, head: HeadRow): Promise<InstalmentFacts[]> {
  const { tenantId } = context;
  const rows = await context.db.rows<{ dueDay: Day; amount: bigint; discounts: { untilDay: Day; amount: string }[] }>(sql`
    select o.due_day, o.currency_amount as amount, coalesce(d.discounts, '[]'::json) as discounts
    from finance.open_item o
    left join lateral (select json_agg(json_build_object('untilDay', f.until_day, 'amount', f.amount::text)
      order by f.until_day) as discounts
      from finance.discount_offer f where f.tenant_id = ${tenantId} and f.item_id = o.id) d on true
    where o.tenant_id = ${tenantId} and o.document_id = ${invoiceId} and o.entry_id = ${head.entryId}
    order by o.due_day, o.id`);
  return rows.map(({ dueDay, amount, discounts }) => ({
    dueDay,
    amount: new Money(amount, head.currency),
    discounts: discounts.map((offer) => ({ untilDay: offer.untilDay, amount: new Money(BigInt(offer.amount), head.currency) })),
  }));
}
