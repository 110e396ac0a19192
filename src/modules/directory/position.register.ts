// Jobs, seats and who sits in them, as they stand on a day.
import { z } from "zod";
import { sql } from "../../platform/database/sql.ts";
import { Day, Id, ref } from "../../platform/operation/field.ts";
import { anyone } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { versionsOn } from "./dated.ts";

export const jobRegister = register({
  name: "directory.job",
  title: "Jobs",
  does: "Kinds of work the company has seats for.",
  may: [anyone],
  row: z.object({ id: Id, code: z.string(), title: z.string(), family: z.string().nullable() }),
  label: "title",
  search: ["title", "code", "family"],
  from: (context) => sql`select id, code, title, family from directory.job where tenant_id = ${context.tenantId}`,
});

export const positionRegister = register({
  name: "directory.position",
  title: "Positions",
  does: "The seats of the company on a day: where each belongs, whom it reports to and who sits in it.",
  may: [anyone],
  row: z.object({
    id: Id,
    code: z.string(),
    title: z.string(),
    jobId: ref("directory.job"),
    job: z.string(),
    unitId: ref("directory.unit"),
    unit: z.string().nullable(),
    siteId: ref("directory.site").nullable(),
    site: z.string().nullable(),
    reportsToId: ref("directory.position").nullable(),
    reportsTo: z.string().nullable(),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    state: z.enum(["planned", "open", "committed", "filled", "closed"]),
    firstDay: Day,
    lastDay: Day.nullable(),
  }),
  label: "title",
  search: ["title", "code", "person", "unit"],
  dated: true,
  from: (context, asOf) => sql`
    select p.id, p.code, v.title, v.job_id, j.title as job, v.unit_id, u.name as unit, v.site_id, s.name as site,
      v.reports_to_id, b.title as reports_to, h.person_id, o.name as person,
      case when lower(p.planned) > ${asOf}::date then 'planned'
        when not p.planned @> ${asOf}::date then 'closed'
        when h.person_id is not null then 'filled'
        when exists (select from directory.holding f where f.tenant_id = p.tenant_id and f.position_id = p.id
          and lower(f.during) > ${asOf}::date) then 'committed'
        else 'open' end as state,
      lower(p.planned) as first_day, (upper(p.planned) - 1) as last_day
    from directory.position p
    join (${versionsOn(context, "position", asOf)}) v on v.position_id = p.id
    join directory.job j on j.tenant_id = p.tenant_id and j.id = v.job_id
    left join directory.unit_version u on u.tenant_id = p.tenant_id and u.unit_id = v.unit_id
      and u.during @> greatest(lower(v.during), least(${asOf}::date, coalesce(upper(v.during) - 1, ${asOf}::date)))
    left join directory.place s on s.tenant_id = p.tenant_id and s.id = v.site_id
    left join directory.position_version b on b.tenant_id = p.tenant_id and b.position_id = v.reports_to_id and b.during @> ${asOf}::date
    left join directory.holding h on h.tenant_id = p.tenant_id and h.position_id = p.id and h.during @> ${asOf}::date
    left join directory.party o on o.tenant_id = p.tenant_id and o.id = h.person_id
    where p.tenant_id = ${context.tenantId}`,
});

export const holdingRegister = register({
  name: "directory.holding",
  title: "Who sits where",
  does: "Who sits, sat or will sit in which seat, from which day until which day.",
  may: [anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    positionId: ref("directory.position"),
    position: z.string(),
    state: z.enum(["future", "current", "ended"]),
    firstDay: Day,
    lastDay: Day.nullable(),
    ofEmployment: z.boolean(),
  }),
  label: "label",
  search: ["person", "position"],
  sort: "-firstDay",
  dated: true,
  from: (context, asOf) => sql`
    select h.id, h.person_id, o.name as person, h.position_id, v.title as position, o.name || ', ' || v.title as label,
      case when h.during @> ${asOf}::date then 'current' when lower(h.during) > ${asOf}::date then 'future' else 'ended' end as state,
      lower(h.during) as first_day, (upper(h.during) - 1) as last_day, h.of_employment
    from directory.holding h
    join directory.party o on o.tenant_id = h.tenant_id and o.id = h.person_id
    join (${versionsOn(context, "position", asOf)}) v on v.position_id = h.position_id
    where h.tenant_id = ${context.tenantId}`,
});
