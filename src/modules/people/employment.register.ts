// Employments as of a day, and the dated histories behind them: seat, contract and pay.
import { z } from "zod";
import { sql } from "../../platform/database/sql.ts";
import { Day, DecimalText, FileId, Id, Money, ref } from "../../platform/operation/field.ts";
import { register } from "../../platform/operation/register.ts";
import { Kind, Period } from "./offer.operations.ts";
import { employeeSelf, ownOrBelow, selfOrLine } from "./relation.ts";

const readers = ["people.manager", "office.manager", "directory.manager"];

export const employmentRegister = register({
  name: "people.employment",
  title: "Employments",
  does: "Who works for the company on a day, who will, and who has left.",
  may: [...readers, selfOrLine],
  row: z.object({
    id: Id,
    person: z.string(),
    personId: ref("directory.person"),
    number: z.number().int(),
    kind: Kind,
    entityId: ref("directory.legalEntity").nullable(),
    entity: z.string().nullable(),
    positionId: ref("directory.position").nullable(),
    position: z.string().nullable(),
    unitId: ref("directory.unit").nullable(),
    unit: z.string().nullable(),
    siteId: ref("directory.site").nullable(),
    site: z.string().nullable(),
    firstDay: Day,
    lastDay: Day.nullable(),
    state: z.enum(["future", "active", "notice", "ended", "void"]),
  }),
  label: "person",
  search: ["person", "position", "unit"],
  dated: true,
  places: { unit: "unitId", site: "siteId", entity: "entityId" },
  sees: ownOrBelow,
  from: (context, asOf) => sql`
    select e.id, o.name as person, e.person_id, e.number, e.kind, e.entity_id, l.name as entity, a.position_id, v.title as position,
      v.unit_id, u.name as unit, v.site_id, s.name as site, lower(e.during) as first_day, (upper(e.during) - 1) as last_day,
      case when e.voided_on is not null then 'void'
        when lower(e.during) > ${asOf}::date then 'future'
        when upper(e.during) <= ${asOf}::date then 'ended'
        when exists (select from people.resignation g where g.tenant_id = e.tenant_id and g.employment_id = e.id
          and g.state = 'recorded' and g.received_on <= ${asOf}::date) then 'notice'
        else 'active' end as state
    from people.employment e
    join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
    left join directory.legal_entity l on l.tenant_id = e.tenant_id and l.id = e.entity_id
    left join lateral (
      select position_id, greatest(lower(during), least(${asOf}::date, upper(during) - 1)) as on_day from people.assignment a
      where a.tenant_id = e.tenant_id and a.employment_id = e.id
      order by (during @> ${asOf}::date) desc, abs(lower(during) - ${asOf}::date) limit 1) a on true
    left join directory.position_version v on v.tenant_id = e.tenant_id and v.position_id = a.position_id and v.during @> a.on_day
    left join directory.unit_version u on u.tenant_id = e.tenant_id and u.unit_id = v.unit_id and u.during @> a.on_day
    left join directory.place s on s.tenant_id = e.tenant_id and s.id = v.site_id
    where e.tenant_id = ${context.tenantId}`,
});

export const assignmentRegister = register({
  name: "people.assignment",
  title: "Seats by employment",
  does: "Which seats someone has had, has and will have in their employment.",
  may: [...readers, selfOrLine],
  inner: true,
  row: z.object({
    id: Id,
    label: z.string(),
    employmentId: ref("people.employment"),
    personId: ref("directory.person"),
    person: z.string(),
    positionId: ref("directory.position"),
    position: z.string(),
    firstDay: Day,
    lastDay: Day.nullable(),
    state: z.enum(["future", "current", "past"]),
  }),
  label: "label",
  sort: "-firstDay",
  sees: ownOrBelow,
  from: (context, asOf) => sql`
    select a.id, o.name || ', ' || p.code as label, a.employment_id, e.person_id, o.name as person, a.position_id, p.code as position,
      lower(a.during) as first_day, (upper(a.during) - 1) as last_day,
      case when a.during @> ${asOf}::date then 'current' when lower(a.during) > ${asOf}::date then 'future' else 'past' end as state
    from people.assignment a
    join people.employment e on e.tenant_id = a.tenant_id and e.id = a.employment_id
    join directory.party o on o.tenant_id = a.tenant_id and o.id = e.person_id
    join directory.position p on p.tenant_id = a.tenant_id and p.id = a.position_id
    where a.tenant_id = ${context.tenantId}`,
});

export const contractRegister = register({
  name: "people.contract",
  title: "Contracts",
  does: "Contracts of employment and their changes, from draft to signature.",
  may: ["people.manager", employeeSelf],
  row: z.object({
    id: Id,
    label: z.string(),
    employmentId: ref("people.employment"),
    personId: ref("directory.person"),
    person: z.string(),
    firstDay: Day,
    lastDay: Day.nullable(),
    hoursWeekly: DecimalText,
    noticeDays: z.number().int(),
    probationUntil: Day.nullable(),
    state: z.enum(["draft", "sent", "signed", "void"]),
    sentOn: Day.nullable(),
    signedOn: Day.nullable(),
    fileId: FileId.nullable(),
  }),
  label: "label",
  search: ["person"],
  sort: "-firstDay",
  sees: (context) => sql`r.person_id = ${context.actor.personId}::uuid and r.state <> 'draft'`,
  from: (context) => sql`
    select c.id, o.name || ' from ' || c.first_day as label, c.employment_id, e.person_id, o.name as person, c.first_day, c.last_day,
      c.hours_weekly, c.notice_days, c.probation_until, c.state, c.sent_on, c.signed_on, c.file_id
    from people.contract c
    join people.employment e on e.tenant_id = c.tenant_id and e.id = c.employment_id
    join directory.party o on o.tenant_id = c.tenant_id and o.id = e.person_id
    where c.tenant_id = ${context.tenantId}`,
});

export const compensationRegister = register({
  name: "people.compensation",
  title: "Pay",
  does: "What someone is paid, from which day; only People and the person themself see it.",
  may: ["people.manager", employeeSelf],
  logged: true,
  row: z.object({
    id: Id,
    label: z.string(),
    employmentId: ref("people.employment"),
    personId: ref("directory.person"),
    person: z.string(),
    pay: Money,
    payPeriod: Period,
    firstDay: Day,
    lastDay: Day.nullable(),
    state: z.enum(["future", "current", "past"]),
    reason: z.string(),
  }),
  label: "label",
  sort: "-firstDay",
  dated: true,
  sees: (context) => sql`r.person_id = ${context.actor.personId}::uuid`,
  from: (context, asOf) => sql`
    select c.id, o.name || ' from ' || lower(c.during) as label, c.employment_id, e.person_id, o.name as person,
      c.pay, c.currency, c.pay_period,
      lower(c.during) as first_day, (upper(c.during) - 1) as last_day, c.reason,
      case when c.during @> ${asOf}::date then 'current' when lower(c.during) > ${asOf}::date then 'future' else 'past' end as state
    from people.compensation c
    join people.employment e on e.tenant_id = c.tenant_id and e.id = c.employment_id
    join directory.party o on o.tenant_id = c.tenant_id and o.id = e.person_id
    where c.tenant_id = ${context.tenantId}`,
});
