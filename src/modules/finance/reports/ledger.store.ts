// Lines of accounts in the order of their days, and what an account stood at before one of them.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { prepared, sql, whole } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { filterOf, type TurnoverFilter, turnoverOf, turnoversOf } from "../ledger/turnover.ts";
import { foldOf, isPay, leavesOutPay } from "../ledger/pay-lines.ts";
import { isResultType } from "./trial-balance.rules.ts";
import type { AccountType } from "../ledger/chart.ts";
import type { BookYear } from "./year.ts";
import { nameAsKnown } from "./year.ts";

export interface LedgerLine {
  readonly lineId: Id;
  readonly entryId: Id;
  readonly number: string;
  readonly day: Day;
  readonly accountId: Id;
  readonly code: string;
  readonly account: string;
  readonly amount: bigint;
  readonly currency: string | null;
  readonly currencyAmount: bigint | null;
  readonly text: string;
  readonly reference: string | null;
  readonly partyId: Id | null;
  readonly party: string | null;
  readonly unitId: Id | null;
  readonly documentSubject: string | null;
  readonly documentId: Id | null;
}

/** What the balance of an account depends on. */
export interface AccountKind {
  readonly type: AccountType;
  readonly isRetainedEarnings: boolean;
}

export interface LedgerQuestion {
  readonly filter: TurnoverFilter;
  readonly accountId?: Id;
  readonly from: Day;
  readonly to: Day;
  /** The last line of the page before. */
  readonly after?: readonly [code: string, day: string, lineId: string];
  readonly limit: number;
}

// Few sizes, so that few plans are kept.
const pageSizes = [21, 51, 101, 201, 501, 1001];
const sizeFor = (limit: number): number => pageSizes.find((size) => size >= limit) ?? limit;

/** One page by key, perhaps longer than asked for: of one account straight along its index, of all accounts one after the other. */
export function ledgerPage(context: ReadContext, { filter, accountId, from, to, after, limit }: LedgerQuestion): Promise<LedgerLine[]> {
  const { tenantId } = context;
  const { knownAt, bookId } = filter;
  const fold = foldOf(context, filter);
  const key = accountId ? sql`(l.day, l.id)` : sql`(a.code, l.day, l.id)`;
  const last =
    after && (accountId ? sql`(${after[1]}::date, ${after[2]}::uuid)` : sql`(${after[0]}::text, ${after[1]}::date, ${after[2]}::uuid)`);
  return context.db.rows<LedgerLine>(
    prepared(sql`
    select l.id as line_id, l.entry_id, e.number, l.day, a.id as account_id, a.code, ${nameAsKnown(context, knownAt)} as account,
      ${fold.amount} as amount, ${fold.currency} as currency, ${fold.currencyAmount} as currency_amount, ${fold.text} as text, e.reference,
      l.party_id, y.name as party, ${fold.unitId} as unit_id, e.document_subject, e.document_id
    from finance.account a
    join finance.journal_line l on l.tenant_id = ${tenantId} and l.account_id = a.id
      and l.day between ${from}::date and ${to}::date ${filterOf(context, filter, sql`l`)}
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
    left join directory.party y on y.tenant_id = ${tenantId} and y.id = l.party_id
    where a.tenant_id = ${tenantId} and a.book_id = ${bookId} ${accountId ? sql`and a.id = ${accountId}` : sql``}
      ${knownAt ? sql`and e.posted_at <= ${knownAt}` : sql``} ${fold.only} ${last ? sql`and ${key} > ${last}` : sql``}
    order by ${accountId ? sql`l.day, l.id` : sql`a.code, l.day, l.id`} limit ${whole(sizeFor(limit))}`),
  );
}

/**
 * What each account stood at just before one of its lines: kept balances of the periods before, and the lines of its own period; less
 * what was posted later, when it is asked as known at a moment.
 */
export async function balancesBefore(
  context: ReadContext,
  year: BookYear,
  filter: TurnoverFilter,
  lines: readonly LedgerLine[],
): Promise<Map<Id, bigint>> {
  const { tenantId } = context;
  const { knownAt } = filter;
  const later = sql`
        - coalesce((select sum(l.amount) from finance.journal_entry e
          join finance.journal_line l on l.tenant_id = ${tenantId} and l.entry_id = e.id and l.account_id = a.id
            ${filterOf(context, filter, sql`l`)}
          where e.tenant_id = ${tenantId} and e.book_id = a.book_id and e.posted_at > ${knownAt ?? null}
            and (l.day, l.id) < (s.day, s.line_id)
            and (a.type not in ('income', 'expense') or l.day >= ${year.yearStart}::date)), 0)`;
  const pay = sql`
        - coalesce((select sum(l.amount) from finance.journal_entry e
          join finance.journal_line l on l.tenant_id = ${tenantId} and l.entry_id = e.id and l.account_id = a.id
            ${filterOf(context, filter, sql`l`)}
          where e.tenant_id = ${tenantId} and e.book_id = a.book_id and ${isPay} ${knownAt ? sql`and e.posted_at <= ${knownAt}` : sql``}
            and (l.day, l.id) < (s.day, s.line_id)
            and (a.type not in ('income', 'expense') or l.day >= ${year.yearStart}::date)), 0)`;
  if (lines.length === 0) return new Map();
  const rows = await context.db.rows<{ accountId: Id; before: bigint; isRetainedEarnings: boolean }>(
    prepared(sql`
    select s.account_id, exists (select from finance.account_role r where r.tenant_id = ${tenantId} and r.account_id = a.id
        and r.role = 'retainedEarnings') as is_retained_earnings,
      (coalesce((select sum(k.debit - k.credit) from finance.balance k
          join finance.period q on q.tenant_id = ${tenantId} and q.id = k.period_id and q.until_day < p.from_day
            and (a.type not in ('income', 'expense') or q.fiscal_year_start >= ${year.yearStart}::date)
          where k.tenant_id = ${tenantId} and k.account_id = a.id ${filterOf(context, filter, sql`k`)}), 0)
        + coalesce((select sum(l.amount) from finance.journal_line l
          where l.tenant_id = ${tenantId} and l.account_id = a.id and l.day >= p.from_day and (l.day, l.id) < (s.day, s.line_id)
            ${filterOf(context, filter, sql`l`)}), 0)
        ${knownAt ? later : sql``} ${leavesOutPay(context, filter) ? pay : sql``}
      )::bigint as before
    from unnest(${lines.map((line) => line.accountId)}::uuid[], ${lines.map((line) => line.day)}::date[],
      ${lines.map((line) => line.lineId)}::uuid[]) as s (account_id, day, line_id)
    join finance.account a on a.tenant_id = ${tenantId} and a.id = s.account_id
    join finance.period p on p.tenant_id = ${tenantId} and p.book_id = a.book_id and s.day between p.from_day and p.until_day`),
  );
  const carried = rows.some((row) => row.isRetainedEarnings) ? await carriedResult(context, year, filter) : 0n;
  return new Map(rows.map((row) => [row.accountId, row.before + (row.isRetainedEarnings ? carried : 0n)]));
}

/**
 * What an account stands at before a range and at its end; income and expense since the fiscal year of the question began, retained
 * earnings with what the years before it earned.
 */
export async function balancesAround(
  context: ReadContext,
  year: BookYear,
  filter: TurnoverFilter,
  account: AccountKind & { readonly id: Id },
  range: { readonly from: Day; readonly to: Day },
): Promise<{ opening: bigint; closing: bigint }> {
  const start = isResultType(account.type) ? year.yearStart : undefined;
  const ranges = [
    { from: start, until: addDays(range.from, -1) },
    { from: range.from, until: range.to },
  ];
  const sums = context.db.row<{ before: bigint; inside: bigint }>(
    prepared(sql`
      select coalesce(sum(t.debit - t.credit) filter (where t.place = 1), 0)::bigint as before,
        coalesce(sum(t.debit - t.credit) filter (where t.place = 2), 0)::bigint as inside
      from (${turnoversOf(context, { ...filter, accountIds: [account.id] }, ranges)}) t`),
  );
  const [{ before, inside }, carried] = await Promise.all([sums, account.isRetainedEarnings ? carriedResult(context, year, filter) : 0n]);
  const opening = before + carried;
  return { opening, closing: opening + inside };
}

/** What the years before earned: debit positive, so that a profit is negative as on retained earnings. */
export async function carriedResult(context: ReadContext, { yearStart }: BookYear, filter: TurnoverFilter): Promise<bigint> {
  const { carried } = await context.db.row<{ carried: bigint }>(sql`
    select coalesce(sum(t.debit - t.credit), 0)::bigint as carried
    from (${turnoverOf(context, { ...filter, until: addDays(yearStart, -1) })}) t
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = t.account_id and a.type in ('income', 'expense')`);
  return carried;
}
