// What every report needs first: the books, the fiscal year a day falls in, and the accounts as they were called when it was known.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { prepared, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Book } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { type FiscalCalendar, fiscalYearStartOf } from "../ledger/period.rules.ts";
import { type TurnoverFilter, turnoverParts, uncounted } from "../ledger/turnover.ts";
import type { TreeAccount } from "./statement.rules.ts";
import type { AccountTurnover } from "./trial-balance.rules.ts";

export interface BookYear {
  readonly book: Book;
  readonly yearStart: Day;
  readonly calendar: FiscalCalendar;
  /** Few entries were posted since days were counted. */
  readonly byDay: boolean;
}

/** Reading more entries by their numbers would take longer than reading the lines of a month along their index. */
const uncountedMax = 2000n;

/** Refuses `booksMissing` in words of its own. */
export async function bookYearOf(context: ReadContext, asOf: Day, bookId?: Id): Promise<BookYear> {
  const { tenantId } = context;
  const found = await context.db.maybe<Book & FiscalCalendar & { uncounted: bigint }>(
    prepared(sql`
      select b.id, b.name, b.currency, y.starts, y.until,
        (select coalesce(sum(u.last_number - u.counted), 0)::bigint from (${uncounted(context, sql`b.id`)}) u) as uncounted
      from finance.book b
      cross join lateral (select array_agg(f.from_day order by f.from_day) as starts, max(f.until_day) as until from finance.fiscal_year f
        where f.tenant_id = ${tenantId} and f.book_id = b.id) y
      where b.tenant_id = ${tenantId} and ${bookId ? sql`b.id = ${bookId}` : sql`b.is_main`}`),
  );
  if (!found) throw new Refusal("booksMissing", postingRefusals.booksMissing);
  const { starts, until, uncounted: waiting, ...book } = found;
  return yearAt({ book, calendar: { starts, until }, byDay: waiting <= uncountedMax }, asOf);
}

/** The same books on another day. */
export const yearAt = ({ book, calendar, byDay }: Omit<BookYear, "yearStart">, asOf: Day): BookYear => ({
  book,
  calendar,
  byDay,
  yearStart: fiscalYearStartOf(asOf, calendar),
});

/** What the account `a` of a statement was called at that moment. */
export const nameAsKnown = (context: ReadContext, knownAt: Date | undefined): Sql =>
  knownAt
    ? sql`coalesce((select n.name from finance.account_name n where n.tenant_id = ${context.tenantId} and n.account_id = a.id
        and n.until_at > ${knownAt} order by n.until_at limit 1), a.name)`
    : sql`a.name`;

/** The tree of accounts in the order of their codes. */
export const treeOf = (context: ReadContext, bookId: Id, knownAt?: Date): Promise<TreeAccount[]> =>
  context.db.rows<TreeAccount>(
    prepared(sql`
      select a.id, a.code, ${nameAsKnown(context, knownAt)} as name, a.type, a.parent_id, a.is_group from finance.account a
      where a.tenant_id = ${context.tenantId} and a.book_id = ${bookId} order by a.code`),
  );

/** Every account that takes postings with its turnover before the fiscal year and in it until a day. */
export async function accountTurnovers(
  context: ReadContext,
  { yearStart }: BookYear,
  asOf: Day,
  filter: TurnoverFilter,
): Promise<AccountTurnover[]> {
  const ranges = [{ until: addDays(yearStart, -1) }, { from: yearStart, until: asOf }];
  return context.db.rows<AccountTurnover>(
    prepared(sql`
    with turnover as (
      select t.account_id, sum(t.debit - t.credit) filter (where t.place = 1) as earlier, sum(t.debit) filter (where t.place = 2) as debit,
        sum(t.credit) filter (where t.place = 2) as credit
      from (${turnoverParts(context, filter, ranges)}) t group by t.account_id)
    select a.id, a.code, ${nameAsKnown(context, filter.knownAt)} as name, a.type,
      exists (select from finance.account_role r where r.tenant_id = ${context.tenantId} and r.account_id = a.id
        and r.role = 'retainedEarnings') as is_retained_earnings,
      coalesce(t.earlier, 0)::bigint as earlier, coalesce(t.debit, 0)::bigint as debit, coalesce(t.credit, 0)::bigint as credit
    from finance.account a
    left join turnover t on t.account_id = a.id
    where a.tenant_id = ${context.tenantId} and a.book_id = ${filter.bookId} and not a.is_group
    order by a.code`),
  );
}
