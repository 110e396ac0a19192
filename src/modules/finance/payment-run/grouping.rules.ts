// How the bills of a run become payments: one for each payee, account and day, except that a structured reference names one bill alone.
// A credit note is taken off a payment of its supplier that stays above zero; one that is larger than any of them finds no place.
import type { Day } from "../../../kernel/day.ts";
import { later } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Money, sumMoney } from "../../../kernel/money.ts";
import { type PaymentReference, readReference } from "./reference.rules.ts";

export interface RunItem {
  readonly id: Id;
  readonly supplierId: Id;
  readonly accountId: Id;
  readonly dueDay: Day;
  /** Taken into account for the day: an early discount is lost after it. */
  readonly discountDay: Day | null;
  readonly takesDiscount: boolean;
  readonly supplierNumber: string;
  readonly reference: string | null;
  /** Above zero; of a credit note below. */
  readonly amount: Money;
}

export interface PlannedPayment extends PaymentReference {
  readonly supplierId: Id;
  readonly accountId: Id;
  readonly day: Day;
  readonly amount: Money;
  readonly itemIds: readonly Id[];
}

const textMax = 140;

/** The day an item is paid: together on the day of the run, or when it falls due, and no later than its discount allows. */
function dayOf(item: RunItem, payDay: Day, whenDue: boolean): Day {
  if (!whenDue) return payDay;
  return later(payDay, item.takesDiscount && item.discountDay ? item.discountDay : item.dueDay);
}

interface Group {
  readonly first: RunItem;
  readonly day: Day;
  readonly own: PaymentReference | null;
  readonly items: RunItem[];
}

export function plannedPayments(items: readonly RunItem[], payDay: Day, whenDue: boolean): PlannedPayment[] {
  const groups = new Map<string, Group>();
  for (const item of items.filter(({ amount }) => amount.minor > 0n)) {
    const day = dayOf(item, payDay, whenDue);
    const told = item.reference === null ? null : readReference(item.reference);
    const own = told && told.kind !== "text" ? told : null;
    const key = own ? item.id : `${item.accountId} ${day} ${item.supplierId}`;
    const group = groups.get(key);
    if (group) group.items.push(item);
    else groups.set(key, { first: item, day, own, items: [item] });
  }
  takeOff(
    [...groups.values()],
    items.filter(({ amount }) => amount.minor < 0n),
  );
  return [...groups.values()].map(({ first, day, own, items: papers }) => ({
    ...(own ?? { kind: "text" as const, reference: textOf(papers) }),
    supplierId: first.supplierId,
    accountId: first.accountId,
    day,
    amount: sumOf(papers),
    itemIds: papers.map((paper) => paper.id),
  }));
}

const sumOf = (items: readonly RunItem[]): Money =>
  sumMoney(
    items.map((item) => item.amount),
    items[0]!.amount.currency,
  );

/** Puts each credit note where it fits: with payments in plain words first, as a structured reference is for the whole of its bill. */
function takeOff(groups: readonly Group[], credits: readonly RunItem[]): void {
  for (const credit of credits) {
    const fits = groups.filter(
      (group) => group.first.supplierId === credit.supplierId && sumOf(group.items).plus(credit.amount).minor > 0n,
    );
    const home = fits.find((group) => group.own === null) ?? fits[0];
    home?.items.push(credit);
  }
}

/** The papers a payment settles, in the supplier's words; what does not fit is counted, and the advice names all. */
function textOf(items: readonly RunItem[]): string {
  const names = items.map((item) => item.reference ?? item.supplierNumber);
  for (let shown = names.length; shown > 0; shown--) {
    const rest = names.length - shown;
    const text = names.slice(0, shown).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
    if (text.length <= textMax) return text;
  }
  return names[0]!.slice(0, textMax);
}
