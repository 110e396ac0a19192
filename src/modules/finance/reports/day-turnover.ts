// Turnover by account and day is counted behind the postings: what was posted since is added up, up to the last number of each journal, so
// that a statement of any day reads days instead of lines. What came after it is read entry by entry.
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { Schedule } from "../../../platform/operation/module.ts";
import { uncounted } from "../ledger/turnover.ts";

/** So many entries of a journal in one go: a few seconds. */
const entriesMax = 100_000;

/** Counts what was posted since it was last done. */
export async function countDays(context: WriteContext): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`
    insert into finance.day_turnover_mark (tenant_id, journal_id, fiscal_year, counted)
    select ${tenantId}::uuid, u.journal_id, u.fiscal_year, 0 from (${uncounted(context)}) u order by u.journal_id, u.fiscal_year
    on conflict (tenant_id, journal_id, fiscal_year) do nothing`);
  // Two that count at once would add the same entries twice.
  await context.db.run(sql`
    select from finance.day_turnover_mark where tenant_id = ${tenantId} order by journal_id, fiscal_year for update`);
  await context.db.run(sql`
    with due as materialized (
      select u.journal_id, u.fiscal_year, u.counted, least(u.last_number, u.counted + ${entriesMax}) as until
      from (${uncounted(context)}) u where u.last_number > u.counted
    ), marked as (
      update finance.day_turnover_mark m set counted = d.until from due d
      where m.tenant_id = ${tenantId} and m.journal_id = d.journal_id and m.fiscal_year = d.fiscal_year
    )
    insert into finance.day_turnover as t (tenant_id, account_id, day, unit_id, set_id, debit, credit)
    select ${tenantId}::uuid, l.account_id, l.day, coalesce(l.unit_id, '00000000-0000-0000-0000-000000000000'),
      coalesce(l.set_id, '00000000-0000-0000-0000-000000000000'), sum(greatest(l.amount, 0)), sum(greatest(-l.amount, 0))
    from due d
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.journal_id = d.journal_id and e.fiscal_year = d.fiscal_year
      and e.sequence > d.counted and e.sequence <= d.until
    join finance.journal_line l on l.tenant_id = ${tenantId} and l.entry_id = e.id
    group by 2, 3, 4, 5 order by 2, 3, 4, 5
    on conflict (tenant_id, account_id, day, unit_id, set_id)
      do update set debit = t.debit + excluded.debit, credit = t.credit + excluded.credit`);
}

export const reportSchedules: readonly Schedule[] = [
  {
    name: "finance.countDays",
    says: "Adds up what was posted by account and day, so that statements of any day are quick.",
    cron: "*/5 * * * *",
    does: countDays,
  },
];
