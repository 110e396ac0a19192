// The trial balance as of any day.
import { z } from "zod";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { CurrencyCode, Day, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { accountTypes } from "../ledger/chart.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { leavesOutPay } from "../ledger/pay-lines.ts";
import { bookField, dimensionValueField, unitField, withoutPayField } from "./field.ts";
import { AsKnownAt, knownUntil } from "./known.ts";
import { trialBalanceRows } from "./trial-balance.rules.ts";
import { accountTurnovers, bookYearOf } from "./year.ts";

export const getTrialBalance = operation({
  name: "finance.trialBalance.get",
  title: "Trial balance",
  does: "Shows every account with its opening, debits, credits and closing balance as of a day; the sum is always zero.",
  kind: "read",
  keepsPlans: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    asOf: Day.optional().describe("By default today."),
    asKnownAt: AsKnownAt,
    unitId: unitField,
    dimensionValueId: dimensionValueField,
    bookId: bookField,
  }),
  output: z.object({
    asOf: Day,
    yearStart: Day,
    currency: CurrencyCode,
    rows: z.array(
      z.object({
        accountId: ref("finance.account"),
        code: z.string(),
        name: z.string(),
        type: z.enum(accountTypes),
        opening: Money,
        debit: Money,
        credit: Money,
        closing: Money,
      }),
    ),
    totals: z.object({ opening: Money, debit: Money, credit: Money, closing: Money }),
    withoutPay: withoutPayField,
  }),
  refuses: { booksMissing: postingRefusals.booksMissing },
  async run(input, context) {
    const asOf = input.asOf ?? context.today;
    const year = await bookYearOf(context, asOf, input.bookId);
    const { currency } = year.book;
    const { unitId, dimensionValueId } = input;
    const knownAt = await knownUntil(context, input.asKnownAt);
    const filter = { bookId: year.book.id, byDay: year.byDay, unitId, dimensionValueId, knownAt };
    const found = trialBalanceRows(await accountTurnovers(context, year, asOf, filter));
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, currency);
    const total = (side: "opening" | "debit" | "credit" | "closing"): KernelMoney => money(found.reduce((sum, row) => sum + row[side], 0n));
    return {
      asOf,
      yearStart: year.yearStart,
      currency: money(0n).currency,
      rows: found.map((row) => ({
        ...row,
        opening: money(row.opening),
        debit: money(row.debit),
        credit: money(row.credit),
        closing: money(row.closing),
      })),
      totals: { opening: total("opening"), debit: total("debit"), credit: total("credit"), closing: total("closing") },
      withoutPay: leavesOutPay(context, input),
    };
  },
});
