// Schedules: set up, changed, paused, taken up and ended, and single times moved or left out.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { isActivity } from "../responsibility/activity.rules.ts";
import { closeTask } from "../task/task.ts";
import { Clock, wallOf, Zone } from "./preview.operations.ts";
import { isRule, readRule } from "./recurrence.rules.ts";
import { schedulableNamed } from "./schedulable.ts";
import { anchors, missedPolicies, nextTimes, shifts } from "./schedule.rules.ts";
import { takeSchedules, type StoredSchedule } from "./schedule.store.ts";
import { endSchedule, ensureSchedule, restate, resumeSchedule, skipOccurrence } from "./schedule.ts";
import { sweepSchedules } from "./sweep.ts";

const keepers = ["office.manager"];
const one = z.object({ id: Id });
const noSuch = { notFound: "There is no such schedule." };
const unreadable = {
  ruleUnreadable: "The rule {rule} cannot be followed. Write one like FREQ=MONTHLY;BYMONTHDAY=1, by days or slower.",
  countWithCompletion: "Counted from when it was last done, a rule cannot end after a number of times. Give it a last day instead.",
};
const ended = { scheduleEnded: "This schedule has ended. Set up a new one." };
const scheduleId = ref("office.schedule");
const Days = z.number().int().min(0).max(365);

function checkRule(rule: string, anchor: string): void {
  if (!isRule(rule)) refuse("ruleUnreadable", { rule }, ["rule"]);
  if (anchor === "completion" && readRule(rule)!.has("COUNT")) refuse("countWithCompletion", {}, ["rule"]);
}

async function checkNamed(context: ReadContext, named: { personId?: KernelId; siteId?: KernelId; calendarId?: KernelId }): Promise<void> {
  const known = await context.db.row<{ person: boolean; site: boolean; calendar: boolean }>(sql`
    select (${named.personId ?? null}::uuid is null or exists (select from directory.party
        where tenant_id = ${context.tenantId} and id = ${named.personId ?? null}::uuid and kind = 'person')) as person,
      (${named.siteId ?? null}::uuid is null or exists (select from directory.place
        where tenant_id = ${context.tenantId} and id = ${named.siteId ?? null}::uuid)) as site,
      (${named.calendarId ?? null}::uuid is null or exists (select from directory.calendar
        where tenant_id = ${context.tenantId} and id = ${named.calendarId ?? null}::uuid)) as calendar`);
  if (!known.person) refuse("unknownNamed", { what: "person" }, ["personId"]);
  if (!known.site) refuse("unknownNamed", { what: "place" }, ["siteId"]);
  if (!known.calendar) refuse("unknownNamed", { what: "calendar" }, ["calendarId"]);
}

const unknownNamed = { unknownNamed: "There is no such {what} in the directory. Choose one from the list." };

export const createSchedule = operation({
  name: "office.schedule.create",
  title: "Set up a schedule",
  does: "Says that something is to be done again and again; each time it opens by itself for whoever does it.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    title: Text(200),
    says: LongText(4000).optional().describe("What is to be done each time."),
    kind: z.enum(["task", "controlTest", "review", "filing", "operation"]).default("task"),
    personId: ref("directory.person").optional().describe("One person; or leave it out and name an activity."),
    activity: Text(80).optional().describe("The kind of work; each time it goes to whoever answers for it then."),
    siteId: ref("directory.place").optional(),
    operation: Text(120).optional().describe("Instead of asking someone: what the house itself runs each time."),
    input: z.record(z.string(), z.unknown()).optional(),
    firstDay: Day,
    clock: Clock.optional(),
    zone: Zone.optional().describe("By default the zone of the company."),
    rule: Text(300).describe("A rule of RFC 5545 such as FREQ=WEEKLY;BYDAY=MO."),
    except: z.array(Day).max(200).default([]).describe("Days on which it does not come round."),
    also: z.array(Day).max(200).default([]).describe("Further days on which it does."),
    anchor: z.enum(anchors).default("fixed").describe("Whether the next counts from the plan or from when it was done."),
    leadDays: Days.default(0).describe("How many days before it is due it opens."),
    horizonDays: z.number().int().min(0).max(400).default(60).describe("How many days ahead it is written down."),
    missed: z.enum(missedPolicies).default("once").describe("What becomes of times nobody opened: left out, one for all, or each."),
    missedMax: z.number().int().min(1).max(50).default(1).describe("Of each: how many at most."),
    shift: z.enum(shifts).default("none").describe("Where it goes when the day is not worked."),
    calendarId: ref("directory.calendar").optional().describe("Which days are worked; otherwise Monday to Friday."),
    lastDay: Day.optional(),
  }),
  output: z.object({ id: Id, nextDue: Day }),
  refuses: {
    ...unreadable,
    nobodyAsked: "Say who does it: one person, an activity that someone answers for, or an operation that the house runs.",
    activityUnknown: "{activity} is not an activity. Choose one from the responsibility map.",
    operationUnknown: "{operation} is nothing that a schedule may run.",
    ...unknownNamed,
    neverDue: "By this rule it never comes round from {day} on. Choose another rule or first day.",
  },
  emits: ["office.schedule.created"],
  example: { title: "Check the first-aid boxes", activity: "office.supplies", firstDay: "2026-12-01", rule: "FREQ=MONTHLY;BYDAY=1MO" },
  async run(input, context) {
    checkRule(input.rule, input.anchor);
    if ([input.personId, input.activity, input.operation].filter((named) => named !== undefined).length !== 1) refuse("nobodyAsked");
    if (input.activity && !isActivity(input.activity)) refuse("activityUnknown", { activity: input.activity }, ["activity"]);
    if (input.operation && !schedulableNamed(input.operation)) refuse("operationUnknown", { operation: input.operation }, ["operation"]);
    await checkNamed(context, input);
    const { operation: name, input: kept, firstDay, clock, also, except, ...terms } = input;
    const start = wallOf(firstDay, clock);
    const never = { ...terms, start, zone: "UTC", meter: null, lastDay: input.lastDay ?? null };
    if (nextTimes(never, undefined, 1, () => true).length === 0) refuse("neverDue", { day: firstDay }, ["rule"]);
    const id = await ensureSchedule(context, {
      ...terms,
      start,
      except,
      also: also.map((day) => wallOf(day, clock)),
      ...(name !== undefined && { opens: { operation: name, input: kept ?? {} } }),
    });
    context.emit("office.schedule.created", { scheduleId: id });
    return { id, nextDue: await nextDueOf(context, id) };
  },
});

async function nextDueOf(context: ReadContext, id: KernelId): Promise<StoredSchedule["lastDay"] & string> {
  const { due } = await context.db.row<{ due: StoredSchedule["lastDay"] & string }>(sql`
    select coalesce((select min(due) from office.occurrence where tenant_id = ${context.tenantId} and schedule_id = ${id}
      and state = 'planned'), (select start_at::date from office.schedule where tenant_id = ${context.tenantId} and id = ${id})) as due`);
  return due;
}

/** The schedule, locked. Refuses `notFound`, and `scheduleEnded`. */
async function takeOne(context: WriteContext, id: KernelId): Promise<StoredSchedule> {
  const [found] = await takeSchedules(context, sql`s.id = ${id}`);
  if (!found) refuse("notFound");
  if (found.state === "ended") refuse("scheduleEnded");
  return found;
}

export const changeSchedule = operation({
  name: "office.schedule.change",
  title: "Change a schedule",
  does: "Changes when something comes round. What was only planned is planned anew; what is open or over stays.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    scheduleId,
    title: Text(200).optional(),
    rule: Text(300).optional(),
    leadDays: Days.optional(),
    horizonDays: z.number().int().min(0).max(400).optional(),
    missed: z.enum(missedPolicies).optional(),
    shift: z.enum(shifts).optional(),
    calendarId: ref("directory.calendar").optional(),
  }),
  output: one,
  when: (record) => record["state"] !== "ended" && record["operation"] !== "facilities.workOrder.openPlanned",
  refuses: { ...noSuch, ...ended, ...unreadable, ...unknownNamed },
  emits: ["office.schedule.changed"],
  async run({ scheduleId: id, ...wish }, context) {
    const schedule = await takeOne(context, id);
    if (wish.rule !== undefined) checkRule(wish.rule, schedule.anchor);
    await checkNamed(context, wish);
    await context.db.run(sql`
      update office.schedule set title = ${wish.title ?? schedule.title}, rule = ${wish.rule ?? schedule.rule},
        lead_days = ${wish.leadDays ?? schedule.leadDays}, horizon_days = ${wish.horizonDays ?? schedule.horizonDays},
        missed = ${wish.missed ?? schedule.missed}, shift = ${wish.shift ?? schedule.shift},
        calendar_id = ${wish.calendarId ?? schedule.calendarId}
      where tenant_id = ${context.tenantId} and id = ${id}`);
    await restate(context, id);
    context.emit("office.schedule.changed", { scheduleId: id });
    return { id };
  },
});

export const pauseSchedule = operation({
  name: "office.schedule.pause",
  title: "Pause a schedule",
  does: "Nothing more opens until it is taken up again. What is open stays open.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ scheduleId }),
  output: one,
  when: (record) => record["state"] === "running",
  refuses: { ...noSuch, ...ended, paused: "This schedule is paused already." },
  emits: ["office.schedule.paused"],
  async run({ scheduleId: id }, context) {
    if ((await takeOne(context, id)).state === "paused") refuse("paused");
    await context.db.run(sql`
      delete from office.occurrence where tenant_id = ${context.tenantId} and schedule_id = ${id} and state = 'planned'`);
    await context.db.run(sql`
      update office.schedule set state = 'paused', look_at = null where tenant_id = ${context.tenantId} and id = ${id}`);
    context.emit("office.schedule.paused", { scheduleId: id });
    return { id };
  },
});

export const resumeOne = operation({
  name: "office.schedule.resume",
  title: "Take up a schedule",
  does: "Lets a paused schedule come round again from now on. What would have come meanwhile is left out.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ scheduleId }),
  output: one,
  when: (record) => record["state"] === "paused",
  refuses: { ...noSuch, ...ended, notPaused: "This schedule is not paused." },
  emits: ["office.schedule.resumed"],
  async run({ scheduleId: id }, context) {
    const schedule = await takeOne(context, id);
    if (schedule.state !== "paused") refuse("notPaused");
    await resumeSchedule(context, id, schedule.zone);
    context.emit("office.schedule.resumed", { scheduleId: id });
    return { id };
  },
});

export const endOne = operation({
  name: "office.schedule.end",
  title: "End a schedule",
  does: "Says until which day it comes round. What is open by then stays open.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ scheduleId, lastDay: Day }),
  output: one,
  when: (record) => record["state"] !== "ended" && record["operation"] !== "facilities.workOrder.openPlanned",
  refuses: { ...noSuch, ...ended },
  emits: ["office.schedule.ended"],
  async run({ scheduleId: id, lastDay }, context) {
    await takeOne(context, id);
    await endSchedule(context, { id }, lastDay);
    context.emit("office.schedule.ended", { scheduleId: id, lastDay });
    return { id };
  },
});

export const openDueSchedules = operation({
  name: "office.schedule.openDue",
  title: "Open what is due",
  does: "Opens what is due now of all schedules, without waiting for the clock.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({}),
  output: z.object({ opened: z.number().int() }),
  emits: ["office.occurrence.opened"],
  run: async (_input, context) => ({ opened: (await sweepSchedules(context)).length }),
});

const occurrenceId = ref("office.occurrence");
const noTime = {
  notFound: "There is no such time, or it is not yours to see.",
  occurrenceClosed: "This time is {state} already.",
};

interface Occurrence {
  readonly id: KernelId;
  readonly state: string;
  readonly scheduleId: KernelId;
  readonly resultSubject: string | null;
  readonly resultId: KernelId | null;
}

async function takeOccurrence(context: WriteContext, id: KernelId): Promise<Occurrence> {
  const found = await context.db.maybe<Occurrence>(sql`
    select id, state, schedule_id, result_subject, result_id from office.occurrence
    where tenant_id = ${context.tenantId} and id = ${id} for update`);
  if (!found) refuse("notFound");
  if (found.state !== "planned" && found.state !== "open") refuse("occurrenceClosed", { state: found.state });
  return found;
}

const isAhead = (record: Readonly<Record<string, unknown>>): boolean => record["state"] === "planned";

export const moveOccurrence = operation({
  name: "office.occurrence.move",
  title: "Move one time",
  does: "Moves the day one time is due. Its place in the schedule stays, and so do the times after it.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ occurrenceId, due: Day }),
  output: one,
  when: isAhead,
  refuses: { ...noTime, alreadyOpen: "It is open already. Move the day of what it opened." },
  emits: ["office.occurrence.moved"],
  async run({ occurrenceId: id, due }, context) {
    const occurrence = await takeOccurrence(context, id);
    if (occurrence.state === "open") refuse("alreadyOpen");
    await context.db.run(sql`
      update office.occurrence set due = ${due}::date, opens_at = opens_at + (${due}::date - due) * interval '1 day'
      where tenant_id = ${context.tenantId} and id = ${id}`);
    await context.db.run(sql`
      update office.schedule set look_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${occurrence.scheduleId} and state = 'running'`);
    context.emit("office.occurrence.moved", { occurrenceId: id, due });
    return { id };
  },
});

export const skipOne = operation({
  name: "office.occurrence.skip",
  title: "Leave one time out",
  does: "Says that it need not be done this time, and why. The schedule goes on.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ occurrenceId, reason: LongText(2000).refine((text) => text.trim() !== "", "must not be empty") }),
  output: one,
  when: (record) => record["state"] === "planned" || (record["state"] === "open" && record["resultSubject"] === "office.task"),
  refuses: { ...noTime, calledOffThere: "It opened something of another department. Call that off instead." },
  emits: ["office.occurrence.skipped"],
  async run({ occurrenceId: id, reason }, context) {
    const occurrence = await takeOccurrence(context, id);
    const { resultSubject, resultId } = occurrence;
    if (occurrence.state === "planned") {
      await context.db.run(sql`
        update office.occurrence set state = 'skipped', note = ${reason}, closed_at = ${context.now}, closed_on = ${context.today}::date
        where tenant_id = ${context.tenantId} and id = ${id}`);
      await context.db.run(sql`
        update office.schedule set look_at = ${context.now}
        where tenant_id = ${context.tenantId} and id = ${occurrence.scheduleId} and state = 'running'`);
    } else if (resultSubject === "office.task" && resultId !== null) {
      await closeTask(context, { taskId: resultId }, "cancelled", reason);
      await skipOccurrence(context, { subject: resultSubject, id: resultId }, reason);
    } else refuse("calledOffThere");
    context.emit("office.occurrence.skipped", { occurrenceId: id, reason });
    return { id };
  },
});
