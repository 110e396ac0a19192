// The tax return: nothing is calculated again, the lines kept with each document are added up by the day they count on.
import type { Day } from "../../../kernel/day.ts";
import { addDays, endOfMonth, later } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { Book } from "../ledger/book.ts";
import type { JournalLineDraft } from "../ledger/entry.rules.ts";
import { firstOpenDay } from "../ledger/lock.ts";
import { postEntry } from "../ledger/posting.ts";
import { andPostedBy } from "../reports/known.ts";

export interface ReturnRow {
  readonly taxCodeId: Id;
  readonly code: string;
  readonly name: string;
  readonly side: "output" | "input";
  readonly percent: string;
  readonly baseBox: string | null;
  readonly taxBox: string | null;
  readonly base: bigint;
  readonly tax: bigint;
  readonly lines: number;
  readonly documents: number;
  /** Lines of days that were filed before. */
  readonly late: number;
}

/** Of a line that was posted before its code had boxes: those the code has now. */
const boxOf = (kind: "base" | "tax"): Sql => {
  const own = kind === "base" ? sql`t.base_box` : sql`t.tax_box`;
  const output = kind === "base" ? sql`c.output_base_box` : sql`c.output_tax_box`;
  const input = kind === "base" ? sql`c.input_base_box` : sql`c.input_tax_box`;
  return sql`case when coalesce(t.base_box, t.tax_box) is not null then ${own} when t.side = 'output' then ${output} else ${input} end`;
};

export interface ReturnDays {
  readonly from: Day;
  readonly to: Day;
  /** Of what was posted and filed until a moment; by default now. */
  readonly knownAt?: Date;
}

/** Of tax lines `t`: those that count on these days in a return, as no correction of an earlier one has them. */
export const countedIn = (context: ReadContext, { from, to, knownAt }: ReturnDays): Sql => sql`
  t.tax_day between ${from}::date and ${to}::date and ${notCorrected(context.tenantId, knownAt)}
  ${andPostedBy(context, sql`t.entry_id`, knownAt)}`;

const notCorrected = (tenantId: Id, knownAt?: Date): Sql => sql`not exists (
  select from finance.tax_correction_line k
  ${knownAt ? sql`join finance.tax_correction r on r.tenant_id = ${tenantId} and r.id = k.correction_id and r.at <= ${knownAt}` : sql``}
  where k.tenant_id = ${tenantId} and k.tax_line_id = t.id)`;

/** Of tax lines `t`: those for the days of a filed return that came after it and are in no return that was filed. */
export const lateLines = (tenantId: Id, filed: { readonly from: Day; readonly to: Day; readonly bookId: Id }): Sql => sql`
  t.day between ${filed.from}::date and ${filed.to}::date and ${notCorrected(tenantId)}
  and t.tax_day > (select max(u.until_day) from finance.tax_return u where u.tenant_id = ${tenantId} and u.book_id = ${filed.bookId})`;

/** What counts in these days, by code, rate and side. */
export const returnRows = (context: ReadContext, book: Book, days: ReturnDays): Promise<ReturnRow[]> =>
  rowsOf(context, book, countedIn(context, days), days.from);

/** The return that was filed for exactly these days, as it was. */
export const filedReturn = (context: ReadContext, book: Book, { from, to, knownAt }: ReturnDays) =>
  context.db.maybe<{ id: Id; filed: unknown }>(sql`
    select id, filed from finance.tax_return where tenant_id = ${context.tenantId} and book_id = ${book.id}
      and from_day = ${from} and until_day = ${to} ${knownAt ? sql`and at <= ${knownAt}` : sql``}`);

/** That tax lines `t` stand in a box: in a filed return as it was filed, else where they stand now. */
export const inBox = (box: string, filed: { readonly filed: unknown } | undefined): Sql =>
  filed
    ? sql`exists (select from jsonb_to_recordset(${JSON.stringify(filed.filed)}::jsonb -> 'rows')
          as k ("taxCodeId" uuid, side text, percent numeric, "baseBox" text, "taxBox" text)
        where k."taxCodeId" = t.tax_code_id and k.side = t.side and k.percent = t.percent and ${box} in (k."baseBox", k."taxBox")
          and (coalesce(t.base_box, t.tax_box) is null or (t.base_box, t.tax_box) is not distinct from (k."baseBox", k."taxBox")))`
    : sql`${box} in (${boxOf("base")}, ${boxOf("tax")})`;

/** Lines by a condition on `t`, by code, rate and side. */
export const rowsOf = (context: ReadContext, book: Book, which: Sql, from: Day): Promise<ReturnRow[]> =>
  context.db.rows<ReturnRow>(sql`
    select t.tax_code_id, c.code, c.name, t.side, trim_scale(t.percent)::text as percent, ${boxOf("base")} as base_box,
      ${boxOf("tax")} as tax_box,
      sum(t.base)::bigint as base, sum(t.tax)::bigint as tax, count(*)::int as lines, count(distinct t.document_id)::int as documents,
      count(*) filter (where t.day < ${from}::date)::int as late
    from finance.tax_line t
    join finance.tax_code c on c.tenant_id = ${context.tenantId} and c.id = t.tax_code_id and c.book_id = ${book.id}
    where t.tenant_id = ${context.tenantId} and ${which}
    group by 1, 2, 3, 4, t.percent, 6, 7
    order by t.side desc, c.code, t.percent, 6, 7`);

/** A return in figures: by box, by row, and what is left to pay. */
export function shownReturn(rows: readonly ReturnRow[], currency: string) {
  const money = (minor: bigint): Money => new Money(minor, currency);
  const [output, input] = [sumOf(rows, "output"), sumOf(rows, "input")];
  return {
    currency: money(0n).currency,
    boxes: boxesOf(rows).map(({ box, amount }) => ({ box, amount: money(amount) })),
    rows: rows.map((row) => ({ ...row, base: money(row.base), tax: money(row.tax) })),
    output: money(output),
    input: money(input),
    payable: money(output - input),
  };
}

interface Settling {
  readonly to: Day;
  readonly text: string;
  readonly document: { readonly subject: string; readonly id: Id };
}

/** Empties the tax accounts of lines by a condition on `t`, on a day or the first open one after it. */
export async function settleTax(context: WriteContext, book: Book, which: Sql, { to, text, document }: Settling): Promise<Id | null> {
  const { tenantId } = context;
  const sums = await context.db.rows<{ accountId: Id; amount: bigint }>(sql`
    select a.account_id, sum(a.amount)::bigint as amount
    from finance.tax_line t
    join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = t.tax_code_id and c.book_id = ${book.id}
    cross join lateral (select case t.side when 'output' then c.output_account_id else c.input_account_id end as account_id,
      t.sign * t.tax as amount) a
    where t.tenant_id = ${tenantId} and ${which}
    group by a.account_id having sum(a.amount) <> 0 order by a.account_id`);
  if (sums.length === 0) return null;
  // Where none is open, posting says so.
  const day = (await firstOpenDay(context, book.id, to, ["ledger"])) ?? to;
  const money = (minor: bigint): Money => new Money(minor, book.currency);
  const payable = sums.reduce((sum, one) => sum + one.amount, 0n);
  const lines = sums.map(({ accountId, amount }): JournalLineDraft => ({ account: { id: accountId }, amount: money(amount) }));
  if (payable !== 0n) lines.push({ account: { role: "taxSettlement" }, amount: money(-payable) });
  return (await postEntry(context, { journal: "GEN", day, text, document, lines }, book.id)).id;
}

/** The days of the return that comes next: from the day after the last one filed, else the beginning of the books, for a month. */
export async function nextReturn(context: ReadContext, book: Book): Promise<{ from: Day; to: Day }> {
  const row = await context.db.row<{ filed: Day | null; first: Day | null }>(sql`
    select (select max(u.until_day) from finance.tax_return u where u.tenant_id = ${context.tenantId} and u.book_id = ${book.id}) as filed,
      (select min(p.from_day) from finance.period p where p.tenant_id = ${context.tenantId} and p.book_id = ${book.id}) as first`);
  const from = row.filed ? addDays(row.filed, 1) : (row.first ?? context.today);
  return { from, to: later(from, endOfMonth(from)) };
}

/** Boxes of the return with what goes into them: bases and taxes of the lines that name them. */
function boxesOf(rows: readonly ReturnRow[]): { box: string; amount: bigint }[] {
  const boxes = new Map<string, bigint>();
  const add = (box: string | null, amount: bigint): void => {
    if (box !== null) boxes.set(box, (boxes.get(box) ?? 0n) + amount);
  };
  for (const row of rows) {
    add(row.baseBox, row.base);
    add(row.taxBox, row.tax);
  }
  return [...boxes].map(([box, amount]) => ({ box, amount })).toSorted((a, b) => a.box.localeCompare(b.box, "en", { numeric: true }));
}

const sumOf = (rows: readonly ReturnRow[], side: "output" | "input"): bigint =>
  rows.reduce((sum, row) => sum + (row.side === side ? row.tax : 0n), 0n);
