// The account of a customer or a supplier as the server gives it, and what is read from it at a glance.
import { useOperation } from "../../kit/index.ts";
import type { Ageing } from "./ageing-bars.tsx";
import { type Amount, isNegative, isNothing, sumOf } from "./statement.rules.ts";

export type Direction = "customer" | "supplier";

export interface AccountItem {
  readonly itemId: string;
  readonly entryId: string;
  readonly day: string;
  readonly dueDay: string;
  readonly reference: string;
  readonly text: string;
  readonly amount: Amount;
  readonly balance: Amount;
  readonly open: Amount;
  /** As the document says it, in another currency than the books'. */
  readonly foreign: Amount | null;
  readonly foreignOpen: Amount | null;
  readonly documentSubject: string | null;
  readonly documentId: string | null;
}

export interface PartyAccount {
  readonly partyId: string;
  readonly party: string;
  readonly asOf: string;
  readonly currency: string;
  readonly opening: Amount;
  readonly rows: readonly AccountItem[];
  readonly closing: Amount;
  readonly ageing: Ageing;
}

export const accountOperation: Readonly<Record<Direction, string>> = {
  customer: "finance.customerAccount.get",
  supplier: "finance.supplierAccount.get",
};

export const usePartyAccount = (direction: Direction, partyId: string | undefined, asOf?: string, asKnownAt?: string) =>
  useOperation<PartyAccount>(accountOperation[direction], { partyId, asOf, asKnownAt }, { enabled: Boolean(partyId), keep: true });

export const isOpen = (item: AccountItem): boolean => !isNothing(item.open);
export const isOverdue = (item: AccountItem, asOf: string): boolean => isOpen(item) && !isNegative(item.open) && item.dueDay < asOf;

export function glanceAt({ rows, asOf, currency }: PartyAccount) {
  const open = rows.filter(isOpen);
  const overdue = open.filter((item) => isOverdue(item, asOf));
  const credits = open.filter((item) => isNegative(item.open));
  const sum = (items: readonly AccountItem[]): Amount =>
    sumOf(
      items.map((item) => item.open),
      currency,
    );
  return { openCount: open.length, overdueCount: overdue.length, overdue: sum(overdue), credit: sum(credits), creditCount: credits.length };
}
