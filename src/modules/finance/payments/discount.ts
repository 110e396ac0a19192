// Early-payment discounts that payments take: those that were offered, and those given by hand beside what is paid.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { discountOn, type Offer, type OfferedItem } from "./discount.rules.ts";
import { lockReduced, type ReducedItem, reducedColumns, type Reduction } from "./reduction.ts";

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

interface OfferRow extends ReducedItem {
  readonly untilDay: Day;
  readonly off: bigint;
}

const loadOffers = (context: ReadContext, itemIds: readonly Id[]): Promise<OfferRow[]> =>
  context.db.rows<OfferRow>(sql`
    select ${reducedColumns}, d.until_day, d.amount as off
    from unnest(${itemIds}::uuid[]) as w (id)
    join finance.discount_offer d on d.tenant_id = ${context.tenantId} and d.item_id = w.id
    join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = d.item_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = o.book_id
    order by d.item_id, d.until_day`);

export interface PaidItem {
  readonly itemId: Id;
  readonly amount: Money;
  readonly day: Day;
  /** Given by hand; without it the offers hold, where there are any. */
  readonly discount?: Money;
  readonly takesOffer: boolean;
}

export const discountRefusals = {
  discountUnfit: "Of {reference} {open} is open. What is paid and taken off together is at most that, each above zero.",
} as const;

/** The discounts that payments take, read before they are allocated. Refuses `discountUnfit` in words of its own. */
export async function discountsOf(context: WriteContext, payments: readonly (readonly PaidItem[])[]): Promise<Reduction[]> {
  return [...(await givenByHand(context, payments)), ...(await offered(context, payments))];
}

async function givenByHand(context: WriteContext, payments: readonly (readonly PaidItem[])[]): Promise<Reduction[]> {
  const given = payments.flatMap((paid, place) => paid.flatMap(({ discount, ...one }) => (discount ? [{ ...one, discount, place }] : [])));
  if (given.length === 0) return [];
  const items = new Map((await lockReduced(context, [...new Set(given.map((one) => one.itemId))])).map((item) => [item.itemId, item]));
  return given.flatMap(({ itemId, amount, discount, day, place }): Reduction[] => {
    const item = items.get(itemId);
    // An item that is not there is refused by its allocation, in words of its own.
    if (!item) return [];
    const open = new Money(item.open, item.currency).abs();
    const isFit = discount.currency === item.currency && amount.currency === item.currency && discount.minor > 0n;
    if (!isFit || amount.plus(discount).compare(open) > 0) {
      const facts = { reference: item.reference, open: open.toString() };
      throw new Refusal("discountUnfit", word(discountRefusals.discountUnfit, facts), facts, ["discount"]);
    }
    return [{ place, kind: "discount", item, amount: discount, paid: amount, day, relievesTax: true }];
  });
}

async function offered(context: WriteContext, payments: readonly (readonly PaidItem[])[]): Promise<Reduction[]> {
  const isOffered = (one: PaidItem): boolean => one.takesOffer && one.discount === undefined;
  const ids = [...new Set(payments.flatMap((paid) => paid.filter(isOffered).map((one) => one.itemId)))];
  if (ids.length === 0) return [];
  const known = new Map<Id, { row: OfferRow; item: OfferedItem }>();
  for (const row of await loadOffers(context, ids)) {
    const offer: Offer = { itemId: row.itemId, untilDay: row.untilDay, amount: new Money(row.off, row.currency) };
    const before = known.get(row.itemId)?.item.offers ?? [];
    known.set(row.itemId, { row, item: { itemId: row.itemId, open: new Money(row.open, row.currency), offers: [...before, offer] } });
  }
  return payments.flatMap((paid, place) =>
    paid.filter(isOffered).flatMap(({ itemId, amount, day }): Reduction[] => {
      const one = known.get(itemId);
      if (!one || one.item.open.currency !== amount.currency) return [];
      const off = discountOn(one.item, amount, day);
      return off ? [{ place, kind: "discount", item: one.row, amount: off, paid: amount, day, relievesTax: true }] : [];
    }),
  );
}
