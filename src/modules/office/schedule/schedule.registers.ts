// Schedules and each time they come round, as lists.
import { z } from "zod";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, Id, Instant, ref } from "../../../platform/operation/field.ts";
import { anyone } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { anchors, kinds, missedPolicies, shifts } from "./schedule.rules.ts";

/** Departments see the sort of work they keep. */
export const isKeptBy = (context: ReadContext, kind: Sql): Sql => sql`(${kind} = 'workOrder' and ${context.holds("facilities.manager")}
  or ${kind} in ('controlTest', 'review', 'filing') and ${context.holds("governance.manager")})`;

/** Everyone sees what comes round for them. */
const seenBy = (context: ReadContext): Sql => sql`(r.person_id = ${context.actor.personId}::uuid or ${isKeptBy(context, sql`r.kind`)})`;

export const scheduleRegister = register({
  name: "office.schedule",
  title: "Schedules",
  does: "What the house asks for again and again, by which rule, and when it is due next.",
  may: ["office.manager", anyone],
  sees: seenBy,
  row: z.object({
    id: Id,
    title: z.string(),
    kind: z.enum(kinds),
    state: z.enum(["running", "paused", "ended"]),
    nextDue: Day.nullable(),
    openNow: z.number().int(),
    missedTimes: z.number().int(),
    rule: z.string().nullable(),
    start: z.string(),
    zone: z.string(),
    anchor: z.enum(anchors),
    leadDays: z.number().int(),
    missed: z.enum(missedPolicies),
    shift: z.enum(shifts),
    meterEvery: z.number().nullable(),
    meterCombine: z.enum(["or", "and"]).nullable(),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    activity: z.string().nullable(),
    siteId: ref("directory.place").nullable(),
    site: z.string().nullable(),
    calendarId: ref("directory.calendar").nullable(),
    calendar: z.string().nullable(),
    aboutSubject: z.string().nullable(),
    aboutId: Id.nullable(),
    operation: z.string().nullable(),
    lastDay: Day.nullable(),
    says: z.string().nullable(),
  }),
  worklist: true,
  label: "title",
  search: ["title", "person", "site"],
  sort: "nextDue",
  places: { site: "siteId" },
  from: (context) => sql`
    select s.id, s.title, s.kind, s.state,
      (select min(o.due) from office.occurrence o where o.tenant_id = s.tenant_id and o.schedule_id = s.id
        and o.state = 'planned') as next_due,
      (select count(*)::int from office.occurrence o
        where o.tenant_id = s.tenant_id and o.schedule_id = s.id and o.state = 'open') as open_now,
      (select count(*)::int from office.occurrence o
        where o.tenant_id = s.tenant_id and o.schedule_id = s.id and o.state = 'missed') as missed_times,
      s.rule, to_char(s.start_at, case when s.whole_day then 'YYYY-MM-DD' else 'YYYY-MM-DD HH24:MI' end) as start, s.zone, s.anchor,
      s.lead_days, s.missed, s.shift, s.meter_every::float8 as meter_every, s.meter_combine, s.person_id, p.name as person, s.activity,
      s.site_id, w.name as site, s.calendar_id, c.name as calendar, s.about_subject, s.about_id, s.operation, s.last_day, s.says
    from office.schedule s
    left join directory.party p on p.tenant_id = s.tenant_id and p.id = s.person_id
    left join directory.place w on w.tenant_id = s.tenant_id and w.id = s.site_id
    left join directory.calendar c on c.tenant_id = s.tenant_id and c.id = s.calendar_id
    where s.tenant_id = ${context.tenantId}`,
});

export const occurrenceRegister = register({
  name: "office.occurrence",
  title: "What comes round",
  does: "Each time a schedule comes round: when it was planned, when it is due and what became of it.",
  may: ["office.manager", anyone],
  sees: seenBy,
  row: z.object({
    id: Id,
    title: z.string(),
    state: z.enum(["planned", "open", "done", "skipped", "missed"]),
    due: Day,
    scheduled: z.string(),
    scheduleId: ref("office.schedule"),
    schedule: z.string(),
    kind: z.enum(kinds),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    openedAt: Instant.nullable(),
    closedOn: Day.nullable(),
    resultSubject: z.string().nullable(),
    resultId: Id.nullable(),
    note: z.string().nullable(),
  }),
  worklist: true,
  label: "title",
  search: ["title", "person"],
  sort: "due",
  inner: true,
  from: (context) => sql`
    select o.id, s.title, o.state, o.due,
      to_char(o.scheduled, case when s.whole_day then 'YYYY-MM-DD' else 'YYYY-MM-DD HH24:MI' end) as scheduled,
      o.schedule_id, s.title as schedule, s.kind, s.person_id, p.name as person, o.opened_at, o.closed_on,
      o.result_subject, o.result_id, o.note
    from office.occurrence o
    join office.schedule s on s.tenant_id = o.tenant_id and s.id = o.schedule_id
    left join directory.party p on p.tenant_id = s.tenant_id and p.id = s.person_id
    where o.tenant_id = ${context.tenantId}`,
});
