// Numbers of documents: one series for each kind and fiscal year, without gaps, because a number is given back when its write is undone.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { prepared, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";

/** A block of numbers for documents of these days, in their order: `INV-2026-00001`. Call it as late as the work allows. */
export async function drawNumbers(context: WriteContext, bookId: Id, series: string, days: readonly Day[]): Promise<string[]> {
  if (days.length === 0) return [];
  const rows = await context.db.rows<{ number: string }>(
    prepared(sql`
    with asked as (
      select d.place, p.fiscal_year, row_number() over (partition by p.fiscal_year order by d.place) as ordinal
      from unnest(${days}::date[]) with ordinality as d (day, place)
      join finance.period p on p.tenant_id = ${context.tenantId} and p.book_id = ${bookId} and d.day between p.from_day and p.until_day
    ), head as (
      insert into finance.number_head as h (tenant_id, book_id, series, fiscal_year, last_number)
      select ${context.tenantId}::uuid, ${bookId}::uuid, ${series}::text, fiscal_year, count(*)
      from asked group by fiscal_year order by fiscal_year
      on conflict (tenant_id, book_id, series, fiscal_year) do update set last_number = h.last_number + excluded.last_number
      returning h.fiscal_year, h.last_number
    ), numbered as (
      select a.place, a.fiscal_year, h.last_number - (count(*) over (partition by a.fiscal_year)) + a.ordinal as sequence
      from asked a join head h on h.fiscal_year = a.fiscal_year
    )
    select ${series} || '-' || fiscal_year || '-' || lpad(sequence::text, greatest(5, length(sequence::text)), '0') as number
    from numbered order by place`),
  );
  return rows.map((row) => row.number);
}
