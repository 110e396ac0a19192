// The statement of changes in equity (IAS 1.106): each account of equity from its opening to its closing, the result beside them.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { CurrencyCode, Day, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { bookField } from "./field.ts";
import { AsKnownAt, knownUntil } from "./known.ts";
import { sheetColumns, turnoverColumns } from "./statement.store.ts";
import { isResultType } from "./trial-balance.rules.ts";
import { bookYearOf } from "./year.ts";

const columns = {
  opening: Money,
  result: Money.describe("What was earned in the range."),
  carried: Money.describe("Results of fiscal years that ended in it, carried on retained earnings."),
  posted: Money.describe("What was paid in, taken out or transferred."),
  closing: Money,
};

export const getEquity = operation({
  name: "finance.equity.get",
  title: "Changes in equity",
  does: "Shows each account of equity from its opening to its closing: what was earned, carried from year to year, paid in or taken out.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    from: Day.optional().describe("By default the first day of the fiscal year."),
    to: Day.optional().describe("By default today."),
    asKnownAt: AsKnownAt,
    bookId: bookField,
  }),
  output: z.object({
    from: Day,
    to: Day,
    currency: CurrencyCode,
    rows: z.array(z.object({ accountId: ref("finance.account").nullable(), account: z.string(), ...columns })),
    totals: z.object(columns),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing, rangeReversed: "The range ends on {to}, before it begins on {from}." },
  async run(input, context) {
    const to = input.to ?? context.today;
    const { book, yearStart, calendar } = await bookYearOf(context, to, input.bookId);
    const from = input.from ?? yearStart;
    if (to < from) refuse("rangeReversed", { from, to }, ["to"]);
    const filter = { bookId: book.id, knownAt: await knownUntil(context, input.asKnownAt) };
    const [{ tree, sheets }, [inside]] = await Promise.all([
      sheetColumns(context, { filter, calendar, days: [addDays(from, -1), to] }),
      turnoverColumns(context, { ...filter, beforeClosing: true }, [{ from, until: to }]),
    ]);
    const [before, after] = sheets;
    const earned = tree.reduce((sum, account) => (isResultType(account.type) ? sum - (inside!.get(account.id) ?? 0n) : sum), 0n);
    const accounts = tree
      .filter((account) => !account.isGroup && account.type === "equity")
      .map((account) => {
        const [opening, closing] = [-(before!.balances.get(account.id) ?? 0n), -(after!.balances.get(account.id) ?? 0n)];
        const posted = -(inside!.get(account.id) ?? 0n);
        const carried = closing - opening - posted;
        return { accountId: account.id, account: `${account.code} ${account.name}`, opening, result: 0n, carried, posted, closing };
      });
    const carried = before!.result + earned - after!.result;
    const result = { opening: before!.result, result: earned, carried: -carried, posted: 0n, closing: after!.result };
    const rows = [...accounts, { accountId: null, account: "Result of the fiscal year", ...result }];
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, book.currency);
    const shown = <Row extends Record<keyof typeof columns, bigint>>(row: Row) => ({
      ...row,
      opening: money(row.opening),
      result: money(row.result),
      carried: money(row.carried),
      posted: money(row.posted),
      closing: money(row.closing),
    });
    const total = (column: keyof typeof columns): bigint => rows.reduce((sum, row) => sum + row[column], 0n);
    return {
      from,
      to,
      currency: money(0n).currency,
      rows: rows.filter((row) => row.opening !== 0n || row.closing !== 0n || row.posted !== 0n || row.result !== 0n).map(shown),
      totals: shown({
        opening: total("opening"),
        result: total("result"),
        carried: total("carried"),
        posted: total("posted"),
        closing: total("closing"),
      }),
    };
  },
});
