// A work order in the field: it waits and goes on, a contractor is called, a second person looks, and its cost is known.
import { z } from "zod";
import { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Id, LongText, Money, ref } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { billCame } from "./expected-bill.ts";
import { keepers } from "./place.store.ts";
import { holdReasons } from "./work-order.rules.ts";
import { assignee, offered, siteOfOrder, stepRefusals } from "./work-order.operations.ts";
import { takeWorkOrder, tellReporter } from "./work-order.store.ts";

const workOrderId = ref("facilities.workOrder");
const one = z.object({ id: Id });
const isOver = (order: Readonly<Record<string, unknown>>): boolean => order["state"] === "done" || order["state"] === "closed";

export const holdWorkOrder = operation({
  name: "facilities.workOrder.hold",
  title: "Put on hold",
  does: "Says that work waits, and for what.",
  kind: "write",
  may: [...keepers, assignee],
  at: siteOfOrder,
  input: z.strictObject({ workOrderId, reason: z.enum(holdReasons), note: LongText(2000).optional() }),
  output: one,
  when: offered("hold"),
  refuses: stepRefusals,
  emits: ["facilities.workOrder.held"],
  async run({ workOrderId: id, reason, note }, context) {
    const order = await takeWorkOrder(context, id, "hold");
    await context.db.run(sql`
      update facilities.work_order set state = 'onHold', hold_reason = ${reason}, hold_note = ${note ?? null}
      where tenant_id = ${context.tenantId} and id = ${id}`);
    await tellReporter(context, order, "waits", note ?? `It waits for ${reason}.`);
    context.emit("facilities.workOrder.held", { workOrderId: id, reason });
    return { id };
  },
});

export const resumeWorkOrder = operation({
  name: "facilities.workOrder.resume",
  title: "Resume work",
  does: "Says that what work waited for is there, and it goes on.",
  kind: "write",
  may: [...keepers, assignee],
  at: siteOfOrder,
  input: z.strictObject({ workOrderId }),
  output: one,
  when: offered("resume"),
  refuses: stepRefusals,
  emits: ["facilities.workOrder.resumed"],
  async run({ workOrderId: id }, context) {
    await takeWorkOrder(context, id, "resume");
    await context.db.run(sql`
      update facilities.work_order set state = 'inProgress', hold_reason = null, hold_note = null,
        started_at = coalesce(started_at, ${context.now})
      where tenant_id = ${context.tenantId} and id = ${id}`);
    context.emit("facilities.workOrder.resumed", { workOrderId: id });
    return { id };
  },
});

export const callContractor = operation({
  name: "facilities.workOrder.callContractor",
  title: "Call a contractor",
  does: "Says which company was called for the work, and what it is expected to cost.",
  kind: "write",
  may: [...keepers, assignee],
  at: siteOfOrder,
  input: z.strictObject({
    workOrderId,
    organisationId: ref("directory.organisation"),
    expectedCost: Money.optional(),
    note: LongText(2000).optional().describe("What was agreed: when they come, their number for the job."),
  }),
  output: one,
  when: offered("work"),
  refuses: { ...stepRefusals, contractorUnknown: "There is no such company in the directory.", costNegative: "A cost is not below zero." },
  emits: ["facilities.workOrder.contractorCalled"],
  async run({ workOrderId: id, organisationId, expectedCost, note }, context) {
    const order = await takeWorkOrder(context, id, "work");
    const contractor = await context.db.maybe<{ name: string }>(sql`
      select name from directory.party where tenant_id = ${context.tenantId} and id = ${organisationId} and kind = 'organisation'`);
    if (!contractor) refuse("contractorUnknown", {}, ["organisationId"]);
    if (expectedCost && expectedCost.minor < 0n) refuse("costNegative", {}, ["expectedCost"]);
    await context.db.run(sql`
      update facilities.work_order set contractor_id = ${organisationId}, contractor_called_at = ${context.now},
        contractor_note = ${note ?? null}, expected_cost_minor = ${expectedCost?.minor ?? null},
        expected_cost_currency = ${expectedCost?.currency ?? null}
      where tenant_id = ${context.tenantId} and id = ${id}`);
    await tellReporter(context, order, "is with a contractor", `${contractor.name} was called.`);
    context.emit("facilities.workOrder.contractorCalled", { workOrderId: id, organisationId });
    return { id };
  },
});

export const checkWorkOrder = operation({
  name: "facilities.workOrder.check",
  title: "Check the work",
  does: "A second person, not the one who did it, says that it is safe to use again.",
  kind: "write",
  may: [...keepers],
  at: siteOfOrder,
  input: z.strictObject({ workOrderId, note: LongText(2000).optional().describe("What was looked at.") }),
  output: one,
  when: (order) => order["state"] === "done" && order["needsCheck"] === true && order["checkedAt"] === null,
  refuses: {
    ...stepRefusals,
    ownWork: "Whoever did the work does not check it. Ask a second person.",
    checkedAlready: "{number} is checked already.",
  },
  emits: ["facilities.workOrder.checked"],
  async run({ workOrderId: id, note }, context) {
    const order = await takeWorkOrder(context, id, "close");
    if (order.assigneeId === context.actor.personId) refuse("ownWork");
    if (order.checkedAt) refuse("checkedAlready", { number: order.number });
    await context.db.run(sql`
      update facilities.work_order set checked_at = ${context.now}, checked_by = ${context.actor.personId}, check_note = ${note ?? null}
      where tenant_id = ${context.tenantId} and id = ${id}`);
    context.emit("facilities.workOrder.checked", { workOrderId: id });
    return { id };
  },
});

export const recordCost = operation({
  name: "facilities.workOrder.recordCost",
  title: "Record the cost",
  does: "Says what the contractor asks for the work, and which bill it is. Hours and parts count beside it.",
  kind: "write",
  may: [...keepers],
  at: siteOfOrder,
  input: z.strictObject({ workOrderId, cost: Money, billId: ref("finance.bill").optional() }),
  output: z.object({ id: Id, cost: Money }),
  when: isOver,
  refuses: {
    notFound: stepRefusals.notFound,
    notDone: "{number} is not done yet. Its cost is known when it is.",
    otherCurrency: "The cost of {number} is kept in {currency}. Give it in {currency}.",
    costNegative: "A cost is not below zero.",
  },
  emits: ["facilities.workOrder.costRecorded"],
  async run({ workOrderId: id, cost, billId }, context) {
    const order = await context.db.maybe<{ number: string; state: string; currency: string | null }>(sql`
      select number, state, currency from facilities.work_order where tenant_id = ${context.tenantId} and id = ${id} for update`);
    if (!order) refuse("notFound");
    if (!isOver({ state: order.state })) refuse("notDone", { number: order.number });
    if (order.currency !== null && order.currency !== cost.currency) {
      refuse("otherCurrency", { number: order.number, currency: order.currency }, ["cost"]);
    }
    if (cost.minor < 0n) refuse("costNegative", {}, ["cost"]);
    await context.db.run(sql`
      update facilities.work_order set contractor_cost_minor = ${cost.minor}, currency = ${cost.currency}, bill_id = ${billId ?? null},
        cost_recorded_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${id}`);
    await billCame(context, id);
    const { total } = await context.db.row<{ total: bigint }>(sql`
      select ${cost.minor}::bigint + coalesce((select sum(cost_minor) from facilities.labour
          where tenant_id = ${context.tenantId} and work_order_id = ${id}), 0)::bigint
        + coalesce((select sum(cost_minor) from facilities.part_used
          where tenant_id = ${context.tenantId} and work_order_id = ${id}), 0)::bigint as total`);
    const whole = new KernelMoney(total, cost.currency);
    const asked = { number: order.number, asked: cost, billId: billId ?? null };
    context.emit("facilities.workOrder.costRecorded", { workOrderId: id, cost: whole, ...asked });
    return { id, cost: whole };
  },
});
