// Faults and work orders: anyone says what is broken, someone is sent, it is done, and whoever reported it says that it is well.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { Day, FileId, Id, Instant, LongText, Money, ref } from "../../platform/operation/field.ts";
import { anyone, type May, operation, whoever } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { completeOccurrence, skipOccurrence } from "../office/index.ts";
import { expectBill } from "./expected-bill.ts";
import { makeFault } from "./fault.ts";
import { keepers, personName } from "./place.store.ts";
import { holdReasons, mayFollow, type State, states, type Step, urgencies } from "./work-order.rules.ts";
import { askToDo, closeTasks, takeWorkOrder, tellReporter } from "./work-order.store.ts";

export const workOrderRegister = register({
  name: "facilities.workOrder",
  title: "Work orders",
  does: "What is broken or due for service, who sees to it and how far it is. Everyone sees what they reported and what they were given.",
  may: [...keepers, anyone],
  sees: (context) => sql`(r.reporter_id = ${context.actor.personId}::uuid or r.assignee_id = ${context.actor.personId}::uuid)`,
  row: z.object({
    id: Id,
    label: z.string(),
    number: z.string(),
    title: z.string(),
    state: z.enum(states),
    urgency: z.enum(urgencies),
    kind: z.enum(["fault", "maintenance"]),
    holdReason: z.enum(holdReasons).nullable().describe("What it waits for."),
    due: Day,
    assigneeId: ref("directory.person").nullable(),
    assignee: z.string().nullable(),
    placeId: ref("directory.place").nullable(),
    place: z.string().nullable(),
    siteId: ref("directory.site").nullable(),
    site: z.string().nullable(),
    assetId: ref("assets.asset").nullable(),
    asset: z.string().nullable(),
    reporterId: ref("directory.person").nullable(),
    reporter: z.string().nullable(),
    planId: ref("facilities.maintenancePlan").nullable(),
    text: z.string().nullable(),
    photo: FileId.nullable(),
    reportedAt: Instant,
    startedAt: Instant.nullable(),
    doneAt: Instant.nullable(),
    note: z.string().nullable().describe("What was done."),
    checklistLeft: z.number().int().describe("Items that must be answered before it is done."),
    needsCheck: z.boolean().describe("A second person looks before the thing is put back."),
    checkedAt: Instant.nullable(),
    contractorId: ref("directory.organisation").nullable(),
    contractor: z.string().nullable(),
    expectedCost: Money.nullable(),
    cost: Money.nullable().describe("Hours, parts and the contractor."),
    outOfService: z.boolean().describe("The thing cannot be used because of it."),
    requestId: ref("office.request").nullable(),
    closedAt: Instant.nullable(),
  }),
  label: "label",
  search: ["label", "text", "place", "asset"],
  sort: "-number",
  places: { site: "siteId" },
  from: (context) => sql`
    select w.id, w.number || ' ' || w.title as label, w.number, w.title, w.state, w.urgency, w.kind, w.due, w.assignee_id,
      a.name as assignee,
      w.place_id, p.name as place, w.site_id, s.name as site, w.asset_id, t.tag || ' ' || t.name as asset, w.reporter_id,
        o.name as reporter,
      w.plan_id, w.text, w.file_id as photo, w.reported_at, w.started_at, w.done_at, w.note, w.closed_at, w.hold_reason, w.needs_check,
      w.checked_at, w.contractor_id, c.name as contractor, w.expected_cost_minor as expected_cost, w.expected_cost_currency,
      w.request_id, case when w.currency is not null then coalesce(w.contractor_cost_minor, 0) + coalesce((
        select sum(l.cost_minor) from facilities.labour l where l.tenant_id = w.tenant_id and l.work_order_id = w.id), 0)::bigint
        + coalesce((
        select sum(u.cost_minor) from facilities.part_used u where u.tenant_id = w.tenant_id and u.work_order_id = w.id), 0)::bigint
        end as cost, w.currency as cost_currency,
      (select count(*)::int from facilities.checklist_item i
        where i.tenant_id = w.tenant_id and i.work_order_id = w.id and i.is_required and i.answered_at is null) as checklist_left,
      exists (select from facilities.downtime d
        where d.tenant_id = w.tenant_id and d.work_order_id = w.id and d.until_at is null) as out_of_service
    from facilities.work_order w
    left join directory.party a on a.tenant_id = w.tenant_id and a.id = w.assignee_id
    left join directory.party c on c.tenant_id = w.tenant_id and c.id = w.contractor_id
    left join directory.party o on o.tenant_id = w.tenant_id and o.id = w.reporter_id
    left join directory.place p on p.tenant_id = w.tenant_id and p.id = w.place_id
    left join directory.place s on s.tenant_id = w.tenant_id and s.id = w.site_id
    left join assets.asset t on t.tenant_id = w.tenant_id and t.id = w.asset_id
    where w.tenant_id = ${context.tenantId}`,
});

export async function checkSubject(context: ReadContext, named: { placeId?: KernelId; assetId?: KernelId }): Promise<void> {
  if (!named.placeId && !named.assetId) refuse("nothingNamed", {}, ["placeId"]);
  const known = await context.db.row<{ place: boolean; asset: boolean }>(sql`
    select (${named.placeId ?? null}::uuid is null or exists (select from directory.place
        where tenant_id = ${context.tenantId} and id = ${named.placeId ?? null}::uuid)) as place,
      (${named.assetId ?? null}::uuid is null or exists (select from assets.asset
        where tenant_id = ${context.tenantId} and id = ${named.assetId ?? null}::uuid)) as asset`);
  if (!known.place) refuse("notFound", {}, ["placeId"]);
  if (!known.asset) refuse("notFound", {}, ["assetId"]);
}

export const reportFault = operation({
  name: "facilities.fault.report",
  title: "Report a fault",
  does: "Says that something at a place or about a thing is broken, so that someone is sent to see to it.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    placeId: ref("directory.place").optional().describe("Where it is."),
    assetId: ref("assets.asset").optional().describe("Which thing it is; the label on it says so."),
    text: LongText(5000).refine((text) => text.trim() !== "", "must not be empty"),
    urgency: z.enum(urgencies).default("normal"),
    fileId: FileId.optional().describe("A photo."),
  }),
  output: z.object({ id: Id, number: z.string() }),
  refuses: {
    nothingNamed: "Say where it is, or which thing it is.",
    notFound: "There is no such place or thing.",
    fileNotFound: "There is no such photo, or it is not yours. Upload it again.",
  },
  emits: ["facilities.workOrder.opened", "facilities.equipment.broken", "facilities.equipment.outOfService"],
  example: { text: "The light in the kitchen flickers.", urgency: "normal" },
  async run({ placeId, assetId, text, urgency, fileId }, context) {
    await checkSubject(context, { placeId, assetId });
    if (fileId) await mustBeOwnFile(context, fileId);
    return makeFault(context, { text, urgency, placeId, assetId, fileId, reporterId: context.actor.personId });
  },
});

/** Naming a file on a record shows it to those who see the record, so one names only what one uploaded. */
async function mustBeOwnFile(context: ReadContext, fileId: KernelId): Promise<void> {
  const own = await context.db.maybe(sql`
    select id from platform.file where tenant_id = ${context.tenantId} and id = ${fileId} and user_id = ${context.actor.userId}::uuid`);
  if (!own) refuse("fileNotFound", {}, ["fileId"]);
}

const inPart = (says: string, column: "assignee_id" | "reporter_id"): May =>
  whoever<{ workOrderId: string }>(says, async (input, context) => {
    if (!context.actor.personId) return false;
    const own = await context.db.maybe<{ assigneeId: string | null; reporterId: string | null }>(sql`
      select assignee_id, reporter_id from facilities.work_order where tenant_id = ${context.tenantId} and id = ${input.workOrderId}`);
    return (column === "assignee_id" ? own?.assigneeId : own?.reporterId) === context.actor.personId;
  });

export const assignee = inPart("whoever sees to it", "assignee_id");
const reporter = inPart("whoever reported it", "reporter_id");

const workOrderId = ref("facilities.workOrder");
const one = z.object({ id: Id });
export const stepRefusals = { notFound: "There is no such work order.", wrongState: "{number} is {state}. {next}" };
export const offered = (step: Step) => (order: Readonly<Record<string, unknown>>) => mayFollow(order["state"] as State, step);

export const siteOfOrder = async (input: { workOrderId: KernelId }, context: ReadContext): Promise<{ kind: "site"; id: KernelId }[]> => {
  const found = await context.db.maybe<{ siteId: KernelId | null }>(sql`
    select site_id from facilities.work_order where tenant_id = ${context.tenantId} and id = ${input.workOrderId}`);
  return found?.siteId ? [{ kind: "site", id: found.siteId }] : [];
};

export const assignWorkOrder = operation({
  name: "facilities.workOrder.assign",
  title: "Assign a work order",
  does: "Says who sees to a work order and by when. They get it as a task.",
  kind: "write",
  may: [...keepers],
  at: siteOfOrder,
  input: z.strictObject({ workOrderId, personId: ref("directory.person"), due: Day.optional() }),
  output: one,
  when: offered("assign"),
  refuses: { ...stepRefusals, notFound: "There is no such work order or person." },
  emits: ["facilities.workOrder.assigned"],
  async run({ workOrderId: id, personId, due }, context) {
    const order = await takeWorkOrder(context, id, "assign");
    await personName(context, personId);
    await context.db.run(sql`
      update facilities.work_order set state = case when state = 'open' then 'assigned' else state end, assignee_id = ${personId},
        due = coalesce(${due ?? null}::date, due)
      where tenant_id = ${context.tenantId} and id = ${id}`);
    await askToDo(context, { ...order, due: due ?? order.due }, personId);
    context.emit("facilities.workOrder.assigned", { workOrderId: id, personId });
    return { id };
  },
});

export const startWorkOrder = operation({
  name: "facilities.workOrder.start",
  title: "Start work",
  does: "Says that someone is working on it now.",
  kind: "write",
  may: [...keepers, assignee],
  at: siteOfOrder,
  input: z.strictObject({ workOrderId }),
  output: one,
  when: offered("start"),
  refuses: stepRefusals,
  emits: ["facilities.workOrder.started"],
  async run({ workOrderId: id }, context) {
    const order = await takeWorkOrder(context, id, "start");
    await context.db.run(sql`
      update facilities.work_order set state = 'inProgress', started_at = coalesce(started_at, ${context.now})
      where tenant_id = ${context.tenantId} and id = ${id}`);
    await tellReporter(context, order, "is being worked on", order.title);
    context.emit("facilities.workOrder.started", { workOrderId: id });
    return { id };
  },
});

export const completeWorkOrder = operation({
  name: "facilities.workOrder.complete",
  title: "Complete a work order",
  does: "Says that it is done, and what was done. Whoever reported it is asked to look.",
  kind: "write",
  may: [...keepers, assignee],
  at: siteOfOrder,
  input: z.strictObject({ workOrderId, note: LongText(5000).refine((text) => text.trim() !== "", "must not be empty") }),
  output: one,
  when: offered("complete"),
  refuses: { ...stepRefusals, checklistOpen: "{count} items of the checklist are not answered yet. Answer them first." },
  emits: ["facilities.workOrder.completed"],
  async run({ workOrderId: id, note }, context) {
    const order = await takeWorkOrder(context, id, "complete");
    const { count } = await context.db.row<{ count: number }>(sql`
      select count(*)::int as count from facilities.checklist_item
      where tenant_id = ${context.tenantId} and work_order_id = ${id} and is_required and answered_at is null`);
    if (count > 0) refuse("checklistOpen", { count });
    await context.db.run(sql`
      update facilities.work_order set state = 'done', started_at = coalesce(started_at, ${context.now}), done_at = ${context.now},
        note = ${note}
      where tenant_id = ${context.tenantId} and id = ${id}`);
    await closeTasks(context, id, "done");
    await expectBill(context, order);
    await completeOccurrence(context, { subject: "facilities.workOrder", id });
    await tellReporter(context, order, "is done", `${note}\n\nPlease look: close it, or reopen it when it is not right.`);
    context.emit("facilities.workOrder.completed", { workOrderId: id });
    return { id };
  },
});

export const closeWorkOrder = operation({
  name: "facilities.workOrder.close",
  title: "Close a work order",
  does: "Whoever reported it, or facilities, confirms that it is well.",
  kind: "write",
  may: [...keepers, reporter],
  at: siteOfOrder,
  input: z.strictObject({ workOrderId }),
  output: one,
  when: (order) => mayFollow(order["state"] as State, "close") && order["outOfService"] === false,
  refuses: { ...stepRefusals, stillOutOfService: "The thing is still out of service. Put it back first, or reopen the work." },
  emits: ["facilities.workOrder.closed"],
  async run({ workOrderId: id }, context) {
    await takeWorkOrder(context, id, "close");
    const out = await context.db.maybe(sql`
      select id from facilities.downtime where tenant_id = ${context.tenantId} and work_order_id = ${id} and until_at is null`);
    if (out) refuse("stillOutOfService");
    await context.db.run(sql`
      update facilities.work_order set state = 'closed', closed_at = ${context.now} where tenant_id = ${context.tenantId} and id = ${id}`);
    context.emit("facilities.workOrder.closed", { workOrderId: id });
    return { id };
  },
});

export const reopenWorkOrder = operation({
  name: "facilities.workOrder.reopen",
  title: "Reopen a work order",
  does: "Says that it is not right yet, and why. It goes back to whoever saw to it.",
  kind: "write",
  may: [...keepers, reporter],
  at: siteOfOrder,
  input: z.strictObject({ workOrderId, reason: LongText(2000) }),
  output: one,
  when: offered("reopen"),
  refuses: stepRefusals,
  emits: ["facilities.workOrder.reopened"],
  async run({ workOrderId: id, reason }, context) {
    const order = await takeWorkOrder(context, id, "reopen");
    await context.db.run(sql`
      update facilities.work_order set state = 'assigned', done_at = null, checked_at = null, checked_by = null,
        note = note || E'\n\nNot right: ' || ${reason}
      where tenant_id = ${context.tenantId} and id = ${id}`);
    await askToDo(context, order, order.assigneeId!);
    context.emit("facilities.workOrder.reopened", { workOrderId: id, reason });
    return { id };
  },
});

export const cancelWorkOrder = operation({
  name: "facilities.workOrder.cancel",
  title: "Cancel a work order",
  does: "Says that nothing is to be done after all, and why.",
  kind: "write",
  may: [...keepers, reporter],
  at: siteOfOrder,
  input: z.strictObject({ workOrderId, reason: LongText(2000) }),
  output: one,
  when: offered("cancel"),
  refuses: stepRefusals,
  emits: ["facilities.workOrder.cancelled"],
  async run({ workOrderId: id, reason }, context) {
    const order = await takeWorkOrder(context, id, "cancel");
    await context.db.run(sql`
      update facilities.work_order set state = 'cancelled', closed_at = ${context.now}, note = ${reason}
      where tenant_id = ${context.tenantId} and id = ${id}`);
    await closeTasks(context, id, "cancelled");
    await skipOccurrence(context, { subject: "facilities.workOrder", id }, reason);
    await tellReporter(context, order, "is cancelled", reason);
    context.emit("facilities.workOrder.cancelled", { workOrderId: id, reason });
    return { id };
  },
});
