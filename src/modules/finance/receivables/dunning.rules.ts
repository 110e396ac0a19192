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
}

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
  /** Of what is asked for, without fee and interest. */
  readonly total: Money;
  readonly items: readonly ProposedItem[];
  /** Why nothing is asked for. */
  readonly heldReason: string | null;
}

/** A rule of procedure: levels count from one without a gap, and each comes later than the one before. */
export const levelsRise = (levels: readonly { readonly daysOverdue: number }[]): boolean =>
  levels.every((one, index) => index === 0 || one.daysOverdue > levels[index - 1]!.daysOverdue);

/** The letters for a day; a customer with debts in two currencies gets one for each. */
export function proposeLetters(
  items: readonly OverdueItem[],
  procedures: ReadonlyMap<Id, DunningProcedure>,
  standard: DunningProcedure | undefined,
  day: Day,
): ProposedLetter[] {
  const groups = new Map<string, OverdueItem[]>();
  for (const item of items) {
    const key = `${item.customerId} ${item.open.currency}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].flatMap((own) => {
    const procedure = (own[0]!.procedureId && procedures.get(own[0]!.procedureId)) || standard;
    return procedure ? (letterOf(own, procedure, day) ?? []) : [];
  });
}

function letterOf(items: readonly OverdueItem[], procedure: DunningProcedure, day: Day): ProposedLetter | undefined {
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
  return {
    customerId,
    currency,
    level,
    title,
    text,
    // A fee is charged in its own currency only.
    fee: free.length > 0 && fee.currency === currency ? fee : Money.zero(currency),
    interest: sum(free.map((item) => item.interest)),
    total: sum(free.map((item) => item.open)),
    items: reached,
    heldReason: free.length > 0 ? null : (noDunningReason ?? reached[0]!.heldReason),
  };
}

/** The next level of an item, when its days are over. */
function reachedBy(item: OverdueItem, procedure: DunningProcedure, day: Day): ProposedItem | undefined {
  const next = procedure.levels[item.level];
  const daysOverdue = daysBetween(item.dueDay, day);
  if (!next || daysOverdue < Math.max(1, next.daysOverdue)) return undefined;
  const since = item.askedOn ? later(item.askedOn, item.dueDay) : item.dueDay;
  return {
    itemId: item.itemId,
    level: next.level,
    daysOverdue,
    open: item.open,
    interest: interestOn(item.open, next.interestPercent, daysBetween(since, day)),
    heldReason: item.noDunningReason ?? item.disputed,
  };
}

/** Simple interest by days of a year of 365, rounded half up. */
export const interestOn = (open: Money, percent: string, days: number): Money =>
  open.times(decimal(percent).times(days).dividedBy(36_500), "halfUp");
