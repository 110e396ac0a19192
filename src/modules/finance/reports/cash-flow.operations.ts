// The cash flow statement, from the result or from the bank accounts themselves; and where an account stands in it.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { activities, type CashRow, directRows, indirectRows } from "./cash-flow.rules.ts";
import { cashPlaces, counterpartsOf } from "./cash-flow.store.ts";
import { bookField } from "./field.ts";
import { AsKnownAt, knownUntil } from "./known.ts";
import { rangeBefore } from "./range.rules.ts";
import { type Column, turnoverColumns } from "./statement.store.ts";
import { bookYearOf, treeOf } from "./year.ts";

const sums = z.object({ operating: Money, investing: Money, financing: Money, change: Money, opening: Money, closing: Money });

export const getCashFlow = operation({
  name: "finance.cashFlow.get",
  title: "Cash flow statement",
  does: "Shows where cash came from and went to between two days: from the result, or from what the bank accounts received and paid.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    from: Day.optional().describe("By default the first day of the fiscal year."),
    to: Day.optional().describe("By default today."),
    method: z.enum(["indirect", "direct"]).default("indirect").describe("From the result, or from the bank accounts."),
    compare: z.enum(["nothing", "previousYear", "previousPeriod"]).default("nothing"),
    asKnownAt: AsKnownAt,
    bookId: bookField,
  }),
  output: z.object({
    from: Day,
    to: Day,
    comparedFrom: Day.nullable(),
    comparedTo: Day.nullable(),
    currency: CurrencyCode,
    rows: z.array(
      z.object({
        activity: z.enum(activities),
        kind: z.enum(["result", "adjustment", "change", "counterpart"]),
        accountId: ref("finance.account").nullable(),
        account: z.string(),
        amount: Money.describe("Cash that came positive, cash that went negative."),
        compared: Money.nullable(),
      }),
    ),
    sums,
    comparedSums: sums.nullable(),
    difference: Money.describe("Change of the cash accounts less the sum of the rows; zero."),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing, rangeReversed: "The range ends on {to}, before it begins on {from}." },
  async run(input, context) {
    const to = input.to ?? context.today;
    const { book, yearStart } = await bookYearOf(context, to, input.bookId);
    const from = input.from ?? yearStart;
    if (to < from) refuse("rangeReversed", { from, to }, ["to"]);
    const knownAt = await knownUntil(context, input.asKnownAt);
    const before = input.compare === "nothing" ? undefined : rangeBefore({ from, to }, input.compare);
    const ranges = before ? [{ from, to }, before] : [{ from, to }];
    const filter = { bookId: book.id, knownAt, beforeClosing: true };
    const tree = await treeOf(context, book.id, knownAt);
    const places = await cashPlaces(context, book.id, tree);
    const cashIds = tree.filter((account) => places.get(account.id) === "cash").map((account) => account.id);
    // For each range what stood before it, and what happened in it.
    const asked = ranges.flatMap((range) => [{ until: addDays(range.from, -1) }, { from: range.from, until: range.to }]);
    const columns = await turnoverColumns(context, filter, asked);
    const inside = ranges.map((_, index) => columns[index * 2 + 1]!);
    const rows =
      input.method === "indirect"
        ? indirectRows(tree, places, inside)
        : directRows(tree, places, await counterpartsOf(context, filter, cashIds, ranges));
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    const shown = ranges.map((_, index) => sumsOf(rows, index, cashIds, columns, money));
    const moved = cashIds.reduce((sum, id) => sum + (inside[0]!.get(id) ?? 0n), 0n);
    return {
      from,
      to,
      comparedFrom: before?.from ?? null,
      comparedTo: before?.to ?? null,
      currency: money(0n).currency,
      rows: rows.map((row) => ({
        activity: row.activity,
        kind: row.kind,
        accountId: row.account?.id ?? null,
        account: row.account ? `${row.account.code} ${row.account.name}` : "Result",
        amount: money(row.amounts[0]!),
        compared: before ? money(row.amounts[1]!) : null,
      })),
      sums: shown[0]!,
      comparedSums: shown[1] ?? null,
      difference: money(moved - shown[0]!.change.minor),
    };
  },
});

function sumsOf(
  rows: readonly CashRow[],
  index: number,
  cashIds: readonly KernelId[],
  columns: readonly Column[],
  money: (minor: bigint) => KernelMoney,
) {
  const of = (activity: CashRow["activity"]): bigint =>
    rows.reduce((sum, row) => sum + (row.activity === activity ? row.amounts[index]! : 0n), 0n);
  const cash = (column: Column): bigint => cashIds.reduce((sum, id) => sum + (column.get(id) ?? 0n), 0n);
  const [operating, investing, financing] = [of("operating"), of("investing"), of("financing")];
  const opening = cash(columns[index * 2]!);
  return {
    operating: money(operating),
    investing: money(investing),
    financing: money(financing),
    change: money(operating + investing + financing),
    opening: money(opening),
    closing: money(opening + cash(columns[index * 2 + 1]!)),
  };
}

export const placeInCashFlow = operation({
  name: "finance.account.placeInCashFlow",
  title: "Place an account in the cash flow statement",
  does: "Says to which activity an account, or all that is below a group, belongs in the cash flow statement: a loan finances the company.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    accountId: ref("finance.account"),
    activity: z.enum([...activities, "byItself"]).describe("By itself: as its job and its type say."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such account.",
    accountIsCash: "Account {account} is cash itself; the statement explains what happened to it.",
  },
  when: (record) => record["state"] !== "retired",
  async run({ accountId, activity }, context) {
    const { tenantId } = context;
    const account = await context.db.maybe<{ code: string; bookId: KernelId }>(sql`
      select code, book_id from finance.account where tenant_id = ${tenantId} and id = ${accountId} for update`);
    if (!account) refuse("notFound");
    const places = await cashPlaces(context, account.bookId, await treeOf(context, account.bookId));
    if (places.get(accountId) === "cash") refuse("accountIsCash", { account: account.code }, ["accountId"]);
    await context.db.run(
      activity === "byItself"
        ? sql`delete from finance.cash_flow_place where tenant_id = ${tenantId} and account_id = ${accountId}`
        : sql`insert into finance.cash_flow_place (tenant_id, account_id, activity) values (${tenantId}, ${accountId}, ${activity})
            on conflict (tenant_id, account_id) do update set activity = excluded.activity`,
    );
    return { id: accountId };
  },
});
