// Which open bills a run takes, over which amount and to which account, and why others stay out.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import { isOnHold } from "../payables/bill-hold.rules.ts";
import { discountOn } from "./discount.rules.ts";

export interface OpenBill {
  readonly billId: Id;
  readonly openItemId: Id;
  readonly supplierId: Id;
  readonly supplier: string;
  readonly supplierNumber: string;
  readonly dueDay: Day;
  readonly discountDay: Day | null;
  readonly discountPercent: string | null;
  readonly total: Money;
  /** Above zero. */
  readonly open: Money;
  readonly holdReason: string | null;
  readonly holdUntil: Day | null;
  /** The number of another bill like it, while nobody said that they are two. */
  readonly alike: string | null;
  /** The unsettled run it waits in. */
  readonly run: string | null;
  readonly accountId: Id | null;
}

export interface Payee {
  readonly id: Id;
  readonly supplierId: Id;
  readonly kind: "iban" | "us";
  readonly state: string;
  readonly usableFrom: Day | null;
}

export interface PickWish {
  readonly payDay: Day;
  readonly today: Day;
  readonly takesDiscount: boolean;
  readonly kind: "iban" | "us";
}

export const pickRefusals = {
  onHold: "Bill {bill} is on hold: {reason}. Release it first.",
  alikeUnanswered: "Bill {bill} is over the same amount as bill {other}. Say that it is no double first, or decline it.",
  inOtherRun: "Bill {bill} waits in payment run {run} already. Take it out of that run first.",
  accountMissing: "There is no approved bank account of {supplier}. Propose one, and have it approved.",
  accountUnfit: "The account of {supplier} cannot be reached from this bank account. Choose another bank account for the run.",
  coolingOff: "The bank account of {supplier} cools off until {day}. Pay the bill from that day on.",
} as const;

export interface PickNo {
  readonly code: keyof typeof pickRefusals;
  readonly facts: Readonly<Record<string, string>>;
}

export interface PickedBill {
  readonly bill: OpenBill;
  readonly accountId: Id;
  readonly amount: Money;
  readonly discount: Money;
}

export const isPickNo = (result: PickedBill | PickNo): result is PickNo => "code" in result;

export function pickBill(bill: OpenBill, payees: readonly Payee[], wish: PickWish): PickedBill | PickNo {
  const name = `${bill.supplierNumber} of ${bill.supplier}`;
  if (isOnHold(bill, wish.today)) return { code: "onHold", facts: { bill: name, reason: (bill.holdReason ?? "").replace(/\.$/, "") } };
  if (bill.alike !== null) return { code: "alikeUnanswered", facts: { bill: name, other: bill.alike } };
  if (bill.run !== null) return { code: "inOtherRun", facts: { bill: name, run: bill.run } };
  const account = accountFor(bill, payees, wish);
  if ("code" in account) return account;
  const discount = wish.takesDiscount
    ? discountOn({ day: bill.discountDay, percent: bill.discountPercent }, bill.total, bill.open, wish.payDay)
    : bill.open.minus(bill.open);
  return { bill, accountId: account.id, amount: bill.open.minus(discount), discount };
}

/** The account the bill names, else the supplier's: one that may be paid to on the day, the latest first. */
export function accountFor(
  bill: Pick<OpenBill, "supplierId" | "supplier" | "accountId">,
  payees: readonly Payee[],
  wish: Pick<PickWish, "payDay" | "kind">,
): Payee | PickNo {
  const approved = payees.filter((payee) =>
    bill.accountId
      ? payee.id === bill.accountId && payee.state === "approved"
      : payee.supplierId === bill.supplierId && payee.state === "approved",
  );
  const { supplier } = bill;
  if (approved.length === 0) return { code: "accountMissing", facts: { supplier } };
  const fit = approved.filter((payee) => payee.kind === wish.kind);
  if (fit.length === 0) return { code: "accountUnfit", facts: { supplier } };
  const usable = fit.filter((payee) => payee.usableFrom! <= wish.payDay).toSorted((a, b) => (a.usableFrom! < b.usableFrom! ? 1 : -1));
  if (usable[0]) return usable[0];
  const first = fit.map((payee) => payee.usableFrom!).toSorted()[0]!;
  return { code: "coolingOff", facts: { supplier, day: first } };
}

/** Due by a day, or with a discount that would be lost by then. */
export const isWanted = (bill: OpenBill, payDay: Day, dueUntil: Day, takesDiscount: boolean): boolean =>
  bill.dueDay <= dueUntil || (takesDiscount && bill.discountDay !== null && bill.discountDay >= payDay && bill.discountDay <= dueUntil);
