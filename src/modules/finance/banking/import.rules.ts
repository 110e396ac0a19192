// Whether a statement fits to those imported before: whether two tell the same days differently.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import type { Ordered } from "./statement-order.rules.ts";
import type { BankStatement } from "./statement.ts";

/** A statement with a closing balance, as far as others are compared with it. An opening it does not tell is what its entries leave. */
export interface EarlierStatement extends Ordered {
  readonly id: Id;
  readonly openingDay: Day;
  readonly proven: boolean;
  /** Day and amount of each of its lines. */
  readonly lines: readonly { readonly day: Day; readonly minor: bigint }[];
}

/** Days a statement tells about, from its balances and its entries. */
export function daysOf(statement: BankStatement): { from: Day; until: Day } | undefined {
  const days = [
    ...statement.entries.map((entry) => entry.bookingDay),
    ...[statement.openingBalance, statement.closingBalance].flatMap((balance) => (balance ? [balance.day] : [])),
    ...statement.otherBalances.map((balance) => balance.day),
  ].toSorted();
  return days.length > 0 ? { from: days[0]!, until: days.at(-1)! } : undefined;
}

/** Advance notice: told during the day, before the day's statement. Nothing of it is posted. */
export const isAdvice = (statement: BankStatement): boolean =>
  ["camt.052", "camt.054", "MT942", "BAI2 of the day"].includes(statement.format);

/** How others are compared with a statement once it is imported; nothing without a closing balance. */
export function asEarlier(id: Id, statement: BankStatement, entriesSum: Money, proven: boolean): EarlierStatement | undefined {
  const { format, statementId, sequence, openingBalance: opening, closingBalance: closing } = statement;
  if (!closing) return undefined;
  return {
    id,
    format,
    statementId,
    sequence,
    openingDay: opening?.day ?? closing.day,
    opening: opening?.amount ?? new Money(closing.amount.minor - entriesSum.minor, closing.amount.currency),
    closingDay: closing.day,
    closing: closing.amount,
    proven,
    lines: statement.entries.map((entry) => ({ day: entry.bookingDay, minor: entry.amount.minor })),
  };
}

export interface Contradiction {
  readonly statement: string;
  readonly other: string;
  readonly day: Day;
  /** The line of the file with the entry that the other statement does not have. */
  readonly line: number;
}

/**
 * A proven statement is complete for its days. A new one that has other entries inside those days, or that tells them in another format,
 * would double what is booked. Days at the edges are shared by neighbours and prove nothing, unless both come to the same balance.
 * @param added places of the entries that are not known yet.
 */
export function contradiction(
  statement: BankStatement,
  added: readonly number[],
  earlier: readonly EarlierStatement[],
): Contradiction | undefined {
  for (const other of earlier.filter((one) => one.proven)) {
    const doubled = added
      .map((place) => statement.entries[place]!)
      .find(
        ({ bookingDay }) => isInside(bookingDay, other) || isSameInOtherWords(statement, other) || isToldIn(bookingDay, statement, other),
      );
    if (doubled) {
      return { statement: statement.statementId, other: other.statementId, day: doubled.bookingDay, line: doubled.line };
    }
  }
  return undefined;
}

const isInside = (day: Day, other: EarlierStatement): boolean => other.openingDay < day && day < other.closingDay;

function isSameInOtherWords(statement: BankStatement, other: EarlierStatement): boolean {
  if (statement.format === other.format && statement.statementId !== other.statementId) return false;
  const [opening, closing] = [statement.openingBalance, statement.closingBalance];
  if (!opening?.amount.equals(other.opening) || !closing?.amount.equals(other.closing) || closing.day !== other.closingDay) return false;
  const told = statement.entries.map((entry) => `${entry.bookingDay} ${entry.amount.minor}`).toSorted();
  const stored = other.lines.map((line) => `${line.day} ${line.minor}`).toSorted();
  return told.length === stored.length && told.every((one, index) => one === stored[index]);
}

/**
 * That another format tells a day of the other statement once more: both come to the balance with which that one closed, whether the new
 * one ends there or goes on. One that opens with it begins where the other ended.
 */
function isToldIn(day: Day, statement: BankStatement, other: EarlierStatement): boolean {
  const [opening, closing] = [statement.openingBalance, statement.closingBalance];
  if (statement.format === other.format || !closing || closing.day < other.closingDay || day > other.closingDay) return false;
  if (opening?.amount.equals(other.closing) || !(day > other.openingDay || other.lines.some((line) => line.day === day))) return false;
  const after = statement.entries.filter((entry) => entry.status === "booked" && entry.bookingDay > other.closingDay);
  const reached = closing.amount.minor - after.reduce((sum, entry) => sum + entry.amount.minor, 0n);
  return closing.amount.currency === other.closing.currency && reached === other.closing.minor;
}
