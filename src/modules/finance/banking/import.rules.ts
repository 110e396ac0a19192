// Whether a statement fits to those imported before: what is missing between them, and whether two tell the same days differently.
import type { Day } from "../../../kernel/day.ts";
import type { Money } from "../../../kernel/money.ts";
import type { BankStatement } from "./statement.ts";

/** A statement imported before, as far as a later one is compared with it. */
export interface EarlierStatement {
  readonly statementId: string;
  readonly sequence: string | null;
  readonly format: string;
  readonly openingDay: Day;
  readonly opening: Money;
  readonly closingDay: Day;
  readonly closing: Money;
  readonly proven: boolean;
  /** Day and amount of each of its lines; read only where its balances are the new statement's. */
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

/** The opening balance less the closing balance before it, where they differ. */
export function gapAfter(statement: BankStatement, before: Pick<EarlierStatement, "closing"> | undefined): Money | undefined {
  const opening = statement.openingBalance?.amount;
  if (!opening || !before || opening.currency !== before.closing.currency) return undefined;
  const gap = opening.minus(before.closing);
  return gap.minor === 0n ? undefined : gap;
}

export interface Contradiction {
  readonly statement: string;
  readonly other: string;
  readonly day: Day;
  /** The line of the file with the entry that the other statement does not have. */
  readonly line: number;
}

/**
 * A proven statement is complete for its days. A new one that has other entries inside those days, or that is the same statement in
 * another format, would double what is booked. Days at the edges are shared by neighbours and prove nothing.
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
      .find((entry) => isInside(entry.bookingDay, other) || isSameInOtherWords(statement, other));
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
