// Requests as lists: each shows what this person may see of it and nothing else, wherever it is asked from.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { Id, Instant, ref } from "../../../platform/operation/field.ts";
import { anyone } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { levels, priorities, requestStates } from "./request.rules.ts";
import { isOwn, requestTables, seesIt, worksOnIt } from "./sight.ts";

export const requestRegister = register({
  name: "office.request",
  title: "Requests",
  does: "What people asked of the departments. Everyone sees their own and what they work on or watch; confidential ones nobody else.",
  may: [anyone],
  logged: "confidential",
  row: z.object({
    id: Id,
    label: z.string(),
    number: z.string(),
    title: z.string(),
    state: z.enum(requestStates),
    priority: z.enum(priorities),
    kindId: ref("office.requestKind"),
    kind: z.string(),
    department: z.string(),
    requesterId: ref("directory.person"),
    requester: z.string(),
    filedById: ref("directory.person").nullable(),
    filedBy: z.string().nullable(),
    /** With whom it is. */
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    /** Nobody took it yet: it is with whoever answers for it. */
    unassigned: z.boolean(),
    /** It is with you. */
    mine: z.boolean(),
    /** You asked for it. */
    own: z.boolean(),
    /** You work on it. */
    works: z.boolean(),
    active: z.boolean(),
    approval: z.enum(["none", "waiting", "approved", "declined"]),
    impact: z.enum(levels),
    urgency: z.enum(levels),
    says: z.string().nullable(),
    formId: ref("office.requestForm"),
    form: z.string(),
    answers: z.unknown(),
    confidential: z.boolean(),
    channel: z.enum(["app", "mail", "split"]),
    /** When the next of its clocks is due. */
    dueAt: Instant.nullable(),
    paused: z.boolean(),
    filedAt: Instant,
    changedAt: Instant,
    solvedOn: z.string().nullable(),
    closedAt: Instant.nullable(),
    reopened: z.number().int(),
    mainId: ref("office.request").nullable(),
    main: z.string().nullable(),
    score: z.number().int().nullable(),
    scoreSays: z.string().nullable(),
  }),
  label: "label",
  search: ["number", "title", "says"],
  sort: "-changedAt",
  from: (context) => sql`
    select r.id, r.number || ' ' || r.title as label, r.number, r.title, r.state, r.priority, r.kind_id, k.title as kind, k.department,
      r.requester_id, q.name as requester, r.filed_by as filed_by_id, b.name as filed_by, t.person_id, p.name as person,
      (r.closed_at is null and r.state <> 'solved' and not coalesce(t.is_fixed, false)) as unassigned,
      coalesce(t.person_id = ${context.actor.personId}, false) as mine, ${isOwn(context)} as own, ${worksOnIt(context)} as works,
      r.closed_at is null and r.state <> 'solved' as active, r.approval, r.impact, r.urgency, r.says, r.form_id,
      'Version ' || f.version as form, r.answers, r.is_confidential as confidential, r.channel,
      c.due_at, coalesce(c.paused, false) as paused,
      r.filed_at, r.changed_at, r.solved_on::text as solved_on, r.closed_at, r.reopened, m.id as main_id, m.number as main, r.score,
      r.score_says
    from ${requestTables(context)}
    join office.request_form f on f.tenant_id = r.tenant_id and f.id = r.form_id
    join directory.party q on q.tenant_id = r.tenant_id and q.id = r.requester_id
    left join directory.party b on b.tenant_id = r.tenant_id and b.id = r.filed_by
    left join directory.party p on p.tenant_id = r.tenant_id and p.id = t.person_id
    left join office.request m on m.tenant_id = r.tenant_id and m.id = r.main_id
    left join lateral (select min(o.due_at) as due_at, bool_and(o.state = 'paused') as paused from office.clock o
      where o.tenant_id = ${context.tenantId} and o.about_id = r.id and o.state in ('running', 'paused')) c on true
    where r.tenant_id = ${context.tenantId} and ${seesIt(context)}`,
});

export const messageRegister = register({
  name: "office.requestMessage",
  title: "Words on requests",
  does: "The thread of a request: answers that go to the one who asked, and notes among those who work on it.",
  may: [anyone],
  inner: true,
  logged: "confidential",
  row: z.object({
    id: Id,
    requestId: ref("office.request"),
    request: z.string(),
    text: z.string(),
    confidential: z.boolean(),
    internal: z.boolean(),
    deed: z.string().nullable(),
    channel: z.enum(["app", "mail"]),
    authorId: ref("directory.person").nullable(),
    author: z.string(),
    /** By one of those who asked. */
    byAsker: z.boolean(),
    at: Instant,
  }),
  label: "text",
  sort: "id",
  from: (context) => sql`
    select w.id, w.request_id, r.number as request, w.text, r.is_confidential as confidential,
      w.is_internal as internal, w.deed, w.channel, w.author_id, w.author,
      coalesce(w.author_id in (r.requester_id, r.filed_by), false) as by_asker, w.at
    from office.request_message w
    join office.request r on r.tenant_id = w.tenant_id and r.id = w.request_id
    join office.request_kind k on k.tenant_id = r.tenant_id and k.id = r.kind_id
    left join office.task t on t.tenant_id = r.tenant_id and t.id = r.task_id
    where w.tenant_id = ${context.tenantId} and ${seesIt(context)}
      and (not w.is_internal or (${worksOnIt(context)} and r.requester_id is distinct from ${context.actor.personId}))`,
});

export const watcherRegister = register({
  name: "office.requestWatcher",
  title: "Watchers",
  does: "Who follows which request without having asked for it.",
  may: [anyone],
  inner: true,
  row: z.object({ id: Id, requestId: ref("office.request"), request: z.string(), personId: ref("directory.person"), person: z.string() }),
  label: "person",
  from: (context) => sql`
    select w.person_id as id, w.request_id, r.number as request, w.person_id, p.name as person
    from office.request_watcher w
    join office.request r on r.tenant_id = w.tenant_id and r.id = w.request_id
    join office.request_kind k on k.tenant_id = r.tenant_id and k.id = r.kind_id
    left join office.task t on t.tenant_id = r.tenant_id and t.id = r.task_id
    join directory.party p on p.tenant_id = w.tenant_id and p.id = w.person_id
    where w.tenant_id = ${context.tenantId} and ${seesIt(context)}`,
});

export const linkRegister = register({
  name: "office.requestLink",
  title: "What requests hang together with",
  does: "Records of every department that a request relates to, blocks or was caused by, seen from both ends; for those who work on it.",
  may: [anyone],
  inner: true,
  row: z.object({
    id: Id,
    requestId: ref("office.request"),
    request: z.string(),
    relation: z.enum(["relates", "blocks", "causedBy", "isBlockedBy", "causes"]),
    subject: z.string(),
    recordId: Id,
    label: z.string(),
  }),
  label: "label",
  from: (context) => sql`
    select l.id, l.request_id, r.number as request, l.relation, l.subject, l.record_id, l.label
    from (
      select id, request_id, relation, subject, record_id, label from office.request_link where tenant_id = ${context.tenantId}
      union all
      select y.id, y.record_id, case y.relation when 'blocks' then 'isBlockedBy' when 'causedBy' then 'causes' else 'relates' end,
        'office.request', y.request_id, o.number
      from office.request_link y join office.request o on o.tenant_id = y.tenant_id and o.id = y.request_id
      where y.tenant_id = ${context.tenantId} and y.subject = 'office.request'
    ) l
    join office.request r on r.tenant_id = ${context.tenantId} and r.id = l.request_id
    join office.request_kind k on k.tenant_id = r.tenant_id and k.id = r.kind_id
    left join office.task t on t.tenant_id = r.tenant_id and t.id = r.task_id
    where ${worksOnIt(context)} and not exists (select from office.request h
      where h.tenant_id = ${context.tenantId} and h.id = l.record_id and h.is_confidential and not r.is_confidential)`,
});
