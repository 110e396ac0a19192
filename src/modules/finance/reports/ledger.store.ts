// Lines of accounts in the order of their days, and what an account stood at before one of them.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { prepared, sql, whole } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { fiscalYearStartOf } from "../ledger/period.rules.ts";
import { filterOf, type TurnoverFilter, turnoversOf } from "../ledger/turnover.ts";
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
  readonly type: AccountType;
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
      a.type, ${fold.amount} as amount, ${fold.currency} as currency, ${fold.currencyAmount} as currency_amount, ${fold.text} as text,
      e.reference, l.party_id, y.name as party, ${fold.unitId} as unit_id, e.document_subject, e.document_id
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

/** Where a balance runs on from: the account before it, and the first day of its fiscal year. */
export interface Running {
  readonly accountId: Id;
  readonly yearStart: Day;
}

/**
 * The lines before which a balance begins: the first of each account, and the first of each fiscal year where years are told apart, which
 * are income and expense, and the equity that takes their result.
 */
export function beginningsOf({ calendar }: BookYear, page: readonly LedgerLine[], opening: Running | undefined): LedgerLine[] {
  let running = opening;
  return page.filter(({ accountId, day, type }) => {
    const before = running;
    running = { accountId, yearStart: fiscalYearStartOf(day, calendar) };
    if (before?.accountId !== accountId) return true;
    return before.yearStart !== running.yearStart && (isResultType(type) || type === "equity");
  });
}

/**
 * What the account of each line stood at just before it, by the identifier of the line: kept balances of the periods before, and the lines
 * of its own period; less what was posted later, when it is asked as known at a moment. Income and expense since the line's fiscal year.
 */
export async function balancesBefore(context: ReadContext, filter: TurnoverFilter, lines: readonly LedgerLine[]): Promise<Map<Id, bigint>> {
  const { tenantId } = context;
  const { knownAt } = filter;
  const ofYear = sql`and (a.type not in ('income', 'expense') or l.day >= p.fiscal_year_start)`;
  const later = sql`
        - coalesce((select sum(l.amount) from finance.journal_entry e
          join finance.journal_line l on l.tenant_id = ${tenantId} and l.entry_id = e.id and l.account_id = a.id
            ${filterOf(context, filter, sql`l`)}
          where e.tenant_id = ${tenantId} and e.book_id = a.book_id and e.posted_at > ${knownAt ?? null}
            and (l.day, l.id) < (s.day, s.line_id) ${ofYear}), 0)`;
  const pay = sql`
        - coalesce((select sum(l.amount) from finance.journal_entry e
          join finance.journal_line l on l.tenant_id = ${tenantId} and l.entry_id = e.id and l.account_id = a.id
            ${filterOf(context, filter, sql`l`)}
          where e.tenant_id = ${tenantId} and e.book_id = a.book_id and ${isPay} ${knownAt ? sql`and e.posted_at <= ${knownAt}` : sql``}
            and (l.day, l.id) < (s.day, s.line_id) ${ofYear}), 0)`;
  if (lines.length === 0) return new Map();
  const rows = await context.db.rows<{ lineId: Id; before: bigint; yearStart: Day; isRetainedEarnings: boolean }>(
    prepared(sql`
    select s.line_id, p.fiscal_year_start as year_start, exists (select from finance.account_role r
        where r.tenant_id = ${tenantId} and r.account_id = a.id and r.role = 'retainedEarnings') as is_retained_earnings,
      (coalesce((select sum(k.debit - k.credit) from finance.balance k
          join finance.period q on q.tenant_id = ${tenantId} and q.id = k.period_id and q.until_day < p.from_day
            and (a.type not in ('income', 'expense') or q.fiscal_year_start >= p.fiscal_year_start)
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
  const starts = rows.filter((row) => row.isRetainedEarnings).map((row) => row.yearStart);
  const carried = await carriedResults(context, starts, filter);
  return new Map(rows.map((row) => [row.lineId, row.before + (row.isRetainedEarnings ? carried.get(row.yearStart)! : 0n)]));
}

interface BalancesAround {
  readonly opening: bigint;
  /** What fiscal years that began in the range took off income and expense, or gave to retained earnings. */
  readonly carried: bigint;
  readonly closing: bigint;
}

/**
 * What an account stands at before a range and at its end; income and expense since the fiscal year of each of these days began, retained
 * earnings with what the years before it earned.
 */
export async function balancesAround(
  context: ReadContext,
  filter: TurnoverFilter,
  account: AccountKind & { readonly id: Id },
  range: { readonly from: Day; readonly to: Day },
  [first, last]: readonly [first: Day, last: Day],
): Promise<BalancesAround> {
  const isResult = isResultType(account.type);
  const ranges = [
    { from: isResult ? first : undefined, until: addDays(range.from, -1) },
    { from: range.from, until: range.to },
    ...(isResult && first !== last ? [{ from: last, until: range.to }] : []),
  ];
  const sums = context.db.row<{ before: bigint; inside: bigint; since: bigint }>(
    prepared(sql`
      select coalesce(sum(t.debit - t.credit) filter (where t.place = 1), 0)::bigint as before,
        coalesce(sum(t.debit - t.credit) filter (where t.place = 2), 0)::bigint as inside,
        coalesce(sum(t.debit - t.credit) filter (where t.place = 3), 0)::bigint as since
      from (${turnoversOf(context, { ...filter, accountIds: [account.id] }, ranges)}) t`),
  );
  const starts = account.isRetainedEarnings ? [first, last] : [];
  const [{ before, inside, since }, carried] = await Promise.all([sums, carriedResults(context, starts, filter)]);
  const opening = before + (carried.get(first) ?? 0n);
  if (ranges.length === 3) return { opening, carried: since - opening - inside, closing: since };
  const closing = before + inside + (carried.get(last) ?? 0n);
  return { opening, carried: closing - opening - inside, closing };
}

/** What all years before each of these first days of a year earned: debit positive, a profit negative as on retained earnings. */
async function carriedResults(context: ReadContext, yearStarts: readonly Day[], filter: TurnoverFilter): Promise<Map<Day, bigint>> {
  const starts = [...new Set(yearStarts)];
  if (starts.length === 0) return new Map();
  const ranges = starts.map((start) => ({ until: addDays(start, -1) }));
  const rows = await context.db.rows<{ place: number; carried: bigint }>(sql`
    select t.place, sum(t.debit - t.credit)::bigint as carried
    from (${turnoversOf(context, filter, ranges)}) t
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = t.account_id and a.type in ('income', 'expense')
    group by t.place`);
  const found = new Map(rows.map((row) => [row.place, row.carried]));
  return new Map(starts.map((start, index) => [start, found.get(index + 1) ?? 0n]));
}
