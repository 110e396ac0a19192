// What only the bank has and what only the books have of a bank account on a day: the one rule behind every reconciliation.
// What was matched or booked after the day stands among the outstanding; what the bank told, was booked, matched or unmatched after the
// moment that is asked about does not count.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { BankAccount } from "../ledger/bank-account.operations.ts";
import { andPostedBy } from "../reports/known.ts";
import { bankAmountOf } from "./match.store.ts";
import { type BookedAmount, notInOpening } from "./outstanding.rules.ts";

/** Until a day, of what was known at a moment; now when there is none. */
export interface Until {
  readonly asOf: Day;
  readonly knownAt?: Date;
}

interface ToldBalance {
  readonly balance: bigint;
  readonly closingDay: Day | null;
  /** What the first statement begins with, and its day: the books until then are held against it. */
  readonly opening: bigint | null;
  readonly openingDay: Day;
}

interface Only {
  readonly count: number;
  /** In the currency of the bank account. */
  readonly sum: bigint;
}

export interface Reconciled {
  /** Nothing as long as no statement tells of the day. */
  readonly told: ToldBalance | undefined;
  readonly bookBalance: bigint;
  /** In the books' currency. */
  readonly bookValue: bigint;
  readonly bankOnly: Only;
  readonly booksOnly: Only & { readonly value: bigint };
  /** What nothing explains, in the currency of the bank account. */
  readonly difference: bigint | null;
  /** What each side has and the other has not, to be read by day. */
  readonly rows: { readonly bank: Sql; readonly books: Sql };
}

/** The bank's balance on a day from the books', to the cent. */
export async function reconciled(context: ReadContext, account: BankAccount, until: Until): Promise<Reconciled> {
  const told = await statementBalance(context, account.id, until);
  const inBooks = await bookBalance(context, account, until);
  const bank = onlyAtBank(context, account, until);
  const books = await onlyInBooks(context, account, until, told);
  const bankOnly = await context.db.row<Only>(
    sql`select count(*)::int as count, coalesce(sum(o.amount), 0)::bigint as sum from (${bank}) o`,
  );
  const booksOnly = await context.db.row<Only & { value: bigint }>(sql`
    select count(*)::int as count, coalesce(sum(o.amount), 0)::bigint as sum, coalesce(sum(o.value), 0)::bigint as value
    from (${books}) o`);
  return {
    told,
    bookBalance: inBooks.balance,
    bookValue: inBooks.value,
    bankOnly,
    booksOnly,
    difference: told ? told.balance - (inBooks.balance + bankOnly.sum - booksOnly.sum) : null,
    rows: { bank, books },
  };
}

/** Goes on in a WHERE: that a statement was read in until then. */
const andToldBy = (context: ReadContext, statementId: Sql, knownAt: Date | undefined): Sql =>
  knownAt
    ? sql`and exists (select from finance.bank_statement known
        where known.tenant_id = ${context.tenantId} and known.id = ${statementId} and known.at <= ${knownAt})`
    : sql``;

/** The last closing on or before the day with the lines after it; before the first closing, the first opening with its lines. */
async function statementBalance(context: ReadContext, accountId: Id, { asOf, knownAt }: Until): Promise<ToldBalance | undefined> {
  const { tenantId } = context;
  return context.db.maybe<ToldBalance>(sql`
    with told as (
      select s.* from finance.bank_statement s where s.tenant_id = ${tenantId} and s.bank_account_id = ${accountId} and not s.is_advice
        ${knownAt ? sql`and s.at <= ${knownAt}` : sql``}
    ), first as (
      select coalesce(opening_day, from_day) as day, coalesce(opening, closing - entries_sum) as opening
      from told order by coalesce(opening_day, from_day), closing_day, day_place, id limit 1
    ), last as (
      select closing_day as day, closing as balance from told
      where closing is not null and closing_day <= ${asOf}::date order by closing_day desc, day_place desc, id desc limit 1
    ), start as (
      select l.day, l.balance, l.day as closing_day from last l
      union all
      select f.day - 1, f.opening, null from first f
      where f.opening is not null and f.day <= ${asOf}::date and not exists (select from last)
    )
    select (s.balance + coalesce((select sum(l.amount) from finance.bank_line l
        where l.tenant_id = ${tenantId} and l.bank_account_id = ${accountId} and l.state not in ('advised', 'replaced')
          and l.day > s.day and l.day <= ${asOf}::date ${andToldBy(context, sql`l.statement_id`, knownAt)}), 0))::bigint as balance,
      s.closing_day, f.opening, f.day as opening_day
    from start s cross join first f`);
}

const bookBalance = (context: ReadContext, account: BankAccount, { asOf, knownAt }: Until): Promise<{ balance: bigint; value: bigint }> =>
  context.db.row(sql`
    select coalesce(sum(${bankAmountOf(account)}), 0)::bigint as balance, coalesce(sum(l.amount), 0)::bigint as value
    from finance.journal_line l
    where l.tenant_id = ${context.tenantId} and l.account_id = ${account.accountId} and l.day <= ${asOf}::date
      ${andPostedBy(context, sql`l.entry_id`, knownAt)}`);

/** Whether a match `m` with its part `q` held: now, or at the moment that is asked about. */
const held = (knownAt: Date | undefined): Sql =>
  knownAt ? sql`m.at <= ${knownAt} and (m.ended_at is null or m.ended_at > ${knownAt})` : sql`m.ended_at is null and q.is_live`;

/** Lines of the bank until the day, less what stood for them in the books on that day. */
function onlyAtBank(context: ReadContext, account: BankAccount, { asOf, knownAt }: Until): Sql {
  const { tenantId } = context;
  return sql`
    select * from (
      select b.id, 'bank' as side, b.day, coalesce(nullif(b.text, ''), b.structured_reference, '') as text, b.counterparty_name as party,
        (b.amount - coalesce(j.booked, 0))::bigint as amount,
        ${knownAt ? sql`case when j.booked is null and b.state in ('matched', 'posted') then 'unmatched' else b.state end` : sql`b.state`}
          as state,
        null::text as entry
      from finance.bank_line b
      left join (
        select m.bank_line_id, sum(${bankAmountOf(account)}) as booked
        from finance.bank_match m
        join finance.bank_match_part q on q.tenant_id = ${tenantId} and q.match_id = m.id
        join finance.journal_line l on l.tenant_id = ${tenantId} and l.id = q.journal_line_id and l.day <= ${asOf}::date
        where m.tenant_id = ${tenantId} and ${held(knownAt)} group by m.bank_line_id) j on j.bank_line_id = b.id
      where b.tenant_id = ${tenantId} and b.bank_account_id = ${account.id} and b.state not in ('advised', 'replaced')
        and b.day <= ${asOf}::date ${andToldBy(context, sql`b.statement_id`, knownAt)}) w
    where w.amount <> 0`;
}

/** That a line in the books is matched with one of the bank's until a day, by default with any. */
const isMatched = (context: ReadContext, line: Sql, { asOf, knownAt }: { readonly asOf?: Day; readonly knownAt?: Date }): Sql => sql`
  exists (select from finance.bank_match_part q
    join finance.bank_match m on m.tenant_id = ${context.tenantId} and m.id = q.match_id
    join finance.bank_line b on b.tenant_id = ${context.tenantId} and b.id = m.bank_line_id
      ${asOf ? sql`and b.day <= ${asOf}::date` : sql``}
    where q.tenant_id = ${context.tenantId} and ${held(knownAt)} and q.journal_line_id = ${line})`;

/**
 * Lines in the books until the day that the bank had not told by then, neither as a line nor in the balance it began with; an entry and its
 * mirror, both by then and both untold, are nothing.
 */
async function onlyInBooks(
  context: ReadContext,
  account: BankAccount,
  until: Until,
  told: Pick<ToldBalance, "opening" | "openingDay"> | undefined,
): Promise<Sql> {
  const { tenantId } = context;
  const { asOf, knownAt } = until;
  const left = (told ? await leftByOpening(context, account, told, knownAt) : []).map((line) => line.id);
  const isTold = (line: Sql, day: Sql): Sql => sql`(${isMatched(context, line, until)}
    or (${day} <= ${told?.openingDay ?? null}::date and ${line} <> all(${left}::uuid[]) and not ${isMatched(context, line, { knownAt })}))`;
  return sql`
    select l.id, 'books' as side, l.day, coalesce(l.text, e.text) as text, y.name as party, (${bankAmountOf(account)})::bigint as amount,
      'posted' as state, e.number as entry, l.amount as value
    from finance.journal_line l
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id ${knownAt ? sql`and e.posted_at <= ${knownAt}` : sql``}
    left join directory.party y on y.tenant_id = ${tenantId} and y.id = l.party_id
    where l.tenant_id = ${tenantId} and l.account_id = ${account.accountId} and l.day <= ${asOf}::date and ${told !== undefined}::boolean
      and (${bankAmountOf(account)}) <> 0 and not ${isTold(sql`l.id`, sql`l.day`)}
      and not exists (select from finance.journal_entry x
        where x.tenant_id = ${tenantId} and x.reverses_id = e.id and x.day <= ${asOf}::date
          ${knownAt ? sql`and x.posted_at <= ${knownAt}` : sql``}
          and exists (select from finance.journal_line r
            where r.tenant_id = ${tenantId} and r.entry_id = x.id and r.account_id = l.account_id and not ${isTold(sql`r.id`, sql`r.day`)}))
      and (e.reverses_id is null or exists (select from finance.journal_line o
        where o.tenant_id = ${tenantId} and o.entry_id = e.reverses_id and o.account_id = l.account_id
          and (o.day > ${asOf}::date or ${isTold(sql`o.id`, sql`o.day`)})))`;
}

const searchedMax = 5000;

/** What was booked until the first opening, is matched with no line of the bank, and is not in the balance the bank began with. */
async function leftByOpening(
  context: ReadContext,
  account: BankAccount,
  { opening, openingDay }: Pick<ToldBalance, "opening" | "openingDay">,
  knownAt: Date | undefined,
): Promise<BookedAmount[]> {
  if (opening === null) return [];
  const lines = await context.db.rows<BookedAmount & { more: bigint }>(sql`
    select u.id, u.amount, u.more from (
      select l.id, l.day, (${bankAmountOf(account)})::bigint as amount,
        (sum(${bankAmountOf(account)}) over () - ${opening}::bigint)::bigint as more
      from finance.journal_line l
      where l.tenant_id = ${context.tenantId} and l.account_id = ${account.accountId} and l.day <= ${openingDay}::date
        and (${bankAmountOf(account)}) <> 0 and not ${isMatched(context, sql`l.id`, { knownAt })}
        ${andPostedBy(context, sql`l.entry_id`, knownAt)}) u
    where u.more <> 0 order by u.day desc, u.id desc limit ${searchedMax}`);
  return notInOpening(lines, lines[0]?.more ?? 0n);
}
