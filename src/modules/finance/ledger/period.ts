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

/** Locks the period. Refuses `notFound`. */
export const lockPeriod = async (context: WriteContext, id: Id): Promise<PeriodRow> =>
  (await context.db.maybe<PeriodRow>(sql`
    select id, book_id, code, fiscal_year_start, from_day, until_day, state, locked_areas from finance.period
    where tenant_id = ${context.tenantId} and id = ${id} for update`)) ?? refuse("notFound");
