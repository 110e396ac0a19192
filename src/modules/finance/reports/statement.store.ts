// The columns of a statement, read in one query whatever their number: turnover of ranges, and balances of days.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { prepared, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { type FiscalCalendar, fiscalYearStartOf } from "../ledger/period.rules.ts";
import { type DayRange, type TurnoverFilter, turnoverParts } from "../ledger/turnover.ts";
import { isResultType } from "./trial-balance.rules.ts";
import type { TreeAccount } from "./statement.rules.ts";
import { treeOf } from "./year.ts";

/** Debit-positive turnover by account. */
export type Column = ReadonlyMap<Id, bigint>;

/** One column for each range. */
export async function turnoverColumns(context: ReadContext, filter: TurnoverFilter, ranges: readonly DayRange[]): Promise<Column[]> {
  const columns = ranges.map(() => new Map<Id, bigint>());
  // One row for each account, however many columns.
  const rows = await context.db.rows<{ accountId: Id; places: bigint[]; amounts: bigint[] }>(
    prepared(sql`
      select s.account_id, array_agg(s.place) as places, array_agg(s.amount) as amounts from (
        select t.place, t.account_id, sum(t.debit - t.credit)::bigint as amount from (${turnoverParts(context, filter, ranges)}) t
        group by t.place, t.account_id) s
      group by s.account_id`),
  );
  for (const { accountId, places, amounts } of rows) {
    for (const [index, place] of places.entries()) columns[Number(place) - 1]!.set(accountId, amounts[index]!);
  }
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
}

/** What stands on the evening of each of these days; the ranges between them are read once and added up. */
export async function sheetColumns(
  context: ReadContext,
  { filter, calendar, days }: SheetQuestion,
): Promise<{ tree: TreeAccount[]; sheets: SheetColumn[] }> {
  const beforeYear = (asOf: Day): Day => addDays(fiscalYearStartOf(asOf, calendar), -1);
  const cuts = [...new Set(days.flatMap((asOf) => [beforeYear(asOf), asOf]))].toSorted();
  const ranges = cuts.map((until, index): DayRange => (index === 0 ? { until } : { from: addDays(cuts[index - 1]!, 1), until }));
  const [tree, parts, retainedId] = await Promise.all([
    treeOf(context, filter.bookId, filter.knownAt),
    turnoverColumns(context, filter, ranges),
    retainedEarningsOf(context, filter.bookId),
  ]);
  const types = new Map(tree.map((account) => [account.id, account.type]));
  const sheets = days.map((asOf): SheetColumn => {
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
  return { tree, sheets };
}

export async function retainedEarningsOf(context: ReadContext, bookId: Id): Promise<Id | undefined> {
  const found = await context.db.maybe<{ accountId: Id }>(
    prepared(sql`
      select account_id from finance.account_role
      where tenant_id = ${context.tenantId} and book_id = ${bookId} and role = 'retainedEarnings'`),
  );
  return found?.accountId;
}
