// Asking for leave and deciding on it. The line manager decides, or People; never the one who asks.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import { Decimal } from "../../kernel/decimal.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { Day, DecimalText, Id, LongText, ref, Text } from "../../platform/operation/field.ts";
import { operation, whoever } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { managerOf } from "../directory/index.ts";
import { beginAbsence, closeTask, endAbsence, openTask } from "../office/index.ts";
import { type Employment, lockEmployment } from "./employment.store.ts";
import { daysByYear } from "./leave.rules.ts";
import { addEntries, freeDays, type LeaveEntry, leaveDays, restore } from "./leave.store.ts";
import { leads, ownOrBelow, personOf, selfOrLine } from "./relation.ts";

const manager = ["people.manager"];

export const leaveRequestRegister = register({
  name: "people.leaveRequest",
  title: "Leave requests",
  does: "Who asked for leave, when, and what was decided.",
  may: [...manager, selfOrLine],
  row: z.object({
    id: Id,
    label: z.string(),
    employmentId: ref("people.employment"),
    personId: ref("directory.person"),
    person: z.string(),
    leaveTypeId: ref("people.leaveType"),
    leaveType: z.string(),
    firstDay: Day,
    lastDay: Day,
    days: DecimalText,
    state: z.enum(["requested", "approved", "declined", "cancelled"]),
    note: z.string().nullable(),
    requestedOn: Day,
    decidedOn: Day.nullable(),
    decidedBy: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  label: "label",
  search: ["person", "leaveType"],
  grows: true,
  sort: "-firstDay",
  sees: ownOrBelow,
  from: (context) => sql`
    select q.id, o.name || ', ' || t.name || ' from ' || q.first_day as label, q.employment_id, q.person_id, o.name as person,
      q.leave_type_id, t.name as leave_type, q.first_day, q.last_day, trim_scale(q.days) as days, q.state, q.note, q.requested_on,
      q.decided_on, d.name as decided_by, q.reason
    from people.leave_request q
    join directory.party o on o.tenant_id = q.tenant_id and o.id = q.person_id
    join people.leave_type t on t.tenant_id = q.tenant_id and t.id = q.leave_type_id
    left join directory.party d on d.tenant_id = q.tenant_id and d.id = q.decided_by
    where q.tenant_id = ${context.tenantId}`,
});

/** Also without naming the employment: then it is one's own. */
const mayAsk = whoever<{ employmentId?: KernelId }>("the person themself", async (input, context) =>
  input.employmentId
    ? context.actor.personId === (await personOf(context, sql`people.employment`, input.employmentId))
    : context.actor.personId !== null,
);

export const createLeaveRequest = operation({
  name: "people.leaveRequest.create",
  title: "Ask for leave",
  does: "Asks for leave. It goes to the line manager; days that are not worked cost nothing.",
  kind: "write",
  may: [...manager, mayAsk],
  input: z.strictObject({
    employmentId: ref("people.employment").optional().describe("Whose leave; without it one's own."),
    leaveTypeId: ref("people.leaveType"),
    firstDay: Day,
    lastDay: Day,
    halfDay: z.boolean().default(false).describe("Only half of the one day."),
    note: LongText(1000).optional(),
  }),
  output: z.object({ id: Id, days: DecimalText }),
  refuses: {
    notFound: "There is no such employment.",
    notEmployedNow: "You have no employment on {day}. Ask People.",
    leaveTypeUnknown: "There is no such kind of leave.",
    daysReversed: "The last day {lastDay} is before the first day {firstDay}.",
    halfOfSeveral: "Half a day can only be taken of one day.",
    notEmployed: "{person} is not employed on all these days.",
    nothingWorked: "Nobody works on these days. No leave is needed.",
    leaveOverlaps: "There is leave from {firstDay} to {lastDay} already. Cancel that first, or choose other days.",
    balanceShort: "{asked} days are asked for, {free} are left. Choose fewer days or another kind of leave.",
  },
  emits: ["people.leaveRequest.created"],
  constraints: { leave_request_once: "leaveOverlaps" },
  async run(input, context) {
    const employment = await lockEmployment(context, input.employmentId ?? (await ownEmployment(context, input.firstDay)));
    const type = await leaveType(context, input.leaveTypeId);
    if (input.lastDay < input.firstDay) refuse("daysReversed", { lastDay: input.lastDay, firstDay: input.firstDay }, ["lastDay"]);
    if (input.halfDay && input.firstDay !== input.lastDay) refuse("halfOfSeveral", {}, ["halfDay"]);
    if (input.firstDay < employment.firstDay || (employment.lastDay && input.lastDay > employment.lastDay)) {
      refuse("notEmployed", { person: employment.person });
    }
    const worked = await leaveDays(context, employment.personId, input.firstDay, input.lastDay);
    if (worked.length === 0) refuse("nothingWorked");
    await checkFree(context, employment, input);
    const days = new Decimal(worked.length).times(input.halfDay ? "0.5" : "1").toFixed();
    if (!type.mayGoNegative) await checkBalance(context, employment.id, input, days);
    const id = context.newId();
    await context.db.run(sql`
      insert into people.leave_request (tenant_id, id, employment_id, person_id, leave_type_id, first_day, last_day, half_day, days, state,
        note, requested_on)
      values (${context.tenantId}, ${id}, ${employment.id}, ${employment.personId}, ${input.leaveTypeId}, ${input.firstDay},
        ${input.lastDay}, ${input.halfDay}, ${days}, 'requested', ${input.note ?? null}, ${context.today})`);
    await askManager(context, id, employment, { ...input, days });
    context.emit("people.leaveRequest.created", { leaveRequestId: id, employmentId: employment.id, personId: employment.personId });
    return { id, days };
  },
});

async function ownEmployment(context: ReadContext, on: KernelDay): Promise<KernelId> {
  const own = await context.db.maybe<{ id: KernelId }>(sql`
    select id from people.employment
    where tenant_id = ${context.tenantId} and person_id = ${context.actor.personId}::uuid and voided_on is null and during @> ${on}::date`);
  return own?.id ?? refuse("notEmployedNow", { day: on });
}

async function leaveType(context: ReadContext, id: KernelId): Promise<{ name: string; mayGoNegative: boolean }> {
  const found = await context.db.maybe<{ name: string; mayGoNegative: boolean }>(sql`
    select name, may_go_negative from people.leave_type where tenant_id = ${context.tenantId} and id = ${id}`);
  return found ?? refuse("leaveTypeUnknown", {}, ["leaveTypeId"]);
}

interface Days {
  readonly leaveTypeId: KernelId;
  readonly firstDay: KernelDay;
  readonly lastDay: KernelDay;
}

async function checkFree(context: ReadContext, employment: Employment, asked: Days): Promise<void> {
  const other = await context.db.maybe<{ firstDay: KernelDay; lastDay: KernelDay }>(sql`
    select first_day, last_day from people.leave_request
    where tenant_id = ${context.tenantId} and person_id = ${employment.personId} and state in ('requested', 'approved')
      and daterange(first_day, last_day, '[]') && daterange(${asked.firstDay}::date, ${asked.lastDay}::date, '[]') limit 1`);
  if (other) refuse("leaveOverlaps", { ...other });
}

async function checkBalance(context: ReadContext, employmentId: KernelId, asked: Days, days: string, except?: KernelId): Promise<void> {
  const free = await freeDays(context, employmentId, asked.leaveTypeId, asked.lastDay, except);
  if (free.lessThan(days)) refuse("balanceShort", { asked: days, free: free.toFixed() });
}

async function askManager(context: WriteContext, id: KernelId, employment: Employment, asked: Days & { days: string }): Promise<void> {
  const leader = await managerOf(context, employment.personId, context.today);
  await openTask(context, {
    kind: "approval",
    title: `Leave of ${employment.person}, ${asked.firstDay} to ${asked.lastDay}`,
    says: `${employment.person} asks for ${asked.days} days. Approve or decline.`,
    owner: leader ? { personId: leader, activity: "people.leave" } : { activity: "people.leave" },
    due: context.today,
    about: { subject: "people.leaveRequest", id },
    asks: { operation: approveLeave, input: { leaveRequestId: id } },
    key: taskKey(id),
    confidential: true,
  });
}

const taskKey = (id: KernelId): string => `people.leaveRequest:${id}`;

interface Request extends Days {
  readonly id: KernelId;
  readonly employmentId: KernelId;
  readonly personId: KernelId;
  readonly halfDay: boolean;
  readonly days: string;
  readonly state: "requested" | "approved" | "declined" | "cancelled";
}

async function lockRequest(context: WriteContext, id: KernelId): Promise<Request> {
  const found = await context.db.maybe<Request>(sql`
    select id, employment_id, person_id, leave_type_id, first_day, last_day, half_day, trim_scale(days)::text as days, state
    from people.leave_request where tenant_id = ${context.tenantId} and id = ${id} for update`);
  return found ?? refuse("notFound");
}

const lineManager = whoever<{ leaveRequestId: KernelId }>("the line manager or their stand-in", async ({ leaveRequestId }, context) => {
  const personId = await personOf(context, sql`people.leave_request`, leaveRequestId);
  return personId !== undefined && (await leads(context, personId, "people.leave"));
});

const requester = whoever<{ leaveRequestId: KernelId }>(
  "the person themself",
  async ({ leaveRequestId }, context) =>
    context.actor.personId !== null && context.actor.personId === (await personOf(context, sql`people.leave_request`, leaveRequestId)),
);

async function decide(context: WriteContext, request: Request, state: "approved" | "declined", reason: string | null): Promise<void> {
  if (request.state !== "requested") refuse("requestDecided", { state: request.state });
  if (request.personId === context.actor.personId) refuse("ownRequest");
  await context.db.run(sql`
    update people.leave_request set state = ${state}, decided_on = ${context.today}, decided_by = ${context.actor.personId},
      reason = ${reason}
    where tenant_id = ${context.tenantId} and id = ${request.id}`);
  await closeTask(context, { key: taskKey(request.id) });
  const { id, personId, employmentId } = request;
  const title = `Your leave from ${request.firstDay} to ${request.lastDay} is ${state}`;
  const about = { subject: "people.leaveRequest", id };
  await context.notify({ personId, title, text: reason ?? undefined, about, event: "people.leave.decided" });
  context.emit(`people.leaveRequest.${state}`, { leaveRequestId: id, employmentId, personId });
}

const decided = {
  notFound: "There is no such request.",
  requestDecided: "The request is {state} already.",
  ownRequest: "Nobody decides on their own leave. Your line manager or People has to.",
};

export const approveLeave = operation({
  name: "people.leaveRequest.approve",
  title: "Approve the leave",
  does: "Approves a request; the days are taken from the balance.",
  kind: "write",
  may: [...manager, lineManager, requester],
  input: z.strictObject({ leaveRequestId: ref("people.leaveRequest") }),
  output: z.object({ id: Id }),
  when: (request) => request["state"] === "requested",
  refuses: { ...decided, balanceShort: "{asked} days are asked for, {free} are left. Decline, or adjust the balance first." },
  emits: ["people.leaveRequest.approved"],
  async run(input, context) {
    const request = await lockRequest(context, input.leaveRequestId);
    if (request.state === "requested" && request.personId !== context.actor.personId) {
      await lockEmployment(context, request.employmentId);
      const type = await leaveType(context, request.leaveTypeId);
      if (!type.mayGoNegative) await checkBalance(context, request.employmentId, request, request.days, request.id);
    }
    await decide(context, request, "approved", null);
    const worked = await leaveDays(context, request.personId, request.firstDay, request.lastDay);
    const { employmentId, leaveTypeId, id: requestId } = request;
    const entries = daysByYear(worked, request.halfDay).map(({ firstDay: day, days }): LeaveEntry => {
      return { employmentId, leaveTypeId, requestId, day, kind: "taken", days: days.negated().toFixed() };
    });
    await addEntries(context, entries);
    // Holidays may have been added since: what was taken is what the ledger says.
    const days = entries.reduce((sum, entry) => sum.minus(entry.days), new Decimal(0)).toFixed();
    await context.db.run(sql`
      update people.leave_request set days = ${days} where tenant_id = ${context.tenantId} and id = ${requestId}`);
    // Whoever is away for half a day has their work themself.
    if (!request.halfDay) await beginAbsence(context, { absenceId: requestId, ...request });
    return { id: requestId };
  },
});

export const declineLeave = operation({
  name: "people.leaveRequest.decline",
  title: "Decline the leave",
  does: "Declines a request, with the reason.",
  kind: "write",
  may: [...manager, lineManager, requester],
  input: z.strictObject({ leaveRequestId: ref("people.leaveRequest"), reason: Text(500) }),
  output: z.object({ id: Id }),
  when: (request) => request["state"] === "requested",
  refuses: decided,
  emits: ["people.leaveRequest.declined"],
  async run(input, context) {
    await decide(context, await lockRequest(context, input.leaveRequestId), "declined", input.reason);
    return { id: input.leaveRequestId };
  },
});

export const cancelLeave = operation({
  name: "people.leaveRequest.cancel",
  title: "Cancel the leave",
  does: "Takes a request back; days that were taken from the balance come back.",
  kind: "write",
  may: [...manager, requester],
  input: z.strictObject({ leaveRequestId: ref("people.leaveRequest") }),
  output: z.object({ id: Id }),
  when: (request) => request["state"] === "requested" || request["state"] === "approved",
  refuses: {
    notFound: "There is no such request.",
    requestClosed: "The request is {state}. Nothing is to be cancelled.",
    leaveBegun: "The leave began on {day}. People can adjust the balance.",
  },
  emits: ["people.leaveRequest.cancelled"],
  async run(input, context) {
    const request = await lockRequest(context, input.leaveRequestId);
    if (request.state !== "requested" && request.state !== "approved") refuse("requestClosed", { state: request.state });
    if (request.firstDay <= context.today && !context.holds("people.manager")) refuse("leaveBegun", { day: request.firstDay });
    if (request.state === "approved") {
      await restore(context, request.id, "Cancelled");
      await endAbsence(context, request.id);
    }
    await context.db.run(sql`
      update people.leave_request set state = 'cancelled', decided_on = ${context.today}
      where tenant_id = ${context.tenantId} and id = ${request.id}`);
    await closeTask(context, { key: taskKey(request.id) }, "cancelled");
    const { id, personId, employmentId } = request;
    context.emit("people.leaveRequest.cancelled", { leaveRequestId: id, employmentId, personId });
    return { id };
  },
});
