// Every day that must not pass in one list: deadlines of the departments and of laws, open tasks, steps of processes still to come, what
// schedules bring round, and documents that expire.
import { z } from "zod";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, Instant, LongText, ref } from "../../../platform/operation/field.ts";
import { anyone } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { visible } from "../document/document.sight.ts";
import { isKeptBy } from "../schedule/schedule.registers.ts";
import { seen } from "./rule.store.ts";

const sources = ["deadline", "task", "step", "occurrence", "document"] as const;

export const deadlineRegister = register({
  name: "office.deadline",
  title: "Deadlines",
  does: "Everything that is due: deadlines, tasks, steps, what comes round, what expires. Everyone sees their own; the office manager all.",
  may: ["office.manager", anyone],
  row: z.object({
    id: Id,
    title: z.string(),
    due: Day,
    late: z.boolean(),
    state: z.enum(["open", "extended", "paused", "missed", "submitted", "met", "cancelled"]),
    dueAt: Instant.nullable(),
    source: z.enum(sources),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    activity: z.string().nullable(),
    aboutSubject: z.string().nullable(),
    aboutId: Id.nullable(),
    ruleId: ref("office.deadlineRule").nullable(),
    rule: z.string().nullable(),
    triggeredAt: Instant.nullable(),
    extensible: z.boolean(),
    pausable: z.boolean(),
    submittedAt: Instant.nullable(),
    submissionReference: z.string().nullable(),
    submissionFileId: FileId.nullable(),
    submittedById: ref("directory.person").nullable(),
    submittedBy: z.string().nullable(),
    lateReason: LongText().nullable(),
  }),
  worklist: true,
  label: "title",
  search: ["title"],
  sort: "due",
  sees: (context) => sql`(r.person_id = ${context.actor.personId} or r.is_shown)`,
  from: (context) => sql`
    select d.id, d.title, d.due, d.due_at, d.is_shown,
      case when d.rule_id is null then d.state in ('open', 'paused') and d.due < ${context.today}::date
        else coalesce(coalesce(d.submitted_at, ${context.now}) > d.due_at, false) and d.state not in ('cancelled', 'paused') end as late,
      case when d.state <> 'open' or d.rule_id is null then d.state when d.due_at < ${context.now} then 'missed'
        when d.extended_at is not null then 'extended' else 'open' end as state,
      d.source, d.person_id, p.name as person, d.activity, d.about_subject, d.about_id, d.rule_id, u.reference as rule, d.triggered_at,
      d.state = 'open' and d.extended_at is null and u.extension_amount is not null as extensible,
      d.state = 'open' and u.pause_ground is not null as pausable,
      d.submitted_at, d.submission_reference, d.submission_file_id, d.submitted_by as submitted_by_id, b.name as submitted_by, d.late_reason
    from (${whatIsDue(context)}) d
    left join office.deadline_rule u on u.tenant_id = ${context.tenantId} and u.id = d.rule_id
    left join directory.party p on p.tenant_id = ${context.tenantId} and p.id = d.person_id
    left join directory.party b on b.tenant_id = ${context.tenantId} and b.id = d.submitted_by`,
});

/** Deadlines, tasks and steps that this person may know of. A task that asks for what a deadline says is that deadline, said once. */
export function whatIsDue(context: ReadContext): Sql {
  return sql`
    select id, title, due, due_at, state, 'deadline' as source, person_id, activity, about_subject, about_id, rule_id, triggered_at,
      extended_at, submitted_at, submission_reference, submission_file_id, submitted_by, late_reason, opened_at, is_confidential,
      false as is_shown
    from office.deadline x where x.tenant_id = ${context.tenantId} and ${seen(context, sql`x`)}
    union all
    select id, title, due, null, 'open', 'task', person_id, activity, coalesce(about_subject, 'office.task'), coalesce(about_id, id),
      null, null, null, null, null, null, null, null, t.opened_at, t.is_confidential,
      false
    from office.task t where t.tenant_id = ${context.tenantId} and t.state = 'open'
      and (not t.is_confidential or t.person_id = ${context.actor.personId} or ${context.holds("owner")})
      and not exists (select from office.deadline o
        where o.tenant_id = t.tenant_id and o.key = t.key and o.state = 'open')
    union all
    select s.id, s.title || ' – ' || x.title, s.due, null, 'open', 'step', case when s.activity is null then x.person_id end, s.activity,
      'process.run', x.id, null, null, null, null, null, null, null, null, x.started_at, false, false
    from office.process_step s
    join office.process_run x on x.tenant_id = s.tenant_id and x.id = s.run_id
    where s.tenant_id = ${context.tenantId} and x.state = 'open' and s.state = 'waiting'
    union all
    ${comingRound(context)}
    union all
    ${expiring(context)}`;
}

/** What schedules bring round and no task stands for: times still to come, and work of another kind than a task that is open. */
const comingRound = (context: ReadContext): Sql => sql`
  select o.id, s.title, o.due, null, 'open', 'occurrence', s.person_id, s.activity, 'office.schedule', s.id, null, null, null, null, null,
    null, null, null, coalesce(o.opened_at, s.start_at at time zone s.zone), false, ${isKeptBy(context, sql`s.kind`)}
  from office.occurrence o
  join office.schedule s on s.tenant_id = o.tenant_id and s.id = o.schedule_id
  where o.tenant_id = ${context.tenantId} and s.state = 'running'
    and (o.state = 'planned' or o.state = 'open' and o.result_subject <> 'office.task')`;

/** Documents that expire and are not for everyone (what everyone may see has a deadline of its own), for whoever may see them. */
const expiring = (context: ReadContext): Sql => sql`
  select d.id, 'Expires: ' || d.title, d.expires_on, null, 'open', 'document', d.owner_id, null, 'office.document', d.id, null, null, null,
    null, null, null, null, null, d.filed_on::timestamp at time zone 'UTC', d.visibility in ('confidential', 'named'), true
  from office.document d
  where d.tenant_id = ${context.tenantId} and d.state = 'in force' and d.expires_on is not null and d.visibility <> 'company'
    and ${visible(context)}`;

export const deadlineEventRegister = register({
  name: "office.deadlineEvent",
  title: "Events of deadlines",
  does: "What happened to a deadline: begun, warned, paused, extended, submitted.",
  may: ["office.manager", anyone],
  inner: true,
  row: z.object({
    id: Id,
    label: z.string(),
    at: Instant,
    kind: z.enum(["begun", "warned", "missed", "paused", "resumed", "extended", "submitted", "cancelled"]),
    text: z.string(),
    byName: z.string(),
    deadlineId: ref("office.deadline"),
    deadline: z.string(),
    personId: ref("directory.person").nullable(),
  }),
  worklist: true,
  label: "label",
  sort: "at",
  sees: (context) => sql`r.person_id = ${context.actor.personId}`,
  from: (context) => sql`
    select e.id, e.kind || ': ' || d.title as label, e.at, e.kind, e.text, e.by_name, e.deadline_id, d.title as deadline, d.person_id
    from office.deadline_event e join office.deadline d on d.tenant_id = e.tenant_id and d.id = e.deadline_id
    where e.tenant_id = ${context.tenantId} and ${seen(context, sql`d`)}`,
});
