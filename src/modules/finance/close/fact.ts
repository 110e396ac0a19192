// What proves a task of the close: a question to the books, answered live. A department that adds a fact adds one line to the list.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Area } from "../ledger/area.rules.ts";

export interface ClosedMonth {
  readonly id: Id;
  readonly bookId: Id;
  readonly code: string;
  readonly fromDay: Day;
  readonly untilDay: Day;
  readonly state: "open" | "closed";
  readonly lockedAreas: readonly Area[];
}

export interface CloseFact {
  readonly key: string;
  /** The fact as a sentence, for the board. */
  readonly says: string;
  /** True when it holds; otherwise false, or a sentence that says what is missing. */
  readonly holds: (context: ReadContext, period: ClosedMonth) => Promise<boolean | string>;
}

/** A fact that holds when a statement counts nothing; `missing` names what is counted. */
export const none = (
  key: string,
  says: string,
  missing: string,
  counts: (context: ReadContext, period: ClosedMonth) => Sql,
): CloseFact => ({
  key,
  says,
  holds: async (context, period) => {
    const { count } = await context.db.row<{ count: number }>(sql`select count(*)::int as count from (${counts(context, period)}) c`);
    return count === 0 || `${missing}: ${count}.`;
  },
});
