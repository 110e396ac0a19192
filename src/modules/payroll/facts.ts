// Questions to Payroll's own records: what processes ask to know whether a step is done.
import type { Id } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";

/** Whether the employment is enrolled, today or from a day to come. */
export async function isEnrolled(context: ReadContext, employmentId: Id): Promise<boolean> {
  const { yes } = await context.db.row<{ yes: boolean }>(sql`
    select exists (select from payroll.enrolment where tenant_id = ${context.tenantId} and employment_id = ${employmentId}
      and during && daterange(${context.today}::date, null)) as yes`);
  return yes;
}

/** Whether the last month of an employment that ends is in an approved run; true too for whoever was never enrolled and has left. */
export async function finalPayIsDone(context: ReadContext, employmentId: Id): Promise<boolean> {
  const { yes } = await context.db.row<{ yes: boolean }>(sql`
    select exists (select from people.employment e where e.tenant_id = ${context.tenantId} and e.id = ${employmentId}
      and not upper_inf(e.during) and (
        exists (select from payroll.payslip p join payroll.run r on r.tenant_id = p.tenant_id and r.id = p.run_id
          where p.tenant_id = e.tenant_id and p.employment_id = e.id and r.state = 'approved'
            and r.month = date_trunc('month', upper(e.during) - 1)::date)
        or upper(e.during) <= ${context.today}::date and not exists (select from payroll.enrolment n
          where n.tenant_id = e.tenant_id and n.employment_id = e.id))) as yes`);
  return yes;
}

/** Whether payroll ever knew the employment. */
export async function wasEnrolled(context: ReadContext, employmentId: Id): Promise<boolean> {
  const found = await context.db.maybe(sql`
    select employment_id from payroll.enrolment where tenant_id = ${context.tenantId} and employment_id = ${employmentId} limit 1`);
  return found !== undefined;
}
