// What every report needs first: the books, and the fiscal year a day falls in.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import type { AccountType } from "../ledger/chart.ts";
import { fiscalYearStartOf } from "../ledger/period.rules.ts";
import { turnoverOf } from "../ledger/turnover.ts";
import type { AccountTurnover } from "./trial-balance.rules.ts";

export interface BookYear {
  readonly book: Book;
  readonly yearStart: Day;
}

export async function bookYearOf(context: ReadContext, asOf: Day, bookId?: Id): Promise<BookYear> {
  const book = await bookOf(context, bookId);
  const { anchor } = await context.db.row<{ anchor: Day }>(sql`
    select min(fiscal_year_start) as anchor from finance.period where tenant_id = ${context.tenantId} and book_id = ${book.id}`);
  return { book, yearStart: fiscalYearStartOf(asOf, anchor) };
}

/** Every account that takes postings with its turnover before the fiscal year and in it until a day. */
export async function accountTurnovers(context: ReadContext, year: BookYear, asOf: Day, unitId?: Id): Promise<AccountTurnover[]> {
  const { book, yearStart } = year;
  return context.db.rows<AccountTurnover & { type: AccountType }>(sql`
    with earlier as (${turnoverOf(context, { bookId: book.id, until: addDays(yearStart, -1), unitId })}),
      current_year as (${turnoverOf(context, { bookId: book.id, from: yearStart, until: asOf, unitId })})
    select a.id, a.code, a.name, a.type,
      exists (select from finance.account_role r where r.tenant_id = ${context.tenantId} and r.account_id = a.id
        and r.role = 'retainedEarnings') as is_retained_earnings,
      coalesce(e.debit, 0)::bigint as earlier_debit, coalesce(e.credit, 0)::bigint as earlier_credit,
      coalesce(c.debit, 0)::bigint as debit, coalesce(c.credit, 0)::bigint as credit
    from finance.account a
    left join earlier e on e.account_id = a.id
    left join current_year c on c.account_id = a.id
    where a.tenant_id = ${context.tenantId} and a.book_id = ${book.id} and not a.is_group
    order by a.code`);
}
