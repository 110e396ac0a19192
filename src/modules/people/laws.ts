// What must hold in People on every day, and the figures it shows on Today.
import { addDays } from "../../kernel/day.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import type { Figure, Law } from "../../platform/operation/module.ts";

const broken = async (context: ReadContext, found: Sql, says: (who: string) => string): Promise<string[]> =>
  (await context.db.rows<{ who: string }>(found)).map((row) => says(row.who));

export const laws: readonly Law[] = [
  {
    name: "people.employmentsDoNotOverlap",
    says: "Nobody has two employments on one day.",
    breaks: (context) =>
      broken(
        context,
        sql`select distinct o.name as who from people.employment a
          join people.employment b on b.tenant_id = a.tenant_id and b.person_id = a.person_id and b.id > a.id and b.during && a.during
          join directory.party o on o.tenant_id = a.tenant_id and o.id = a.person_id
          where a.tenant_id = ${context.tenantId} and a.voided_on is null and b.voided_on is null`,
        (who) => `${who} has two employments on one day.`,
      ),
  },
  {
    name: "people.seatsAgree",
    says: "The seat of an employment is the seat the directory knows, on the same days.",
    breaks: (context) =>
      broken(
        context,
        sql`select o.name as who from people.assignment a
          join people.employment e on e.tenant_id = a.tenant_id and e.id = a.employment_id
          join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
          left join directory.holding h on h.tenant_id = a.tenant_id and h.id = a.holding_id
          where a.tenant_id = ${context.tenantId} and (h.id is null or h.person_id <> e.person_id or h.position_id <> a.position_id
            or h.during <> a.during or not h.of_employment or not a.during <@ e.during)`,
        (who) => `The seat of ${who} is another in the directory than in their employment.`,
      ),
  },
  {
    name: "people.payIsWithinEmployment",
    says: "Pay is promised only for days of the employment.",
    breaks: (context) =>
      broken(
        context,
        sql`select o.name as who from people.compensation c
          join people.employment e on e.tenant_id = c.tenant_id and e.id = c.employment_id
          join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
          where c.tenant_id = ${context.tenantId} and (e.voided_on is not null or not c.during <@ e.during)`,
        (who) => `${who} is promised pay for days outside their employment.`,
      ),
  },
  {
    name: "people.leaveIsInTheLedger",
    says: "The days of every approved leave stand in the ledger, those of every other request do not.",
    breaks: (context) =>
      broken(
        context,
        sql`select o.name || ' from ' || q.first_day as who from people.leave_request q
          join directory.party o on o.tenant_id = q.tenant_id and o.id = q.person_id
          where q.tenant_id = ${context.tenantId} and case when q.state = 'approved' then q.days else 0 end
            <> -coalesce((select sum(l.days) from people.leave_entry l where l.tenant_id = q.tenant_id and l.request_id = q.id), 0)`,
        (who) => `The leave of ${who} is not what the ledger says.`,
      ),
  },
  {
    name: "people.acceptedOffersAreEmployments",
    says: "Every accepted offer has its employment, and no other offer has one that counts.",
    breaks: (context) =>
      broken(
        context,
        sql`select o.name as who from people.offer f
          join directory.party o on o.tenant_id = f.tenant_id and o.id = f.person_id
          left join people.employment e on e.tenant_id = f.tenant_id and e.id = f.employment_id
          where f.tenant_id = ${context.tenantId} and (f.state = 'accepted') <> (e.id is not null and e.voided_on is null)`,
        (who) => `The offer to ${who} and their employment do not agree.`,
      ),
  },
];

const count = async (context: ReadContext, statement: Sql): Promise<number> =>
  (await context.db.row<{ count: number }>(sql`select count(*)::int as count from ${statement}`)).count;

const viewers = ["people.manager", "office.manager"];

export const figures: readonly Figure[] = [
  {
    name: "people.headcount",
    title: "People employed",
    roles: ["owner", ...viewers],
    to: "/r/people/employment?filter[state]=active|notice",
    value: (context, today) =>
      count(context, sql`people.employment where tenant_id = ${context.tenantId} and voided_on is null and during @> ${today}::date`),
  },
  {
    name: "people.startingSoon",
    title: "Starting within 30 days",
    roles: viewers,
    to: "/r/people/employment?filter[state]=future",
    value: (context, today) =>
      count(
        context,
        sql`people.employment where tenant_id = ${context.tenantId} and voided_on is null
          and lower(during) > ${today}::date and lower(during) <= ${addDays(today, 30)}::date`,
      ),
  },
  {
    name: "people.onLeaveToday",
    title: "On leave today",
    roles: viewers,
    to: "/report/people.leaveCalendar.get",
    value: (context, today) =>
      count(
        context,
        sql`people.leave_request where tenant_id = ${context.tenantId} and state = 'approved'
          and ${today}::date between first_day and last_day`,
      ),
  },
  {
    name: "people.leaveToDecide",
    title: "Leave requests to decide",
    roles: ["people.manager"],
    to: "/r/people/leaveRequest?filter[state]=requested",
    value: (context) => count(context, sql`people.leave_request where tenant_id = ${context.tenantId} and state = 'requested'`),
  },
  {
    name: "people.underWay",
    title: "Hires and departures under way",
    roles: viewers,
    to: "/r/process/run?filter[state]=open&filter[process]=hire|leave",
    value: (context) =>
      count(
        context,
        sql`office.process_run where tenant_id = ${context.tenantId} and state in ('open', 'unwinding') and process in ('hire', 'leave')`,
      ),
  },
  {
    name: "people.endingSoon",
    title: "Ending within 60 days",
    roles: viewers,
    to: "/r/people/employment?filter[state]=notice",
    value: (context, today) =>
      count(
        context,
        sql`people.employment where tenant_id = ${context.tenantId} and voided_on is null
          and upper(during) > ${today}::date and upper(during) <= ${addDays(today, 61)}::date`,
      ),
  },
  {
    name: "people.myLeaveLeft",
    title: "Days of leave I have left",
    roles: ["anyone"],
    to: "/r/people/leaveBalance",
    value: async (context, today) => {
      const found = await context.db.maybe<{ days: string }>(sql`
        select trim_scale(sum(l.days))::text as days from people.leave_entry l
        join people.employment e on e.tenant_id = l.tenant_id and e.id = l.employment_id
        join people.leave_type t on t.tenant_id = l.tenant_id and t.id = l.leave_type_id
        where l.tenant_id = ${context.tenantId} and e.person_id = ${context.actor.personId}::uuid and e.voided_on is null
          and e.during @> ${today}::date and t.yearly_days > 0 and (l.kind = 'taken' or l.day <= ${today}::date)
        having count(*) > 0`);
      return found?.days ?? "–";
    },
  },
];
