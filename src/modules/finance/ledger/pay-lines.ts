// Pay in the books: only who keeps payroll or answers for finance sees the lines of a payroll run one by one. For everyone else the lines
// of a run on an account are folded into their sum, because the line of a cost centre with one person would be that person's pay. Where
// a report is narrowed to a cost centre or to one value of a dimension, pay is left out altogether, for the same reason.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { Id } from "../../../kernel/id.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

/** Whether an entry `e` is that of a payroll run. */
export const isPay = sql`e.document_subject = 'payroll.run'`;

const seesPay = (context: ReadContext): boolean => context.holds("finance.manager") || context.holds("payroll.manager");

/** What a report is narrowed to. */
interface Narrowing {
  readonly unitId?: Id;
  readonly dimensionValueId?: Id;
}

export const leavesOutPay = (context: ReadContext, { unitId, dimensionValueId }: Narrowing): boolean =>
  (unitId !== undefined || dimensionValueId !== undefined) && !seesPay(context);

/** For a statement with line `l` of entry `e`. */
export interface LineFold {
  /** Goes on after `where …`: all but the first of the folded lines are left out. */
  readonly only: Sql;
  readonly amount: Sql;
  readonly text: Sql;
  readonly unitId: Sql;
  readonly currency: Sql;
  readonly currencyAmount: Sql;
}

const whole: LineFold = {
  only: sql``,
  amount: sql`l.amount`,
  text: sql`coalesce(l.text, e.text)`,
  unitId: sql`l.unit_id`,
  currency: sql`l.currency`,
  currencyAmount: sql`l.currency_amount`,
};

export function foldOf(context: ReadContext, narrowing: Narrowing = {}): LineFold {
  if (seesPay(context)) return whole;
  if (leavesOutPay(context, narrowing)) return { ...whole, only: sql`and (${isPay}) is not true` };
  const same = sql`k.tenant_id = ${context.tenantId} and k.entry_id = l.entry_id and k.account_id = l.account_id`;
  return {
    only: sql`and not (${isPay} and exists (select from finance.journal_line k where ${same} and k.position < l.position))`,
    amount: sql`case when ${isPay} then (select sum(k.amount)::bigint from finance.journal_line k where ${same}) else l.amount end`,
    text: sql`case when ${isPay} then e.text else coalesce(l.text, e.text) end`,
    unitId: sql`case when ${isPay} then null else l.unit_id end`,
    currency: sql`case when ${isPay} then null else l.currency end`,
    currencyAmount: sql`case when ${isPay} then null else l.currency_amount end`,
  };
}
