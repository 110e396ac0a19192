// Maintenance plans: what comes round, and the work orders that follow from them, one for each time.
import { z } from "zod";
import { addDays, type Day as KernelDay, earlier } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, ref, Text } from "../../platform/operation/field.ts";
import type { Schedule } from "../../platform/operation/module.ts";
import { operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { dueNow, isRule, nextOccurrence, type Rhythm } from "./maintenance.rules.ts";
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
    state: z.enum(["running", "ended"]),
    nextDue: Day.nullable(),
    firstDay: Day,
    everyMonths: z.number().int().nullable(),
    rule: z.string().nullable(),
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
    says: z.string().nullable(),
  }),
  label: "title",
  search: ["title", "place", "asset"],
  sort: "nextDue",
  places: { site: "siteId" },
  from: (context) => sql`
    select m.id, m.title, case when m.next_due is null or m.last_day < ${context.today}::date then 'ended' else 'running' end as state,
      m.next_due, m.first_day, m.every_months, m.rule, m.lead_days, m.place_id, p.name as place, p.site_id, m.asset_id,
      a.tag || ' ' || a.name as asset, m.person_id, o.name as person, m.last_day, m.says,
      (select count(*)::int from facilities.work_order w where w.tenant_id = m.tenant_id and w.plan_id = m.id) as work_orders
    from facilities.maintenance_plan m
    left join directory.place p on p.tenant_id = m.tenant_id and p.id = m.place_id
    left join assets.asset a on a.tenant_id = m.tenant_id and a.id = m.asset_id
    left join directory.party o on o.tenant_id = m.tenant_id and o.id = m.person_id
    where m.tenant_id = ${context.tenantId}`,
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
    leadDays: z.number().int().min(0).max(365).default(14).describe("How many days before it is due the work order is made."),
    personId: ref("directory.person").optional().describe("Who does it; otherwise whoever answers for maintenance says who."),
  }),
  output: z.object({ id: Id, nextDue: Day }),
  refuses: {
    nothingNamed: "Say where it is, or which thing it is.",
    notFound: "There is no such place, thing or person.",
    rhythmUnclear: "Say either every how many months, or a rule; one of the two.",
    ruleUnreadable: "The rule {rule} cannot be followed. Write one like FREQ=MONTHLY;BYMONTHDAY=1, by days or slower.",
    neverDue: "By this rule it never comes round from {day} on. Choose another rule or first day.",
  },
  emits: ["facilities.maintenancePlan.created"],
  async run(input, context) {
    await checkSubject(context, input);
    if (input.personId) await personName(context, input.personId);
    if ((input.everyMonths === undefined) === (input.rule === undefined)) refuse("rhythmUnclear", {}, ["everyMonths"]);
    if (input.rule && !isRule(input.rule, input.firstDay)) refuse("ruleUnreadable", { rule: input.rule }, ["rule"]);
    const rhythm: Rhythm = { firstDay: input.firstDay, everyMonths: input.everyMonths ?? null, rule: input.rule ?? null };
    const nextDue = nextOccurrence(rhythm, input.firstDay) ?? refuse("neverDue", { day: input.firstDay }, ["rule"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into facilities.maintenance_plan (tenant_id, id, title, says, place_id, asset_id, first_day, every_months, rule, lead_days,
        person_id, next_due)
      values (${context.tenantId}, ${id}, ${input.title}, ${input.says ?? null}, ${input.placeId ?? null}, ${input.assetId ?? null},
        ${input.firstDay}::date, ${rhythm.everyMonths}, ${rhythm.rule}, ${input.leadDays}, ${input.personId ?? null}, ${nextDue}::date)`);
    context.emit("facilities.maintenancePlan.created", { maintenancePlanId: id, nextDue });
    return { id, nextDue };
  },
});

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
      select last_day from facilities.maintenance_plan where tenant_id = ${context.tenantId} and id = ${id} for update`);
    if (!plan) refuse("notFound");
    if (plan.lastDay && plan.lastDay <= lastDay) refuse("planEnded", { day: plan.lastDay });
    await context.db.run(sql`
      update facilities.maintenance_plan set last_day = ${lastDay}::date where tenant_id = ${context.tenantId} and id = ${id}`);
    context.emit("facilities.maintenancePlan.ended", { maintenancePlanId: id, lastDay });
    return { id };
  },
});

interface Plan extends Rhythm {
  readonly id: KernelId;
  readonly title: string;
  readonly says: string | null;
  readonly placeId: KernelId | null;
  readonly assetId: KernelId | null;
  readonly leadDays: number;
  readonly personId: KernelId | null;
  readonly nextDue: KernelDay;
  readonly lastDay: KernelDay | null;
}

/** Makes the work orders that are due by now. Run twice it makes nothing twice: each plan remembers how far it has come. */
async function makeDueWorkOrders(context: WriteContext): Promise<KernelId[]> {
  const plans = await context.db.rows<Plan>(sql`
    select id, title, says, place_id, asset_id, first_day, every_months, rule, lead_days, person_id, next_due, last_day
    from facilities.maintenance_plan
    where tenant_id = ${context.tenantId} and next_due <= ${context.today}::date + lead_days and (last_day is null or next_due <= last_day)
    order by next_due, id for update`);
  const made: KernelId[] = [];
  for (const plan of plans) {
    const until = addDays(context.today, plan.leadDays);
    const due = dueNow(plan, plan.nextDue, plan.lastDay ? earlier(until, plan.lastDay) : until);
    if (!due) continue;
    const missed = due.missed > 0 ? `Serves also for ${due.missed} earlier ones that were missed.` : null;
    const order = await makeWorkOrder(context, {
      kind: "maintenance",
      title: plan.title,
      text: [plan.says, missed].filter((part) => part !== null).join("\n\n") || null,
      urgency: "normal",
      placeId: plan.placeId,
      assetId: plan.assetId,
      reporterId: null,
      assigneeId: plan.personId,
      due: due.day,
      fileId: null,
      plan: { id: plan.id, occurrence: due.day },
    });
    await context.db.run(sql`
      update facilities.maintenance_plan set next_due = ${due.next}::date where tenant_id = ${context.tenantId} and id = ${plan.id}`);
    made.push(order.id);
  }
  return made;
}

export const makeDueMaintenance = operation({
  name: "facilities.maintenance.makeDue",
  title: "Make what is due",
  does: "Makes the work orders of all maintenance plans that are due by now, without waiting for the night.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({}),
  output: z.object({ workOrderIds: z.array(Id) }),
  emits: ["facilities.workOrder.opened"],
  run: async (_input, context) => ({ workOrderIds: await makeDueWorkOrders(context) }),
});

export const nightlyMaintenance: Schedule = {
  name: "facilities.maintenance",
  says: "Makes the work orders of maintenance plans that are due.",
  cron: "15 2 * * *",
  does: async (context) => void (await makeDueWorkOrders(context)),
};
