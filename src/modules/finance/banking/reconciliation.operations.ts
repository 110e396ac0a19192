// The books and the bank side by side on a day: two balances, and every reason why they differ.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { bookSideSays, isForeign } from "./foreign-currency.ts";
import { gapBefore } from "./gap.ts";
import { reconciled } from "./outstanding.store.ts";

const Open = z.object({ count: z.number().int(), sum: Money });

export const getBankReconciliation = operation({
  name: "finance.bankReconciliation.get",
  title: "Bank and books on a day",
  does: "Compares the balance in the books with the bank's on a day: unmatched lines, what only the books have, and what is unexplained.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({ bankAccountId: ref("finance.bankAccount"), asOf: Day.optional() }),
  output: z.object({
    asOf: Day,
    bookBalance: Money.describe("In the books' currency, whatever the bank account's."),
    statementBalance: Money.nullable().describe("The last closing on or before the day, and the lines told after it."),
    statementDay: Day.nullable().describe("Day of that closing."),
    difference: Money.nullable().describe("The bank's balance less the books'; null where they are in two currencies."),
    unmatched: Open.describe("Lines of the bank that are not in the books yet, those set aside included."),
    booksOnly: Open.describe(
      "Lines in the books that no statement has told yet, neither as a line nor in the balance the first began with.",
    ),
    unexplained: Money.nullable().describe("What is left of the difference: zero when all is reconciled."),
    matched: z.number().int(),
    posted: z.number().int(),
    ignored: z.number().int(),
    open: z.number().int(),
    bookSide: z.string().nullable().describe("Why the two sides are not compared: the bank account is in another currency than the books."),
    gaps: z.array(z.object({ statementId: ref("finance.bankStatement"), statement: z.string(), day: Day, gap: Money })),
  }),
  refuses: { bankAccountUnknown },
  async run(input, context) {
    const account = await bankAccountOf(context, input.bankAccountId);
    const asOf = input.asOf ?? context.today;
    const money = (minor: bigint): KernelMoney => new KernelMoney(minor, account.currency);
    const booked = (minor: bigint): KernelMoney => new KernelMoney(minor, account.bookCurrency);
    const { told, bookValue, bankOnly, booksOnly, difference } = await reconciled(context, account, { asOf });
    const lines = await lineCounts(context, account.id, asOf);
    const isCompared = told !== undefined && !isForeign(account);
    return {
      asOf,
      bookBalance: booked(bookValue),
      statementBalance: told ? money(told.balance) : null,
      statementDay: told?.closingDay ?? null,
      difference: isCompared ? money(told.balance - bookValue) : null,
      unmatched: { count: bankOnly.count, sum: money(bankOnly.sum) },
      booksOnly: { count: booksOnly.count, sum: booked(booksOnly.value) },
      unexplained: isCompared && difference !== null ? money(difference) : null,
      matched: lines.matched,
      posted: lines.posted,
      ignored: lines.ignored,
      open: lines.open,
      bookSide: isForeign(account) ? bookSideSays(account) : null,
      gaps: (await gapsOf(context, account.id, asOf)).map(({ gap, ...one }) => ({ ...one, gap: money(gap) })),
    };
  },
});

async function lineCounts(context: ReadContext, accountId: KernelId, asOf: KernelDay) {
  return context.db.row<{ open: number; matched: number; posted: number; ignored: number }>(sql`
    select count(*) filter (where state in ('unmatched', 'held'))::int as open, count(*) filter (where state = 'matched')::int as matched,
      count(*) filter (where state = 'posted')::int as posted, count(*) filter (where state = 'ignored')::int as ignored
    from finance.bank_line where tenant_id = ${context.tenantId} and bank_account_id = ${accountId} and day <= ${asOf}::date`);
}

/** Where a statement does not open with what the one before it closed with. */
async function gapsOf(context: ReadContext, accountId: KernelId, asOf: KernelDay) {
  return context.db.rows<{ statementId: KernelId; statement: string; day: KernelDay; gap: bigint }>(sql`
    select g.* from (
      select s.id as statement_id, s.statement_id || coalesce(' (' || s.sequence || ')', '') as statement, s.from_day as day,
        ${gapBefore(context)} as gap, s.closing_day, s.day_place
      from finance.bank_statement s
      where s.tenant_id = ${context.tenantId} and s.bank_account_id = ${accountId} and not s.is_advice
        and s.closing is not null and s.closing_day <= ${asOf}::date) g
    where g.gap is not null order by g.closing_day, g.day_place, g.statement_id`);
}
