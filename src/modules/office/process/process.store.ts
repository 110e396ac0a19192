// The runs of processes and their steps, as they are kept.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { Subject } from "./process.ts";
import type { StepState } from "./step.rules.ts";

export interface Run {
  readonly id: Id;
  readonly process: string;
  readonly title: string;
  readonly subject: Subject;
  readonly personId: Id | null;
  readonly state: "open" | "done" | "unwinding" | "ended";
  readonly anchor: Day;
  readonly startedOn: Day;
  readonly problem: string | null;
}

export interface StepRow {
  readonly id: Id;
  readonly runId: Id;
  readonly key: string;
  readonly activity: string | null;
  state: StepState;
  due: Day;
  taskId: Id | null;
  didAt: Date | null;
  doneAt: Date | null;
  problem: string | null;
}

const runColumns = sql`id, process, title, subject, person_id, state, anchor, started_on, problem`;

/** Keeps a new run; undefined when this event started one before, or one is open for the subject. */
export async function addRun(
  context: WriteContext,
  run: Omit<Run, "id" | "state" | "problem" | "startedOn"> & {
    readonly startedBy: Id;
    readonly objectIds: readonly string[];
    readonly about: { readonly subject: string; readonly id: Id } | undefined;
  },
): Promise<Id | undefined> {
  const id = context.newId();
  const added = await context.db.run(sql`
    insert into office.process_run
      (tenant_id, id, process, title, subject, object_ids, about_subject, about_id, person_id, state, anchor, started_by, started_at,
        started_on)
    values (${context.tenantId}, ${id}, ${run.process}, ${run.title}, ${JSON.stringify(run.subject)}, ${run.objectIds},
      ${run.about?.subject ?? null}, ${run.about?.id ?? null}, ${run.personId}, 'open', ${run.anchor}, ${run.startedBy},
      ${context.now}, ${context.today})
    on conflict do nothing`);
  return added === 1 ? id : undefined;
}

/** Live runs that one of these records concerns, locked in one fixed order. */
export const liveRuns = (context: WriteContext, objectIds: readonly string[]): Promise<Run[]> =>
  context.db.rows<Run>(sql`
    select ${runColumns} from office.process_run
    where tenant_id = ${context.tenantId} and state in ('open', 'unwinding') and object_ids && ${objectIds}::uuid[]
    order by id for update`);

/** Those of the runs that are still live, locked in one fixed order. */
export const lockedRuns = (context: WriteContext, ids: readonly Id[]): Promise<Run[]> =>
  context.db.rows<Run>(sql`
    select ${runColumns} from office.process_run
    where tenant_id = ${context.tenantId} and state in ('open', 'unwinding') and id = any(${ids}::uuid[]) order by id for update`);

/** Those of the objects that live runs are about. */
export async function concernedObjects(context: ReadContext, objectIds: readonly string[]): Promise<Set<string>> {
  if (objectIds.length === 0) return new Set();
  const rows = await context.db.rows<{ id: string }>(sql`
    select distinct o.id from office.process_run r cross join unnest(r.object_ids) as o (id)
    where r.tenant_id = ${context.tenantId} and r.state in ('open', 'unwinding') and r.object_ids && ${objectIds}::uuid[]`);
  return new Set(rows.map((row) => row.id));
}

/** Runs that an event may call off: live ones, and finished ones whose day has not come yet. */
export function runsToCallOff(context: WriteContext, process: string, objectIds: readonly string[]): Promise<Run[]> {
  return context.db.rows<Run>(sql`
    select ${runColumns} from office.process_run
    where tenant_id = ${context.tenantId} and process = ${process} and object_ids && ${objectIds}::uuid[]
      and (state = 'open' or (state = 'done' and anchor >= ${context.today}::date))
    order by id for update`);
}

export async function stepsOf(context: ReadContext, runIds: readonly Id[]): Promise<Map<Id, StepRow[]>> {
  const rows = await context.db.rows<StepRow>(sql`
    select id, run_id, key, activity, state, due, task_id, did_at, done_at, problem from office.process_step
    where tenant_id = ${context.tenantId} and run_id = any(${runIds}::uuid[]) order by run_id, place`);
  const byRun = new Map<Id, StepRow[]>(runIds.map((id) => [id, []]));
  for (const row of rows) byRun.get(row.runId)!.push(row);
  return byRun;
}

export interface NewStep {
  readonly key: string;
  readonly place: number;
  readonly title: string;
  readonly says: string;
  readonly activity: string | null;
  readonly due: Day;
}

export async function addStep(context: WriteContext, runId: Id, step: NewStep): Promise<StepRow> {
  const id = context.newId();
  await context.db.run(sql`
    insert into office.process_step (tenant_id, id, run_id, key, place, title, says, activity, state, due)
    values (${context.tenantId}, ${id}, ${runId}, ${step.key}, ${step.place}, ${step.title}, ${step.says}, ${step.activity},
      'waiting', ${step.due})`);
  const { key, activity, due } = step;
  return { id, runId, key, activity, state: "waiting", due, taskId: null, didAt: null, doneAt: null, problem: null };
}

/** Keeps what changed on a step, and on the row in hand. */
export async function saveStep(
  context: WriteContext,
  row: StepRow,
  change: Partial<Pick<StepRow, "state" | "due" | "taskId" | "didAt" | "problem">>,
): Promise<void> {
  const opens = change.state === "open" && row.state !== "open";
  const doneAt = change.state === undefined ? row.doneAt : change.state === "done" ? (row.doneAt ?? context.now) : null;
  const next = { ...row, ...change, doneAt };
  await context.db.run(sql`
    update office.process_step
    set state = ${next.state}, due = ${next.due}, task_id = ${next.taskId}, did_at = ${next.didAt},
      problem = ${next.problem}, done_at = ${doneAt},
      done_on = case when ${doneAt}::timestamptz is null then null else coalesce(done_on, ${context.today}::date) end,
      opened_at = ${opens ? sql`${context.now}` : sql`opened_at`}, reopened = reopened + ${opens && row.state === "done" ? 1 : 0}
    where tenant_id = ${context.tenantId} and id = ${row.id}`);
  Object.assign(row, change, { doneAt });
}

export async function saveRun(
  context: WriteContext,
  runId: Id,
  change: { readonly state: Run["state"]; readonly anchor: Day; readonly problem: string | null },
): Promise<void> {
  const closed = change.state === "done" || change.state === "ended";
  await context.db.run(sql`
    update office.process_run
    set state = ${change.state}, anchor = ${change.anchor}, problem = ${change.problem},
      closed_at = ${closed ? context.now : null}, closed_on = ${closed ? context.today : null}
    where tenant_id = ${context.tenantId} and id = ${runId}`);
}

/** From now on an event that names one of these records makes the runs of a condition look again. */
async function watch(context: WriteContext, runs: Sql, objectIds: readonly string[]): Promise<void> {
  if (objectIds.length === 0) return;
  await context.db.run(sql`
    update office.process_run set object_ids = array(select distinct unnest(object_ids || ${objectIds}::uuid[]))
    where tenant_id = ${context.tenantId} and ${runs} and not object_ids @> ${objectIds}::uuid[]`);
}

export const watchObjects = (context: WriteContext, runId: Id, objectIds: readonly string[]): Promise<void> =>
  watch(context, sql`id = ${runId}`, objectIds);

/** Live runs of a process about one of these records are concerned by more records. */
export const follow = (context: WriteContext, process: string, aboutIds: readonly string[], more: readonly string[]): Promise<void> =>
  watch(context, sql`process = ${process} and state in ('open', 'unwinding') and about_id = any(${aboutIds}::uuid[])`, more);
