// Cash: what stood on each bank account week by week, and what will come and go as open items become due.
import { z } from "zod";
import { addDays, type Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { cashPlaces } from "./cash-flow.store.ts";
import { bookField } from "./field.ts";
import { AsKnownAt, knownUntil } from "./known.ts";
import { openParts } from "./open-item.store.ts";
import { turnoverColumns } from "./statement.store.ts";
import { bookYearOf, treeOf } from "./year.ts";

const weeks = (count: number) => z.number().int().min(0).max(52).default(count);

export const getCashForecast = operation({
  name: "finance.cashForecast.get",
  title: "Cash and what is due",
  does: "Shows the cash of each account week by week until a day, and after it what falls due from customers and to suppliers.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    asOf: Day.optional().describe("By default today."),
    weeksBefore: weeks(12),
    weeksAfter: weeks(12),
    asKnownAt: AsKnownAt,
    bookId: bookField,
  }),
  output: z.object({
    asOf: Day,
    currency: CurrencyCode,
    accounts: z.array(z.object({ accountId: ref("finance.account"), account: z.string(), balance: Money })),
    history: z.array(z.object({ day: Day, total: Money, balances: z.array(Money).describe("In the order of `accounts`.") })),
    overdueIn: Money.describe("What customers should have paid already; counted in the first week."),
    overdueOut: Money.describe("What suppliers should have been paid already; counted in the first week."),
    laterIn: Money,
    laterOut: Money,
    rows: z.array(z.object({ from: Day, to: Day, in: Money, out: Money, balance: Money })).describe("The weeks after the day."),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing },
  async run(input, context) {
    const asOf = input.asOf ?? context.today;
    const { book } = await bookYearOf(context, asOf, input.bookId);
    const knownAt = await knownUntil(context, input.asKnownAt);
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    const { accounts, days, standings } = await cashBefore(context, { bookId: book.id, knownAt }, asOf, input.weeksBefore);
    const total = (balances: readonly bigint[]): bigint => balances.reduce((sum, balance) => sum + balance, 0n);
    const due = await dueAfter(context, { bookId: book.id, asOf, knownAt }, input.weeksAfter);
    let balance = total(standings.at(-1)!);
    const rows = Array.from({ length: input.weeksAfter }, (_, week) => {
      const { in: coming, out: going } = due.weeks[week]!;
      balance += coming - going;
      const from = addDays(asOf, week * 7 + 1);
      return { from, to: addDays(from, 6), in: money(coming), out: money(going), balance: money(balance) };
    });
    return {
      asOf,
      currency: money(0n).currency,
      accounts: accounts.map((account, index) => ({ ...account, balance: money(standings.at(-1)![index]!) })),
      history: days.map((day, index) => ({ day, total: money(total(standings[index]!)), balances: standings[index]!.map(money) })),
      overdueIn: money(due.overdue.in),
      overdueOut: money(due.overdue.out),
      laterIn: money(due.later.in),
      laterOut: money(due.later.out),
      rows,
    };
  },
});

/** The cash accounts that ever had something, and what stood on each at the end of each week until the day. */
async function cashBefore(context: ReadContext, filter: { bookId: KernelId; knownAt: Date | undefined }, asOf: KernelDay, count: number) {
  const tree = await treeOf(context, filter.bookId, filter.knownAt);
  const places = await cashPlaces(context, filter.bookId, tree);
  const all = tree.filter((account) => places.get(account.id) === "cash");
  const days = Array.from({ length: count + 1 }, (_, index) => addDays(asOf, (index - count) * 7));
  const ranges = days.map((day, index) => (index === 0 ? { until: day } : { from: addDays(days[index - 1]!, 1), until: day }));
  const columns = await turnoverColumns(context, { ...filter, accountIds: all.map((account) => account.id) }, ranges);
  const used = all.filter((account) => columns.some((column) => column.has(account.id)));
  const standing = used.map(() => 0n);
  const standings = columns.map((column) => {
    used.forEach((account, index) => (standing[index] = standing[index]! + (column.get(account.id) ?? 0n)));
    return [...standing];
  });
  return { days, standings, accounts: used.map((account) => ({ accountId: account.id, account: `${account.code} ${account.name}` })) };
}

interface Due {
  in: bigint;
  out: bigint;
}

/** Open items by the week they become due; what is overdue counts in the first week and is told apart. */
async function dueAfter(context: ReadContext, asked: { bookId: KernelId; asOf: KernelDay; knownAt: Date | undefined }, count: number) {
  const nothing = (): Due => ({ in: 0n, out: 0n });
  const due = { weeks: Array.from({ length: count }, nothing), overdue: nothing(), later: nothing() };
  for (const direction of ["receivable", "payable"] as const) {
    const rows = await context.db.rows<{ week: number; open: bigint }>(sql`
      select least(${count}::int, case when o.due_day < ${asked.asOf}::date then -1
          else greatest(0, (o.due_day - ${asked.asOf}::date - 1) / 7) end) as week, sum(o.amount)::bigint as open
      from (${openParts(context, { ...asked, direction })}) o group by 1`);
    const [side, sign] = direction === "receivable" ? (["in", 1n] as const) : (["out", -1n] as const);
    for (const { week, open } of rows) {
      if (week < 0) due.overdue[side] += sign * open;
      const into = week >= count ? due.later : due.weeks[Math.max(0, week)]!;
      into[side] += sign * open;
    }
  }
  return due;
}
