// The books and the bank side by side on a day: two balances, and every reason why they differ.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { bookSideSays, isForeign } from "./foreign-currency.ts";
import { bookedOnly, type MatchAccount } from "./match.store.ts";

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
    booksOnly: Open.describe("Lines in the books since the first statement that no statement has told yet."),
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
    const told = await statementBalance(context, account.id, { asOf });
    const books = await bookBalance(context, account, asOf, told?.firstDay ?? null);
    const lines = await lineCounts(context, account.id, asOf);
    const difference = told && !isForeign(account) ? money(told.balance - books.balance) : null;
    return {
      asOf,
      bookBalance: booked(books.balance),
      statementBalance: told ? money(told.balance) : null,
      statementDay: told?.closingDay ?? null,
      difference,
      unmatched: { count: lines.open + lines.ignored, sum: money(lines.unmatchedSum) },
      booksOnly: { count: books.onlyCount, sum: booked(books.onlySum) },
      unexplained: difference ? difference.minus(money(lines.unmatchedSum)).plus(money(books.onlySum)) : null,
      matched: lines.matched,
      posted: lines.posted,
      ignored: lines.ignored,
      open: lines.open,
      bookSide: isForeign(account) ? bookSideSays(account) : null,
      gaps: (await gapsOf(context, account.id, asOf)).map(({ gap, ...one }) => ({ ...one, gap: money(gap) })),
    };
  },
});

interface ToldBalance {
  balance: bigint;
  closingDay: KernelDay | null;
  /** The books before this day are held against the first opening balance. */
  firstDay: KernelDay | null;
}

/** Until a day, of what was known at a moment; now when there is none. */
export interface Until {
  readonly asOf: KernelDay;
  readonly knownAt?: Date;
}

/** Goes on in a WHERE: that a statement was read in until then. */
export const andToldBy = (context: ReadContext, statementId: Sql, knownAt: Date | undefined): Sql =>
  knownAt
    ? sql`and exists (select from finance.bank_statement known
        where known.tenant_id = ${context.tenantId} and known.id = ${statementId} and known.at <= ${knownAt})`
    : sql``;

/** The last closing on or before the day with the lines after it; before the first closing, the first opening with its lines. */
export async function statementBalance(
  context: ReadContext,
  accountId: KernelId,
  { asOf, knownAt }: Until,
): Promise<ToldBalance | undefined> {
  const { tenantId } = context;
  return context.db.maybe<ToldBalance>(sql`
    with told as (
      select s.* from finance.bank_statement s where s.tenant_id = ${tenantId} and s.bank_account_id = ${accountId} and not s.is_advice
        ${knownAt ? sql`and s.at <= ${knownAt}` : sql``}
    ), first as (
      select coalesce(opening_day, from_day) as day, opening from told order by coalesce(opening_day, from_day), id limit 1
    ), last as (
      select closing_day as day, closing as balance from told
      where closing is not null and closing_day <= ${asOf}::date order by closing_day desc, id desc limit 1
    ), start as (
      select l.day, l.balance, l.day as closing_day from last l
      union all
      select f.day - 1, f.opening, null from first f
      where f.opening is not null and f.day <= ${asOf}::date and not exists (select from last)
    )
    select (s.balance + coalesce((select sum(l.amount) from finance.bank_line l
        where l.tenant_id = ${tenantId} and l.bank_account_id = ${accountId} and l.state not in ('advised', 'replaced')
          and l.day > s.day and l.day <= ${asOf}::date ${andToldBy(context, sql`l.statement_id`, knownAt)}), 0))::bigint as balance,
      s.closing_day, (select day from first) as first_day
    from start s`);
}

async function bookBalance(context: ReadContext, account: MatchAccount, asOf: KernelDay, firstDay: KernelDay | null) {
  const { tenantId } = context;
  return context.db.row<{ balance: bigint; onlyCount: number; onlySum: bigint }>(sql`
    select coalesce((select sum(l.amount) from finance.journal_line l
        where l.tenant_id = ${tenantId} and l.account_id = ${account.accountId} and l.day <= ${asOf}::date), 0)::bigint as balance,
      count(o.amount)::int as only_count, coalesce(sum(o.amount), 0)::bigint as only_sum
    from (select l.amount from finance.journal_line l
      join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
      where ${bookedOnly(tenantId, account)} and l.day > ${firstDay}::date and l.day <= ${asOf}::date) o`);
}

async function lineCounts(context: ReadContext, accountId: KernelId, asOf: KernelDay) {
  return context.db.row<{ open: number; matched: number; posted: number; ignored: number; unmatchedSum: bigint }>(sql`
    select count(*) filter (where state in ('unmatched', 'held'))::int as open, count(*) filter (where state = 'matched')::int as matched,
      count(*) filter (where state = 'posted')::int as posted, count(*) filter (where state = 'ignored')::int as ignored,
      coalesce(sum(amount) filter (where state in ('unmatched', 'held', 'ignored')), 0)::bigint as unmatched_sum
    from finance.bank_line where tenant_id = ${context.tenantId} and bank_account_id = ${accountId} and day <= ${asOf}::date`);
}

/** Where a statement does not open with what the one before it closed with. */
async function gapsOf(context: ReadContext, accountId: KernelId, asOf: KernelDay) {
  return context.db.rows<{ statementId: KernelId; statement: string; day: KernelDay; gap: bigint }>(sql`
    select id as statement_id, statement_id || coalesce(' (' || sequence || ')', '') as statement, from_day as day, gap from (
      select s.*, s.opening - lag(s.closing) over (order by s.closing_day, s.id) as gap from finance.bank_statement s
      where s.tenant_id = ${context.tenantId} and s.bank_account_id = ${accountId} and not s.is_advice
        and s.closing is not null and s.closing_day <= ${asOf}::date) g
    where gap <> 0 order by closing_day, id`);
}
