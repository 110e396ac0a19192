// Looking after a request: who has it, how much it matters, what kind it really is; solving it, and what the one who asked says to that.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { FileId, Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { restateClocks } from "../clock/clock.ts";
import { addAttachment } from "../record/attachment.operations.ts";
import { handTask, moveTaskDue } from "../task/task.ts";
import { beginWork } from "./begin.ts";
import { say } from "./request.operations.ts";
import { daysFor, isActive, levels, priorities, priorityOf, stateAfter } from "./request.rules.ts";
import {
  addWords,
  approvalWords,
  changeRequest,
  kindBy,
  lockRequest,
  needApproved,
  type RequestRow,
  stateSaid,
  stateWords,
} from "./request.store.ts";
import { asker, askerOrWorker, worker } from "./sight.ts";
import { doDeed, endWork, handedTo, needTasksDone, reopen, tasksWords } from "./step.ts";
import { tellPersons } from "./tell.ts";

const isOn = (record: Readonly<Record<string, unknown>>): boolean => record["active"] === true && record["approval"] !== "waiting";

/** Locked, and somebody still has to do something. Refuses `stateForbids` and `approvalOpen`. */
async function lockActive(context: WriteContext, requestId: KernelId): Promise<RequestRow> {
  const request = await lockRequest(context, requestId);
  if (!isActive(request.state)) refuse("stateForbids", { state: stateSaid[request.state] });
  needApproved(request);
  return request;
}

const careWords = { ...stateWords, ...approvalWords };

async function give(context: WriteContext, request: RequestRow, personId: KernelId, via: string): Promise<void> {
  await handTask(context, request.taskId!, { personId, via }, true);
  await handedTo(context, request, personId);
  if (stateAfter(request.state, "begin")) await doDeed(context, request, "begin");
  else await changeRequest(context, request.id);
}

export const takeRequest = operation({
  name: "office.request.take",
  title: "Take it",
  does: "Takes a request on yourself; from then on it is with you.",
  kind: "write",
  may: [worker],
  input: z.strictObject({ requestId: ref("office.request") }),
  output: z.object({ id: Id }),
  refuses: { ...careWords, yoursAlready: "You have taken this request already.", noPerson: "Only a person of the directory can take it." },
  when: (record) => isOn(record) && !(record["mine"] === true && record["unassigned"] === false),
  emits: ["office.request.assigned"],
  async run({ requestId }, context) {
    const request = await lockActive(context, requestId);
    const personId = context.actor.personId ?? refuse("noPerson");
    const { isFixed } = await context.db.row<{ isFixed: boolean }>(sql`
      select is_fixed from office.task where tenant_id = ${context.tenantId} and id = ${request.taskId}`);
    if (isFixed && request.personId === personId) refuse("yoursAlready");
    await give(context, request, personId, "took it");
    context.emit("office.request.assigned", { requestId, personId });
    return { id: requestId };
  },
});

export const assignRequest = operation({
  name: "office.request.assign",
  title: "Assign",
  does: "Gives a request to a colleague; from then on it is with them.",
  kind: "write",
  may: [worker],
  input: z.strictObject({ requestId: ref("office.request"), personId: ref("directory.person"), reason: Text(500).optional() }),
  output: z.object({ id: Id }),
  refuses: {
    ...careWords,
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    personAway: "{name} cannot sign in, so nothing can be given to them. Choose someone else.",
    theirOwn: "{name} asked for it. Give it to someone else.",
  },
  when: isOn,
  emits: ["office.request.assigned"],
  async run({ requestId, personId, reason }, context) {
    const request = await lockActive(context, requestId);
    const found = await context.db.maybe<{ name: string; isHere: boolean }>(sql`
      select p.name, m.user_id is not null as is_here from directory.party p
      left join identity.member m on m.tenant_id = p.tenant_id and m.person_id = p.id and m.disabled_at is null
      where p.tenant_id = ${context.tenantId} and p.id = ${personId} and p.kind = 'person'`);
    if (!found) refuse("personUnknown", {}, ["personId"]);
    if (!found.isHere) refuse("personAway", { name: found.name }, ["personId"]);
    if (request.isConfidential && personId === request.requesterId) refuse("theirOwn", { name: found.name }, ["personId"]);
    await give(context, request, personId, `given by ${context.actor.name}${reason ? `: ${reason}` : ""}`);
    context.emit("office.request.assigned", { requestId, personId });
    return { id: requestId };
  },
});

export const prioritiseRequest = operation({
  name: "office.request.prioritise",
  title: "Change how much it matters",
  does: "Sets impact and urgency; the priority follows from both, and what was promised is counted anew.",
  kind: "write",
  may: [worker],
  input: z.strictObject({ requestId: ref("office.request"), impact: z.enum(levels), urgency: z.enum(levels) }),
  output: z.object({ id: Id, priority: z.enum(priorities) }),
  refuses: careWords,
  when: isOn,
  emits: ["office.request.prioritised"],
  async run({ requestId, impact, urgency }, context) {
    const request = await lockActive(context, requestId);
    const priority = priorityOf(impact, urgency);
    await changeRequest(context, requestId, sql`impact = ${impact}`, sql`urgency = ${urgency}`, sql`priority = ${priority}`);
    await moveTaskDue(context, { taskId: request.taskId! }, addDays(context.today, daysFor[priority]));
    const about = { subject: "office.request", id: requestId };
    await restateClocks(context, { about, facts: { priority, impact, urgency }, reason: "priority changed" });
    context.emit("office.request.prioritised", { requestId, priority });
    return { id: requestId, priority };
  },
});

export const recategoriseRequest = operation({
  name: "office.request.recategorise",
  title: "Sort into another kind",
  does: "Puts a request where it belongs: it goes to whoever answers for that kind. What was answered stays as it was.",
  kind: "write",
  may: [worker],
  input: z.strictObject({ requestId: ref("office.request"), kindId: ref("office.requestKind") }),
  output: z.object({ id: Id }),
  refuses: {
    ...careWords,
    kindUnknown: "There is nothing of that kind in the catalogue. See: heartwood office request-kind catalogue",
    sameKind: "It is of that kind already. Nothing was changed.",
    staysConfidential: "What was asked in confidence stays so. Choose a kind that is confidential too.",
  },
  when: isOn,
  emits: ["office.request.recategorised"],
  async run({ requestId, kindId }, context) {
    const request = await lockActive(context, requestId);
    const kind = await kindBy(context, { id: kindId });
    if (!kind || kind.retiredAt) refuse("kindUnknown", {}, ["kindId"]);
    if (kind.id === request.kindId) refuse("sameKind", {}, ["kindId"]);
    if (request.isConfidential && !kind.isConfidential) refuse("staysConfidential", {}, ["kindId"]);
    await endWork(context, request, `Sorted into ${kind.title}.`);
    await changeRequest(context, requestId, sql`kind_id = ${kindId}`, sql`is_confidential = ${kind.isConfidential}`);
    const sorted = await lockRequest(context, requestId);
    await beginWork(context, sorted, kind);
    const about = { subject: "office.request", id: requestId };
    await restateClocks(context, { about, facts: { kind: kind.code, department: kind.department }, reason: "sorted into another kind" });
    context.emit("office.request.recategorised", { requestId, requestKindId: kindId });
    return { id: requestId };
  },
});

export const solveRequest = operation({
  name: "office.request.solve",
  title: "Solve",
  does: "Says what was done. The one who asked reads it, and may reopen it for some days; after that it is closed by itself.",
  kind: "write",
  may: [worker],
  input: z.strictObject({
    requestId: ref("office.request"),
    text: LongText(20_000)
      .refine((text) => text.trim() !== "", "must not be empty")
      .describe("What was done."),
    fileIds: z.array(FileId).max(10).optional(),
  }),
  output: z.object({ id: Id }),
  refuses: { ...stateWords, ...approvalWords, ...tasksWords },
  when: isOn,
  emits: ["office.request.solved"],
  async run({ requestId, text, fileIds = [] }, context) {
    const request = await lockRequest(context, requestId);
    needApproved(request);
    if (isActive(request.state)) await needTasksDone(context, request);
    const state = await doDeed(context, request, "solve");
    const messageId = await say(context, { ...request, state }, { text, byWorker: true, deed: "solve", isDeed: true });
    for (const fileId of fileIds) await context.call(addAttachment, { subject: "office.requestMessage", recordId: messageId, fileId });
    context.emit("office.request.solved", { requestId });
    return { id: requestId };
  },
});

export const confirmRequest = operation({
  name: "office.request.confirm",
  title: "Yes, it is solved",
  does: "Closes a solved request at once, by the one who asked.",
  kind: "write",
  may: [asker],
  input: z.strictObject({ requestId: ref("office.request") }),
  output: z.object({ id: Id }),
  refuses: stateWords,
  when: (record) => record["state"] === "solved",
  emits: ["office.request.closed"],
  async run({ requestId }, context) {
    await doDeed(context, await lockRequest(context, requestId), "close");
    context.emit("office.request.closed", { requestId });
    return { id: requestId };
  },
});

export const reopenRequest = operation({
  name: "office.request.reopen",
  title: "Reopen",
  does: "Begins anew on what was solved or closed some days ago, because it is not solved after all.",
  kind: "write",
  may: [askerOrWorker],
  input: z.strictObject({
    requestId: ref("office.request"),
    text: LongText(20_000)
      .refine((text) => text.trim() !== "", "must not be empty")
      .describe("What is still wrong."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    ...stateWords,
    isMerged: "This request goes on in {number}. Write there.",
    tooLate: "It was solved on {day}, more than {days} days ago. File a new request.",
  },
  when: (record) => (record["state"] === "solved" || record["state"] === "closed") && record["mainId"] === null,
  emits: ["office.request.reopened"],
  async run({ requestId, text }, context) {
    const request = await lockRequest(context, requestId);
    if (request.mainId) refuse("isMerged", { number: await numberOf(context, request.mainId) });
    const { solvedOn, reopenDays } = request;
    if (solvedOn !== null && addDays(solvedOn, reopenDays) < context.today) refuse("tooLate", { day: solvedOn, days: reopenDays });
    await reopen(context, request);
    await addWords(context, requestId, { text, deed: "reopen" });
    const again = await lockRequest(context, requestId);
    await tellPersons(context, again, [again.personId, again.requesterId], "Reopened:", text);
    context.emit("office.request.reopened", { requestId });
    return { id: requestId };
  },
});

async function numberOf(context: WriteContext, requestId: KernelId): Promise<string> {
  const { number } = await context.db.row<{ number: string }>(sql`
    select number from office.request where tenant_id = ${context.tenantId} and id = ${requestId}`);
  return number;
}

export const rateRequest = operation({
  name: "office.request.rate",
  title: "Say how it went",
  does: "Gives one to five to how a closed request was dealt with, once, by the one who asked.",
  kind: "write",
  may: [asker],
  input: z.strictObject({
    requestId: ref("office.request"),
    score: z.number().int().min(1).max(5).describe("Five is best."),
    says: LongText(2000).optional(),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notClosed: "This is asked once the request is closed. It is {state}.",
    ratedAlready: "You said how it went already. Thank you.",
    notAsker: "Only the one who asked says how it went.",
  },
  when: (record) => record["state"] === "closed" && record["score"] === null,
  emits: ["office.request.rated"],
  async run({ requestId, score, says }, context) {
    const request = await lockRequest(context, requestId);
    if (![request.requesterId, request.filedBy].includes(context.actor.personId!)) refuse("notAsker");
    if (request.state !== "closed") refuse("notClosed", { state: stateSaid[request.state] });
    if (request.score !== null) refuse("ratedAlready");
    await changeRequest(context, requestId, sql`score = ${score}`, sql`score_says = ${says ?? null}`);
    context.emit("office.request.rated", { requestId, score });
    return { id: requestId };
  },
});
