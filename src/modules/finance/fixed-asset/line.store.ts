// Planned lines taken away, and booked ones planned again: what a line was before stays known, so that a schedule can be read as it was.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";

// What was and was changed within one moment was never seen by anyone, hence `on conflict do nothing`.

/** Takes planned lines of a plan away, by a condition on `l`. */
export async function dropPlanned(context: WriteContext, planId: Id, condition: Sql): Promise<void> {
  const { tenantId, now } = context;
  await context.db.run(sql`
    with gone as (
      delete from finance.depreciation_line l
      where l.tenant_id = ${tenantId} and l.plan_id = ${planId} and l.state = 'planned' and ${condition} returning l.*)
    insert into finance.depreciation_line_before (tenant_id, id, plan_id, from_day, until_day, amount, kind, units, made_at, until_at)
    select ${tenantId}, g.id, g.plan_id, g.from_day, g.until_day, g.amount, g.kind, g.units, g.made_at, ${now} from gone g
    on conflict do nothing`);
}

interface TakenBackLine {
  readonly planId: Id;
  readonly entryId: Id | null;
  readonly fromDay: Day;
}

/** Booked lines become plans again, by a condition on `l`; returns what they were. */
export function planAgain(context: WriteContext, condition: Sql): Promise<TakenBackLine[]> {
  const { tenantId, now } = context;
  return context.db.rows<TakenBackLine>(sql`
    with changed as (
      update finance.depreciation_line l set state = 'planned', run_id = null, entry_id = null, booked_at = null, made_at = ${now}
      from finance.depreciation_line was
      where l.tenant_id = ${tenantId} and l.state = 'posted' and ${condition} and was.tenant_id = ${tenantId} and was.id = l.id
      returning was.*
    ), kept as (
      insert into finance.depreciation_line_before (tenant_id, id, plan_id, from_day, until_day, amount, kind, units, entry_id, made_at,
        booked_at, until_at)
      select ${tenantId}, c.id, c.plan_id, c.from_day, c.until_day, c.amount, c.kind, c.units, c.entry_id, c.made_at,
        ${bookedAt(tenantId, sql`c`)}, ${now}
      from changed c on conflict do nothing
    )
    select plan_id, entry_id, from_day from changed order by from_day, id`);
}

/** When a booked line was booked; before it was kept with the line, its run or its entry tell. */
export const bookedAt = (tenantId: Id, line: Sql): Sql => sql`coalesce(${line}.booked_at,
  (select r.at from finance.depreciation_run r where r.tenant_id = ${tenantId} and r.id = ${line}.run_id),
  (select e.posted_at from finance.journal_entry e where e.tenant_id = ${tenantId} and e.id = ${line}.entry_id), '-infinity')`;
