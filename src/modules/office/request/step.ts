// A request goes from one state to the next: its clocks and its task follow, so that nothing runs on what is done.
import { addDays } from "../../../kernel/day.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { clocksInState, handClocks, reopenClock, startClocks, stopClock } from "../clock/clock.ts";
import { voidApprovals } from "../approval/approval.ts";
import { resolveHolder } from "../responsibility/resolve.ts";
import { closeTask, openTask } from "../task/task.ts";
import { daysFor, type Deed, isActive, type RequestState } from "./request.rules.ts";
import { afterDeed, changeRequest, placeOf, type RequestRow } from "./request.store.ts";
import { calledFor } from "./tell.ts";

const aboutOf = (request: Pick<RequestRow, "id">) => ({ subject: "office.request", id: request.id }) as const;

/** Does the deed: state, clocks and task. Refuses `stateForbids`. */
export async function doDeed(context: WriteContext, request: RequestRow, deed: Deed, ...changes: readonly Sql[]): Promise<RequestState> {
  const state = afterDeed(request, deed);
  await enter(context, request, state, ...changes);
  return state;
}

/** Puts a request into a state that may follow. */
export async function enter(context: WriteContext, request: RequestRow, state: RequestState, ...changes: readonly Sql[]): Promise<void> {
  const isOver = state === "closed" || state === "cancelled";
  const days = sql`solved_on = ${state === "solved" ? context.today : isActive(state) ? null : request.solvedOn}`;
  const closed = sql`closed_at = ${isOver ? context.now : null}`;
  await changeRequest(context, request.id, sql`state = ${state}`, days, closed, ...changes);
  const about = aboutOf(request);
  if (isActive(state)) {
    await clocksInState(context, about, state);
    return;
  }
  // What is called off was never promised; what is solved or closed was.
  await stopClock(context, { about }, state === "cancelled" ? "cancelled" : "done", state);
  if (request.taskId) await closeTask(context, { taskId: request.taskId }, state === "cancelled" ? "cancelled" : "done");
}

/** The first public words of a worker: the response clock stops. */
export async function answered(context: WriteContext, request: RequestRow): Promise<void> {
  if (request.repliedAt !== null) return;
  await changeRequest(context, request.id, sql`replied_at = ${context.now}`);
  await stopClock(context, { about: aboutOf(request), target: "response" }, "done", "answered");
}

/** Whoever answers what came to them by their post has taken it: it stays with them when the map changes. */
export async function keepWithWhoActs(context: WriteContext, request: RequestRow): Promise<void> {
  await context.db.run(sql`
    update office.task set is_fixed = true
    where tenant_id = ${context.tenantId} and id = ${request.taskId} and state = 'open' and person_id = ${context.actor.personId}`);
}

/** Opens the request's own task, with whoever answers for it or with one person, and its clocks. */
export async function takeUp(context: WriteContext, request: RequestRow): Promise<void> {
  const place = placeOf(request);
  const holder = await resolveHolder(context, request.activity, place);
  const taskId = await openTask(context, {
    kind: "request",
    title: calledFor(request),
    says: request.isConfidential ? undefined : request.kind,
    owner: { activity: request.activity, ...(place && { place }) },
    due: addDays(context.today, daysFor[request.priority]),
    about: aboutOf(request),
    byFact: true,
    confidential: request.isConfidential,
  });
  await changeRequest(context, request.id, sql`task_id = ${taskId}`, sql`owner_id = ${holder.personId}`);
}

/** Starts what was promised for a request of its kind. */
export async function startPromises(
  context: WriteContext,
  request: RequestRow,
  facts: { kind: string; department: string },
): Promise<void> {
  const place = placeOf(request);
  await startClocks(context, {
    about: aboutOf(request),
    title: calledFor(request),
    facts: { ...facts, priority: request.priority, impact: request.impact, urgency: request.urgency },
    ...(place && { place }),
    owner: { activity: request.activity, ...(place && { place }) },
    confidential: request.isConfidential,
  });
}

/** The work begins anew on what was solved or closed; the clock of its solution goes on with what was left. */
export async function reopen(context: WriteContext, request: RequestRow): Promise<void> {
  const again = { ...request, reopened: request.reopened + 1 };
  await doDeed(context, request, "reopen", sql`reopened = ${again.reopened}`);
  await takeUp(context, again);
  await reopenClock(context, { about: aboutOf(request), target: "resolution" });
}

/** Warnings go to the one it is with. */
export const handedTo = (context: WriteContext, request: RequestRow, personId: RequestRow["personId"]): Promise<void> =>
  handClocks(context, aboutOf(request), personId);

export const tasksWords = { tasksOpen: "{count} tasks of this request are still open. Finish or cancel them first." };

/** Refuses `tasksOpen` while work it asked for is not done. */
export async function needTasksDone(context: WriteContext, request: RequestRow): Promise<void> {
  const { count } = await context.db.row<{ count: number }>(sql`
    select count(*)::int as count from office.task
    where tenant_id = ${context.tenantId} and about_subject = 'office.request' and about_id = ${request.id} and state = 'open'
      and id is distinct from ${request.taskId}`);
  if (count > 0) refuse("tasksOpen", { count });
}

/** Takes back the work that a request asked for, and the decision it waited for. */
export async function endWork(context: WriteContext, request: RequestRow, why: string): Promise<void> {
  await context.db.run(sql`
    update office.task set state = 'cancelled', closed_at = ${context.now}, closed_by = ${context.actor.personId}, outcome = ${why}
    where tenant_id = ${context.tenantId} and about_subject = 'office.request' and about_id = ${request.id} and state = 'open'`);
  await voidApprovals(context, aboutOf(request), why);
}
