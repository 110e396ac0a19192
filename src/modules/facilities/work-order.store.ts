// Work orders as they are kept: a new one with its number and the task that brings it to someone, and taking one for writing.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { closeTask, openTask } from "../office/index.ts";
import { addItems, type NewItem } from "./checklist.store.ts";
import { hintFor, mayFollow, type State, type Step, type Urgency } from "./work-order.rules.ts";

export interface NewWorkOrder {
  readonly kind: "fault" | "maintenance";
  readonly title: string;
  readonly text: string | null;
  readonly urgency: Urgency;
  readonly placeId: Id | null;
  readonly assetId: Id | null;
  readonly reporterId: Id | null;
  readonly assigneeId: Id | null;
  readonly due: Day;
  readonly fileId: Id | null;
  readonly plan: { readonly id: Id; readonly occurrence: Day } | null;
  readonly checklist?: readonly NewItem[];
  readonly requestId?: Id;
  /** A process of the house sees to it: it asks who is sent, so this does not. */
  readonly byProcess?: boolean;
  /** A second person looks before the thing is put back. */
  readonly needsCheck?: boolean;
}

const about = (id: Id) => ({ subject: "facilities.workOrder", id });
const taskKey = (id: Id, what: "assign" | "do"): string => `facilities.workOrder:${id}:${what}`;

/** Makes a work order and brings it to whoever does it, or to whoever says who does it. */
export async function makeWorkOrder(context: WriteContext, wish: NewWorkOrder): Promise<{ id: Id; number: string }> {
  const { tenantId, db } = context;
  const id = context.newId();
  const siteId = await siteOfWork(context, wish);
  const drawn = await db.row<{ lastNumber: bigint }>(sql`
    insert into facilities.work_order_series as s (tenant_id, last_number) values (${tenantId}, 1)
    on conflict (tenant_id) do update set last_number = s.last_number + 1 returning last_number`);
  const number = `WO-${drawn.lastNumber.toString().padStart(5, "0")}`;
  await db.run(sql`
    insert into facilities.work_order (tenant_id, id, number, kind, title, text, urgency, state, place_id, asset_id, site_id, reporter_id,
      assignee_id, due, file_id, plan_id, occurrence, reported_at, request_id, needs_check)
    values (${tenantId}, ${id}, ${number}, ${wish.kind}, ${wish.title}, ${wish.text}, ${wish.urgency},
      ${wish.assigneeId ? "assigned" : "open"}, ${wish.placeId}, ${wish.assetId}, ${siteId}, ${wish.reporterId}, ${wish.assigneeId},
      ${wish.due}::date, ${wish.fileId}, ${wish.plan?.id ?? null}, ${wish.plan?.occurrence ?? null}::date, ${context.now},
      ${wish.requestId ?? null}, ${wish.needsCheck ?? false})`);
  await addItems(context, id, wish.checklist ?? []);
  const order = { id, number, title: wish.title, due: wish.due };
  if (wish.assigneeId) await askToDo(context, order, wish.assigneeId);
  else if (!wish.byProcess) {
    await openTask(context, {
      kind: "workOrder",
      title: `${number}: ${wish.title}`,
      says: `Say who sees to it. Urgency: ${wish.urgency}.`,
      owner: { activity: "facilities.maintenance", ...(siteId && { place: { kind: "site" as const, id: siteId } }) },
      due: wish.due,
      about: about(id),
      asks: { operation: "facilities.workOrder.assign", input: { workOrderId: id } },
      key: taskKey(id, "assign"),
    });
  }
  const { kind, urgency, placeId, assetId } = wish;
  context.emit("facilities.workOrder.opened", { workOrderId: id, number, kind, urgency, placeId, assetId, siteId });
  return { id, number };
}

async function siteOfWork(context: ReadContext, { placeId, assetId }: NewWorkOrder): Promise<Id | null> {
  const found = await context.db.maybe<{ siteId: Id }>(sql`
    select p.site_id from directory.place p
    where p.tenant_id = ${context.tenantId} and p.id = coalesce(${placeId}::uuid,
      (select a.place_id from assets.asset a where a.tenant_id = ${context.tenantId} and a.id = ${assetId}::uuid))`);
  return found?.siteId ?? null;
}

export interface WorkOrder {
  readonly id: Id;
  readonly number: string;
  readonly title: string;
  readonly state: State;
  readonly due: Day;
  readonly siteId: Id | null;
  readonly reporterId: Id | null;
  readonly assigneeId: Id | null;
  readonly assetId: Id | null;
  readonly requestId: Id | null;
  readonly needsCheck: boolean;
  readonly checkedAt: Date | null;
  readonly contractorId: Id | null;
  readonly currency: string | null;
}

/** Takes a work order for a step. Refuses `notFound`, and `wrongState` with what to do instead. */
export async function takeWorkOrder(context: WriteContext, id: Id, step: Step): Promise<WorkOrder> {
  const found = await context.db.maybe<WorkOrder>(sql`
    select id, number, title, state, due, site_id, reporter_id, assignee_id, asset_id, request_id, needs_check, checked_at, contractor_id,
      currency
    from facilities.work_order
    where tenant_id = ${context.tenantId} and id = ${id} for update`);
  if (!found) refuse("notFound");
  const words = { inProgress: "in progress", onHold: "on hold" } as Readonly<Record<string, string>>;
  if (!mayFollow(found.state, step)) {
    refuse("wrongState", { number: found.number, state: words[found.state] ?? found.state, next: hintFor(found.state) });
  }
  return found;
}

/** Gives the work to a person; the task of saying who does it is done. */
export async function askToDo(
  context: WriteContext,
  order: Pick<WorkOrder, "id" | "number" | "title" | "due">,
  personId: Id,
): Promise<void> {
  await closeTask(context, { key: taskKey(order.id, "assign") }, "done");
  await closeTask(context, { key: doKey(order.id, await timesAsked(context, order.id)) }, "cancelled", "Given to someone else.");
  await openTask(context, {
    kind: "workOrder",
    title: `${order.number}: ${order.title}`,
    says: "See to it and say what you did.",
    owner: { personId },
    due: order.due,
    about: about(order.id),
    asks: { operation: "facilities.workOrder.complete", input: { workOrderId: order.id } },
    key: doKey(order.id, (await timesAsked(context, order.id)) + 1),
  });
}

// A work order can go to one person after another, and come back: each asking is a task of its own.
const doKey = (id: Id, times: number): string => `${taskKey(id, "do")}:${times}`;

async function timesAsked(context: ReadContext, id: Id): Promise<number> {
  const { count } = await context.db.row<{ count: number }>(sql`
    select count(*)::int as count from office.task
    where tenant_id = ${context.tenantId} and about_id = ${id} and starts_with(key, ${`${taskKey(id, "do")}:`})`);
  return count;
}

/** Nobody is waited for any more. */
export async function closeTasks(context: WriteContext, id: Id, outcome: "done" | "cancelled"): Promise<void> {
  await closeTask(context, { key: taskKey(id, "assign") }, outcome);
  await closeTask(context, { key: doKey(id, await timesAsked(context, id)) }, outcome);
}

export async function tellReporter(context: WriteContext, order: WorkOrder, title: string, text: string): Promise<void> {
  if (!order.reporterId || order.reporterId === context.actor.personId) return;
  const event = "facilities.workOrder.news";
  await context.notify({ personId: order.reporterId, title: `${order.number} ${title}`, text, about: about(order.id), event });
}
