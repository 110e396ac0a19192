// Pay in the books: only who keeps payroll or answers for finance sees the lines of a payroll run one by one. For everyone else the lines
// of a run on an account are folded into their sum, because the line of a cost centre with one person would be that person's pay.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

const isPay = sql`e.document_subject = 'payroll.run'`;

export const seesPay = (context: ReadContext): boolean => context.holds("finance.manager") || context.holds("payroll.manager");

/** For a statement with line `l` of entry `e`. */
export interface LineFold {
  /** Goes on after `where …`: all but the first of the folded lines are left out. */
  readonly only: Sql;
  readonly amount: Sql;
  readonly text: Sql;
  readonly unitId: Sql;
}

export function foldOf(context: ReadContext): LineFold {
  if (seesPay(context)) return { only: sql``, amount: sql`l.amount`, text: sql`coalesce(l.text, e.text)`, unitId: sql`l.unit_id` };
  const same = sql`k.tenant_id = ${context.tenantId} and k.entry_id = l.entry_id and k.account_id = l.account_id`;
  return {
    only: sql`and not (${isPay} and exists (select from finance.journal_line k where ${same} and k.position < l.position))`,
    amount: sql`case when ${isPay} then (select sum(k.amount)::bigint from finance.journal_line k where ${same}) else l.amount end`,
    text: sql`case when ${isPay} then e.text else coalesce(l.text, e.text) end`,
    unitId: sql`case when ${isPay} then null else l.unit_id end`,
  };
}
