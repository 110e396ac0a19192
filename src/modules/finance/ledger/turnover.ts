// What was debited and credited on each account between two days: from the kept balances for whole periods, from lines only for the
// days of a period that is cut. No report reads all history.
import { type Day, day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

export interface TurnoverRange {
  readonly bookId: Id;
  /** Without it, from the beginning of the books. */
  readonly from?: Day;
  readonly until: Day;
  /** Only one cost centre. */
  readonly unitId?: Id;
}

const beginning = day("0001-01-01");

/** A SELECT of `account_id, debit, credit` in minor units, one row for each account with turnover. */
export function turnoverOf(context: ReadContext, { bookId, from = beginning, until, unitId }: TurnoverRange): Sql {
  const { tenantId } = context;
  return sql`
    select t.account_id, sum(t.debit)::bigint as debit, sum(t.credit)::bigint as credit from (
      select b.account_id, b.debit, b.credit from finance.balance b
      join finance.period p on p.tenant_id = ${tenantId} and p.id = b.period_id and p.book_id = ${bookId}
        and p.from_day >= ${from}::date and p.until_day <= ${until}::date
      where b.tenant_id = ${tenantId} ${unitId ? sql`and b.unit_id = ${unitId}` : sql``}
      union all
      select l.account_id, greatest(l.amount, 0), greatest(-l.amount, 0)
      from finance.period p
      join finance.account a on a.tenant_id = ${tenantId} and a.book_id = ${bookId}
      join finance.journal_line l on l.tenant_id = ${tenantId} and l.account_id = a.id
        and l.day between greatest(p.from_day, ${from}::date) and least(p.until_day, ${until}::date)
      where p.tenant_id = ${tenantId} and p.book_id = ${bookId}
        and p.from_day <= ${until}::date and p.until_day >= ${from}::date
        and (p.from_day < ${from}::date or p.until_day > ${until}::date)
        ${unitId ? sql`and l.unit_id = ${unitId}` : sql``}
    ) t group by t.account_id`;
}
