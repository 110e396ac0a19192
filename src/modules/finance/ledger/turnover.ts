// What was debited and credited on each account between two days: from the kept balances for whole periods, from counted days or lines only
// for the days of a period that is cut. No report reads all history. As known at an earlier moment: less what was posted after it.
import { type Day, day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { closingJournal } from "./entry.rules.ts";
import { isPay, leavesOutPay } from "./pay-lines.ts";

export interface TurnoverFilter {
  readonly bookId: Id;
  /** Only one cost centre. */
  readonly unitId?: Id;
  /** Only one value of a dimension, such as one project. */
  readonly dimensionValueId?: Id;
  readonly accountIds?: readonly Id[];
  /** Only what was posted until this moment. */
  readonly knownAt?: Date;
  /** Few entries were posted since days were counted, so that days are read instead of lines. */
  readonly byDay?: boolean;
  /** Without the entries of the closing journal: what was earned, not what is left on the accounts after it was carried to equity. */
  readonly beforeClosing?: boolean;
}

export interface DayRange {
  /** Without it, from the beginning of the books. */
  readonly from?: Day;
  readonly until: Day;
}

const beginning = day("0001-01-01");

/** A SELECT of `account_id, debit, credit` in minor units, one row for each account with turnover. */
export function turnoverOf(context: ReadContext, { from, until, ...filter }: TurnoverFilter & DayRange): Sql {
  return sql`select r.account_id, r.debit, r.credit from (${turnoversOf(context, filter, [{ from, until }])}) r`;
}

/** The same for several ranges in one statement: `place, account_id, debit, credit`, where place counts the ranges from 1. */
export const turnoversOf = (context: ReadContext, filter: TurnoverFilter, ranges: readonly DayRange[]): Sql => sql`
  select t.place::int as place, t.account_id, sum(t.debit)::bigint as debit, sum(t.credit)::bigint as credit
  from (${turnoverParts(context, filter, ranges)}) t group by t.place, t.account_id`;

/** What turnovers are added up from: any number of rows for a place and an account. */
export function turnoverParts(context: ReadContext, filter: TurnoverFilter, ranges: readonly DayRange[]): Sql {
  const { tenantId } = context;
  const { bookId, knownAt, beforeClosing } = filter;
  return sql`
    with asked as materialized (
      select r.place, r.from_day, r.until_day
      from unnest(${ranges.map((range) => range.from ?? beginning)}::date[], ${ranges.map((range) => range.until)}::date[])
        with ordinality as r (from_day, until_day, place)
    )
    select r.place, b.account_id, b.debit, b.credit
    from asked r
    join finance.period p on p.tenant_id = ${tenantId} and p.book_id = ${bookId}
      and p.from_day >= r.from_day and p.until_day <= r.until_day
    join finance.balance b on b.tenant_id = ${tenantId} and b.period_id = p.id ${filterOf(context, filter, sql`b`)}
    union all
    ${filter.byDay ? ofDays(context, filter) : ofLines(context, filter)}
    ${knownAt ? sql`union all ${postedLater(context, filter, knownAt)}` : sql``}
    ${beforeClosing ? sql`union all ${closedAway(context, filter)}` : sql``}
    ${leavesOutPay(context, filter) ? sql`union all ${payLeftOut(context, filter)}` : sql``}`;
}

/** The days of the periods that a range cuts, line by line. */
const ofLines = (context: ReadContext, filter: TurnoverFilter): Sql => sql`
  select r.place, l.account_id, greatest(l.amount, 0), greatest(-l.amount, 0)
  from asked r
  join finance.period p on p.tenant_id = ${context.tenantId} and p.book_id = ${filter.bookId} and ${isCut}
  join finance.account a on a.tenant_id = ${context.tenantId} and a.book_id = ${filter.bookId} and not a.is_group
  join finance.journal_line l on l.tenant_id = ${context.tenantId} and l.account_id = a.id
    and l.day between greatest(p.from_day, r.from_day) and least(p.until_day, r.until_day) ${filterOf(context, filter, sql`l`)}`;

const isCut = sql`p.from_day <= r.until_day and p.until_day >= r.from_day and (p.from_day < r.from_day or p.until_day > r.until_day)`;

/** The same from the counted days, and from the entries after them, each named by its number. */
const ofDays = (context: ReadContext, filter: TurnoverFilter): Sql => sql`
  select r.place, d.account_id, d.debit, d.credit
  from asked r
  join finance.period p on p.tenant_id = ${context.tenantId} and p.book_id = ${filter.bookId} and ${isCut}
  join finance.account a on a.tenant_id = ${context.tenantId} and a.book_id = ${filter.bookId} and not a.is_group
  join finance.day_turnover d on d.tenant_id = ${context.tenantId} and d.account_id = a.id
    and d.day between greatest(p.from_day, r.from_day) and least(p.until_day, r.until_day) ${filterOf(context, filter, sql`d`)}
  union all
  select r.place, l.account_id, greatest(l.amount, 0), greatest(-l.amount, 0)
  from (${uncounted(context, filter.bookId)}) u
  cross join lateral generate_series(u.counted + 1, u.last_number) as s (sequence)
  join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.journal_id = u.journal_id and e.fiscal_year = u.fiscal_year
    and e.sequence = s.sequence
  join asked r on e.day between r.from_day and r.until_day
  join finance.period p on p.tenant_id = ${context.tenantId} and p.id = e.period_id and ${isCut}
  join finance.journal_line l on l.tenant_id = ${context.tenantId} and l.entry_id = e.id ${filterOf(context, filter, sql`l`)}
  where exists (select from asked r
    join finance.period p on p.tenant_id = ${context.tenantId} and p.book_id = ${filter.bookId} and ${isCut})`;

/** Of each journal and year, of one set of books or of all, the number up to which days are counted, and the last one. */
export const uncounted = (context: ReadContext, bookId?: Id | Sql): Sql => sql`
  select j.id as journal_id, h.fiscal_year, coalesce(m.counted, 0) as counted, h.last_number
  from finance.number_head h
  join finance.journal j on j.tenant_id = ${context.tenantId} and j.book_id = h.book_id and j.code = h.series
  left join finance.day_turnover_mark m on m.tenant_id = ${context.tenantId} and m.journal_id = j.id and m.fiscal_year = h.fiscal_year
  where h.tenant_id = ${context.tenantId} ${bookId === undefined ? sql`` : sql`and h.book_id = ${bookId}`}`;

/** What was posted into the ranges after the moment, to be taken off. */
const postedLater = (context: ReadContext, filter: TurnoverFilter, knownAt: Date): Sql => sql`
  select r.place, l.account_id, -greatest(l.amount, 0), -greatest(-l.amount, 0)
  from finance.journal_entry e
  join asked r on e.day between r.from_day and r.until_day
  join finance.journal_line l on l.tenant_id = ${context.tenantId} and l.entry_id = e.id ${filterOf(context, filter, sql`l`)}
  where e.tenant_id = ${context.tenantId} and e.book_id = ${filter.bookId} and e.posted_at > ${knownAt}`;

/** The pay of a cost centre or of one value of a dimension, to be taken off for whoever may not see it. */
const payLeftOut = (context: ReadContext, filter: TurnoverFilter): Sql => sql`
  select r.place, l.account_id, -greatest(l.amount, 0), -greatest(-l.amount, 0)
  from finance.journal_entry e
  join asked r on e.day between r.from_day and r.until_day
  join finance.journal_line l on l.tenant_id = ${context.tenantId} and l.entry_id = e.id ${filterOf(context, filter, sql`l`)}
  where e.tenant_id = ${context.tenantId} and e.book_id = ${filter.bookId} and ${isPay}
    ${filter.knownAt ? sql`and e.posted_at <= ${filter.knownAt}` : sql``}`;

/**
 * What the closing journal carried from income and expenses to equity in the ranges, to be put back. Its few entries are named by their
 * numbers, so that none of the others is looked at.
 */
const closedAway = (context: ReadContext, filter: TurnoverFilter): Sql => sql`
  select r.place, l.account_id, -greatest(l.amount, 0), -greatest(-l.amount, 0)
  from finance.number_head h
  join finance.journal j on j.tenant_id = ${context.tenantId} and j.book_id = h.book_id and j.code = h.series
  cross join lateral generate_series(1, h.last_number) as s (sequence)
  join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.journal_id = j.id and e.fiscal_year = h.fiscal_year
    and e.sequence = s.sequence ${filter.knownAt ? sql`and e.posted_at <= ${filter.knownAt}` : sql``}
  join asked r on e.day between r.from_day and r.until_day
  join finance.journal_line l on l.tenant_id = ${context.tenantId} and l.entry_id = e.id ${filterOf(context, filter, sql`l`)}
  where h.tenant_id = ${context.tenantId} and h.book_id = ${filter.bookId} and h.series = ${closingJournal}`;

type LineFilter = Pick<TurnoverFilter, "unitId" | "dimensionValueId" | "accountIds">;

/** Narrows balances or lines, both of which have `account_id`, `unit_id` and `set_id`. */
export const filterOf = (context: ReadContext, { unitId, dimensionValueId, accountIds }: LineFilter, of: Sql): Sql => {
  const ofAccounts = accountIds ? sql`and ${of}.account_id = any(${accountIds}::uuid[])` : sql``;
  const ofUnit = unitId ? sql`and ${of}.unit_id = ${unitId}` : sql``;
  const ofValue = dimensionValueId
    ? sql`and ${of}.set_id in (select v.set_id from finance.dimension_set_value v
        where v.tenant_id = ${context.tenantId} and v.value_id = ${dimensionValueId})`
    : sql``;
  return sql`${ofAccounts} ${ofUnit} ${ofValue}`;
};
