// Who is reminded of what: each overdue item goes up one level at a time, once its days are over and the customer has had time since the
// last letter; a letter has the highest level of its items.
import { type Day, daysBetween, later } from "../../../kernel/day.ts";
import { decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money, sumMoney } from "../../../kernel/money.ts";

export interface DunningLevel {
  readonly level: number;
  readonly daysOverdue: number;
  readonly fee: Money;
  /** A year. */
  readonly interestPercent: string;
  readonly title: string;
  readonly text: string;
}

export interface DunningProcedure {
  readonly id: Id;
  readonly pauseDays: number;
  /** By their number, rising. */
  readonly levels: readonly DunningLevel[];
}

export interface OverdueItem {
  readonly itemId: Id;
  readonly customerId: Id;
  readonly dueDay: Day;
  readonly open: Money;
  /** The level it was last asked for at, and when. */
  readonly level: number;
  readonly askedOn: Day | null;
  readonly disputed: string | null;
  readonly procedureId: Id | null;
  /** Why this customer is never reminded. */
  readonly noDunningReason: string | null;
  /** Fee and interest of an earlier letter. */
  readonly isCharge: boolean;
}

/** An overdue item, with what of it the customer has on account or in credit notes that no invoice has taken. */
export type CoveredItem = OverdueItem & { readonly covered: Money };

/** What stands in customers' favour covers what they owe, the oldest due first; what is disputed or never asked for takes none of it. */
export function coveredItems(
  items: readonly OverdueItem[],
  credits: readonly { readonly customerId: Id; readonly amount: Money }[],
): CoveredItem[] {
  const left = new Map(credits.map(({ customerId, amount }) => [`${customerId} ${amount.currency}`, amount]));
  const covered = new Map<Id, Money>();
  for (const item of items.toSorted((one, other) => daysBetween(other.dueDay, one.dueDay))) {
    const key = `${item.customerId} ${item.open.currency}`;
    const credit = left.get(key);
    if (!credit || item.disputed !== null || item.noDunningReason !== null) continue;
    const part = credit.compare(item.open) < 0 ? credit : item.open;
    covered.set(item.itemId, part);
    left.set(key, credit.minus(part));
  }
  return items.map((item) => ({ ...item, covered: covered.get(item.itemId) ?? Money.zero(item.open.currency) }));
}

/** What of an item is asked for. */
export const uncovered = ({ open, covered }: CoveredItem): Money => open.minus(covered);

/** Fees and interest of earlier letters that a letter asks for besides its items, so that they rise by no level and bear no interest. */
export const earlierCharges = (items: readonly CoveredItem[], askedIds: ReadonlySet<Id>, currency: string): Money =>
  sumMoney(items.filter((item) => item.isCharge && item.disputed === null && !askedIds.has(item.itemId)).map(uncovered), currency);

export interface ProposedItem {
  readonly itemId: Id;
  readonly level: number;
  readonly daysOverdue: number;
  readonly open: Money;
  readonly interest: Money;
  readonly heldReason: string | null;
}

export interface ProposedLetter {
  readonly customerId: Id;
  readonly currency: string;
  readonly level: number;
  readonly title: string;
  readonly text: string;
  readonly fee: Money;
  readonly interest: Money;
  /** Of what is asked for, without its own fee and interest. */
  readonly total: Money;
  readonly items: readonly ProposedItem[];
  /** Why nothing is asked for. */
  readonly heldReason: string | null;
}

/** A rule of procedure: levels count from one without a gap, and each comes later than the one before. */
export const levelsRise = (levels: readonly { readonly daysOverdue: number }[]): boolean =>
  levels.every((one, index) => index === 0 || one.daysOverdue > levels[index - 1]!.daysOverdue);

/** The letters for a day; a customer with debts in two currencies gets one for each, and none who has enough in their favour. */
export function proposeLetters(
  items: readonly CoveredItem[],
  procedures: ReadonlyMap<Id, DunningProcedure>,
  standard: DunningProcedure | undefined,
  day: Day,
): ProposedLetter[] {
  const groups = new Map<string, CoveredItem[]>();
  for (const item of items) {
    const key = `${item.customerId} ${item.open.currency}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].flatMap((own) => {
    const procedure = (own[0]!.procedureId && procedures.get(own[0]!.procedureId)) || standard;
    return procedure ? (letterOf(own, procedure, day) ?? []) : [];
  });
}

function letterOf(items: readonly CoveredItem[], procedure: DunningProcedure, day: Day): ProposedLetter | undefined {
  const asked = items.flatMap((item) => item.askedOn ?? []);
  const last = asked.reduce<Day | undefined>((latest, one) => (latest ? later(latest, one) : one), undefined);
  if (last !== undefined && daysBetween(last, day) < procedure.pauseDays) return undefined;
  const reached = items.flatMap((item) => reachedBy(item, procedure, day) ?? []);
  if (reached.length === 0) return undefined;
  const free = reached.filter((item) => item.heldReason === null);
  const level = Math.max(...(free.length > 0 ? free : reached).map((item) => item.level));
  const { title, text, fee } = procedure.levels[level - 1]!;
  const { customerId, open, noDunningReason } = items[0]!;
  const { currency } = open;
  const sum = (amounts: readonly Money[]): Money => sumMoney(amounts, currency);
  const freeIds = new Set(free.map((item) => item.itemId));
  const earlier = free.length > 0 ? earlierCharges(items, freeIds, currency) : Money.zero(currency);
  return {
    customerId,
    currency,
    level,
    title,
    text,
    // A fee is charged in its own currency only.
    fee: free.length > 0 && fee.currency === currency ? fee : Money.zero(currency),
    interest: sum(free.map((item) => item.interest)),
    total: sum(items.filter((item) => freeIds.has(item.itemId)).map(uncovered)).plus(earlier),
    items: reached,
    heldReason: free.length > 0 ? null : (noDunningReason ?? reached[0]!.heldReason),
  };
}

/** The next level of an item, when its days are over. */
function reachedBy(item: CoveredItem, procedure: DunningProcedure, day: Day): ProposedItem | undefined {
  const next = procedure.levels[item.level];
  const daysOverdue = daysBetween(item.dueDay, day);
  if (!next || daysOverdue < Math.max(1, next.daysOverdue) || uncovered(item).minor === 0n) return undefined;
  const since = item.askedOn ? later(item.askedOn, item.dueDay) : item.dueDay;
  return {
    itemId: item.itemId,
    level: next.level,
    daysOverdue,
    open: item.open,
    // Interest bears none (§ 289 BGB).
    interest: interestOn(item.isCharge ? Money.zero(item.open.currency) : uncovered(item), next.interestPercent, daysBetween(since, day)),
    heldReason: item.noDunningReason ?? item.disputed,
  };
}

/** Simple interest by days of a year of 365, rounded half up. */
export const interestOn = (open: Money, percent: string, days: number): Money =>
  open.times(decimal(percent).times(days).dividedBy(36_500), "halfUp");
