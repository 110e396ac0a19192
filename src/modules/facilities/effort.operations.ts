// What a work order took: hours of people and parts, with what they cost.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import type { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, DecimalText, Id, LongText, Money, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { keepers, personName } from "./place.store.ts";
import { assignee, offered, siteOfOrder, stepRefusals } from "./work-order.operations.ts";
import { takeWorkOrder } from "./work-order.store.ts";

const shared = {
  id: Id,
  workOrderId: ref("facilities.workOrder"),
  workOrder: z.string(),
  siteId: ref("directory.place").nullable(),
  assigneeId: ref("directory.person").nullable(),
  assignee: z.string().nullable(),
};

export const labourRegister = register({
  name: "facilities.labour",
  title: "Hours of work",
  does: "Who worked on which order for how long.",
  may: [...keepers, anyone],
  sees: (context) => sql`(r.person_id = ${context.actor.personId}::uuid or r.assignee_id = ${context.actor.personId}::uuid)`,
  row: z.object({
    ...shared,
    person: z.string(),
    personId: ref("directory.person"),
    day: Day,
    minutes: z.number().int(),
    cost: Money.nullable(),
    note: z.string().nullable(),
  }),
  label: "person",
  search: ["person", "workOrder"],
  sort: "-day",
  places: { site: "siteId" },
  totals: ["cost"],
  inner: true,
  from: (context) => sql`
    select l.id, l.work_order_id, w.number || ' ' || w.title as work_order, w.site_id, w.assignee_id, a.name as assignee,
      p.name as person, l.person_id, l.day, l.minutes, l.cost_minor as cost, l.currency, l.note
    from facilities.labour l
    join facilities.work_order w on w.tenant_id = l.tenant_id and w.id = l.work_order_id
    join directory.party p on p.tenant_id = l.tenant_id and p.id = l.person_id
    left join directory.party a on a.tenant_id = w.tenant_id and a.id = w.assignee_id
    where l.tenant_id = ${context.tenantId}`,
});

export const partUsedRegister = register({
  name: "facilities.partUsed",
  title: "Parts used",
  does: "Which parts went into which order.",
  may: [...keepers, anyone],
  sees: (context) => sql`r.assignee_id = ${context.actor.personId}::uuid`,
  row: z.object({ ...shared, name: z.string(), quantity: DecimalText, unit: z.string().nullable(), cost: Money.nullable() }),
  label: "name",
  search: ["name", "workOrder"],
  sort: "name",
  places: { site: "siteId" },
  totals: ["cost"],
  inner: true,
  from: (context) => sql`
    select u.id, u.work_order_id, w.number || ' ' || w.title as work_order, w.site_id, w.assignee_id, a.name as assignee, u.name,
      trim_scale(u.quantity)::text as quantity, u.unit, u.cost_minor as cost, u.currency
    from facilities.part_used u
    join facilities.work_order w on w.tenant_id = u.tenant_id and w.id = u.work_order_id
    left join directory.party a on a.tenant_id = w.tenant_id and a.id = w.assignee_id
    where u.tenant_id = ${context.tenantId}`,
});

const workOrderId = ref("facilities.workOrder");
const one = z.object({ id: Id });
const costWords = {
  otherCurrency: "The cost of {number} is kept in {currency}. Give it in {currency}.",
  costNegative: "A cost is not below zero.",
};

/** The work order for something that costs: its currency is that of its first cost. */
async function takeFor(context: WriteContext, id: KernelId, cost: KernelMoney | undefined): Promise<void> {
  const order = await takeWorkOrder(context, id, "work");
  if (!cost) return;
  if (order.currency !== null && order.currency !== cost.currency) {
    refuse("otherCurrency", { number: order.number, currency: order.currency }, ["cost"]);
  }
  if (cost.minor < 0n) refuse("costNegative", {}, ["cost"]);
  await context.db.run(sql`
    update facilities.work_order set currency = ${cost.currency} where tenant_id = ${context.tenantId} and id = ${id}`);
}

export const recordLabour = operation({
  name: "facilities.labour.record",
  title: "Record hours",
  does: "Says how long somebody worked on it, and what that costs.",
  kind: "write",
  may: [...keepers, assignee],
  at: siteOfOrder,
  on: "facilities.workOrder",
  input: z.strictObject({
    workOrderId,
    minutes: z.number().int().min(1).max(1440),
    day: Day.optional().describe("By default today."),
    personId: ref("directory.person").optional().describe("By default you."),
    cost: Money.optional(),
    note: LongText(1000).optional(),
  }),
  output: one,
  when: offered("work"),
  refuses: {
    ...stepRefusals,
    ...costWords,
    notFound: "There is no such work order or person.",
    inTheFuture: "It is {today}. Record hours once they are worked.",
  },
  emits: ["facilities.labour.recorded"],
  async run({ workOrderId: order, minutes, day, personId, cost, note }, context) {
    await takeFor(context, order, cost);
    const person = personId ?? context.actor.personId ?? refuse("notFound", {}, ["personId"]);
    await personName(context, person);
    if (day !== undefined && day > context.today) refuse("inTheFuture", { today: context.today }, ["day"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into facilities.labour (tenant_id, id, work_order_id, person_id, day, minutes, cost_minor, currency, note)
      values (${context.tenantId}, ${id}, ${order}, ${person}, ${day ?? context.today}::date, ${minutes}, ${cost?.minor ?? null},
        ${cost?.currency ?? null}, ${note ?? null})`);
    context.emit("facilities.labour.recorded", { workOrderId: order, labourId: id, minutes });
    return { id };
  },
});

export const recordPart = operation({
  name: "facilities.partUsed.record",
  title: "Record a part",
  does: "Says which part went into it, how many, and what they cost together.",
  kind: "write",
  may: [...keepers, assignee],
  at: siteOfOrder,
  on: "facilities.workOrder",
  input: z.strictObject({
    workOrderId,
    name: Text(200),
    quantity: DecimalText.default("1"),
    unit: Text(20).optional(),
    cost: Money.optional(),
  }),
  output: one,
  when: offered("work"),
  refuses: { ...stepRefusals, ...costWords, quantityNotAboveZero: "Give a quantity above zero." },
  emits: ["facilities.partUsed.recorded"],
  async run({ workOrderId: order, name, quantity, unit, cost }, context) {
    await takeFor(context, order, cost);
    if (!/[1-9]/.test(quantity) || quantity.startsWith("-")) refuse("quantityNotAboveZero", {}, ["quantity"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into facilities.part_used (tenant_id, id, work_order_id, name, quantity, unit, cost_minor, currency)
      values (${context.tenantId}, ${id}, ${order}, ${name}, ${quantity}::numeric, ${unit ?? null}, ${cost?.minor ?? null},
        ${cost?.currency ?? null})`);
    context.emit("facilities.partUsed.recorded", { workOrderId: order, partUsedId: id });
    return { id };
  },
});
