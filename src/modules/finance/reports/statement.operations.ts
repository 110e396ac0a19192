// The two statements of the books: what was earned between two days, and what is owned and owed on a day.
import { z } from "zod";
import { addDays, addMonths, type Day as KernelDay, daysBetween } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { accountTypes } from "../ledger/chart.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { turnoverOf } from "../ledger/turnover.ts";
import { sectionTotal, type StatementRow, statementRows, type TreeAccount } from "./statement.rules.ts";
import { trialBalanceRows } from "./trial-balance.rules.ts";
import { accountTurnovers, bookYearOf } from "./year.ts";

const roles = ["finance.accountant", "finance.manager"];
const Row = z.object({
  accountId: ref("finance.account"),
  code: z.string(),
  name: z.string(),
  type: z.enum(accountTypes),
  level: z.number().int(),
  isGroup: z.boolean(),
  amount: Money,
  compared: Money.nullable(),
});

const treeOf = (context: ReadContext, bookId: KernelId): Promise<TreeAccount[]> =>
  context.db.rows<TreeAccount>(sql`
    select id, code, name, type, parent_id, is_group from finance.account
    where tenant_id = ${context.tenantId} and book_id = ${bookId} order by code`);

/** Rows with one column, and a second one where it is compared. */
const shownRows = (rows: readonly StatementRow[], currency: string, isCompared: boolean) =>
  rows.map(({ amounts, ...row }) => ({
    ...row,
    amount: new KernelMoney(amounts[0]!, currency),
    compared: isCompared ? new KernelMoney(amounts[1]!, currency) : null,
  }));

const compare = z
  .enum(["nothing", "previousYear", "previousPeriod"])
  .default("nothing")
  .describe("Shows the same range one year before, or the range just before, beside it.");

function comparedRange(from: KernelDay, to: KernelDay, wish: "previousYear" | "previousPeriod"): { from: KernelDay; to: KernelDay } {
  if (wish === "previousYear") return { from: addMonths(from, -12), to: addDays(addMonths(addDays(to, 1), -12), -1) };
  return { from: addDays(from, -daysBetween(from, to) - 1), to: addDays(from, -1) };
}

export const getProfitAndLoss = operation({
  name: "finance.profitAndLoss.get",
  title: "Profit and loss",
  does: "Shows income, expenses and the result between two days, by the tree of accounts, beside another range if wished.",
  kind: "read",
  may: roles,
  input: z.strictObject({
    from: Day.optional().describe("By default the first day of the fiscal year."),
    to: Day.optional().describe("By default today."),
    compare,
    unitId: ref("directory.unit").optional().describe("Only one cost centre."),
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({
    from: Day,
    to: Day,
    comparedFrom: Day.nullable(),
    comparedTo: Day.nullable(),
    currency: CurrencyCode,
    rows: z.array(Row),
    income: Money,
    expense: Money,
    result: Money,
    comparedResult: Money.nullable(),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing, rangeReversed: "The range ends on {to}, before it begins on {from}." },
  async run(input, context) {
    const to = input.to ?? context.today;
    const { book, yearStart } = await bookYearOf(context, to, input.bookId);
    const from = input.from ?? yearStart;
    if (to < from) refuse("rangeReversed", { from, to }, ["to"]);
    const before = input.compare === "nothing" ? undefined : comparedRange(from, to, input.compare);
    const column = async (range: { from: KernelDay; to: KernelDay }): Promise<Map<KernelId, bigint>> => {
      const turnover = turnoverOf(context, { bookId: book.id, from: range.from, until: range.to, unitId: input.unitId });
      const found = await context.db.rows<{ accountId: KernelId; debit: bigint; credit: bigint }>(turnover);
      return new Map(found.map((row) => [row.accountId, row.debit - row.credit]));
    };
    const columns = [await column({ from, to }), ...(before ? [await column(before)] : [])];
    const rows = statementRows(await treeOf(context, book.id), ["income", "expense"], columns);
    const income = sectionTotal(rows, "income", columns.length);
    const expense = sectionTotal(rows, "expense", columns.length);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    return {
      from,
      to,
      comparedFrom: before?.from ?? null,
      comparedTo: before?.to ?? null,
      currency: money(0n).currency,
      rows: shownRows(rows, book.currency, before !== undefined),
      income: money(income[0]!),
      expense: money(expense[0]!),
      result: money(income[0]! - expense[0]!),
      comparedResult: before ? money(income[1]! - expense[1]!) : null,
    };
  },
});

interface SheetColumn {
  readonly balances: ReadonlyMap<KernelId, bigint>;
  /** Of the fiscal year until the day, profit positive. */
  readonly result: bigint;
}

async function sheetColumn(context: ReadContext, asOf: KernelDay, bookId?: KernelId): Promise<SheetColumn> {
  const year = await bookYearOf(context, asOf, bookId);
  const rows = trialBalanceRows(await accountTurnovers(context, year, asOf));
  const isResult = (type: string): boolean => type === "income" || type === "expense";
  return {
    balances: new Map(rows.filter((row) => !isResult(row.type)).map((row) => [row.accountId, row.closing])),
    result: -rows.filter((row) => isResult(row.type)).reduce((sum, row) => sum + row.closing, 0n),
  };
}

export const getBalanceSheet = operation({
  name: "finance.balanceSheet.get",
  title: "Balance sheet",
  does: "Shows what the company owns and owes on a day, with the result of the year so far; both sides are always equal.",
  kind: "read",
  may: roles,
  input: z.strictObject({
    asOf: Day.optional().describe("By default today."),
    comparedTo: Day.optional().describe("Another day to show beside it."),
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({
    asOf: Day,
    comparedTo: Day.nullable(),
    yearStart: Day,
    currency: CurrencyCode,
    rows: z.array(Row),
    assets: Money,
    liabilities: Money,
    equity: Money.describe("With the result of the year."),
    result: Money.describe("Of the fiscal year so far."),
    comparedResult: Money.nullable(),
    difference: Money.describe("Assets less liabilities less equity; zero."),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing },
  async run(input, context) {
    const asOf = input.asOf ?? context.today;
    const { book, yearStart } = await bookYearOf(context, asOf, input.bookId);
    const own = await sheetColumn(context, asOf, input.bookId);
    const other = input.comparedTo ? await sheetColumn(context, input.comparedTo, input.bookId) : undefined;
    const columns = [own.balances, ...(other ? [other.balances] : [])];
    const rows = statementRows(await treeOf(context, book.id), ["asset", "liability", "equity"], columns);
    const [assets] = sectionTotal(rows, "asset", 1) as [bigint];
    const [liabilities] = sectionTotal(rows, "liability", 1) as [bigint];
    const equity = sectionTotal(rows, "equity", 1)[0]! + own.result;
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    return {
      asOf,
      comparedTo: input.comparedTo ?? null,
      yearStart,
      currency: money(0n).currency,
      rows: shownRows(rows, book.currency, other !== undefined),
      assets: money(assets),
      liabilities: money(liabilities),
      equity: money(equity),
      result: money(own.result),
      comparedResult: other ? money(other.result) : null,
      difference: money(assets - liabilities - equity),
    };
  },
});
