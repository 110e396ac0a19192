// Tasks: what waits for a person. The same wish opens one task, however often it is uttered; a task that asks for something is
// closed by the fact, not by a tick.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { Notice, ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { Operation } from "../../../platform/operation/operation.ts";
import { standIns } from "../delegation/delegation.ts";
import { knowActivity } from "../responsibility/activity.ts";
import { type Holder, resolveHolders, type WorkPlace } from "../responsibility/resolve.ts";
import { tellConsulted, tellInformed } from "../responsibility/share.ts";

/** Who is asked: whoever answers for an activity (at a place), or one person. */
export type TaskOwner = ByWork | Named;

interface ByWork {
  readonly activity: string;
  readonly place?: WorkPlace;
}

export interface Named {
  readonly personId: Id;
  /** Whoever stands in for them for this kind of work may do it as well. */
  readonly activity?: string;
}

export interface Asked {
  /** The operation that does the work, by value or by name. */
  readonly operation: Operation | string;
  /** What is known already: the form starts with it. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface TaskWish {
  /** What sort of task, for filters: `"reminder"`, `"approval"`, `"step"`. */
  readonly kind: string;
  readonly title: string;
  readonly says?: string;
  readonly owner: TaskOwner;
  readonly due: Day;
  readonly about?: { readonly subject: string; readonly id: Id };
  readonly asks?: Asked;
  /** Two wishes with one key are one task. */
  readonly key?: string;
  /** One that is closed gives its key away: what was answered is asked again. */
  readonly isAnew?: boolean;
  /** Closed by the one who opened it, even when it asks for nothing. */
  readonly byFact?: boolean;
  /** Seen only by the person it is with and the owner of the company. */
  readonly confidential?: boolean;
}

export type TaskName = { readonly key: string } | { readonly taskId: Id };

/** Opens a task and tells the person it is with. Returns the task that the key already has, whatever became of it. */
export async function openTask(context: WriteContext, wish: TaskWish): Promise<Id> {
  const earlier = wish.key === undefined ? undefined : await taskNamed(context, { key: wish.key });
  if (earlier && !(wish.isAnew && earlier.state !== "open")) return earlier.id;
  if (earlier) await context.db.run(sql`update office.task set key = null where tenant_id = ${context.tenantId} and id = ${earlier.id}`);
  const [id] = await keepTasks(context, [{ ...wish, holder: await holderOfTask(context, wish, byFactOf(wish)) }]);
  // Someone else opened it between our look and our write.
  return id ?? (await taskNamed(context, { key: wish.key! }))!.id;
}

/** The same for many that nobody opened before, each with whoever does its work; the statements do not grow in number with them. */
export async function openTasks(context: WriteContext, wishes: readonly (TaskWish & { readonly owner: ByWork })[]): Promise<void> {
  if (wishes.length === 0) return;
  const work = wishes.map(({ owner, confidential }) => ({ ...owner, confidential }));
  const holders = await resolveHolders(context, work, { doers: true });
  await keepTasks(
    context,
    wishes.map((wish, index) => ({ ...wish, holder: holders[index]! })),
  );
}

const byFactOf = (wish: TaskWish): boolean => wish.byFact ?? wish.asks !== undefined;

/** Writes them and tells people; nothing in the place of one whose key is taken. */
async function keepTasks(context: WriteContext, wishes: readonly (TaskWish & { readonly holder: Holder })[]): Promise<(Id | undefined)[]> {
  const made = wishes.map((wish) => ({ ...wish, id: context.newId(), activity: wish.owner.activity ?? null }));
  const column = <Value>(value: (wish: (typeof made)[number]) => Value): Value[] => made.map(value);
  const kept = await context.db.rows<{ id: Id }>(sql`
    insert into office.task (tenant_id, id, key, kind, title, says, state, due, activity, scope_kind, scope_id, person_id, via,
      principal_id, delegation_id, is_fixed, by_fact, is_confidential, about_subject, about_id, asks_operation, asks_input, opened_at,
      opened_on, opened_by)
    select ${context.tenantId}, t.id, t.key, t.kind, t.title, t.says, 'open', t.due, t.activity, t.scope_kind, t.scope_id, t.person_id,
      t.via, t.principal_id, t.delegation_id, t.is_fixed, t.by_fact, t.is_confidential, t.about_subject, t.about_id, t.asks_operation,
      t.asks_input, ${context.now}, ${context.today}, ${context.actor.personId}
    from unnest(${column((one) => one.id)}::uuid[], ${column((one) => one.key ?? null)}::text[], ${column((one) => one.kind)}::text[],
      ${column((one) => one.title)}::text[], ${column((one) => one.says ?? null)}::text[], ${column((one) => one.due)}::date[],
      ${column((one) => one.activity)}::text[], ${column((one) => kindOfPlace(placeOf(one)))}::text[],
      ${column((one) => placeOf(one)?.id ?? null)}::uuid[], ${column((one) => one.holder.personId)}::uuid[],
      ${column((one) => one.holder.via)}::text[], ${column((one) => one.holder.principalId ?? null)}::uuid[],
      ${column((one) => one.holder.delegationId ?? null)}::uuid[], ${column(isNamed)}::boolean[], ${column(byFactOf)}::boolean[],
      ${column((one) => one.confidential ?? false)}::boolean[], ${column((one) => one.about?.subject ?? null)}::text[],
      ${column((one) => one.about?.id ?? null)}::uuid[], ${column((one) => (one.asks ? nameOf(one.asks.operation) : null))}::text[],
      ${column((one) => (one.asks ? JSON.stringify(one.asks.input) : null))}::jsonb[])
      as t (id, key, kind, title, says, due, activity, scope_kind, scope_id, person_id, via, principal_id, delegation_id, is_fixed, by_fact,
        is_confidential, about_subject, about_id, asks_operation, asks_input)
    on conflict (tenant_id, key) do nothing returning id`);
  const ids = new Set(kept.map((row) => row.id));
  const opened = made.filter((one) => ids.has(one.id));
  for (const activity of new Set(opened.flatMap((one) => one.activity ?? []))) await knowActivity(context, activity);
  const notices = opened.flatMap(({ id, holder, title, due }) =>
    noticeOf(context, id, holder.personId, `New task: ${title}`, `Due ${due}.`),
  );
  if (notices.length > 0) await context.notifyAll(notices);
  const consulted = opened.filter((one) => one.activity !== null && !isNamed(one) && !one.confidential);
  await tellConsulted(
    context,
    consulted.map((one) => ({ id: one.id, title: one.title, activity: one.activity!, place: placeOf(one), except: [one.holder.personId] })),
  );
  return made.map(({ id }) => (ids.has(id) ? id : undefined));
}

const isNamed = ({ owner }: TaskWish): boolean => "personId" in owner;
const placeOf = ({ owner }: TaskWish): WorkPlace | undefined => ("personId" in owner ? undefined : owner.place);

interface Closed {
  readonly id: Id;
  readonly title: string;
  readonly activity: string | null;
  readonly scopeKind: WorkPlace["kind"] | null;
  readonly scopeId: Id | null;
  readonly isConfidential: boolean;
}

/** Closes an open task; one that is closed already, or was never opened, stays as it is. */
export async function closeTask(
  context: WriteContext,
  task: TaskName,
  outcome: "done" | "cancelled" = "done",
  says?: string,
): Promise<boolean> {
  const closed = await context.db.maybe<Closed>(sql`
    update office.task set state = ${outcome}, closed_at = ${context.now}, closed_by = ${context.actor.personId}, outcome = ${says ?? null},
      closed_for = case when person_id = ${context.actor.personId}::uuid then principal_id end
    where tenant_id = ${context.tenantId} and ${named(task)} and state = 'open'
    returning id, title, activity, scope_kind, scope_id, is_confidential`);
  if (closed && outcome === "done" && closed.activity !== null && !closed.isConfidential) {
    const { id, title, activity, scopeKind, scopeId } = closed;
    await tellInformed(context, [{ id, title, activity, ...(scopeKind && { place: { kind: scopeKind, id: scopeId! } }) }]);
  }
  return closed !== undefined;
}

/** Moves the day an open task is due. */
export async function moveTaskDue(context: WriteContext, task: TaskName, due: Day): Promise<void> {
  await context.db.run(sql`
    update office.task set due = ${due}, chased_on = case when ${due}::date >= ${context.today}::date then null else chased_on end
    where tenant_id = ${context.tenantId} and ${named(task)} and state = 'open'`);
}

/** Gives an open task to someone and tells them. `fixed` keeps it with them when responsibilities change. */
export async function handTask(context: WriteContext, taskId: Id, to: Holder, fixed: boolean): Promise<void> {
  const { title, due } = await context.db.row<{ title: string; due: Day }>(sql`
    update office.task set person_id = ${to.personId}, via = ${to.via}, is_fixed = ${fixed},
      principal_id = ${to.principalId ?? null}, delegation_id = ${to.delegationId ?? null}
    where tenant_id = ${context.tenantId} and id = ${taskId} and state = 'open' returning title, due`);
  await context.notifyAll(noticeOf(context, taskId, to.personId, `Now with you: ${title}`, `Due ${due}.`));
}

export interface TaskRow {
  readonly id: Id;
  readonly key: string | null;
  readonly title: string;
  readonly state: "open" | "done" | "cancelled";
  readonly due: Day;
  readonly personId: Id | null;
  /** Whose it is, while a stand-in has it. */
  readonly principalId: Id | null;
  readonly openedBy: Id | null;
  readonly byFact: boolean;
}

export function taskNamed(context: ReadContext, task: TaskName, lock = false): Promise<TaskRow | undefined> {
  return context.db.maybe<TaskRow>(sql`
    select id, key, title, state, due, person_id, principal_id, opened_by, by_fact from office.task
    where tenant_id = ${context.tenantId} and ${named(task)} ${lock ? sql`for update` : sql``}`);
}

/** Whoever does this work; what one person is asked by name goes to their stand-in only when anyone could do it. */
async function holderOfTask(context: WriteContext, { owner, confidential }: TaskWish, byFact: boolean): Promise<Holder> {
  if (!("personId" in owner)) return (await resolveHolders(context, [{ ...owner, confidential }], { doers: true }))[0]!;
  const { personId, activity = null } = owner;
  const asked = { activity, confidential: confidential && activity === null, except: [context.actor.personId] };
  const standIn = byFact && activity === null ? undefined : (await standIns(context, [personId], asked)).get(personId);
  const via = "asked in person";
  return standIn ? { personId: standIn.personId, via, principalId: personId, delegationId: standIn.delegationId } : { personId, via };
}

/** Nobody needs to be told what they just asked of themselves. */
const noticeOf = (context: WriteContext, taskId: Id, personId: Id | null, title: string, text: string): Notice[] =>
  personId === null || personId === context.actor.personId
    ? []
    : [{ personId, title, text, about: { subject: "office.task", id: taskId }, event: "office.task.given" }];

const kindOfPlace = (place: WorkPlace | undefined): string | null => (place?.kind === "site" ? "place" : (place?.kind ?? null));
const nameOf = (operation: Operation | string): string => (typeof operation === "string" ? operation : operation.name);
const named = (task: TaskName): Sql => ("key" in task ? sql`key = ${task.key}` : sql`id = ${task.taskId}`);
