// The inbox: one list of everything that waits for a person, whatever department it comes from.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, Id, Instant, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { isActivity } from "../responsibility/activity.rules.ts";
import { sharedWith } from "../responsibility/share.ts";
import { closeTask, handTask, openTask, type TaskRow, taskNamed } from "./task.ts";

export const AskedFor = z.object({ operation: z.string(), input: z.record(z.string(), z.unknown()) });

export const taskRegister = register({
  name: "office.task",
  title: "Tasks",
  does: "What waits for a person and until when. Everyone sees their own; the office manager sees all.",
  may: ["office.manager", anyone],
  row: z.object({
    id: Id,
    title: z.string(),
    says: z.string().nullable(),
    state: z.enum(["open", "done", "cancelled"]),
    due: Day,
    late: z.boolean(),
    /** It is with you. */
    mine: z.boolean(),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    principalId: ref("directory.person").nullable().describe("Whose it is, while a stand-in has it."),
    principal: z.string().nullable(),
    via: z.string(),
    activity: z.string().nullable(),
    kind: z.string(),
    aboutSubject: z.string().nullable(),
    aboutId: Id.nullable(),
    asks: AskedFor.nullable(),
    byFact: z.boolean(),
    openedAt: Instant,
    openedById: ref("directory.person").nullable(),
    openedBy: z.string().nullable(),
    closedAt: Instant.nullable(),
    closedById: ref("directory.person").nullable(),
    closedBy: z.string().nullable(),
    closedForId: ref("directory.person").nullable().describe("For whom it was done, when a stand-in did it."),
    closedFor: z.string().nullable(),
    outcome: z.string().nullable(),
  }),
  worklist: true,
  label: "title",
  search: ["title", "says"],
  grows: true,
  sort: "due",
  sees: (context) => sql`(r.person_id = ${context.actor.personId} or r.opened_by_id = ${context.actor.personId}
    or r.principal_id = ${context.actor.personId} or (r.activity, r.scope_key) in (${sharedWith(context)})
    or (r.activity, ${context.tenantId}::uuid) in (${sharedWith(context)}))`,
  from: (context) => sql`
    select t.id, t.title, t.says, t.state, t.due, (t.state = 'open' and t.due < ${context.today}::date) as late,
      coalesce(t.person_id = ${context.actor.personId}, false) as mine, t.person_id,
      p.name as person, t.principal_id, w.name as principal, t.via, t.activity, coalesce(t.scope_id, t.tenant_id) as scope_key,
      t.kind, t.about_subject, t.about_id, t.by_fact, t.opened_at, t.opened_by as opened_by_id,
      o.name as opened_by, t.closed_at, t.closed_by as closed_by_id, c.name as closed_by, t.closed_for as closed_for_id,
      f.name as closed_for, t.outcome,
      case when t.asks_operation is null then null
        else jsonb_build_object('operation', t.asks_operation, 'input', t.asks_input) end as asks
    from office.task t
    left join directory.party p on p.tenant_id = t.tenant_id and p.id = t.person_id
    left join directory.party w on w.tenant_id = t.tenant_id and w.id = t.principal_id
    left join directory.party o on o.tenant_id = t.tenant_id and o.id = t.opened_by
    left join directory.party c on c.tenant_id = t.tenant_id and c.id = t.closed_by
    left join directory.party f on f.tenant_id = t.tenant_id and f.id = t.closed_for
    where t.tenant_id = ${context.tenantId}
      and (not t.is_confidential or t.person_id = ${context.actor.personId} or ${context.holds("owner")})`,
});

const withWhomItIs = whoever<{ taskId: KernelId }>("whoever the task is with", async (input, context) => {
  const task = await taskNamed(context, input);
  const me = context.actor.personId;
  return task !== undefined && me !== null && (task.personId === me || task.principalId === me);
});

const whoeverOpenedIt = whoever<{ taskId: KernelId }>("whoever opened the task", async (input, context) => {
  const task = await taskNamed(context, input);
  return task !== undefined && task.openedBy !== null && task.openedBy === context.actor.personId;
});

const isOpen = (record: Readonly<Record<string, unknown>>): boolean => record["state"] === "open";
const isPlain = (record: Readonly<Record<string, unknown>>): boolean => isOpen(record) && record["byFact"] === false;

const closedWords = { taskClosed: "This task is {state} already. Nothing is left to do." };
const factWords = { closedByFact: "This task closes by itself when the work is recorded. Open it and do what it asks for." };

/** The task, locked, when it is still open. */
async function openOne(context: ReadContext, taskId: KernelId): Promise<TaskRow> {
  const task = await taskNamed(context, { taskId }, true);
  if (!task) refuse("notFound");
  if (task.state !== "open") refuse("taskClosed", { state: task.state });
  return task;
}

export const createTask = operation({
  name: "office.task.create",
  title: "Ask someone to do something",
  does: "Opens a plain task for a colleague, or for whoever answers for a kind of work.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    title: Text(200),
    says: LongText(4000).optional(),
    due: Day,
    personId: ref("directory.person").optional().describe("One person; or leave it out and name an activity."),
    activity: Text(80).optional().describe("The kind of work, e.g. `facilities.repair`; it goes to whoever answers for it."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    nobodyAsked: "Say whom you ask: one person, or an activity that someone answers for.",
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    activityUnknown: "{activity} is not an activity. Choose one from the responsibility map.",
  },
  example: { title: "Order coffee", due: "2026-11-27", activity: "office.supplies" },
  async run(input, context) {
    if ((input.personId === undefined) === (input.activity === undefined)) refuse("nobodyAsked");
    if (input.personId) await needPerson(context, input.personId);
    if (input.activity && !isActivity(input.activity)) refuse("activityUnknown", { activity: input.activity });
    const owner = input.personId ? { personId: input.personId } : { activity: input.activity! };
    return { id: await openTask(context, { kind: "wish", title: input.title, says: input.says, owner, due: input.due }) };
  },
});

export const completeTask = operation({
  name: "office.task.complete",
  title: "Mark as done",
  does: "Closes a plain task. A task that asks for something closes by itself when that is recorded.",
  kind: "write",
  may: ["office.manager", withWhomItIs],
  input: z.strictObject({ taskId: ref("office.task"), outcome: Text(500).optional().describe("What came of it.") }),
  output: z.object({ id: Id }),
  refuses: { ...closedWords, ...factWords },
  when: isPlain,
  emits: ["office.task.completed"],
  async run(input, context) {
    const task = await openOne(context, input.taskId);
    if (task.byFact) refuse("closedByFact");
    await closeTask(context, input, "done", input.outcome);
    context.emit("office.task.completed", { taskId: task.id });
    return { id: task.id };
  },
});

export const reassignTask = operation({
  name: "office.task.reassign",
  title: "Hand on",
  does: "Gives an open task to someone else, with the reason; from then on it stays with them.",
  kind: "write",
  may: ["office.manager", withWhomItIs],
  input: z.strictObject({ taskId: ref("office.task"), personId: ref("directory.person"), reason: Text(500) }),
  output: z.object({ id: Id }),
  refuses: {
    ...closedWords,
    samePerson: "The task is with this person already.",
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    personAway: "{name} cannot sign in any more, so nothing can be handed to them. Choose someone else.",
    approverFixed: "Who decides follows from who answers for it and cannot be handed on. Change the responsibility instead.",
  },
  when: isOpen,
  emits: ["office.task.reassigned"],
  async run(input, context) {
    const task = await openOne(context, input.taskId);
    if (task.key?.startsWith("approval:")) refuse("approverFixed");
    if (task.personId === input.personId) refuse("samePerson", {}, ["personId"]);
    const name = await needPerson(context, input.personId);
    const gone = await context.db.maybe(sql`
      select user_id from identity.member
      where tenant_id = ${context.tenantId} and person_id = ${input.personId} and disabled_at is not null`);
    if (gone) refuse("personAway", { name }, ["personId"]);
    await handTask(context, task.id, { personId: input.personId, via: `handed on by ${context.actor.name}: ${input.reason}` }, true);
    context.emit("office.task.reassigned", { taskId: task.id, personId: input.personId });
    return { id: task.id };
  },
});

export const cancelTask = operation({
  name: "office.task.cancel",
  title: "Cancel the task",
  does: "Takes back a plain task that is no longer wanted.",
  kind: "write",
  may: ["office.manager", whoeverOpenedIt],
  input: z.strictObject({ taskId: ref("office.task"), reason: Text(500) }),
  output: z.object({ id: Id }),
  refuses: { ...closedWords, ...factWords },
  when: isPlain,
  emits: ["office.task.cancelled"],
  async run(input, context) {
    const task = await openOne(context, input.taskId);
    if (task.byFact) refuse("closedByFact");
    await closeTask(context, input, "cancelled", input.reason);
    context.emit("office.task.cancelled", { taskId: task.id });
    return { id: task.id };
  },
});

async function needPerson(context: ReadContext, personId: KernelId): Promise<string> {
  const person = await context.db.maybe<{ name: string }>(sql`
    select name from directory.party where tenant_id = ${context.tenantId} and id = ${personId} and kind = 'person'`);
  return person?.name ?? refuse("personUnknown", {}, ["personId"]);
}
