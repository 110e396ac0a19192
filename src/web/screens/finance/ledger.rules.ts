// The lines of an account as a ledger shows them: where a fiscal year began between two of them, what was carried stands between them too.
import { type Amount, differenceOf, isNothing, negativeOf } from "./statement.rules.ts";

export interface BalancedLine {
  readonly id: string;
  readonly day: string;
  readonly debit: Amount | null;
  readonly credit: Amount | null;
  /** After this line, debit positive. */
  readonly balance: Amount;
}

/** What the year's end took off an account of income or expense, or gave to retained earnings. */
export interface CarriedLine {
  readonly id: string;
  readonly carried: Amount;
  readonly balance: Amount;
}

export const isCarried = (line: object): line is CarriedLine => "carried" in line;

/** Lines of one account in their order, from its opening balance on. */
export function withCarried<Line extends BalancedLine>(lines: readonly Line[], opening: Amount): (Line | CarriedLine)[] {
  let before: { readonly day?: string; readonly balance: Amount } = { balance: opening };
  return lines.flatMap((line) => {
    const { day, balance } = before;
    before = line;
    // A year begins with a day: lines of one day stand in one year.
    if (line.day === day) return [line];
    const begins = differenceOf(line.balance, line.debit ?? negativeOf(line.credit!));
    const carried = differenceOf(begins, balance);
    return isNothing(carried) ? [line] : [{ id: `carried-${line.id}`, carried, balance: begins }, line];
  });
}
