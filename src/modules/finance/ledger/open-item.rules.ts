// Settling open items: only items of one party and one control account, on opposite sides, and never more than is open.
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";

export interface AllocationWish {
  readonly itemId: Id;
  readonly againstId: Id;
  /** Above zero, in the currency of the items. */
  readonly amount: Money;
}

export interface KnownItem {
  readonly id: Id;
  readonly partyId: Id;
  readonly accountId: Id;
  readonly reference: string;
  readonly currency: string;
  /** Debit positive, credit negative, in minor units of its currency. */
  readonly openCurrencyAmount: bigint;
  /** What the books carry for it, in their own currency. */
  readonly openAmount: bigint;
}

export interface Pair {
  readonly debitId: Id;
  readonly creditId: Id;
  /** What leaves both sides, in the books' currency and in the items'. */
  readonly minor: bigint;
  readonly currencyMinor: bigint;
}

/**
 * One wish come true. `difference` is what the debit item carried more than the credit item: a loss above zero, a gain below (IAS 21.28).
 */
export interface Match extends Pair {
  readonly difference: bigint;
}

export interface AllocationNo {
  readonly code: "itemUnknown" | "itemOfOther" | "sameSide" | "moreThanOpen" | "allocationZero" | "currenciesDiffer";
  readonly facts: Readonly<Record<string, string>>;
}

/** Walks the wishes in order, so that two wishes on one item together stay within what is open. */
export function checkAllocations(wishes: readonly AllocationWish[], items: readonly KnownItem[]): { matches: Match[] } | AllocationNo {
  const left = new Map(items.map((item) => [item.id, { ...item }]));
  const matches: Match[] = [];
  for (const wish of wishes) {
    const item = left.get(wish.itemId);
    const against = left.get(wish.againstId);
    if (!item || !against) return { code: "itemUnknown", facts: {} };
    const no = checkPair(wish, item, against);
    if (no) return no;
    const [debit, credit] = item.openCurrencyAmount > 0n ? [item, against] : [against, item];
    const currencyMinor = wish.amount.minor;
    const fromDebit = carriedBy(debit, currencyMinor);
    const fromCredit = -carriedBy(credit, currencyMinor);
    debit.openAmount -= fromDebit;
    credit.openAmount += fromCredit;
    debit.openCurrencyAmount -= currencyMinor;
    credit.openCurrencyAmount += currencyMinor;
    const minor = fromDebit < fromCredit ? fromDebit : fromCredit;
    matches.push({ debitId: debit.id, creditId: credit.id, minor, currencyMinor, difference: fromDebit - fromCredit });
  }
  return { matches };
}

function checkPair(wish: AllocationWish, item: KnownItem, against: KnownItem): AllocationNo | undefined {
  if (item.partyId !== against.partyId || item.accountId !== against.accountId) {
    return { code: "itemOfOther", facts: { reference: against.reference } };
  }
  if (item.currency !== against.currency) {
    const { reference, currency } = item;
    return { code: "currenciesDiffer", facts: { reference, currency, other: against.reference, otherCurrency: against.currency } };
  }
  if (wish.amount.minor <= 0n || wish.amount.currency !== item.currency) return { code: "allocationZero", facts: {} };
  if (item.openCurrencyAmount * against.openCurrencyAmount > 0n) {
    return { code: "sameSide", facts: { reference: item.reference, other: against.reference } };
  }
  const short = [item, against].find((one) => wish.amount.minor > magnitude(one.openCurrencyAmount));
  if (!short) return undefined;
  return {
    code: "moreThanOpen",
    facts: { reference: short.reference, open: new Money(magnitude(short.openCurrencyAmount), short.currency).toString() },
  };
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** What the books carry for a part of an item: its share, rounded half up; all that is left when the part is all that is open. */
export function carriedBy(item: Pick<KnownItem, "openAmount" | "openCurrencyAmount">, part: bigint): bigint {
  const open = magnitude(item.openCurrencyAmount);
  if (part === open) return item.openAmount;
  const carried = magnitude(item.openAmount);
  const share = (2n * carried * part + open) / (2n * open);
  return item.openAmount < 0n ? -share : share;
}

/** Shares an amount over items, the earliest due first; what is left over stays on account. */
export function shareOldestFirst(
  amount: Money,
  items: readonly { readonly id: Id; readonly open: Money }[],
): { itemId: Id; amount: Money }[] {
  const shares: { itemId: Id; amount: Money }[] = [];
  let left = amount;
  for (const item of items) {
    if (left.minor <= 0n) break;
    const open = item.open.abs();
    const share = open.compare(left) < 0 ? open : left;
    shares.push({ itemId: item.id, amount: share });
    left = left.minus(share);
  }
  return shares;
}
