// Everything that is work, as one list of items: plain tasks, steps and runs of processes, decisions, requests, and what departments count
// as work beside them. What is confidential is not among them, so that no total tells of it.
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

export const sources = ["task", "step", "run", "approval", "request", "workOrder"] as const;
export type Source = (typeof sources)[number];

/** When an item arrived and when it was finished, as columns of its table: a condition on them reaches the index of that table. */
type Which = (arrived: Sql, finished: Sql) => Sql;

type WorkSource = (context: ReadContext, which: Which) => Sql;

const departments = new Map<string, WorkSource>();

/** Declares a department's own sort of work, by the subject of its records: a SELECT with the columns of `workItems`, in their order. */
export const countsAsWork = (subject: string, select: WorkSource): void => void departments.set(subject, select);

export const isOpen: Which = (_arrived, finished) => sql`${finished} is null`;
export const arrivedBetween =
  (from: Date, until: Date): Which =>
  (arrived) =>
    sql`${arrived} >= ${from} and ${arrived} < ${until}`;
export const finishedBetween =
  (from: Date, until: Date): Which =>
  (_arrived, finished) =>
    sql`${finished} >= ${from} and ${finished} < ${until}`;

export interface Item {
  readonly id: Id;
  readonly source: Source;
  readonly caseId: Id;
  readonly process: string;
  readonly activity: string;
  readonly title: string;
  readonly subject: string;
  readonly recordId: Id;
  readonly arrivedAt: Date;
  readonly begunAt: Date | null;
  readonly finishedAt: Date | null;
}

const ofDepartments = (context: ReadContext, which: Which): Sql =>
  [...departments.values()].reduce((before, select) => sql`${before} union all ${select(context, which)}`, sql``);

/**
 * A SELECT of items. `begun_at` is null where nobody said that they began; `kept` is null where there was no day to keep. What is done by
 * the house itself was never in anyone's hands. Tasks of steps, decisions, requests and departments' own work are counted as those, once.
 */
export const workItems = (context: ReadContext, which: Which): Sql => sql`
  select t.id, 'task' as source, coalesce(t.about_id, t.id) as case_id, 'task' as process,
    coalesce(t.activity, 'person.' || t.kind) as activity,
    t.title, 'office.task' as subject, t.id as record_id, t.person_id, t.opened_at as arrived_at, t.begun_at, t.closed_at as finished_at,
    t.state = 'cancelled' as cancelled, 0 as reopened, false as by_house, true as right_first, t.minutes, t.due,
    case when t.state = 'done' then t.closed_at::date <= t.due end as kept
  from office.task t
  where t.tenant_id = ${context.tenantId} and not t.is_confidential and t.kind not in ('step', 'approval', 'request')
    and not coalesce(t.about_subject = any(${[...departments.keys()]}::text[]), false) and ${which(sql`t.opened_at`, sql`t.closed_at`)}
  union all
  select s.id, 'step', s.run_id, x.process, coalesce(s.activity, 'person.step'), s.title || ' – ' || x.title, 'process.run', x.id,
    coalesce(k.closed_by, k.person_id), coalesce(s.opened_at, s.done_at), k.begun_at, s.done_at, false, s.reopened,
    s.task_id is null, s.reopened = 0, k.minutes, s.due, case when s.done_at is not null then s.done_on <= s.due end
  from office.process_step s
  join office.process_run x on x.tenant_id = ${context.tenantId} and x.id = s.run_id
  left join office.task k on k.tenant_id = ${context.tenantId} and k.id = s.task_id
  where s.tenant_id = ${context.tenantId} and s.state in ('open', 'done') and not coalesce(k.is_confidential, false)
    and ${which(sql`s.opened_at`, sql`s.done_at`)}
  union all
  select x.id, 'run', x.id, x.process, 'process.' || x.process, x.title, 'process.run', x.id, null, x.started_at, null, x.closed_at,
    x.state = 'ended', y.reopened, false, y.reopened = 0, null, null, null
  from office.process_run x
  cross join lateral (select coalesce(sum(s.reopened), 0)::int as reopened from office.process_step s
    where s.tenant_id = ${context.tenantId} and s.run_id = x.id) y
  where x.tenant_id = ${context.tenantId} and ${which(sql`x.started_at`, sql`x.closed_at`)}
  union all
  select a.id, 'approval', a.about_id, 'approval', a.activity, a.title, 'office.approval', a.id, coalesce(a.decided_by, a.approver_id),
    a.requested_at, null, a.decided_at, a.state in ('void', 'withdrawn'), 0, false, a.state = 'approved', null, null, null
  from office.approval a
  where a.tenant_id = ${context.tenantId} and not a.is_confidential and ${which(sql`a.requested_at`, sql`a.decided_at`)}
  union all
  select r.id, 'request', r.id, 'request', q.activity, r.number || ' ' || r.title, 'office.request', r.id,
    coalesce(w.closed_by, w.person_id),
    r.filed_at, r.replied_at, r.closed_at, r.state = 'cancelled', r.reopened, false, r.reopened = 0, w.minutes, null, c.kept
  from office.request r
  join office.request_kind q on q.tenant_id = ${context.tenantId} and q.id = r.kind_id
  left join office.task w on w.tenant_id = ${context.tenantId} and w.id = r.task_id
  cross join lateral (select bool_and(k.state <> 'missed') filter (where k.state in ('met', 'missed')) as kept from office.clock k
    where k.tenant_id = ${context.tenantId} and k.about_id = r.id) c
  where r.tenant_id = ${context.tenantId} and not r.is_confidential and ${which(sql`r.filed_at`, sql`r.closed_at`)}
  ${ofDepartments(context, which)}`;
