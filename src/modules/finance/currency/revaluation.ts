// What is open in other currencies on a day, valued at the closing rates of that day: by sets, because there may be many items.
import { currency, currencyDecimals } from "../../../kernel/currency.ts";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Book } from "../ledger/book.ts";
import { andPostedBy } from "../reports/known.ts";
import { ratesOn } from "./rate.ts";

export interface Exposures {
  readonly book: Pick<Book, "id" | "currency">;
  readonly day: Day;
  /** Of what was known at this moment only; by default of what is known now. */
  readonly knownAt?: Date;
}

/**
 * A SELECT of every open item and bank account in another currency than the books', each at the closing rate of the day: `kind,
 * subject_id, party_id, reference, currency`, outstanding in its currency `currency_amount`, what the books carry for it `carrying`,
 * `rate` and `value`.
 * Amounts are minor units, debit positive; a value is rounded half away from zero. Refuses as `ratesOn` does.
 */
export async function valuedOn(context: ReadContext, asked: Exposures): Promise<Sql> {
  const { book, day, knownAt } = asked;
  const found = await context.db.rows<{ currency: string }>(sql`
    select distinct x.currency from (${exposuresOn(context, asked)}) x order by x.currency`);
  const codes = found.map((one) => one.currency);
  const rates = await ratesOn(
    context,
    codes.map((from) => ({ from, to: book.currency, day, kind: "closing" })),
    book.id,
    knownAt,
  );
  const decimals = (code: string): number => currencyDecimals(currency(code));
  return sql`
    select x.*, r.rate, round(x.currency_amount * r.minor_rate)::bigint as value
    from (${exposuresOn(context, asked)}) x
    join unnest(${codes}::text[], ${rates.map((one) => one.rate)}::numeric[],
      ${rates.map((one, index) => `${one.rate}e${decimals(book.currency) - decimals(codes[index]!)}`)}::numeric[])
      as r (currency, rate, minor_rate) on r.currency = x.currency`;
}

const exposuresOn = (context: ReadContext, asked: Exposures): Sql =>
  sql`${itemsOn(context, asked)} union all ${bankBalancesOn(context, asked)}`;

/** Whether an allocation `a` was not there yet. */
const laterThan = ({ day, knownAt }: Exposures): Sql => sql`(a.day > ${day}::date ${knownAt ? sql`or a.at > ${knownAt}` : sql``})`;

/** As they were on the day: as they are now, with what was settled after it put back. */
const itemsOn = (context: ReadContext, asked: Exposures): Sql => sql`
  select o.direction as kind, o.id as subject_id, o.party_id, o.reference, o.currency,
    (o.open_currency_amount + coalesce(l.currency_amount, 0))::bigint as currency_amount,
    (o.open_amount + coalesce(l.amount, 0))::bigint as carrying
  from finance.open_item o
  left join (
    select s.item_id, sum(s.amount) as amount, sum(s.currency_amount) as currency_amount from (
      select a.debit_item_id as item_id, a.amount, a.currency_amount from finance.allocation a
        where a.tenant_id = ${context.tenantId} and ${laterThan(asked)} and a.currency_amount is not null
      union all
      select a.credit_item_id, -a.amount, -a.currency_amount from finance.allocation a
        where a.tenant_id = ${context.tenantId} and ${laterThan(asked)} and a.currency_amount is not null) s
    group by s.item_id) l on l.item_id = o.id
  where o.tenant_id = ${context.tenantId} and o.book_id = ${asked.book.id} and o.currency <> ${asked.book.currency}
    and o.day <= ${asked.day}::date ${andPostedBy(context, sql`o.entry_id`, asked.knownAt)}
    and (o.open_currency_amount <> 0 or l.item_id is not null)
    and o.open_currency_amount + coalesce(l.currency_amount, 0) <> 0`;

/** What was posted on their accounts in their currency, and what the books carry for it: all lines, in whatever currency they say it. */
const bankBalancesOn = (context: ReadContext, { book, day, knownAt }: Exposures): Sql => sql`
  select 'bank' as kind, k.id as subject_id, null::uuid as party_id, k.code || ' ' || k.name as reference, k.currency,
    coalesce(sum(l.currency_amount) filter (where l.currency = k.currency), 0)::bigint as currency_amount, sum(l.amount)::bigint as carrying
  from finance.bank_account k
  join finance.journal_line l on l.tenant_id = ${context.tenantId} and l.account_id = k.account_id and l.day <= ${day}::date
    ${andPostedBy(context, sql`l.entry_id`, knownAt)}
  where k.tenant_id = ${context.tenantId} and k.book_id = ${book.id} and k.currency <> ${book.currency}
  group by k.id, k.code, k.name, k.currency
  having coalesce(sum(l.currency_amount) filter (where l.currency = k.currency), 0) <> 0 or sum(l.amount) <> 0`;

export interface ClosedDays {
  readonly bookId: Id;
  readonly untilDay: Day;
}

/** The fact the close asks for: what is open in other currencies at the period's end was revalued, or there is nothing to revalue. */
export async function revaluationIsPosted(context: ReadContext, { bookId, untilDay: day }: ClosedDays): Promise<boolean> {
  const { tenantId } = context;
  const run = await context.db.maybe(sql`
    select id from finance.revaluation
    where tenant_id = ${tenantId} and book_id = ${bookId} and day = ${day} and state = 'posted'`);
  if (run) return true;
  const book = await context.db.maybe<Exposures["book"]>(sql`
    select id, currency from finance.book where tenant_id = ${tenantId} and id = ${bookId}`);
  if (!book) return false;
  const { open } = await context.db.row<{ open: boolean }>(sql`select exists (${exposuresOn(context, { book, day })}) as open`);
  return !open;
}
