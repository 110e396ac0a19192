// Tasks: what waits for a person. The same wish opens one task, however often it is uttered; a task that asks for something is
// closed by the fact, not by a tick.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { Operation } from "../../../platform/operation/operation.ts";
import { standIns } from "../delegation/delegation.ts";
import { knowActivity } from "../responsibility/activity.ts";
import { type Holder, resolveHolders, type WorkPlace } from "../responsibility/resolve.ts";
import { tellConsulted, tellInformed } from "../responsibility/share.ts";

/** Who is asked: whoever answers for an activity (at a place), or one person. */
export type TaskOwner = { readonly activity: string; readonly place?: WorkPlace } | Named;

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
  /** Closed by the one who opened it, even when it asks for nothing. */
  readonly byFact?: boolean;
  /** Seen only by the person it is with and the owner of the company. */
  readonly confidential?: boolean;
}

export type TaskName = { readonly key: string } | { readonly taskId: Id };

/** Opens a task and tells the person it is with. Returns the task that the key already has, whatever became of it. */
export async function openTask(context: WriteContext, wish: TaskWish): Promise<Id> {
  const earlier = wish.key === undefined ? undefined : await taskNamed(context, { key: wish.key });
  if (earlier) return earlier.id;
  const id = context.newId();
  const byFact = wish.byFact ?? wish.asks !== undefined;
  const holder = await holderOfTask(context, wish, byFact);
  const { activity = null } = wish.owner;
  const isNamed = "personId" in wish.owner;
  const place = "personId" in wish.owner ? undefined : wish.owner.place;
  const opened = await context.db.run(sql`
    insert into office.task (tenant_id, id, key, kind, title, says, state, due, activity, scope_kind, scope_id, person_id, via,
      principal_id, delegation_id, is_fixed, by_fact, is_confidential, about_subject, about_id, asks_operation, asks_input, opened_at,
      opened_on, opened_by)
    values (${context.tenantId}, ${id}, ${wish.key ?? null}, ${wish.kind}, ${wish.title}, ${wish.says ?? null}, 'open', ${wish.due},
      ${activity}, ${place ? kindOfPlace(place) : null}, ${place?.id ?? null}, ${holder.personId}, ${holder.via},
      ${holder.principalId ?? null}, ${holder.delegationId ?? null}, ${isNamed}, ${byFact},
      ${wish.confidential ?? false}, ${wish.about?.subject ?? null}, ${wish.about?.id ?? null},
      ${wish.asks ? nameOf(wish.asks.operation) : null}, ${wish.asks ? JSON.stringify(wish.asks.input) : null},
      ${context.now}, ${context.today}, ${context.actor.personId})
    on conflict (tenant_id, key) do nothing`);
  // Someone else opened it between our look and our write.
  if (opened === 0) return (await taskNamed(context, { key: wish.key! }))!.id;
  if (activity !== null) await knowActivity(context, activity);
  await tell(context, id, holder.personId, `New task: ${wish.title}`, `Due ${wish.due}.`);
  if (activity !== null && !isNamed && !wish.confidential) {
    await tellConsulted(context, { id, title: wish.title, activity, ...(place && { place }), except: [holder.personId] });
  }
  return id;
}

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
    await tellInformed(context, { id, title, activity, ...(scopeKind && { place: { kind: scopeKind, id: scopeId! } }) });
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
  await tell(context, taskId, to.personId, `Now with you: ${title}`, `Due ${due}.`);
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

async function tell(context: WriteContext, taskId: Id, personId: Id | null, title: string, text: string): Promise<void> {
  // Nobody needs to be told what they just asked of themselves.
  if (personId === null || personId === context.actor.personId) return;
  await context.notify({ personId, title, text, about: { subject: "office.task", id: taskId }, event: "office.task.given" });
}

const kindOfPlace = (place: WorkPlace): string => (place.kind === "site" ? "place" : place.kind);
const nameOf = (operation: Operation | string): string => (typeof operation === "string" ? operation : operation.name);
const named = (task: TaskName): Sql => ("key" in task ? sql`key = ${task.key}` : sql`id = ${task.taskId}`);
