// The tax return: nothing is calculated again, the lines kept with each document are added up by the day they count on.
import type { Day } from "../../../kernel/day.ts";
import { addDays, endOfMonth, later } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Book } from "../ledger/book.ts";

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

/** What counts in these days, by code, rate and side; of what was posted until a moment, when one is given. */
/** Of a line that was posted before its code had boxes: those the code has now. */
export const boxOf = (kind: "base" | "tax") => {
  const own = kind === "base" ? sql`t.base_box` : sql`t.tax_box`;
  const output = kind === "base" ? sql`c.output_base_box` : sql`c.output_tax_box`;
  const input = kind === "base" ? sql`c.input_base_box` : sql`c.input_tax_box`;
  return sql`case when coalesce(t.base_box, t.tax_box) is not null then ${own} when t.side = 'output' then ${output} else ${input} end`;
};

/** What counts in these days, by code, rate and side. */
export const returnRows = (context: ReadContext, book: Book, from: Day, to: Day, knownAt?: Date): Promise<ReturnRow[]> =>
  context.db.rows<ReturnRow>(sql`
    select t.tax_code_id, c.code, c.name, t.side, trim_scale(t.percent)::text as percent, ${boxOf("base")} as base_box,
      ${boxOf("tax")} as tax_box,
      sum(t.base)::bigint as base, sum(t.tax)::bigint as tax, count(*)::int as lines, count(distinct t.document_id)::int as documents,
      count(*) filter (where t.day < ${from}::date)::int as late
    from finance.tax_line t
    join finance.tax_code c on c.tenant_id = ${context.tenantId} and c.id = t.tax_code_id and c.book_id = ${book.id}
    where t.tenant_id = ${context.tenantId} and t.tax_day between ${from}::date and ${to}::date
      ${
        knownAt
          ? sql`and exists (select from finance.journal_entry e
              where e.tenant_id = ${context.tenantId} and e.id = t.entry_id and e.posted_at <= ${knownAt})`
          : sql``
      }
    group by 1, 2, 3, 4, t.percent, 6, 7
    order by t.side desc, c.code, t.percent, 6, 7`);

/** The days of the return that comes next: from the day after the last one filed, else the beginning of the books, for a month. */
export async function nextReturn(context: ReadContext, book: Book): Promise<{ from: Day; to: Day }> {
  const row = await context.db.row<{ filed: Day | null; first: Day | null }>(sql`
    select (select max(u.until_day) from finance.tax_return u where u.tenant_id = ${context.tenantId} and u.book_id = ${book.id}) as filed,
      (select min(p.from_day) from finance.period p where p.tenant_id = ${context.tenantId} and p.book_id = ${book.id}) as first`);
  const from = row.filed ? addDays(row.filed, 1) : (row.first ?? context.today);
  return { from, to: later(from, endOfMonth(from)) };
}

/** Boxes of the return with what goes into them: bases and taxes of the lines that name them. */
export function boxesOf(rows: readonly ReturnRow[]): { box: string; amount: bigint }[] {
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

export const sumOf = (rows: readonly ReturnRow[], side: "output" | "input"): bigint =>
  rows.reduce((sum, row) => sum + (row.side === side ? row.tax : 0n), 0n);
