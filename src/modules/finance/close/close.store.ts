// The tasks of a month's close as the database keeps them, and the office tasks that ask their owners.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { closeTask, openTask } from "../../office/index.ts";
import { openPrerequisites } from "./close.rules.ts";
import type { ClosedMonth } from "./fact.ts";
import { standardTasks } from "./standard.ts";

export interface CloseTaskRow {
  readonly id: Id;
  readonly key: string;
  readonly title: string;
  readonly says: string | null;
  readonly activity: string;
  readonly requires: readonly string[];
  readonly fact: string | null;
  readonly place: string | null;
  readonly state: "open" | "done";
  readonly doneAt: Date | null;
  readonly doneByName: string | null;
  readonly note: string | null;
  /** How often its tick was taken back. */
  readonly reopened: number;
}

export const monthOf = (context: ReadContext, periodId: Id): Promise<ClosedMonth | undefined> =>
  context.db.maybe<ClosedMonth>(sql`
    select id, book_id, code, from_day, until_day, state, locked_areas from finance.period
    where tenant_id = ${context.tenantId} and id = ${periodId}`);

/** The month whose close is next: the earliest open one that has begun, or the last of all. */
export const nextMonth = (context: ReadContext, bookId: Id): Promise<ClosedMonth | undefined> =>
  context.db.maybe<ClosedMonth>(sql`
    select id, book_id, code, from_day, until_day, state, locked_areas from finance.period
    where tenant_id = ${context.tenantId} and book_id = ${bookId} and from_day <= ${context.today}::date
    order by (state = 'closed'), case when state = 'open' then from_day end, from_day desc limit 1`);

export const closeTasks = (context: ReadContext, periodId: Id, held = false): Promise<CloseTaskRow[]> =>
  context.db.rows<CloseTaskRow>(sql`
    select t.id, t.key, t.title, t.says, t.activity, t.requires, t.fact, t.place, t.state, t.done_at, t.done_by_name, t.note,
      (select count(*)::int from finance.close_task_change c
        where c.tenant_id = ${context.tenantId} and c.task_id = t.id and c.state = 'open') as reopened
    from finance.close_task t
    where t.tenant_id = ${context.tenantId} and t.period_id = ${periodId} order by t.position, t.id ${held ? sql`for update` : sql``}`);

/** The month as it stood at a moment: closed or not, and which areas were locked. */
export const monthAt = (context: ReadContext, periodId: Id, knownAt: Date): Promise<ClosedMonth | undefined> =>
  context.db.maybe<ClosedMonth>(sql`
    select p.id, p.book_id, p.code, p.from_day, p.until_day, coalesce((select c.state from finance.period_change c
        where c.tenant_id = ${context.tenantId} and c.period_id = p.id and c.at <= ${knownAt} order by c.at desc, c.id desc limit 1),
        'open') as state,
      array(select l.area from finance.period_lock l where l.tenant_id = ${context.tenantId} and l.period_id = p.id
        and l.at <= ${knownAt} and (l.unlocked_at is null or l.unlocked_at > ${knownAt}) order by l.area) as locked_areas
    from finance.period p where p.tenant_id = ${context.tenantId} and p.id = ${periodId}`);

/** Its tasks with the last tick, or tick taken back, until that moment. */
export const closeTasksAt = (context: ReadContext, periodId: Id, knownAt: Date): Promise<CloseTaskRow[]> =>
  context.db.rows<CloseTaskRow>(sql`
    select t.id, t.key, t.title, t.says, t.activity, t.requires, t.fact, t.place, coalesce(c.state, 'open') as state, c.reopened,
      case when c.state = 'done' then c.at end as done_at, case when c.state = 'done' then c.by_name end as done_by_name,
      case when c.state = 'done' then c.note end as note
    from finance.close_task t
    left join lateral (
      select k.state, k.at, k.by_name, k.note, (count(*) filter (where k.state = 'open') over ())::int as reopened
      from finance.close_task_change k
      where k.tenant_id = ${context.tenantId} and k.task_id = t.id and k.at <= ${knownAt} order by k.at desc, k.id desc limit 1) c on true
    where t.tenant_id = ${context.tenantId} and t.period_id = ${periodId} order by t.position, t.id`);

/** The company's own list; the standard one where it has none yet. */
export async function ensureTemplate(context: WriteContext, bookId: Id): Promise<void> {
  const tasks = standardTasks.map((task, index) => ({ ...task, id: context.newId(), position: (index + 1) * 10 }));
  await context.db.run(sql`
    insert into finance.close_template (tenant_id, id, book_id, key, title, says, activity, position, requires, fact, place)
    select ${context.tenantId}, t.id, ${bookId}, t.key, t.title, t.says, t.activity, t.position,
      coalesce((select array_agg(r.required) from unnest(${tasks.flatMap((task) => task.requires.map(() => task.key))}::text[],
        ${tasks.flatMap((task) => task.requires)}::text[]) as r (key, required) where r.key = t.key), '{}'), t.fact, t.place
    from unnest(${tasks.map((task) => task.id)}::uuid[], ${tasks.map((task) => task.key)}::text[],
      ${tasks.map((task) => task.title)}::text[], ${tasks.map((task) => task.says)}::text[],
      ${tasks.map((task) => task.activity)}::text[], ${tasks.map((task) => task.position)}::int[],
      ${tasks.map((task) => task.fact)}::text[], ${tasks.map((task) => task.place)}::text[])
      as t (id, key, title, says, activity, position, fact, place)
    where not exists (select from finance.close_template k where k.tenant_id = ${context.tenantId} and k.book_id = ${bookId})`);
}

/** Gives the month a copy of the list as it is now. */
export async function copyTemplate(context: WriteContext, period: ClosedMonth): Promise<number> {
  const keys = await context.db.rows<{ key: string }>(sql`
    select key from finance.close_template
    where tenant_id = ${context.tenantId} and book_id = ${period.bookId}
      and (retired_from is null or retired_from > ${period.untilDay}::date)
    order by position, id`);
  return context.db.run(sql`
    insert into finance.close_task (tenant_id, id, period_id, key, title, says, activity, position, requires, fact, place, state)
    select ${context.tenantId}, n.id, ${period.id}, t.key, t.title, t.says, t.activity, t.position,
      array(select r from unnest(t.requires) as r where r = any(${keys.map(({ key }) => key)}::text[])), t.fact, t.place, 'open'
    from unnest(${keys.map(() => context.newId())}::uuid[], ${keys.map(({ key }) => key)}::text[]) as n (id, key)
    join finance.close_template t on t.tenant_id = ${context.tenantId} and t.book_id = ${period.bookId} and t.key = n.key
    on conflict (tenant_id, period_id, key) do nothing`);
}

/** Days after the month's end until its tasks are due. */
const closeDays = 10;

/** Asks the owners of the tasks whose turn it is; a task that was asked for before is not asked for again. */
export async function askOwners(context: WriteContext, period: ClosedMonth, tasks: readonly CloseTaskRow[]): Promise<void> {
  const ready = tasks.filter((task) => task.state === "open" && openPrerequisites(task, tasks).length === 0);
  for (const task of ready) {
    await openTask(context, {
      kind: "close",
      title: `Close of ${period.code}: ${task.title}`,
      says: task.says ?? undefined,
      owner: { activity: task.activity },
      due: dueOf(period.untilDay, context.today),
      about: { subject: "finance.closeTask", id: task.id },
      asks: { operation: "finance.closeTask.complete", input: { closeTaskId: task.id } },
      key: officeKey(task),
    });
  }
}

const dueOf = (untilDay: Day, today: Day): Day => {
  const due = addDays(untilDay, closeDays);
  return due < today ? today : due;
};

/** A task that was taken up again is asked for again. */
const officeKey = (task: CloseTaskRow): string => `finance.closeTask:${task.id}:${task.reopened}`;

export const answerOwner = (context: WriteContext, task: CloseTaskRow): Promise<boolean> => closeTask(context, { key: officeKey(task) });
