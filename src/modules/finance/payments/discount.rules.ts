// The early-payment discount: taken when what is paid in time leaves no more open than was offered, with the tax that it takes back.
import type { Day } from "../../../kernel/day.ts";
import { decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money, sumMoney } from "../../../kernel/money.ts";

export interface Offer {
  readonly itemId: Id;
  readonly untilDay: Day;
  readonly amount: Money;
}

export interface OfferedItem {
  readonly itemId: Id;
  readonly open: Money;
  readonly offers: readonly Offer[];
}

/** What is taken off an item when so much is paid on the day; nothing unless that settles it. */
export function discountOn(item: OfferedItem, paid: Money, day: Day): Money | undefined {
  const left = item.open.minus(paid);
  if (left.minor <= 0n) return undefined;
  return item.offers.some((offer) => day <= offer.untilDay && left.compare(offer.amount) <= 0) ? left : undefined;
}

/**
 * Shares a payment over items, the earliest due first. When it is to the cent what the first items come to with their discounts, each gets
 * that; else discounts are not thought of, and what is over stays on account.
 */
export function discountedShares(amount: Money, items: readonly OfferedItem[], day: Day): { itemId: Id; amount: Money }[] | undefined {
  const shares: { itemId: Id; amount: Money }[] = [];
  let sum = Money.zero(amount.currency);
  let isDiscounted = false;
  for (const item of items) {
    const best = item.offers
      .filter((offer) => day <= offer.untilDay)
      .reduce((most, offer) => larger(most, offer.amount), Money.zero(amount.currency));
    isDiscounted ||= best.minor > 0n;
    shares.push({ itemId: item.itemId, amount: item.open.minus(best) });
    sum = sum.plus(item.open.minus(best));
    if (sum.compare(amount) >= 0) break;
  }
  return isDiscounted && sum.equals(amount) ? shares : undefined;
}

const larger = (a: Money, b: Money): Money => (a.compare(b) >= 0 ? a : b);

/** The part of a discount that is net and tax, for each tax of its invoice; together they are the discount. */
export function discountParts(
  discount: Money,
  taxes: readonly { readonly base: Money; readonly tax: Money }[],
): { base: Money; tax: Money }[] {
  const gross = taxes.map(({ base, tax }) => base.plus(tax));
  const total = sumMoney(gross, discount.currency);
  if (total.minor <= 0n || gross.some((one) => one.minor < 0n))
    return taxes.map(() => ({ base: discount.minus(discount), tax: discount.minus(discount) }));
  return discount.allocate(gross.map((one) => one.minor)).map((share, index) => {
    const one = taxes[index]!;
    if (gross[index]!.minor === 0n) return { base: share, tax: share.minus(share) };
    const tax = share.times(decimal(one.tax.minor.toString()).dividedBy(gross[index]!.minor.toString()), "halfUp");
    return { base: share.minus(tax), tax };
  });
}
