// Runs of processes on screen: which are under way, their steps, and the timeline of one with who does what by when.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, Id, Instant, ref } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { resolveHolder, type WorkPlace } from "../responsibility/resolve.ts";
import { AskedFor } from "../task/task.operations.ts";
import type { Process, Subject } from "./process.ts";

/** Whoever has a step in it, and the person it is about. */
const concernsMe = (context: ReadContext): Sql =>
  sql`(r.person_id = ${context.actor.personId} or ${context.actor.personId} = any(r.owner_ids))`;

const ownersOfRun = (context: ReadContext): Sql => sql`
  array(select t.person_id from office.task t
    where t.tenant_id = ${context.tenantId} and t.about_id = x.id and t.about_subject = 'process.run' and t.person_id is not null)`;

export const runRegister = register({
  name: "process.run",
  title: "Processes under way",
  does: "Every hire, leave, purchase and other process with how far it is. Everyone sees those they take part in.",
  may: ["office.manager", anyone],
  row: z.object({
    id: Id,
    title: z.string(),
    process: z.string(),
    state: z.enum(["open", "done", "unwinding", "ended"]),
    anchor: Day,
    startedOn: Day,
    closedOn: Day.nullable(),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    steps: z.number().int(),
    settled: z.number().int(),
    late: z.number().int(),
    nextDue: Day.nullable(),
    problem: z.string().nullable(),
    aboutSubject: z.string().nullable(),
    aboutId: Id.nullable(),
  }),
  label: "title",
  search: ["title"],
  sort: "-startedOn",
  sees: concernsMe,
  from: (context) => sql`
    select x.id, x.title, x.process, x.state, x.anchor, x.started_on, x.closed_on, x.person_id, p.name as person, x.problem,
      x.about_subject, x.about_id, s.steps, s.settled, s.late, s.next_due, ${ownersOfRun(context)} as owner_ids
    from office.process_run x
    left join directory.party p on p.tenant_id = x.tenant_id and p.id = x.person_id
    cross join lateral (
      select count(*)::int as steps, count(*) filter (where s.state in ('done', 'skipped', 'undone'))::int as settled,
        count(*) filter (where s.state in ('open', 'waiting') and s.due < ${context.today}::date and x.state = 'open')::int as late,
        min(s.due) filter (where s.state in ('open', 'waiting') and x.state = 'open') as next_due
      from office.process_step s where s.tenant_id = ${context.tenantId} and s.run_id = x.id) s
    where x.tenant_id = ${context.tenantId}`,
});

export const stepRegister = register({
  name: "process.step",
  title: "Steps of processes",
  does: "The steps of every process under way: what, by when, with whom.",
  may: ["office.manager", anyone],
  inner: true,
  row: z.object({
    id: Id,
    title: z.string(),
    runId: ref("process.run"),
    run: z.string(),
    process: z.string(),
    state: z.enum(["waiting", "open", "done", "skipped", "undone"]),
    due: Day,
    late: z.boolean(),
    activity: z.string().nullable(),
    ownerId: ref("directory.person").nullable(),
    owner: z.string().nullable(),
    doneOn: Day.nullable(),
    problem: z.string().nullable(),
  }),
  worklist: true,
  label: "title",
  search: ["title", "run"],
  sort: "due",
  sees: concernsMe,
  from: (context) => sql`
    select s.id, s.title, s.run_id, x.title as run, x.process, s.state, s.due, s.activity, t.person_id as owner_id, o.name as owner,
      (x.state = 'open' and s.state in ('open', 'waiting') and s.due < ${context.today}::date) as late, s.done_on, s.problem, x.person_id,
      ${ownersOfRun(context)} as owner_ids
    from office.process_step s
    join office.process_run x on x.tenant_id = s.tenant_id and x.id = s.run_id
    left join office.task t on t.tenant_id = s.tenant_id and t.id = s.task_id
    left join directory.party o on o.tenant_id = t.tenant_id and o.id = t.person_id
    where s.tenant_id = ${context.tenantId}`,
});

const TimelineStep = z.object({
  key: z.string(),
  title: z.string(),
  says: z.string(),
  state: z.enum(["waiting", "open", "done", "skipped", "undone"]),
  after: z.array(z.string()),
  activity: z.string().nullable(),
  ownerId: ref("directory.person").nullable(),
  owner: z.string().nullable(),
  via: z.string().nullable(),
  due: Day,
  late: z.boolean(),
  /** The first day it was late. */
  lateSince: Day.nullable(),
  doneAt: Instant.nullable(),
  doneOn: Day.nullable(),
  taskId: ref("office.task").nullable(),
  asks: AskedFor.nullable(),
  problem: z.string().nullable(),
});

type TimelineRow = Omit<z.output<typeof TimelineStep>, "after">;

export const timelineOf = (definitions: ReadonlyMap<string, Process>) =>
  operation({
    name: "process.run.timeline",
    title: "Timeline of a process",
    does: "Shows every step of one run: who sees to it, by when, what is late and what is to be done.",
    kind: "read",
    may: ["office.manager", anyone],
    input: z.strictObject({ runId: ref("process.run") }),
    output: z.object({
      run: z.object({
        id: Id,
        title: z.string(),
        process: z.string(),
        processTitle: z.string(),
        says: z.string(),
        state: z.enum(["open", "done", "unwinding", "ended"]),
        anchor: Day,
        startedOn: Day,
        closedOn: Day.nullable(),
        personId: ref("directory.person").nullable(),
        person: z.string().nullable(),
        problem: z.string().nullable(),
        about: z.object({ subject: z.string(), id: Id }).nullable().describe("The record it is about, for those who may see it."),
      }),
      steps: z.array(TimelineStep),
    }),
    refuses: { notFound: "There is no such process, or it is not yours to see." },
    async run({ runId }, context) {
      if (!(await context.mayRead("process.run", runId))) refuse("notFound");
      const run = await context.db.row<RunRow>(sql`
        select x.id, x.title, x.process, x.subject, x.state, x.anchor, x.started_on, x.closed_on, x.person_id, p.name as person, x.problem,
          x.about_subject, x.about_id
        from office.process_run x left join directory.party p on p.tenant_id = x.tenant_id and p.id = x.person_id
        where x.tenant_id = ${context.tenantId} and x.id = ${runId}`);
      const definition = definitions.get(run.process);
      const place = await definition?.place?.(context, run.subject);
      const steps = [];
      for (const row of await timelineRows(context, runId)) steps.push(await shown(context, definition, place, run, row));
      const { subject: _, aboutSubject, aboutId, ...told } = run;
      const mayFollow = aboutSubject !== null && aboutId !== null && (await context.mayRead(aboutSubject, aboutId));
      const about = mayFollow ? { subject: aboutSubject, id: aboutId } : null;
      return { run: { ...told, about, processTitle: definition?.title ?? run.process, says: definition?.says ?? "" }, steps };
    },
  });

interface RunRow {
  readonly id: KernelId;
  readonly title: string;
  readonly process: string;
  readonly subject: Subject;
  readonly state: "open" | "done" | "unwinding" | "ended";
  readonly anchor: z.output<typeof Day>;
  readonly startedOn: z.output<typeof Day>;
  readonly closedOn: z.output<typeof Day> | null;
  readonly personId: KernelId | null;
  readonly person: string | null;
  readonly problem: string | null;
  readonly aboutSubject: string | null;
  readonly aboutId: KernelId | null;
}

function timelineRows(context: ReadContext, runId: KernelId): Promise<TimelineRow[]> {
  return context.db.rows<TimelineRow>(sql`
    select s.key, s.title, s.says, s.state, s.activity, o.id as owner_id, o.name as owner, coalesce(t.via, l.via) as via, s.due,
      (x.state = 'open' and s.state in ('open', 'waiting') and s.due < ${context.today}::date) as late,
      case when x.state = 'open' and s.state in ('open', 'waiting') and s.due < ${context.today}::date then s.due + 1 end as late_since,
      s.done_at, s.done_on, s.task_id, s.problem,
      case when t.asks_operation is null then null else jsonb_build_object('operation', t.asks_operation, 'input', t.asks_input) end as asks
    from office.process_step s
    join office.process_run x on x.tenant_id = s.tenant_id and x.id = s.run_id
    left join office.task t on t.tenant_id = s.tenant_id and t.id = s.task_id
    -- A settled step has let go of its task; who had it still stands there.
    left join lateral (
      select k.person_id, k.via from office.task k
      where k.tenant_id = s.tenant_id and k.about_subject = 'process.run' and k.about_id = s.run_id and s.state not in ('waiting', 'open')
        and starts_with(k.title, s.title || ' – ')
      order by k.opened_at desc limit 1) l on true
    left join directory.party o on o.tenant_id = s.tenant_id and o.id = coalesce(t.person_id, l.person_id)
    where s.tenant_id = ${context.tenantId} and s.run_id = ${runId} order by s.place`);
}

/** A step that has no task yet still shows who will see to it. */
async function shown(
  context: ReadContext,
  definition: Process | undefined,
  place: WorkPlace | undefined,
  run: RunRow,
  row: TimelineRow,
): Promise<z.output<typeof TimelineStep>> {
  const after = [...(definition?.steps[row.key]?.after ?? [])];
  if (row.ownerId !== null || row.state !== "waiting") return { ...row, after };
  if (row.activity === null) return { ...row, after, ownerId: run.personId, owner: run.person };
  const { personId, via } = await resolveHolder(context, row.activity, place);
  const named = await context.db.maybe<{ name: string }>(sql`
    select name from directory.party where tenant_id = ${context.tenantId} and id = ${personId}`);
  return { ...row, after, ownerId: personId, owner: named?.name ?? null, via };
}
