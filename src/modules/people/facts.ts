// Questions to People's own records: what processes ask to know whether a step is done, and what payroll asks to pay.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";

async function holds(context: ReadContext, condition: Sql): Promise<boolean> {
  const { yes } = await context.db.row<{ yes: boolean }>(sql`select ${condition} as yes`);
  return yes;
}

const employment = (context: ReadContext, id: Id, condition: Sql): Sql => sql`
  exists (select from people.employment e where e.tenant_id = ${context.tenantId} and e.id = ${id} and ${condition})`;

/** Whether every contract that was drawn up for the employment is signed. */
export const contractIsSigned = (context: ReadContext, employmentId: Id): Promise<boolean> =>
  holds(
    context,
    sql`(
    select coalesce(bool_and(state = 'signed'), false) from people.contract
    where tenant_id = ${context.tenantId} and employment_id = ${employmentId} and state <> 'void')`,
  );

export const contractIsSent = (context: ReadContext, employmentId: Id): Promise<boolean> =>
  holds(
    context,
    sql`(
    select coalesce(bool_and(state in ('sent', 'signed')), false) from people.contract
    where tenant_id = ${context.tenantId} and employment_id = ${employmentId} and state <> 'void')`,
  );

export const employmentIsActive = (context: ReadContext, employmentId: Id, on: Day = context.today): Promise<boolean> =>
  holds(context, employment(context, employmentId, sql`e.voided_on is null and e.during @> ${on}::date`));

export const hasLeft = (context: ReadContext, employmentId: Id): Promise<boolean> =>
  holds(context, employment(context, employmentId, sql`(e.voided_on is not null or upper(e.during) <= ${context.today}::date)`));

export const isContractor = (context: ReadContext, employmentId: Id): Promise<boolean> =>
  holds(context, employment(context, employmentId, sql`e.kind = 'contractor'`));

/** Whether no leave is left that would have to be paid out or taken back. */
export const leaveIsSettled = (context: ReadContext, employmentId: Id): Promise<boolean> =>
  holds(
    context,
    sql`not exists (
    select from people.leave_entry where tenant_id = ${context.tenantId} and employment_id = ${employmentId}
    group by leave_type_id having sum(days) <> 0)`,
  );

export interface EmploymentFacts {
  readonly employmentId: Id;
  readonly personId: Id;
  readonly person: string;
  readonly kind: "employee" | "contractor";
  readonly entityId: Id | null;
  readonly firstDay: Day;
  readonly lastDay: Day | null;
  readonly contractId: Id | null;
}

/** An employment that was not called off, with its newest contract. */
export function employmentFacts(context: ReadContext, employmentId: Id): Promise<EmploymentFacts | undefined> {
  return context.db.maybe<EmploymentFacts>(sql`
    select e.id as employment_id, e.person_id, o.name as person, e.kind, e.entity_id, lower(e.during) as first_day,
      (upper(e.during) - 1) as last_day,
      (select c.id from people.contract c where c.tenant_id = e.tenant_id and c.employment_id = e.id and c.state <> 'void'
        order by c.first_day desc limit 1) as contract_id
    from people.employment e join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
    where e.tenant_id = ${context.tenantId} and e.id = ${employmentId} and e.voided_on is null`);
}

export interface LeavingFacts {
  readonly lastWorkingDay: Day;
  readonly lastDay: Day;
  readonly accessCutOff: Day;
  readonly finalPayDay: Day;
}

/** The days of a departure that was recorded and not withdrawn. */
export function leavingFacts(context: ReadContext, employmentId: Id): Promise<LeavingFacts | undefined> {
  return context.db.maybe<LeavingFacts>(sql`
    select last_working_day, last_day, access_cut_off, final_pay_day from people.resignation
    where tenant_id = ${context.tenantId} and employment_id = ${employmentId} and state = 'recorded'`);
}

/**
 * Pay by employment for the days between two days, as a SELECT: employment_id, person_id, entity_id, kind, unit_id, first_day, last_day,
 * pay (minor units), currency, pay_period, hours_weekly. A change within the days gives two rows; nobody is paid twice for one day.
 */
export const paidSpans = (context: ReadContext, from: Day, until: Day): Sql => sql`
  select e.id as employment_id, e.person_id, e.entity_id, e.kind, u.unit_id,
    lower(c.during * e.during * daterange(${from}::date, ${until}::date, '[]')) as first_day,
    upper(c.during * e.during * daterange(${from}::date, ${until}::date, '[]')) - 1 as last_day,
    c.pay, c.currency, c.pay_period, coalesce(k.hours_weekly, 40) as hours_weekly
  from people.employment e
  join people.compensation c on c.tenant_id = e.tenant_id and c.employment_id = e.id
  left join lateral (
    select k.hours_weekly from people.contract k where k.tenant_id = e.tenant_id and k.employment_id = e.id and k.state <> 'void'
      and k.first_day <= upper(c.during * e.during * daterange(${from}::date, ${until}::date, '[]')) - 1
    order by k.first_day desc limit 1) k on true
  left join lateral (
    select v.unit_id from people.assignment a
    join directory.position_version v on v.tenant_id = a.tenant_id and v.position_id = a.position_id
      and v.during @> least(${until}::date, coalesce(upper(a.during) - 1, ${until}::date))
    where a.tenant_id = e.tenant_id and a.employment_id = e.id and a.during && daterange(${from}::date, ${until}::date, '[]')
    order by lower(a.during) desc limit 1) u on true
  where e.tenant_id = ${context.tenantId} and e.voided_on is null
    and c.during && e.during and (c.during * e.during) && daterange(${from}::date, ${until}::date, '[]')`;

/** Days of unpaid leave by employment between two days, as a SELECT: employment_id, days (calendar days, half a day for half). */
export const unpaidLeave = (context: ReadContext, from: Day, until: Day): Sql => sql`
  select q.employment_id,
    sum(case when q.half_day then 0.5 else least(q.last_day, ${until}::date) - greatest(q.first_day, ${from}::date) + 1 end) as days
  from people.leave_request q
  join people.leave_type t on t.tenant_id = q.tenant_id and t.id = q.leave_type_id
  where q.tenant_id = ${context.tenantId} and q.state = 'approved' and not t.is_paid
    and q.first_day <= ${until}::date and q.last_day >= ${from}::date
  group by q.employment_id`;
