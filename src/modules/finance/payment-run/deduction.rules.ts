// What a payment of a run settles: its credit notes settle its bills first, the money that leaves settles the rest.
import type { Id } from "../../../kernel/id.ts";
import { type Money, Money as KernelMoney } from "../../../kernel/money.ts";

export interface SettledItem {
  readonly itemId: Id;
  /** Above zero, of bills and of credit notes. */
  readonly amount: Money;
}

export interface Deductions {
  readonly byCredit: readonly { readonly itemId: Id; readonly againstId: Id; readonly amount: Money }[];
  readonly byMoney: readonly SettledItem[];
}

/** In the order given on both sides; together no bill takes more than its amount. */
export function deductionsOf(bills: readonly SettledItem[], credits: readonly SettledItem[]): Deductions {
  const left = bills.map(({ itemId, amount }) => ({ itemId, minor: amount.minor, currency: amount.currency }));
  const byCredit: { itemId: Id; againstId: Id; amount: Money }[] = [];
  for (const credit of credits) {
    let { minor } = credit.amount;
    for (const bill of left) {
      const share = minor < bill.minor ? minor : bill.minor;
      if (share <= 0n) continue;
      byCredit.push({ itemId: credit.itemId, againstId: bill.itemId, amount: new KernelMoney(share, bill.currency) });
      bill.minor -= share;
      minor -= share;
    }
  }
  const byMoney = left
    .filter((bill) => bill.minor > 0n)
    .map(({ itemId, minor, currency }) => ({ itemId, amount: new KernelMoney(minor, currency) }));
  return { byCredit, byMoney };
}
