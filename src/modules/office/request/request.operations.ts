// Filing a request, and the words that go to and fro about it: answers to the one who asked, questions back, notes among colleagues.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { FileId, Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { addAttachment } from "../record/attachment.operations.ts";
import { isMeantFor } from "./audience.ts";
import { answerWords, fileRequest } from "./file.ts";
import { levels, type RequestState, stateAfterReply } from "./request.rules.ts";
import {
  addWords,
  approvalWords,
  kindBy,
  lockRequest,
  needApproved,
  type RequestRow,
  stateSaid,
  stateWords,
  type Words,
} from "./request.store.ts";
import { askerOrWorker, insider, onlooker, sightOf, worker } from "./sight.ts";
import { answered, doDeed, endWork, enter, keepWithWhoActs } from "./step.ts";
import { followersOf, mailRequester, tellPersons } from "./tell.ts";

const files = z.array(FileId).max(10).optional().describe("Files that go with it.");
const said = LongText(20_000).refine((text) => text.trim() !== "", "must not be empty");

export const createRequest = operation({
  name: "office.request.create",
  title: "Ask for something",
  does: "Files a request from the catalogue, for yourself or for a colleague; it goes to whoever answers for it.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    kindId: ref("office.requestKind"),
    title: Text(200).optional().describe("In a few words; by default what the kind is called."),
    says: LongText(20_000).optional(),
    answers: z.record(z.string().max(60), z.unknown()).optional().describe("Field of the form to answer."),
    forId: ref("directory.person").optional().describe("For whom, when it is not for yourself."),
    placeId: ref("directory.place").optional(),
    impact: z.enum(levels).optional(),
    urgency: z.enum(levels).optional(),
    fileIds: files,
  }),
  output: z.object({ id: Id, number: z.string() }),
  refuses: {
    kindUnknown: "There is nothing of that kind in the catalogue. See: heartwood office request-kind catalogue",
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    confidentialOwn: "What is confidential is asked by the person it concerns. Let them file it.",
    ...answerWords,
  },
  emits: ["office.request.filed"],
  async run(input, context) {
    const kind = await kindBy(context, { id: input.kindId });
    if (!kind || kind.retiredAt || !(await isOffered(context, kind.id))) refuse("kindUnknown", {}, ["kindId"]);
    const requesterId = input.forId ?? context.actor.personId ?? refuse("personUnknown", {}, ["forId"]);
    if (!(await isPerson(context, requesterId))) refuse("personUnknown", {}, ["forId"]);
    if (kind.isConfidential && requesterId !== context.actor.personId) refuse("confidentialOwn", {}, ["forId"]);
    const { title = kind.title, says, answers = {}, placeId, impact, urgency } = input;
    const request = await fileRequest(context, { kind, title, says, answers, requesterId, channel: "app", placeId, impact, urgency });
    await attach(context, "office.request", request.id, input.fileIds);
    return { id: request.id, number: request.number };
  },
});

async function isOffered(context: ReadContext, kindId: KernelId): Promise<boolean> {
  return (
    (await context.db.maybe(sql`
      select k.id from office.request_kind k
      where k.tenant_id = ${context.tenantId} and k.id = ${kindId} and ${isMeantFor(context, sql`k`)}`)) !== undefined
  );
}

async function isPerson(context: ReadContext, personId: KernelId): Promise<boolean> {
  return (
    (await context.db.maybe(sql`
      select id from directory.party where tenant_id = ${context.tenantId} and id = ${personId} and kind = 'person'`)) !== undefined
  );
}

async function attach(context: WriteContext, subject: string, recordId: KernelId, fileIds: readonly KernelId[] = []): Promise<void> {
  for (const fileId of fileIds) await context.call(addAttachment, { subject, recordId, fileId });
}

const overWords = { requestOver: "This request is {state}. Reopen it, or file a new one." };

/** Refuses `requestOver`. */
function needTalk(request: RequestRow): void {
  if (request.state === "closed" || request.state === "cancelled") refuse("requestOver", { state: stateSaid[request.state] });
}

interface Said extends Words {
  readonly byWorker: boolean;
  /** Said at once with a deed, which already changes the state. */
  readonly isDeed?: boolean;
}

/** Public words: those who follow are told, the one who asked by mail too, and the state follows from who spoke. */
export async function say(context: WriteContext, request: RequestRow, words: Said): Promise<KernelId> {
  const messageId = await addWords(context, request.id, words);
  if (words.byWorker) {
    await answered(context, request);
    await keepWithWhoActs(context, request);
    await tellPersons(context, request, await followersOf(context, request), "Answer:", words.text);
    await mailRequester(context, request, { messageId, text: words.text });
  } else {
    await tellPersons(context, request, [request.personId], "They wrote:", words.text);
  }
  const state: RequestState = words.isDeed ? request.state : stateAfterReply(request.state, words.byWorker);
  if (state !== request.state) await enter(context, request, state);
  return messageId;
}

export const replyRequest = operation({
  name: "office.request.reply",
  title: "Answer",
  does: "Writes to the one who asked, or back to those who work on it; the answer also goes out by mail.",
  kind: "write",
  may: [onlooker],
  input: z.strictObject({ requestId: ref("office.request"), text: said, fileIds: files }),
  output: z.object({ id: Id }),
  refuses: overWords,
  when: (record) => record["closedAt"] === null,
  emits: ["office.request.replied"],
  async run(input, context) {
    const request = await lockRequest(context, input.requestId);
    needTalk(request);
    const { works } = await sightOf(context, request.id);
    const byWorker = works && request.requesterId !== context.actor.personId;
    const id = await say(context, request, { text: input.text, byWorker });
    await attach(context, "office.requestMessage", id, input.fileIds);
    context.emit("office.request.replied", { requestId: request.id, byWorker });
    return { id };
  },
});

export const askRequester = operation({
  name: "office.request.ask",
  title: "Ask back",
  does: "Asks the one who filed it for more; until they answer it waits for them, and its clocks may stand still.",
  kind: "write",
  may: [worker],
  input: z.strictObject({ requestId: ref("office.request"), text: said, fileIds: files }),
  output: z.object({ id: Id }),
  refuses: { ...stateWords, ...approvalWords },
  when: (record) => record["active"] === true && record["state"] !== "waitingForRequester" && record["approval"] !== "waiting",
  emits: ["office.request.replied"],
  async run(input, context) {
    const request = await lockRequest(context, input.requestId);
    needApproved(request);
    await doDeed(context, request, "ask");
    const id = await say(context, request, { text: input.text, byWorker: true, deed: "ask", isDeed: true });
    await attach(context, "office.requestMessage", id, input.fileIds);
    context.emit("office.request.replied", { requestId: request.id, byWorker: true });
    return { id };
  },
});

export const noteRequest = operation({
  name: "office.request.note",
  title: "Note for colleagues",
  does: "Writes a note that only those who work on the request read; whoever asked never sees it.",
  kind: "write",
  may: [insider],
  insidersOnly: true,
  input: z.strictObject({ requestId: ref("office.request"), text: said, fileIds: files }),
  output: z.object({ id: Id }),
  refuses: { ownRequest: "Whoever asked is not one of those who write notes on it. Answer instead." },
  async run(input, context) {
    const request = await lockRequest(context, input.requestId);
    if (request.requesterId === context.actor.personId) refuse("ownRequest");
    const id = await addWords(context, request.id, { text: input.text, isInternal: true });
    await attach(context, "office.requestMessage", id, input.fileIds);
    await tellPersons(context, request, [request.personId === request.requesterId ? null : request.personId], "Note on");
    return { id };
  },
});

export const waitRequest = operation({
  name: "office.request.wait",
  title: "Wait for someone else",
  does: "Says that a supplier or another third party has to act first, with the reason, which the one who asked reads.",
  kind: "write",
  may: [worker],
  input: z.strictObject({ requestId: ref("office.request"), text: said }),
  output: z.object({ id: Id }),
  refuses: { ...stateWords, ...approvalWords },
  when: (record) => record["active"] === true && record["state"] !== "waitingForOther" && record["approval"] !== "waiting",
  emits: ["office.request.waited"],
  async run(input, context) {
    const request = await lockRequest(context, input.requestId);
    needApproved(request);
    await doDeed(context, request, "wait");
    await say(context, request, { text: input.text, byWorker: true, deed: "wait", isDeed: true });
    context.emit("office.request.waited", { requestId: request.id });
    return { id: request.id };
  },
});

export const resumeRequest = operation({
  name: "office.request.resume",
  title: "Go on",
  does: "Goes on with a request that waited; its clocks run again.",
  kind: "write",
  may: [worker],
  input: z.strictObject({ requestId: ref("office.request") }),
  output: z.object({ id: Id }),
  refuses: stateWords,
  when: (record) => String(record["state"]).startsWith("waiting"),
  emits: ["office.request.resumed"],
  async run({ requestId }, context) {
    const request = await lockRequest(context, requestId);
    await doDeed(context, request, "resume");
    context.emit("office.request.resumed", { requestId });
    return { id: requestId };
  },
});

export const cancelRequest = operation({
  name: "office.request.cancel",
  title: "Take it back",
  does: "Ends a request that is no longer wanted, with the reason; the tasks it opened are cancelled.",
  kind: "write",
  may: [askerOrWorker],
  input: z.strictObject({ requestId: ref("office.request"), reason: Text(500) }),
  output: z.object({ id: Id }),
  refuses: stateWords,
  when: (record) => record["active"] === true,
  emits: ["office.request.cancelled"],
  async run({ requestId, reason }, context) {
    const request = await lockRequest(context, requestId);
    await doDeed(context, request, "cancel");
    await endWork(context, request, "The request was taken back.");
    await addWords(context, requestId, { text: reason, deed: "cancel" });
    await tellPersons(context, request, [request.personId, ...(await followersOf(context, request))], "Taken back:", reason);
    context.emit("office.request.cancelled", { requestId });
    return { id: requestId };
  },
});
