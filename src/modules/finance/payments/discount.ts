// Early-payment discounts as they are booked: with the payment that takes them, in the same transaction, and taken back with it.
//
// | discount taken          | Dr                                       | Cr                         |
// |-------------------------|------------------------------------------|----------------------------|
// | of a customer's invoice | discounts granted: net; output tax: tax  | receivable, of the customer|
//
// Of an invoice in another currency the discount is what the books still carry for it, so that no currency difference is left of it.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { JournalEntryDraft, JournalLineDraft } from "../ledger/entry.rules.ts";
import { carriedBy } from "../ledger/open-item.rules.ts";
import { postEntries } from "../ledger/posting.ts";
import { insertAllocations } from "../ledger/settlement.ts";
import { insertTaxLines } from "../tax/tax.ts";
import { discountOn, discountParts, type Offer, type OfferedItem } from "./discount.rules.ts";

/** What may still be taken off items on a day, by item. */
export async function offersOn(context: ReadContext, itemIds: readonly Id[], day: Day): Promise<Map<Id, Offer[]>> {
  const rows = itemIds.length === 0 ? [] : await loadOffers(context, itemIds);
  const offers = new Map<Id, Offer[]>();
  for (const { itemId, untilDay, off, currency } of rows) {
    if (untilDay < day) continue;
    offers.set(itemId, [...(offers.get(itemId) ?? []), { itemId, untilDay, amount: new Money(off, currency) }]);
  }
  return offers;
}

interface OfferRow {
  itemId: Id;
  untilDay: Day;
  off: bigint;
  open: bigint;
  currency: string;
  /** What the books carry for what is open. */
  carried: bigint;
  bookCurrency: string;
  bookId: Id;
  partyId: Id;
  reference: string;
  documentId: Id;
  entryId: Id;
}

const loadOffers = (context: ReadContext, itemIds: readonly Id[]): Promise<OfferRow[]> =>
  context.db.rows<OfferRow>(sql`
    select d.item_id, d.until_day, d.amount as off, o.open_currency_amount as open, o.currency, o.open_amount as carried,
      b.currency as book_currency, o.book_id, o.party_id, o.reference, o.document_id, o.entry_id
    from unnest(${itemIds}::uuid[]) as w (id)
    join finance.discount_offer d on d.tenant_id = ${context.tenantId} and d.item_id = w.id
    join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = d.item_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = o.book_id
    order by d.item_id, d.until_day`);

export interface PaidItem {
  readonly itemId: Id;
  readonly amount: Money;
  readonly day: Day;
}

export interface DiscountWish {
  /** The place of the payment among those given. */
  readonly place: number;
  readonly item: OfferRow;
  readonly amount: Money;
  readonly day: Day;
}

/** The discounts that payments take, read before they are allocated. */
export async function discountsOf(context: WriteContext, payments: readonly (readonly PaidItem[])[]): Promise<DiscountWish[]> {
  const ids = [...new Set(payments.flatMap((paid) => paid.map((one) => one.itemId)))];
  if (ids.length === 0) return [];
  const rows = await loadOffers(context, ids);
  const known = new Map<Id, { row: OfferRow; item: OfferedItem }>();
  for (const row of rows) {
    const offer: Offer = { itemId: row.itemId, untilDay: row.untilDay, amount: new Money(row.off, row.currency) };
    const before = known.get(row.itemId)?.item.offers ?? [];
    known.set(row.itemId, { row, item: { itemId: row.itemId, open: new Money(row.open, row.currency), offers: [...before, offer] } });
  }
  return payments.flatMap((paid, place) =>
    paid.flatMap(({ itemId, amount, day }) => {
      const one = known.get(itemId);
      if (!one || one.item.open.currency !== amount.currency) return [];
      const off = discountOn(one.item, amount, day);
      return off ? [{ place, item: one.row, amount: off, day }] : [];
    }),
  );
}

interface TaxRow {
  documentEntryId: Id;
  taxCodeId: Id;
  percent: string;
  base: bigint;
  tax: bigint;
  baseBox: string | null;
  taxBox: string | null;
  accountId: Id;
}

/** The tax of the invoices as it was posted; what waits for their payment corrects itself, because less is paid. */
async function taxesOf(context: WriteContext, wishes: readonly DiscountWish[]): Promise<Map<Id, TaxRow[]>> {
  const { tenantId } = context;
  const rows = await context.db.rows<TaxRow>(sql`
    select l.entry_id as document_entry_id, l.tax_code_id, trim_scale(l.percent)::text as percent, sum(l.base)::bigint as base,
      sum(l.tax)::bigint as tax, l.base_box, l.tax_box, c.output_account_id as account_id
    from finance.tax_line l
    join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = l.tax_code_id
    where l.tenant_id = ${tenantId} and l.side = 'output' and l.document_id = any(${wishes.map((wish) => wish.item.documentId)}::uuid[])
      and l.entry_id = any(${wishes.map((wish) => wish.item.entryId)}::uuid[])
    group by l.entry_id, l.tax_code_id, l.percent, l.base_box, l.tax_box, c.output_account_id
    order by l.entry_id, l.percent desc, l.tax_code_id`);
  const found = new Map<Id, TaxRow[]>();
  for (const row of rows) found.set(row.documentEntryId, [...(found.get(row.documentEntryId) ?? []), row]);
  return found;
}

/** Books discounts and settles their items with them; a handful of statements for each set of books. */
export async function takeDiscounts(
  context: WriteContext,
  wishes: readonly DiscountWish[],
  paymentItemOf: (place: number) => Id,
): Promise<void> {
  if (wishes.length === 0) return;
  const taxes = await taxesOf(context, wishes);
  for (const bookId of new Set(wishes.map((wish) => wish.item.bookId))) {
    const own = wishes
      .filter((wish) => wish.item.bookId === bookId)
      .map((wish) => {
        const rows = taxes.get(wish.item.entryId) ?? [];
        const { bookCurrency } = wish.item;
        const amounts = rows.map((row) => ({ base: new Money(row.base, bookCurrency), tax: new Money(row.tax, bookCurrency) }));
        const booked = bookedOf(wish);
        return { ...wish, id: context.newId(), rows, booked, parts: discountParts(booked, amounts) };
      });
    const entries = await postEntries(context, own.map(entryOf), bookId);
    const taken = own.map((one, index) => ({ ...one, entry: entries[index]! }));
    for (const day of new Set(taken.map((one) => one.day))) {
      const rows = taken
        .filter((one) => one.day === day)
        .map(({ item, entry, amount, booked }) => {
          const creditId = entry.lineIds[0]!;
          return { id: context.newId(), debitId: item.itemId, creditId, minor: booked.minor, currencyMinor: amount.minor };
        });
      await insertAllocations(context, rows, day);
    }
    await keepTaken(context, taken, paymentItemOf);
  }
}

/** What is left of the item in the books once the payment has taken its share. */
function bookedOf({ item, amount }: DiscountWish): Money {
  const paid = carriedBy({ openAmount: item.carried, openCurrencyAmount: item.open }, item.open - amount.minor);
  return new Money(item.carried - paid, item.bookCurrency);
}

interface Taken extends DiscountWish {
  readonly id: Id;
  readonly rows: readonly TaxRow[];
  /** In the books' currency, as its parts are. */
  readonly booked: Money;
  readonly parts: ReturnType<typeof discountParts>;
}

function entryOf({ id, item, amount, booked, day, rows, parts }: Taken): JournalEntryDraft {
  const corrections = parts
    .map((part, index): JournalLineDraft => ({
      account: { id: rows[index]!.accountId },
      amount: part.tax,
      text: `Tax ${rows[index]!.percent} %`,
    }))
    .filter((line) => line.amount.minor !== 0n);
  const net = corrections.reduce((left, line) => left.minus(line.amount), booked);
  const foreign = item.currency === item.bookCurrency ? undefined : amount.negated();
  return {
    journal: "BNK",
    day,
    text: `Discount for early payment of ${item.reference}`,
    reference: item.reference,
    document: { subject: "finance.discount", id },
    lines: [
      { account: { role: "receivable" }, amount: booked.negated(), foreign, partyId: item.partyId },
      { account: { role: "discountGranted" }, amount: net, partyId: item.partyId },
      ...corrections,
    ],
  };
}

async function keepTaken(
  context: WriteContext,
  taken: readonly (Taken & { readonly entry: { readonly id: Id; readonly lineIds: readonly Id[] } })[],
  paymentItemOf: (place: number) => Id,
): Promise<void> {
  await context.db.run(sql`
    insert into finance.discount_taken (tenant_id, id, item_id, payment_item_id, entry_id, discount_item_id, amount)
    select ${context.tenantId}, t.*
    from unnest(${taken.map((one) => one.id)}::uuid[], ${taken.map((one) => one.item.itemId)}::uuid[],
      ${taken.map((one) => paymentItemOf(one.place))}::uuid[], ${taken.map((one) => one.entry.id)}::uuid[],
      ${taken.map((one) => one.entry.lineIds[0]!)}::uuid[], ${taken.map((one) => one.amount.minor)}::bigint[]) as t`);
  await insertTaxLines(
    context,
    taken.flatMap(({ id, entry, day, item, rows, parts }) =>
      rows.map((row, index) => {
        const { base, tax } = parts[index]!;
        const cost = base.minus(base);
        const { taxCodeId, percent, baseBox, taxBox } = row;
        return {
          entryId: entry.id,
          day,
          document: { subject: "finance.discount", id },
          partyId: item.partyId,
          record: {
            taxCodeId,
            side: "output" as const,
            percent,
            base: base.negated(),
            tax: tax.negated(),
            cost,
            baseBox,
            taxBox,
            isPending: false,
          },
        };
      }),
    ),
  );
}
