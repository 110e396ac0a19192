// Maintenance plans: what is serviced or inspected again and again. When it comes round says the plan's schedule, of the office.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { endSchedule, ensureSchedule, isRule, monthsRule, occurrencesOf, schedulable, sweepSchedules } from "../office/index.ts";
import { Checklist } from "./checklist.store.ts";
import { keepers, personName } from "./place.store.ts";
import { checkSubject } from "./work-order.operations.ts";
import { makeWorkOrder } from "./work-order.store.ts";

export const maintenancePlanRegister = register({
  name: "facilities.maintenancePlan",
  title: "Maintenance plans",
  does: "What is serviced or inspected, how often, and when it is due next.",
  may: [...keepers],
  row: z.object({
    id: Id,
    title: z.string(),
    state: z.enum(["running", "paused", "ended"]),
    nextDue: Day.nullable(),
    isStatutory: z.boolean().describe("A law asks for it."),
    legalBasis: z.string().nullable(),
    firstDay: Day,
    rule: z.string().nullable(),
    anchor: z.enum(["fixed", "completion"]),
    meterEvery: z.number().nullable(),
    leadDays: z.number().int().describe("How many days before it is due the work order is made."),
    placeId: ref("directory.place").nullable(),
    place: z.string().nullable(),
    siteId: ref("directory.site").nullable(),
    assetId: ref("assets.asset").nullable(),
    asset: z.string().nullable(),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    workOrders: z.number().int(),
    lastDay: Day.nullable(),
    scheduleId: ref("office.schedule"),
    says: z.string().nullable(),
  }),
  label: "title",
  search: ["title", "place", "asset"],
  sort: "nextDue",
  places: { site: "siteId" },
  from: (context) => sql`
    select m.id, m.title, s.state, m.is_statutory, m.legal_basis,
      (select min(o.due) from office.occurrence o
        where o.tenant_id = s.tenant_id and o.schedule_id = s.id and o.state = 'planned') as next_due,
      s.start_at::date as first_day, s.rule, s.anchor, s.meter_every::float8 as meter_every, s.lead_days, m.place_id, p.name as place,
      p.site_id, m.asset_id, a.tag || ' ' || a.name as asset, m.person_id, o.name as person, s.last_day, s.id as schedule_id, m.says,
      (select count(*)::int from facilities.work_order w where w.tenant_id = m.tenant_id and w.plan_id = m.id) as work_orders
    from facilities.maintenance_plan m
    join office.schedule s on s.tenant_id = m.tenant_id and s.key = 'facilities.maintenancePlan:' || m.id
    left join directory.place p on p.tenant_id = m.tenant_id and p.id = m.place_id
    left join assets.asset a on a.tenant_id = m.tenant_id and a.id = m.asset_id
    left join directory.party o on o.tenant_id = m.tenant_id and o.id = m.person_id
    where m.tenant_id = ${context.tenantId}`,
});

const keyOf = (id: KernelId): string => `facilities.maintenancePlan:${id}`;
const Meter = z.strictObject({
  meterId: ref("facilities.meter"),
  every: z.number().positive().max(1e9).describe("How much it counts from one time to the next."),
  combine: z.enum(["or", "and"]).default("or").describe("Beside the days: whichever comes first, or once both are reached."),
});

export const createMaintenancePlan = operation({
  name: "facilities.maintenancePlan.create",
  title: "Plan maintenance",
  does: "Says that something is serviced or inspected again and again; its work orders are then made by themselves.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    title: Text(200),
    says: LongText(5000).optional().describe("What is to be done each time."),
    placeId: ref("directory.place").optional(),
    assetId: ref("assets.asset").optional(),
    firstDay: Day,
    everyMonths: z.number().int().min(1).max(240).optional(),
    rule: Text(300).optional().describe("Instead of months, a rule of RFC 5545 such as FREQ=WEEKLY;BYDAY=MO."),
    meter: Meter.optional().describe("By what a meter counts; beside months or a rule, or alone."),
    anchor: z.enum(["fixed", "completion"]).default("fixed").describe("Whether the next counts from the plan or from when it was done."),
    shift: z.enum(["none", "forward", "back", "modifiedFollowing"]).default("none").describe("Where it goes when the day is not worked."),
    calendarId: ref("directory.calendar").optional(),
    leadDays: z.number().int().min(0).max(365).default(14).describe("How many days before it is due the work order is made."),
    personId: ref("directory.person").optional().describe("Who does it; otherwise whoever answers for maintenance says who."),
    checklist: Checklist.default([]).describe("What is looked at each time."),
    legalBasis: Text(200).optional().describe("The law that asks for it, when one does, e.g. BetrSichV § 16."),
  }),
  output: z.object({ id: Id, nextDue: Day.nullable() }),
  refuses: {
    nothingNamed: "Say where it is, or which thing it is.",
    notFound: "There is no such place, thing, person or calendar.",
    rhythmUnclear: "Say either every how many months, or a rule; one of the two, or a meter.",
    ruleUnreadable: "The rule {rule} cannot be followed. Write one like FREQ=MONTHLY;BYMONTHDAY=1, by days or slower.",
    neverDue: "By this rule it never comes round from {day} on. Choose another rule or first day.",
    meterUnknown: "There is no such meter on this thing.",
    boundsCrossed: "{title}: the least is more than the most.",
  },
  emits: ["facilities.maintenancePlan.created"],
  async run(input, context) {
    await checkSubject(context, input);
    if (input.personId) await personName(context, input.personId);
    if (input.calendarId && !(await isCalendar(context, input.calendarId))) refuse("notFound", {}, ["calendarId"]);
    const { firstDay, everyMonths } = input;
    const given = [everyMonths, input.rule].filter((one) => one !== undefined).length;
    if (given > 1 || (given === 0 && !input.meter)) refuse("rhythmUnclear", {}, ["everyMonths"]);
    if (input.rule && !isRule(input.rule)) refuse("ruleUnreadable", { rule: input.rule }, ["rule"]);
    const rule = everyMonths === undefined ? (input.rule ?? null) : monthsRule(firstDay, everyMonths);
    if (rule !== null && occurrencesOf({ start: firstDay, rule }, { limit: 1 }).length === 0)
      refuse("neverDue", { day: firstDay }, ["rule"]);
    const meter = input.meter && {
      id: input.meter.meterId,
      ...input.meter,
      total: await totalOf(context, input.meter.meterId, input.assetId),
    };
    const crossed = input.checklist.find((item) => (item.minimum ?? -Infinity) > (item.maximum ?? Infinity));
    if (crossed) refuse("boundsCrossed", { title: crossed.title }, ["checklist"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into facilities.maintenance_plan (tenant_id, id, title, says, place_id, asset_id, person_id, checklist,
        is_statutory, legal_basis)
      values (${context.tenantId}, ${id}, ${input.title}, ${input.says ?? null}, ${input.placeId ?? null}, ${input.assetId ?? null},
        ${input.personId ?? null}, ${JSON.stringify(input.checklist)}, ${input.legalBasis !== undefined}, ${input.legalBasis ?? null})`);
    await ensureSchedule(context, {
      key: keyOf(id),
      title: input.title,
      ...(input.says !== undefined && { says: input.says }),
      kind: "workOrder",
      opens: { operation: openPlannedWorkOrder, input: { maintenancePlanId: id } },
      ...(input.personId && { personId: input.personId }),
      about: { subject: "facilities.maintenancePlan", id },
      start: firstDay,
      rule,
      anchor: input.anchor,
      leadDays: input.leadDays,
      horizonDays: Math.max(input.leadDays, 370),
      shift: input.shift,
      ...(input.calendarId && { calendarId: input.calendarId }),
      ...(meter && { meter }),
    });
    const nextDue = await nextDueOf(context, id);
    context.emit("facilities.maintenancePlan.created", { maintenancePlanId: id, nextDue });
    return { id, nextDue };
  },
});

const isCalendar = async (context: ReadContext, id: KernelId): Promise<boolean> =>
  (await context.db.maybe(sql`select id from directory.calendar where tenant_id = ${context.tenantId} and id = ${id}`)) !== undefined;

async function totalOf(context: ReadContext, meterId: KernelId, assetId: KernelId | undefined): Promise<number> {
  const found = await context.db.maybe<{ total: number }>(sql`
    select total::float8 as total from facilities.meter
    where tenant_id = ${context.tenantId} and id = ${meterId} and asset_id = ${assetId ?? null}::uuid`);
  return found?.total ?? refuse("meterUnknown", {}, ["meter"]);
}

async function nextDueOf(context: ReadContext, id: KernelId): Promise<KernelDay | null> {
  const { due } = await context.db.row<{ due: KernelDay | null }>(sql`
    select min(o.due) as due from office.schedule s
    join office.occurrence o on o.tenant_id = s.tenant_id and o.schedule_id = s.id and o.state = 'planned'
    where s.tenant_id = ${context.tenantId} and s.key = ${keyOf(id)}`);
  return due;
}

export const endMaintenancePlan = operation({
  name: "facilities.maintenancePlan.end",
  title: "End a maintenance plan",
  does: "Says until which day it comes round. Work orders already made stay.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ maintenancePlanId: ref("facilities.maintenancePlan"), lastDay: Day }),
  output: z.object({ id: Id }),
  when: (plan) => plan["state"] === "running",
  refuses: { notFound: "There is no such plan.", planEnded: "The plan ended on {day} already." },
  emits: ["facilities.maintenancePlan.ended"],
  async run({ maintenancePlanId: id, lastDay }, context) {
    const plan = await context.db.maybe<{ lastDay: KernelDay | null }>(sql`
      select last_day from office.schedule where tenant_id = ${context.tenantId} and key = ${keyOf(id)} for update`);
    if (!plan) refuse("notFound");
    if (plan.lastDay && plan.lastDay <= lastDay) refuse("planEnded", { day: plan.lastDay });
    await endSchedule(context, { key: keyOf(id) }, lastDay);
    context.emit("facilities.maintenancePlan.ended", { maintenancePlanId: id, lastDay });
    return { id };
  },
});

interface Plan {
  readonly title: string;
  readonly says: string | null;
  readonly placeId: KernelId | null;
  readonly assetId: KernelId | null;
  readonly personId: KernelId | null;
  readonly checklist: z.output<typeof Checklist>;
}

export const openPlannedWorkOrder = schedulable(
  operation({
    name: "facilities.workOrder.openPlanned",
    title: "Make the work order of a plan",
    does:
      "Makes the work order of a maintenance plan for one of the times it comes round, with its checklist. " +
      "The plan's schedule does so by itself.",
    kind: "write",
    may: [...keepers],
    input: z.strictObject({
      maintenancePlanId: ref("facilities.maintenancePlan"),
      scheduledOn: Day.describe("Which time of the plan."),
      due: Day,
      missedCount: z.number().int().min(0).default(0).describe("Earlier ones that this one serves for."),
    }),
    output: z.object({ id: Id, number: z.string() }),
    on: "facilities.maintenancePlan",
    when: (plan) => plan["state"] === "running",
    refuses: { notFound: "There is no such plan.", madeAlready: "The work order of {day} is there already." },
    emits: ["facilities.workOrder.opened"],
    constraints: { work_order_occurrence_once: "madeAlready" },
    async run({ maintenancePlanId: id, scheduledOn, due, missedCount }, context) {
      const plan = await context.db.maybe<Plan>(sql`
        select title, says, place_id, asset_id, person_id, checklist from facilities.maintenance_plan
        where tenant_id = ${context.tenantId} and id = ${id} for no key update`);
      if (!plan) refuse("notFound");
      const made = await context.db.maybe(sql`
        select id from facilities.work_order
        where tenant_id = ${context.tenantId} and plan_id = ${id} and occurrence = ${scheduledOn}::date`);
      if (made) refuse("madeAlready", { day: scheduledOn });
      const missed = missedCount > 0 ? `Serves also for ${missedCount} earlier ones that were missed.` : null;
      return makeWorkOrder(context, {
        kind: "maintenance",
        title: plan.title,
        text: [plan.says, missed].filter((part) => part !== null).join("\n\n") || null,
        urgency: "normal",
        placeId: plan.placeId,
        assetId: plan.assetId,
        reporterId: null,
        assigneeId: plan.personId,
        due,
        fileId: null,
        plan: { id, occurrence: scheduledOn },
        checklist: plan.checklist,
      });
    },
  }),
  "result",
);

export const makeDueMaintenance = operation({
  name: "facilities.maintenance.makeDue",
  title: "Make what is due",
  does: "Makes the work orders of all maintenance plans that are due by now, without waiting for the clock.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({}),
  output: z.object({ workOrderIds: z.array(Id) }),
  emits: ["facilities.workOrder.opened"],
  run: async (_input, context) => ({ workOrderIds: (await sweepSchedules(context, "workOrder")).map(({ id }) => id) }),
});
