// The lines that a figure is made of, page by page in the order of their days; of many accounts each is read along its own index.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { closingJournal } from "../ledger/entry.rules.ts";
import type { Direction } from "../ledger/open-item.ts";
import { filterOf, type TurnoverFilter } from "../ledger/turnover.ts";
import type { AgeBucket } from "../receivables/ageing.rules.ts";
import { inBucket, itemsKnown } from "./open-item.store.ts";
import { foldOf } from "../ledger/pay-lines.ts";
import { countedIn, type ReturnDays } from "../tax/tax-return.ts";
import { nameAsKnown } from "./year.ts";

export interface FigureLine {
  readonly id: Id;
  /** None for tax that no line of the entry stands for by itself. */
  readonly lineId: Id | null;
  readonly entryId: Id;
  readonly number: string;
  readonly journal: string;
  readonly day: Day;
  readonly postedAt: Date;
  readonly postedBy: string;
  readonly accountId: Id | null;
  readonly account: string | null;
  readonly text: string;
  readonly reference: string | null;
  /** With the sign of the figure. */
  readonly amount: bigint;
  readonly currency: string | null;
  readonly currencyAmount: bigint | null;
  readonly dueDay: Day | null;
  readonly partyId: Id | null;
  readonly party: string | null;
  readonly documentSubject: string | null;
  readonly documentId: Id | null;
  readonly reverses: string | null;
  readonly reversedBy: string | null;
}

export interface Page {
  readonly after?: readonly [day: string, id: string];
  readonly limit: number;
}

/** Each selection gives `day, id, line_id, entry_id, amount`, so many as the page holds, in that order. */
type Selection = Sql;

const pageOf = ({ after, limit }: Page): Sql =>
  sql`${after ? sql`and (l.day, l.id) > (${after[0]}::date, ${after[1]}::uuid)` : sql``} order by l.day, l.id limit ${limit}`;

export interface LineQuestion {
  readonly accountIds: readonly Id[];
  readonly from: Day;
  readonly to: Day;
  readonly filter: TurnoverFilter;
  readonly sign: 1n | -1n;
  /** Only lines of entries that also touch one of these accounts: what a bank account received for it. */
  readonly besideIds?: readonly Id[];
}

const notClosing = (context: ReadContext, bookId: Id): Sql => sql`and e.journal_id not in (select j.id from finance.journal j
  where j.tenant_id = ${context.tenantId} and j.book_id = ${bookId} and j.code = ${closingJournal})`;

export function linesSelected(context: ReadContext, asked: LineQuestion, page: Page): Selection {
  const { tenantId } = context;
  const { accountIds, from, to, filter, sign, besideIds } = asked;
  const fold = foldOf(context, filter);
  return sql`
    select l.* from unnest(${accountIds}::uuid[]) as a (id)
    cross join lateral (
      select l.day, l.id, l.id as line_id, l.entry_id, ${sign}::bigint * ${fold.amount} as amount
      from finance.journal_line l
      join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
      where l.tenant_id = ${tenantId} and l.account_id = a.id and l.day between ${from}::date and ${to}::date
        ${filterOf(context, filter, sql`l`)} ${filter.knownAt ? sql`and e.posted_at <= ${filter.knownAt}` : sql``} ${fold.only}
        ${filter.beforeClosing ? notClosing(context, filter.bookId) : sql``}
        ${
          besideIds
            ? sql`and exists (select from finance.journal_line c
                where c.tenant_id = ${tenantId} and c.entry_id = l.entry_id and c.account_id = any(${besideIds}::uuid[]))`
            : sql``
        }
        ${pageOf(page)}
    ) l where true ${pageOf(page)}`;
}

export interface ItemFigure {
  readonly bookId: Id;
  readonly direction: Direction;
  readonly asOf: Day;
  readonly knownAt?: Date;
  readonly partyId?: Id;
  readonly bucket?: AgeBucket;
}

const itemsWhere = (context: ReadContext, asked: ItemFigure): Sql => sql`
  from (${itemsKnown(context, asked)}) o where o.open_amount <> 0 ${asked.bucket ? sql`and ${inBucket(asked.bucket, asked.asOf)}` : sql``}`;

const itemSign = (direction: Direction): bigint => (direction === "receivable" ? 1n : -1n);

export const itemsSelected = (context: ReadContext, asked: ItemFigure, page: Page): Selection => sql`
  select l.* from (select o.day, o.id, o.id as line_id, o.entry_id, ${itemSign(asked.direction)}::bigint * o.open_amount as amount
    ${itemsWhere(context, asked)}) l where true ${pageOf(page)}`;

export async function itemsTotal(context: ReadContext, asked: ItemFigure): Promise<bigint> {
  const { total } = await context.db.row<{ total: bigint }>(sql`
    select coalesce(sum(${itemSign(asked.direction)}::bigint * o.open_amount), 0)::bigint as total ${itemsWhere(context, asked)}`);
  return total;
}

export interface TaxFigure extends ReturnDays {
  readonly bookId: Id;
  readonly taxCodeId?: Id;
  readonly side?: "output" | "input";
}

const taxWhere = (context: ReadContext, asked: TaxFigure): Sql => sql`
  from finance.tax_line t
  join finance.tax_code c on c.tenant_id = ${context.tenantId} and c.id = t.tax_code_id and c.book_id = ${asked.bookId}
  where t.tenant_id = ${context.tenantId} and ${countedIn(context, asked)}
    ${asked.taxCodeId ? sql`and t.tax_code_id = ${asked.taxCodeId}` : sql``} ${asked.side ? sql`and t.side = ${asked.side}` : sql``}`;

/** Output tax counts as it is owed; beside it input tax counts against. */
const taxAmount = (asked: TaxFigure): Sql => (asked.side ? sql`t.tax` : sql`case t.side when 'output' then t.tax else -t.tax end`);

/** Each tax line with the line of its entry on the tax account. */
export const taxSelected = (context: ReadContext, asked: TaxFigure, page: Page): Selection => sql`
  select l.* from (select t.day, t.id, (select k.id from finance.journal_line k where k.tenant_id = ${context.tenantId}
      and k.entry_id = t.entry_id and k.account_id = case t.side when 'output' then c.output_account_id else c.input_account_id end
      order by k.position limit 1) as line_id, t.entry_id, ${taxAmount(asked)} as amount
    ${taxWhere(context, asked)}) l where true ${pageOf(page)}`;

export async function taxTotal(context: ReadContext, asked: TaxFigure): Promise<bigint> {
  const { total } = await context.db.row<{ total: bigint }>(sql`
    select coalesce(sum(${taxAmount(asked)}), 0)::bigint as total ${taxWhere(context, asked)}`);
  return total;
}

export const oneSelected = (context: ReadContext, lineId: Id): Selection => {
  const fold = foldOf(context);
  return sql`
    select l.day, l.id, l.id as line_id, l.entry_id, ${fold.amount} as amount from finance.journal_line l
    join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = l.entry_id
    where l.tenant_id = ${context.tenantId} and l.id = ${lineId} ${fold.only}`;
};

export const entrySelected = (context: ReadContext, entryId: Id): Selection => {
  const fold = foldOf(context);
  return sql`
    select l.day, l.id, l.id as line_id, l.entry_id, ${fold.amount} as amount from finance.journal_line l
    join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = l.entry_id
    where l.tenant_id = ${context.tenantId} and l.entry_id = ${entryId} ${fold.only} order by l.position`;
};

/** The lines of a selection with everything that is said about each by itself. */
export function linesTold(context: ReadContext, selection: Selection, knownAt: Date | undefined): Promise<FigureLine[]> {
  const { tenantId } = context;
  const fold = foldOf(context);
  return context.db.rows<FigureLine>(sql`
    select s.id, s.line_id, s.entry_id, e.number, j.code as journal, s.day, e.posted_at, e.by_name as posted_by, a.id as account_id,
      a.code || ' ' || ${nameAsKnown(context, knownAt)} as account, ${fold.text} as text, e.reference, s.amount::bigint as amount,
        ${fold.currency} as currency, ${fold.currencyAmount} as currency_amount,
      o.due_day, coalesce(l.party_id, o.party_id) as party_id, y.name as party, e.document_subject, e.document_id, v.number as reverses,
      x.number as reversed_by
    from (${selection}) s
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = s.entry_id
    join finance.journal j on j.tenant_id = ${tenantId} and j.id = e.journal_id
    left join finance.journal_line l on l.tenant_id = ${tenantId} and l.id = s.line_id
    left join finance.account a on a.tenant_id = ${tenantId} and a.id = l.account_id
    left join finance.open_item o on o.tenant_id = ${tenantId} and o.id = s.line_id
    left join directory.party y on y.tenant_id = ${tenantId} and y.id = coalesce(l.party_id, o.party_id)
    left join finance.journal_entry v on v.tenant_id = ${tenantId} and v.id = e.reverses_id
    left join finance.journal_entry x on x.tenant_id = ${tenantId} and x.reverses_id = e.id
      ${knownAt ? sql`and x.posted_at <= ${knownAt}` : sql``}
    order by s.day, s.id`);
}
