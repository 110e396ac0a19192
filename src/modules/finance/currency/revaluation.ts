// What is open in other currencies on a day, valued at the closing rates of that day.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Book } from "../ledger/book.ts";
import { andPostedBy } from "../reports/known.ts";
import { ratesOn } from "./rate.ts";
import { type Exposure, type Valued, valued } from "./revaluation.rules.ts";

/**
 * Every open item and bank account in another currency than the books', in a fixed order, at the closing rates of the day; of what was
 * known at a moment, when one is given.
 */
export async function valuedOn(context: ReadContext, book: Book, day: Day, knownAt?: Date): Promise<Valued[]> {
  const exposures = [...(await itemsOn(context, book, day, knownAt)), ...(await bankBalancesOn(context, book, day, knownAt))];
  const currencies = [...new Set(exposures.map((one) => one.currency))];
  const rates = await ratesOn(
    context,
    currencies.map((from) => ({ from, to: book.currency, day, kind: "closing" })),
    book.id,
    knownAt,
  );
  return valued(exposures, new Map(currencies.map((currency, index) => [currency, rates[index]!.rate])), book.currency);
}

/** Whether an allocation `a` was not there yet. */
const laterThan = (day: Day, knownAt: Date | undefined): Sql => sql`(a.day > ${day}::date ${knownAt ? sql`or a.at > ${knownAt}` : sql``})`;

/** As they were on the day: as they are now, with what was settled after it put back. */
const itemsOn = (context: ReadContext, book: Book, day: Day, knownAt?: Date): Promise<Exposure[]> =>
  context.db.rows<Exposure>(sql`
    with later as (
      select s.item_id, sum(s.amount) as amount, sum(s.currency_amount) as currency_amount from (
        select a.debit_item_id as item_id, a.amount, a.currency_amount from finance.allocation a
          where a.tenant_id = ${context.tenantId} and ${laterThan(day, knownAt)} and a.currency_amount is not null
        union all
        select a.credit_item_id, -a.amount, -a.currency_amount from finance.allocation a
          where a.tenant_id = ${context.tenantId} and ${laterThan(day, knownAt)} and a.currency_amount is not null) s
      group by s.item_id
    )
    select o.direction as kind, o.id as subject_id, o.party_id, y.name as party, o.reference, o.currency,
      (o.open_currency_amount + coalesce(l.currency_amount, 0))::bigint as currency_amount,
      (o.open_amount + coalesce(l.amount, 0))::bigint as carrying
    from finance.open_item o
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = o.party_id
    left join later l on l.item_id = o.id
    where o.tenant_id = ${context.tenantId} and o.book_id = ${book.id} and o.currency <> ${book.currency} and o.day <= ${day}::date
      ${andPostedBy(context, sql`o.entry_id`, knownAt)}
      and (o.open_currency_amount <> 0 or l.item_id is not null)
      and o.open_currency_amount + coalesce(l.currency_amount, 0) <> 0
    order by o.id`);

/** What was posted on their accounts in their currency, and what the books carry for it. */
const bankBalancesOn = (context: ReadContext, book: Book, day: Day, knownAt?: Date): Promise<Exposure[]> =>
  context.db.rows<Exposure>(sql`
    select 'bank' as kind, k.id as subject_id, null::uuid as party_id, null as party, k.code || ' ' || k.name as reference, k.currency,
      sum(l.currency_amount)::bigint as currency_amount, sum(l.amount)::bigint as carrying
    from finance.bank_account k
    join finance.journal_line l on l.tenant_id = ${context.tenantId} and l.account_id = k.account_id and l.currency = k.currency
      and l.day <= ${day}::date ${andPostedBy(context, sql`l.entry_id`, knownAt)}
    where k.tenant_id = ${context.tenantId} and k.book_id = ${book.id} and k.currency <> ${book.currency}
    group by k.id, k.code, k.name, k.currency
    having sum(l.currency_amount) <> 0 or sum(l.amount) <> 0
    order by k.id`);

export interface ClosedDays {
  readonly bookId: Id;
  readonly untilDay: Day;
}

/** The fact the close asks for: what is open in other currencies at the period's end was revalued, or there is nothing to revalue. */
export async function revaluationIsPosted(context: ReadContext, period: ClosedDays): Promise<boolean> {
  const { tenantId } = context;
  const run = await context.db.maybe(sql`
    select id from finance.revaluation
    where tenant_id = ${tenantId} and book_id = ${period.bookId} and day = ${period.untilDay} and state = 'posted'`);
  if (run) return true;
  const book = await context.db.maybe<Book>(sql`
    select id, name, currency from finance.book where tenant_id = ${tenantId} and id = ${period.bookId}`);
  if (!book) return false;
  const open = await Promise.all([itemsOn(context, book, period.untilDay), bankBalancesOn(context, book, period.untilDay)]);
  return open.every((exposures) => exposures.length === 0);
}
