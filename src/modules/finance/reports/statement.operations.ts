// The two statements of the books: what was earned between two days, and what is owned and owed on a day.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { CurrencyCode, Day, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { accountTypes } from "../ledger/chart.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { leavesOutPay } from "../ledger/pay-lines.ts";
import { bookField, dimensionValueField, unitField, withoutPayField } from "./field.ts";
import { AsKnownAt, knownUntil } from "./known.ts";
import { monthEndsBefore, partsOf, type Range, rangeBefore } from "./range.rules.ts";
import { sectionTotal, type StatementRow, statementRows } from "./statement.rules.ts";
import { addedUp, sheetColumns, turnoverColumns } from "./statement.store.ts";
import { bookYearOf, treeOf } from "./year.ts";

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
  amounts: z.array(Money).describe("One for each of `columns`, when they are asked for."),
});

/** Rows whose first amount is the whole, the second what it is compared with, and then the columns. */
const shownRows = (rows: readonly StatementRow[], currency: string, isCompared: boolean) =>
  rows.map(({ amounts, ...row }) => {
    const [amount, ...rest] = amounts.map((minor) => new KernelMoney(minor, currency));
    return { ...row, amount: amount!, compared: isCompared ? rest[0]! : null, amounts: isCompared ? rest.slice(1) : rest };
  });

/** More columns than this nobody reads beside each other. */
const columnsMax = 60;

export const getProfitAndLoss = operation({
  name: "finance.profitAndLoss.get",
  title: "Profit and loss",
  does: "Shows income, expenses and the result between two days, by the tree of accounts, beside another range or month by month.",
  kind: "read",
  keepsPlans: true,
  may: roles,
  input: z.strictObject({
    from: Day.optional().describe("By default the first day of the fiscal year."),
    to: Day.optional().describe("By default today."),
    compare: z
      .enum(["nothing", "previousYear", "previousPeriod"])
      .default("nothing")
      .describe("Shows the same range one year before, or the range just before, beside it."),
    by: z.enum(["total", "month", "quarter"]).default("total").describe("Also each month or quarter of the range in a column of its own."),
    asKnownAt: AsKnownAt,
    unitId: unitField,
    dimensionValueId: dimensionValueField,
    bookId: bookField,
  }),
  output: z.object({
    from: Day,
    to: Day,
    comparedFrom: Day.nullable(),
    comparedTo: Day.nullable(),
    columns: z.array(z.object({ from: Day, to: Day })),
    currency: CurrencyCode,
    rows: z.array(Row),
    income: Money,
    expense: Money,
    result: Money,
    comparedResult: Money.nullable(),
    withoutPay: withoutPayField,
    sums: z.array(z.object({ income: Money, expense: Money, result: Money })).describe("Of each of `columns`."),
  }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    rangeReversed: "The range ends on {to}, before it begins on {from}.",
    tooManyColumns: "The range has {columns} columns; at most {most} stand beside each other. Choose a shorter range.",
  },
  async run(input, context) {
    const to = input.to ?? context.today;
    const { book, yearStart, byDay } = await bookYearOf(context, to, input.bookId);
    const from = input.from ?? yearStart;
    if (to < from) refuse("rangeReversed", { from, to }, ["to"]);
    const { unitId, dimensionValueId } = input;
    const knownAt = await knownUntil(context, input.asKnownAt);
    const before = input.compare === "nothing" ? undefined : rangeBefore({ from, to }, input.compare);
    const parts = input.by === "total" ? [] : partsOf({ from, to }, input.by);
    if (parts.length > columnsMax) refuse("tooManyColumns", { columns: parts.length, most: columnsMax }, ["to"]);
    // The parts of the range add up to it, so that it is not read twice.
    const ranges: Range[] = [...(parts.length > 0 ? parts : [{ from, to }]), ...(before ? [before] : [])];
    const asked = ranges.map((range) => ({ from: range.from, until: range.to }));
    const [found, tree] = await Promise.all([
      turnoverColumns(context, { bookId: book.id, byDay, unitId, dimensionValueId, knownAt, beforeClosing: true }, asked),
      treeOf(context, book.id, knownAt),
    ]);
    const own = before ? found.slice(0, -1) : found;
    const columns = [addedUp(own), ...(before ? [found.at(-1)!] : []), ...(parts.length > 0 ? own : [])];
    const rows = statementRows(tree, ["income", "expense"], columns);
    const [income, expense] = [sectionTotal(rows, "income", columns.length), sectionTotal(rows, "expense", columns.length)];
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    const sums = income.map((sum, index) => ({
      income: money(sum),
      expense: money(expense[index]!),
      result: money(sum - expense[index]!),
    }));
    return {
      from,
      to,
      comparedFrom: before?.from ?? null,
      comparedTo: before?.to ?? null,
      columns: parts,
      currency: money(0n).currency,
      rows: shownRows(rows, book.currency, before !== undefined),
      ...sums[0]!,
      comparedResult: before ? sums[1]!.result : null,
      withoutPay: leavesOutPay(context, input),
      sums: sums.slice(before ? 2 : 1),
    };
  },
});

export const getBalanceSheet = operation({
  name: "finance.balanceSheet.get",
  title: "Balance sheet",
  does: "Shows what the company owns and owes on a day, with the result of the year so far; both sides are always equal.",
  kind: "read",
  keepsPlans: true,
  may: roles,
  input: z.strictObject({
    asOf: Day.optional().describe("By default today."),
    comparedTo: Day.optional().describe("Another day to show beside it."),
    months: z.number().int().min(0).max(36).default(0).describe("Also the ends of so many months before, each in a column of its own."),
    asKnownAt: AsKnownAt,
    bookId: bookField,
  }),
  output: z.object({
    asOf: Day,
    comparedTo: Day.nullable(),
    columns: z.array(Day),
    yearStart: Day,
    currency: CurrencyCode,
    rows: z.array(Row),
    assets: Money,
    liabilities: Money,
    equity: Money.describe("With the result of the year."),
    result: Money.describe("Of the fiscal year so far."),
    comparedResult: Money.nullable(),
    results: z.array(Money).describe("Of the fiscal year of each of `columns` so far."),
    difference: Money.describe("Assets less liabilities less equity; zero."),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing },
  async run(input, context) {
    const asOf = input.asOf ?? context.today;
    const { book, yearStart, calendar, byDay } = await bookYearOf(context, asOf, input.bookId);
    const knownAt = await knownUntil(context, input.asKnownAt);
    const ends = input.months > 0 ? monthEndsBefore(asOf, input.months) : [];
    const days: KernelDay[] = [asOf, ...(input.comparedTo ? [input.comparedTo] : []), ...ends];
    const { tree, sheets } = await sheetColumns(context, { filter: { bookId: book.id, byDay, knownAt }, calendar, days });
    const rows = statementRows(
      tree,
      ["asset", "liability", "equity"],
      sheets.map((sheet) => sheet.balances),
    );
    const own = sheets[0]!;
    const [assets] = sectionTotal(rows, "asset", 1) as [bigint];
    const [liabilities] = sectionTotal(rows, "liability", 1) as [bigint];
    const equity = sectionTotal(rows, "equity", 1)[0]! + own.result;
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    const isCompared = input.comparedTo !== undefined;
    return {
      asOf,
      comparedTo: input.comparedTo ?? null,
      columns: ends,
      yearStart,
      currency: money(0n).currency,
      rows: shownRows(rows, book.currency, isCompared),
      assets: money(assets),
      liabilities: money(liabilities),
      equity: money(equity),
      result: money(own.result),
      comparedResult: isCompared ? money(sheets[1]!.result) : null,
      results: sheets.slice(isCompared ? 2 : 1).map((sheet) => money(sheet.result)),
      difference: money(assets - liabilities - equity),
    };
  },
});
