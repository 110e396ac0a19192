// What must hold in Payroll at all times, and the figures it shows on Today.
import { startOfMonth } from "../../kernel/day.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import type { Figure, Law } from "../../platform/operation/module.ts";

const broken = async (context: ReadContext, found: Sql, says: (what: string) => string): Promise<string[]> =>
  (await context.db.rows<{ what: string }>(found)).map((row) => says(row.what));

export const laws: readonly Law[] = [
  {
    name: "payroll.slipsAddUp",
    says: "The lines of every payslip add up to it, and gross less deductions is net.",
    breaks: (context) =>
      broken(
        context,
        sql`select o.name || ' ' || to_char(r.month, 'YYYY-MM') as what
          from payroll.payslip p
          join payroll.run r on r.tenant_id = p.tenant_id and r.id = p.run_id
          join directory.party o on o.tenant_id = p.tenant_id and o.id = p.person_id
          left join lateral (select coalesce(sum(l.amount) filter (where l.kind = 'earning'), 0) as gross,
              coalesce(sum(l.amount) filter (where l.kind = 'deduction'), 0) as deductions,
              coalesce(sum(l.amount) filter (where l.kind = 'employer'), 0) as employer
            from payroll.payslip_line l where l.tenant_id = p.tenant_id and l.payslip_id = p.id) l on true
          where p.tenant_id = ${context.tenantId} and (p.gross - p.deductions <> p.net or l.gross <> p.gross
            or l.deductions <> p.deductions or l.employer <> p.employer)`,
        (what) => `The payslip of ${what} does not add up.`,
      ),
  },
  {
    name: "payroll.runsAreTheirSlips",
    says: "The totals of every run are those of its slips.",
    breaks: (context) =>
      broken(
        context,
        sql`select to_char(r.month, 'YYYY-MM') as what from payroll.run r
          left join lateral (select count(*) as people, coalesce(sum(gross), 0) as gross, coalesce(sum(deductions), 0) as deductions,
              coalesce(sum(net), 0) as net, coalesce(sum(employer), 0) as employer
            from payroll.payslip p where p.tenant_id = r.tenant_id and p.run_id = r.id) s on true
          where r.tenant_id = ${context.tenantId} and (s.people <> r.people or s.gross <> r.gross or s.deductions <> r.deductions
            or s.net <> r.net or s.employer <> r.employer)`,
        (what) => `The run of ${what} is not the sum of its slips.`,
      ),
  },
  {
    name: "payroll.runsAreInTheBooks",
    says: "Every approved run stands in the books with its own totals, and no other run does.",
    breaks: (context) =>
      broken(
        context,
        sql`select to_char(r.month, 'YYYY-MM') as what from payroll.run r
          left join lateral (select sum(l.amount) filter (where l.amount > 0) as cost, sum(l.amount) as rest from finance.journal_line l
            where l.tenant_id = r.tenant_id and l.entry_id = r.entry_id) e on true
          where r.tenant_id = ${context.tenantId} and case when r.state = 'approved'
            then e.cost is distinct from r.gross + r.employer or e.rest is distinct from 0 else r.entry_id is not null end`,
        (what) => `The run of ${what} and the books do not agree.`,
      ),
  },
  {
    name: "payroll.approvedByASecond",
    says: "Nobody approved a run they submitted.",
    breaks: (context) =>
      broken(
        context,
        sql`select to_char(month, 'YYYY-MM') as what from payroll.run
          where tenant_id = ${context.tenantId} and state = 'approved' and approved_by = submitted_by`,
        (what) => `The run of ${what} was submitted and approved by one person.`,
      ),
  },
];

const manager = ["payroll.manager"];

export const figures: readonly Figure[] = [
  {
    name: "payroll.due",
    title: "Payroll of this month",
    roles: [...manager, "finance.manager"],
    to: "/r/payroll/run",
    value: async (context, today) => {
      const found = await context.db.maybe<{ state: string }>(sql`
        select state from payroll.run where tenant_id = ${context.tenantId} and month = ${startOfMonth(today)}::date
          and state <> 'cancelled'
        order by array_position(array['draft', 'calculated', 'submitted', 'approved'], state) limit 1`);
      return found?.state ?? "not begun";
    },
  },
  {
    name: "payroll.notEnrolled",
    title: "Employees not enrolled",
    roles: manager,
    to: "/r/payroll/enrolment",
    value: async (context, today) => {
      const { count } = await context.db.row<{ count: number }>(sql`
        select count(*)::int as count from people.employment e
        where e.tenant_id = ${context.tenantId} and e.voided_on is null and e.kind = 'employee'
          and e.during && daterange(${today}::date, null)
          and not exists (select from payroll.enrolment n where n.tenant_id = e.tenant_id and n.employment_id = e.id)`);
      return count;
    },
  },
];
