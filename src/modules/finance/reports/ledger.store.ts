// Lines of accounts in the order of their days, and what an account stood at before one of them.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { addDays } from "../../../kernel/day.ts";
import { turnoverOf } from "../ledger/turnover.ts";
import type { BookYear } from "./year.ts";

export interface LedgerLine {
  readonly lineId: Id;
  readonly entryId: Id;
  readonly number: string;
  readonly day: Day;
  readonly accountId: Id;
  readonly code: string;
  readonly account: string;
  readonly amount: bigint;
  readonly text: string;
  readonly reference: string | null;
  readonly partyId: Id | null;
  readonly party: string | null;
  readonly unitId: Id | null;
  readonly documentSubject: string | null;
  readonly documentId: Id | null;
}

export interface LedgerQuestion {
  readonly accountId?: Id;
  readonly from: Day;
  readonly to: Day;
  /** The last line of the page before. */
  readonly after?: readonly [code: string, day: string, lineId: string];
  readonly limit: number;
}

export const ledgerPage = (context: ReadContext, { book }: BookYear, asked: LedgerQuestion): Promise<LedgerLine[]> =>
  context.db.rows<LedgerLine>(sql`
    select l.id as line_id, l.entry_id, e.number, l.day, a.id as account_id, a.code, a.name as account, l.amount,
      coalesce(l.text, e.text) as text, e.reference, l.party_id, y.name as party, l.unit_id, e.document_subject, e.document_id
    from finance.account a
    join finance.journal_line l on l.tenant_id = ${context.tenantId} and l.account_id = a.id
      and l.day between ${asked.from}::date and ${asked.to}::date
    join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = l.entry_id
    left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.party_id
    where a.tenant_id = ${context.tenantId} and a.book_id = ${book.id}
      ${asked.accountId ? sql`and a.id = ${asked.accountId}` : sql``}
      ${asked.after ? sql`and (a.code, l.day, l.id) > (${asked.after[0]}::text, ${asked.after[1]}::date, ${asked.after[2]}::uuid)` : sql``}
    order by a.code, l.day, l.id limit ${asked.limit}`);

/** What each account stood at just before one of its lines: kept balances of the periods before, and the lines of its own period. */
export async function balancesBefore(context: ReadContext, year: BookYear, lines: readonly LedgerLine[]): Promise<Map<Id, bigint>> {
  const { tenantId } = context;
  const rows = await context.db.rows<{ accountId: Id; before: bigint; isRetainedEarnings: boolean }>(sql`
    select s.account_id, exists (select from finance.account_role r where r.tenant_id = ${tenantId} and r.account_id = a.id
        and r.role = 'retainedEarnings') as is_retained_earnings,
      (coalesce((select sum(k.debit - k.credit) from finance.balance k
          join finance.period q on q.tenant_id = ${tenantId} and q.id = k.period_id and q.until_day < p.from_day
            and (a.type not in ('income', 'expense') or q.fiscal_year_start >= ${year.yearStart}::date)
          where k.tenant_id = ${tenantId} and k.account_id = a.id), 0)
        + coalesce((select sum(l.amount) from finance.journal_line l
          where l.tenant_id = ${tenantId} and l.account_id = a.id and l.day >= p.from_day and (l.day, l.id) < (s.day, s.line_id)), 0)
      )::bigint as before
    from unnest(${lines.map((line) => line.accountId)}::uuid[], ${lines.map((line) => line.day)}::date[],
      ${lines.map((line) => line.lineId)}::uuid[]) as s (account_id, day, line_id)
    join finance.account a on a.tenant_id = ${tenantId} and a.id = s.account_id
    join finance.period p on p.tenant_id = ${tenantId} and p.book_id = a.book_id and s.day between p.from_day and p.until_day`);
  const carried = rows.some((row) => row.isRetainedEarnings) ? await carriedResult(context, year) : 0n;
  return new Map(rows.map((row) => [row.accountId, row.before + (row.isRetainedEarnings ? carried : 0n)]));
}

/** What an account stands at on the evening of a day; income and expense since the fiscal year of the question began. */
export async function balanceOn(context: ReadContext, year: BookYear, accountId: Id, until: Day): Promise<bigint> {
  const account = await context.db.row<{ type: string; isRetainedEarnings: boolean }>(sql`
    select a.type, exists (select from finance.account_role r where r.tenant_id = ${context.tenantId} and r.account_id = a.id
      and r.role = 'retainedEarnings') as is_retained_earnings
    from finance.account a where a.tenant_id = ${context.tenantId} and a.id = ${accountId}`);
  const from = account.type === "income" || account.type === "expense" ? year.yearStart : undefined;
  const turnover = await context.db.maybe<{ debit: bigint; credit: bigint }>(sql`
    select t.debit, t.credit from (${turnoverOf(context, { bookId: year.book.id, from, until })}) t where t.account_id = ${accountId}`);
  const carried = account.isRetainedEarnings ? await carriedResult(context, year) : 0n;
  return (turnover ? turnover.debit - turnover.credit : 0n) + carried;
}

/** What the years before earned: debit positive, so that a profit is negative as on retained earnings. */
async function carriedResult(context: ReadContext, { book, yearStart }: BookYear): Promise<bigint> {
  const { carried } = await context.db.row<{ carried: bigint }>(sql`
    select coalesce(sum(t.debit - t.credit), 0)::bigint as carried
    from (${turnoverOf(context, { bookId: book.id, until: addDays(yearStart, -1) })}) t
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = t.account_id and a.type in ('income', 'expense')`);
  return carried;
}
