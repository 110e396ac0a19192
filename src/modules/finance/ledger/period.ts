// A period held against postings while something is decided about it: each posting holds it `for share`.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { Area } from "./area.rules.ts";

export interface PeriodRow {
  readonly id: Id;
  readonly bookId: Id;
  readonly code: string;
  readonly fiscalYearStart: Day;
  readonly fromDay: Day;
  readonly untilDay: Day;
  readonly state: "open" | "closed";
  readonly lockedAreas: readonly Area[];
}

export async function markClosed(context: WriteContext, { id, ...period }: PeriodRow, reason: string): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`
    update finance.period p set state = 'closed', closed_entries = e.entries, closed_debit = e.debit
    from (select count(*) as entries, coalesce(sum(total), 0)::bigint as debit from finance.journal_entry
      where tenant_id = ${tenantId} and book_id = ${period.bookId} and day between ${period.fromDay} and ${period.untilDay}) e
    where p.tenant_id = ${tenantId} and p.id = ${id}`);
  await recordChange(context, id, "closed", reason);
}

export async function markOpen(context: WriteContext, { id }: PeriodRow, reason: string): Promise<void> {
  await context.db.run(sql`
    update finance.period set state = 'open', closed_entries = null, closed_debit = null
    where tenant_id = ${context.tenantId} and id = ${id}`);
  await recordChange(context, id, "open", reason);
}

const recordChange = (context: WriteContext, id: Id, state: PeriodRow["state"], reason: string): Promise<number> =>
  context.db.run(sql`
    insert into finance.period_change (tenant_id, id, period_id, state, reason, person_id, by_name, at)
    values (${context.tenantId}, ${context.newId()}, ${id}, ${state}, ${reason}, ${context.actor.personId}, ${context.actor.name},
      ${context.now})`);

/** Posts what belongs to the end of the period itself, into a closed one too: that is open for this alone, and closed again after it. */
export async function postIntoClosed<Posted>(
  context: WriteContext,
  period: PeriodRow,
  reason: string,
  post: () => Promise<Posted>,
): Promise<Posted> {
  if (period.state === "open") return post();
  await markOpen(context, period, reason);
  const posted = await post();
  await markClosed(context, period, reason);
  return posted;
}

export const periodColumns = sql`id, book_id, code, fiscal_year_start, from_day, until_day, state, locked_areas`;

/** Locks the period. Refuses `notFound`. */
export const lockPeriod = async (context: WriteContext, id: Id): Promise<PeriodRow> =>
  (await context.db.maybe<PeriodRow>(sql`
    select ${periodColumns} from finance.period
    where tenant_id = ${context.tenantId} and id = ${id} for update`)) ?? refuse("notFound");
