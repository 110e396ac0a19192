// Settling open items: only items of one party and one control account, on opposite sides, and never more than is open.
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";

export interface AllocationWish {
  readonly itemId: Id;
  readonly againstId: Id;
  /** Above zero. */
  readonly amount: Money;
}

export interface KnownItem {
  readonly id: Id;
  readonly partyId: Id;
  readonly accountId: Id;
  readonly reference: string;
  /** Debit positive, credit negative, in minor units. */
  readonly openAmount: bigint;
  readonly currency: string;
}

export interface Pair {
  readonly debitId: Id;
  readonly creditId: Id;
  readonly minor: bigint;
}

export interface AllocationNo {
  readonly code: "itemUnknown" | "itemOfOther" | "sameSide" | "moreThanOpen" | "allocationZero";
  readonly facts: Readonly<Record<string, string>>;
}

/** Walks the wishes in order, so that two wishes on one item together stay within what is open. */
export function checkAllocations(wishes: readonly AllocationWish[], items: readonly KnownItem[]): { pairs: Pair[] } | AllocationNo {
  const left = new Map(items.map((item) => [item.id, { ...item }]));
  const pairs: Pair[] = [];
  for (const wish of wishes) {
    const item = left.get(wish.itemId);
    const against = left.get(wish.againstId);
    if (!item || !against) return { code: "itemUnknown", facts: {} };
    if (wish.amount.minor <= 0n || wish.amount.currency !== item.currency) return { code: "allocationZero", facts: {} };
    if (item.partyId !== against.partyId || item.accountId !== against.accountId) {
      return { code: "itemOfOther", facts: { reference: against.reference } };
    }
    if (item.openAmount * against.openAmount > 0n)
      return { code: "sameSide", facts: { reference: item.reference, other: against.reference } };
    for (const one of [item, against]) {
      const open = one.openAmount < 0n ? -one.openAmount : one.openAmount;
      if (wish.amount.minor > open) {
        return { code: "moreThanOpen", facts: { reference: one.reference, open: new Money(open, one.currency).toString() } };
      }
    }
    const [debit, credit] = item.openAmount > 0n ? [item, against] : [against, item];
    debit.openAmount -= wish.amount.minor;
    credit.openAmount += wish.amount.minor;
    pairs.push({ debitId: debit.id, creditId: credit.id, minor: wish.amount.minor });
  }
  return { pairs };
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
