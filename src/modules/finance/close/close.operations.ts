// Working off the close of a month: begun from the company's list, ticked task by task with the proof, taken up again with a reason.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, Instant, LongText, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { addAttachment, resolveHolder } from "../../office/index.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { doneDependents, openPrerequisites } from "./close.rules.ts";
import { AsKnownAt, knownUntil } from "../reports/known.ts";
import {
  answerOwner,
  askOwners,
  type CloseTaskRow,
  closeTasks,
  closeTasksAt,
  copyTemplate,
  ensureTemplate,
  monthAt,
  monthOf,
  nextMonth,
} from "./close.store.ts";
import type { ClosedMonth } from "./fact.ts";
import { factOf } from "./facts.ts";
import { type Proof, proofOf } from "./proof.ts";

const may = ["finance.accountant", "finance.manager"];

export const beginClose = operation({
  name: "finance.period.beginClose",
  title: "Begin the close",
  does: "Gives a month its list of closing tasks and asks their owners one after the other.",
  kind: "write",
  may,
  input: z.strictObject({ periodId: ref("finance.period") }),
  output: z.object({ id: Id, tasks: z.number().int() }),
  refuses: {
    notFound: "There is no such period.",
    alreadyClosed: "The period {period} is closed already.",
    alreadyBegun: "The close of {period} has begun already. See the close board.",
  },
  when: (record) => record["state"] === "open",
  emits: ["finance.period.closeBegun"],
  async run({ periodId }, context) {
    const period = (await monthOf(context, periodId)) ?? refuse("notFound");
    if (period.state === "closed") refuse("alreadyClosed", { period: period.code });
    if ((await closeTasks(context, period.id)).length > 0) refuse("alreadyBegun", { period: period.code });
    await ensureTemplate(context, period.bookId);
    const tasks = await copyTemplate(context, period);
    await askOwners(context, period, await closeTasks(context, period.id));
    context.emit("finance.period.closeBegun", { periodId: period.id, code: period.code, tasks });
    return { id: period.id, tasks };
  },
});

interface HeldTask {
  readonly task: CloseTaskRow;
  readonly tasks: readonly CloseTaskRow[];
  readonly period: ClosedMonth;
}

/** The task with the whole list of its month, held so that two of them are never ticked against each other. */
async function holdTask(context: WriteContext, id: KernelId): Promise<HeldTask> {
  const found = await context.db.maybe<{ periodId: KernelId }>(sql`
    select period_id from finance.close_task where tenant_id = ${context.tenantId} and id = ${id}`);
  if (!found) refuse("notFound");
  const tasks = await closeTasks(context, found.periodId, true);
  return { task: tasks.find((task) => task.id === id)!, tasks, period: (await monthOf(context, found.periodId))! };
}

const titles = (tasks: readonly CloseTaskRow[]): string => tasks.map((task) => `“${task.title}”`).join(", ");

export const completeCloseTask = operation({
  name: "finance.closeTask.complete",
  title: "Tick off",
  does: "Notes that a closing task is done, by whom and when, with a note and a file as evidence; its fact must hold in the books.",
  kind: "write",
  may,
  input: z.strictObject({
    closeTaskId: ref("finance.closeTask"),
    note: LongText(2000).optional(),
    fileId: FileId.optional().describe("Evidence: a statement, a calculation, a confirmation."),
  }),
  output: z.object({ id: Id, state: z.literal("done") }),
  refuses: {
    notFound: "There is no such closing task.",
    alreadyDone: "{task} was ticked off by {by} already.",
    prerequisiteOpen: "First come: {tasks}",
    factNotTrue: "It cannot be ticked off yet: {says}",
    fileNotFound: "There is no such file, or it is not yours. Upload it first.",
  },
  when: (record) => record["state"] === "open",
  emits: ["finance.closeTask.completed"],
  async run(input, context) {
    const { task, tasks, period } = await holdTask(context, input.closeTaskId);
    if (task.state === "done") refuse("alreadyDone", { task: task.title, by: task.doneByName });
    const before = openPrerequisites(task, tasks);
    if (before.length > 0) refuse("prerequisiteOpen", { tasks: titles(before) });
    const proof = await proofOf(context, task, period);
    if (proof.holds === false) refuse("factNotTrue", { says: proof.missing });
    const { actor, now, tenantId } = context;
    await context.db.run(sql`
      update finance.close_task set state = 'done', done_at = ${now}, done_by_id = ${actor.personId}, done_by_name = ${actor.name},
        note = ${input.note ?? null}
      where tenant_id = ${tenantId} and id = ${task.id}`);
    if (input.fileId) {
      await context.call(addAttachment, { subject: "finance.closeTask", recordId: task.id, fileId: input.fileId });
    }
    await recordChange(context, task.id, "done", input.note, input.fileId);
    await answerOwner(context, task);
    await askOwners(context, period, await closeTasks(context, period.id));
    context.emit("finance.closeTask.completed", { closeTaskId: task.id, periodId: period.id, key: task.key });
    return { id: task.id, state: "done" as const };
  },
});

const recordChange = (
  context: WriteContext,
  taskId: KernelId,
  state: "open" | "done",
  note: string | undefined,
  fileId?: KernelId,
): Promise<number> =>
  context.db.run(sql`
    insert into finance.close_task_change (tenant_id, id, task_id, state, note, file_id, person_id, by_name, at)
    values (${context.tenantId}, ${context.newId()}, ${taskId}, ${state}, ${note ?? null}, ${fileId ?? null}, ${context.actor.personId},
      ${context.actor.name}, ${context.now})`);

export const reopenCloseTask = operation({
  name: "finance.closeTask.reopen",
  title: "Take up again",
  does: "Takes back a tick with a reason; both stay in the history of the task.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ closeTaskId: ref("finance.closeTask"), note: LongText(2000).min(3, "says why, in a few words") }),
  output: z.object({ id: Id, state: z.literal("open") }),
  refuses: {
    notFound: "There is no such closing task.",
    notDone: "{task} is open already.",
    alreadyClosed: "The period {period} is closed. Reopen it first, with a reason.",
    dependentDone: "These rest on it and are ticked off: {tasks}. Take them up again first.",
  },
  when: (record) => record["state"] === "done",
  emits: ["finance.closeTask.reopened"],
  async run(input, context) {
    const { task, tasks, period } = await holdTask(context, input.closeTaskId);
    if (task.state === "open") refuse("notDone", { task: task.title });
    if (period.state === "closed") refuse("alreadyClosed", { period: period.code });
    const after = doneDependents(task, tasks);
    if (after.length > 0) refuse("dependentDone", { tasks: titles(after) });
    await context.db.run(sql`
      update finance.close_task set state = 'open', done_at = null, done_by_id = null, done_by_name = null, note = null
      where tenant_id = ${context.tenantId} and id = ${task.id}`);
    await recordChange(context, task.id, "open", input.note);
    await askOwners(context, period, await closeTasks(context, period.id));
    context.emit("finance.closeTask.reopened", { closeTaskId: task.id, periodId: period.id, note: input.note });
    return { id: task.id, state: "open" as const };
  },
});

const BoardTask = z.object({
  id: ref("finance.closeTask"),
  key: z.string(),
  title: z.string(),
  says: z.string().nullable(),
  state: z.enum(["open", "done"]),
  activity: z.string(),
  ownerId: ref("directory.person").nullable(),
  owner: z.string().nullable(),
  requires: z.array(z.string()),
  blockedBy: z.array(z.string()).describe("Titles of the tasks that come first and are open."),
  fact: z.string().nullable(),
  factHolds: z.boolean().nullable().describe("Null where only a person can judge, and of an earlier moment where it was not ticked."),
  factMissing: z.string().nullable(),
  place: z.string().nullable(),
  doneAt: Instant.nullable(),
  doneBy: z.string().nullable(),
  note: z.string().nullable(),
});

export const getCloseBoard = operation({
  name: "finance.closeBoard.get",
  title: "Close board",
  does: "Shows the closing tasks of a month with their owners, what blocks them, and whether the books already prove them.",
  kind: "read",
  may,
  input: z.strictObject({
    periodId: ref("finance.period").optional().describe("By default the earliest open month."),
    asKnownAt: AsKnownAt,
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({
    periodId: ref("finance.period"),
    period: z.string(),
    fromDay: Day,
    untilDay: Day,
    state: z.enum(["open", "closed"]),
    lockedAreas: z.array(z.string()),
    done: z.number().int(),
    tasks: z.array(BoardTask),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing, notFound: "There is no such period." },
  async run(input, context) {
    const found = input.periodId
      ? await monthOf(context, input.periodId)
      : await nextMonth(context, (await bookOf(context, input.bookId)).id);
    if (!found) refuse("notFound");
    const knownAt = await knownUntil(context, input.asKnownAt);
    const period = knownAt ? (await monthAt(context, found.id, knownAt))! : found;
    const tasks = knownAt ? await closeTasksAt(context, period.id, knownAt) : await closeTasks(context, period.id);
    const owners = await ownersOf(context, [...new Set(tasks.map((task) => task.activity))]);
    const shown: z.output<typeof BoardTask>[] = [];
    for (const task of tasks) {
      const proof = knownAt ? provenThen(task) : await proofOf(context, task, period);
      const owner = owners.get(task.activity);
      shown.push({
        ...task,
        ownerId: owner?.id ?? null,
        owner: owner?.name ?? null,
        requires: [...task.requires],
        place: task.place?.replaceAll("{periodId}", period.id).replaceAll("{untilDay}", period.untilDay) ?? null,
        blockedBy: openPrerequisites(task, tasks).map((one) => one.title),
        fact: proof.says,
        factHolds: proof.holds,
        factMissing: proof.missing,
        doneBy: task.doneByName,
      });
    }
    return {
      periodId: period.id,
      period: period.code,
      fromDay: period.fromDay,
      untilDay: period.untilDay,
      state: period.state,
      lockedAreas: [...period.lockedAreas],
      done: tasks.filter((task) => task.state === "done").length,
      tasks: shown,
    };
  },
});

/** The books answer for now. Of then only a tick is known, which needed its fact to hold. */
function provenThen(task: CloseTaskRow): Proof {
  const fact = task.fact === null ? undefined : factOf(task.fact);
  return { holds: fact && task.state === "done" ? true : null, says: fact?.says ?? null, missing: null };
}

async function ownersOf(context: ReadContext, activities: readonly string[]): Promise<Map<string, { id: KernelId; name: string }>> {
  const holders = new Map<string, KernelId>();
  for (const activity of activities) {
    const { personId } = await resolveHolder(context, activity);
    if (personId) holders.set(activity, personId);
  }
  const names = await context.db.rows<{ id: KernelId; name: string }>(sql`
    select id, name from directory.party where tenant_id = ${context.tenantId} and id = any(${[...holders.values()]}::uuid[])`);
  const nameOf = new Map(names.map((one) => [one.id, one]));
  return new Map([...holders].flatMap(([activity, id]) => (nameOf.has(id) ? [[activity, nameOf.get(id)!]] : [])));
}
