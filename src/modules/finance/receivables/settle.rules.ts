// What stands in a party's favour is set against what they owe, the oldest due first, each within its own currency.
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";

export interface SettledItem {
  readonly id: Id;
  /** Owed positive, in favour negative. */
  readonly open: Money;
}

export interface SettledPair {
  readonly debtId: Id;
  readonly creditId: Id;
  readonly amount: Money;
}

/** Items come in the order in which they are to be settled. */
export function settledPairs(items: readonly SettledItem[]): SettledPair[] {
  const pairs: SettledPair[] = [];
  for (const currency of new Set(items.map((item) => item.open.currency))) {
    const own = items.filter((item) => item.open.currency === currency);
    const left = new Map(own.map((item) => [item.id, item.open.abs().minor]));
    const credits = own.filter((item) => item.open.minor < 0n);
    for (const debt of own.filter((item) => item.open.minor > 0n)) {
      for (const credit of credits) {
        const [owed, favour] = [left.get(debt.id)!, left.get(credit.id)!];
        const minor = owed < favour ? owed : favour;
        if (minor === 0n) continue;
        left.set(debt.id, owed - minor);
        left.set(credit.id, favour - minor);
        pairs.push({ debtId: debt.id, creditId: credit.id, amount: new Money(minor, currency) });
      }
    }
  }
  return pairs;
}
