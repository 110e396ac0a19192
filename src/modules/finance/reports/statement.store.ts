// The columns of a statement, read in one query whatever their number: turnover of ranges, and balances of days.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { type FiscalCalendar, fiscalYearStartOf } from "../ledger/period.rules.ts";
import { type DayRange, type TurnoverFilter, turnoversOf } from "../ledger/turnover.ts";
import { isResultType } from "./trial-balance.rules.ts";
import type { TreeAccount } from "./statement.rules.ts";

/** Debit-positive turnover by account. */
export type Column = ReadonlyMap<Id, bigint>;

/** One column for each range. */
export async function turnoverColumns(context: ReadContext, filter: TurnoverFilter, ranges: readonly DayRange[]): Promise<Column[]> {
  const columns = ranges.map(() => new Map<Id, bigint>());
  const rows = await context.db.rows<{ place: number; accountId: Id; debit: bigint; credit: bigint }>(turnoversOf(context, filter, ranges));
  for (const row of rows) columns[row.place - 1]!.set(row.accountId, row.debit - row.credit);
  return columns;
}

/** Several columns as one. */
export function addedUp(columns: readonly Column[]): Column {
  if (columns.length === 1) return columns[0]!;
  const sums = new Map<Id, bigint>();
  for (const column of columns) for (const [accountId, amount] of column) sums.set(accountId, (sums.get(accountId) ?? 0n) + amount);
  return sums;
}

export interface SheetColumn {
  readonly day: Day;
  /** Of accounts of the balance sheet, what earlier years earned on retained earnings. */
  readonly balances: Column;
  /** Of the fiscal year until the day, profit positive. */
  readonly result: bigint;
}

interface SheetQuestion {
  readonly filter: TurnoverFilter;
  readonly calendar: FiscalCalendar;
  readonly days: readonly Day[];
  readonly tree: readonly TreeAccount[];
}

/** What stands on the evening of each of these days; the ranges between them are read once and added up. */
export async function sheetColumns(context: ReadContext, { filter, calendar, days, tree }: SheetQuestion): Promise<SheetColumn[]> {
  const beforeYear = (asOf: Day): Day => addDays(fiscalYearStartOf(asOf, calendar), -1);
  const cuts = [...new Set(days.flatMap((asOf) => [beforeYear(asOf), asOf]))].toSorted();
  const ranges = cuts.map((until, index): DayRange => (index === 0 ? { until } : { from: addDays(cuts[index - 1]!, 1), until }));
  const parts = await turnoverColumns(context, filter, ranges);
  const retainedId = await retainedEarningsOf(context, filter.bookId);
  const types = new Map(tree.map((account) => [account.id, account.type]));
  return days.map((asOf) => {
    const balances = new Map<Id, bigint>();
    let [earlier, result] = [0n, 0n];
    parts.forEach((part, index) => {
      if (cuts[index]! > asOf) return;
      for (const [accountId, amount] of part) {
        if (!isResultType(types.get(accountId)!)) balances.set(accountId, (balances.get(accountId) ?? 0n) + amount);
        else if (cuts[index]! <= beforeYear(asOf)) earlier += amount;
        else result -= amount;
      }
    });
    if (retainedId) balances.set(retainedId, (balances.get(retainedId) ?? 0n) + earlier);
    return { day: asOf, balances, result };
  });
}

export async function retainedEarningsOf(context: ReadContext, bookId: Id): Promise<Id | undefined> {
  const found = await context.db.maybe<{ accountId: Id }>(sql`
    select account_id from finance.account_role
    where tenant_id = ${context.tenantId} and book_id = ${bookId} and role = 'retainedEarnings'`);
  return found?.accountId;
}
