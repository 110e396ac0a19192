// What hangs together: duplicates merged into one, one split into two, links to any record, and people who follow along.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation, whoever } from "../../../platform/operation/operation.ts";
import { answerWords, fileRequest } from "./file.ts";
import type { Answers } from "./form.rules.ts";
import { isActive } from "./request.rules.ts";
import { addWords, afterDeed, kindBy, lockRequest, lockRequests, type RequestRow, stateSaid, stateWords } from "./request.store.ts";
import { askerOrWorker, onlooker, sightOf, worker } from "./sight.ts";
import { endWork, enter } from "./step.ts";
import { followersOf, mailRequester, tellPersons } from "./tell.ts";

export const mergeRequest = operation({
  name: "office.request.merge",
  title: "Merge into another",
  does: "Closes a duplicate that goes on in another request; whoever followed it follows that one from now on and is told.",
  kind: "write",
  may: [worker],
  input: z.strictObject({ requestId: ref("office.request"), mainId: ref("office.request").describe("The one it goes on in.") }),
  output: z.object({ id: Id }),
  refuses: {
    ...stateWords,
    mergeItself: "A request cannot be merged into itself. Choose the other one.",
    mainOver: "{number} is {state}, so nothing goes on there. Choose one that is still open.",
    mergeConfidential: "A confidential request is merged only with one that the same person asked in confidence.",
  },
  when: (record) => record["active"] === true,
  emits: ["office.request.merged"],
  async run({ requestId, mainId }, context) {
    if (requestId === mainId) refuse("mergeItself", {}, ["mainId"]);
    const both = await lockRequests(context, [requestId, mainId]);
    const double = both.find(({ id }) => id === requestId)!;
    const main = both.find(({ id }) => id === mainId);
    if (!main || !(await sightOf(context, mainId)).works) refuse("notFound", {}, ["mainId"]);
    const state = afterDeed(double, "merge");
    if (!isActive(main.state)) refuse("mainOver", { number: main.number, state: stateSaid[main.state] }, ["mainId"]);
    const isOpen = !double.isConfidential && !main.isConfidential;
    const isOneSecret = double.isConfidential && main.isConfidential && double.requesterId === main.requesterId;
    if (!isOpen && !isOneSecret) refuse("mergeConfidential", {}, ["mainId"]);
    await endWork(context, double, `Goes on in ${main.number}.`);
    await enter(context, double, state, sql`main_id = ${mainId}`);
    await gather(context, double, main);
    const text = `This goes on in ${main.number}: you follow it there.`;
    const messageId = await addWords(context, requestId, { text, deed: "merge" });
    await tellPersons(context, double, await followersOf(context, double), `Goes on in ${main.number}:`);
    await mailRequester(context, double, { messageId, text });
    context.emit("office.request.merged", { requestId, mainId });
    return { id: requestId };
  },
});

/** Those who followed the duplicate follow the main one, and what was merged into the duplicate is merged into the main one. */
async function gather(context: WriteContext, double: RequestRow, main: RequestRow): Promise<void> {
  await context.db.run(sql`
    update office.request set main_id = ${main.id} where tenant_id = ${context.tenantId} and main_id = ${double.id}`);
  if (main.isConfidential) return;
  const followers = (await followersOf(context, double)).filter((personId) => personId !== main.requesterId);
  await watch(context, main.id, followers);
}

const watch = (context: WriteContext, requestId: KernelId, personIds: readonly KernelId[]): Promise<number> =>
  context.db.run(sql`
    insert into office.request_watcher (tenant_id, request_id, person_id, since)
    select ${context.tenantId}, ${requestId}, w.person_id, ${context.now} from unnest(${[...new Set(personIds)]}::uuid[]) as w (person_id)
    on conflict (tenant_id, request_id, person_id) do nothing`);

export const splitRequest = operation({
  name: "office.request.split",
  title: "Split off",
  does: "Files what is another matter as a request of its own, for the same person, linked to this one.",
  kind: "write",
  may: [worker],
  input: z.strictObject({
    requestId: ref("office.request"),
    title: Text(200),
    says: LongText(20_000).optional(),
    kindId: ref("office.requestKind").optional().describe("By default the same kind."),
    answers: z.record(z.string().max(60), z.unknown()).optional(),
  }),
  output: z.object({ id: Id, number: z.string() }),
  refuses: {
    kindUnknown: "There is nothing of that kind in the catalogue. See: heartwood office request-kind catalogue",
    ...answerWords,
  },
  when: (record) => record["approval"] !== "waiting",
  emits: ["office.request.filed"],
  async run({ requestId, kindId, title, says, answers }, context) {
    const from = await lockRequest(context, requestId);
    const kind = await kindBy(context, { id: kindId ?? from.kindId });
    if (!kind || kind.retiredAt) refuse("kindUnknown", {}, ["kindId"]);
    const same = kind.formId === from.formId ? await answersOf(context, requestId) : {};
    const made = await fileRequest(context, {
      kind,
      title,
      says,
      answers: answers ?? same,
      requesterId: from.requesterId,
      channel: "split",
      isConfidential: from.isConfidential || kind.isConfidential,
    });
    await tie(context, made.id, { relation: "relates", subject: "office.request", recordId: requestId, label: from.number });
    return { id: made.id, number: made.number };
  },
});

async function answersOf(context: WriteContext, requestId: KernelId): Promise<Answers> {
  const { answers } = await context.db.row<{ answers: Record<string, unknown> }>(sql`
    select r.answers - array(select f->>'name' from office.request_form o cross join jsonb_array_elements(o.fields) f
      where o.tenant_id = r.tenant_id and o.id = r.form_id and f->>'kind' = 'file') as answers
    from office.request r where r.tenant_id = ${context.tenantId} and r.id = ${requestId}`);
  return answers;
}

interface Tie {
  readonly relation: "relates" | "blocks" | "causedBy";
  readonly subject: string;
  readonly recordId: KernelId;
  readonly label: string;
}

async function tie(context: WriteContext, requestId: KernelId, { relation, subject, recordId, label }: Tie): Promise<KernelId> {
  const id = context.newId();
  await context.db.run(sql`
    insert into office.request_link (tenant_id, id, request_id, relation, subject, record_id, label, made_at)
    values (${context.tenantId}, ${id}, ${requestId}, ${relation}, ${subject}, ${recordId}, ${label}, ${context.now})`);
  return id;
}

export const linkRequest = operation({
  name: "office.request.link",
  title: "Link to a record",
  does: "Says that a request relates to a record of any department, blocks it, or was caused by it; seen from both ends.",
  kind: "write",
  may: [worker],
  input: z.strictObject({
    requestId: ref("office.request"),
    relation: z.enum(["relates", "blocks", "causedBy"]),
    subject: Text(80).describe("The register of the record, e.g. `facilities.workOrder`."),
    recordId: Id,
    label: Text(200).optional().describe("What the record is called."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    linkItself: "A request cannot be linked to itself. Choose another record.",
    recordUnknown: "There is no such record, or it is not yours to see.",
    linkedAlready: "It is linked so already. Nothing was changed.",
  },
  constraints: { request_link_once: "linkedAlready" },
  emits: ["office.request.linked"],
  async run({ requestId, label, ...input }, context) {
    await lockRequest(context, requestId);
    if (input.recordId === requestId) refuse("linkItself", {}, ["recordId"]);
    if (!(await context.mayRead(input.subject, input.recordId))) refuse("recordUnknown", {}, ["recordId"]);
    const standing = await context.db.maybe(sql`
      select id from office.request_link where tenant_id = ${context.tenantId} and request_id = ${requestId}
        and relation = ${input.relation} and subject = ${input.subject} and record_id = ${input.recordId}`);
    if (standing) refuse("linkedAlready");
    const id = await tie(context, requestId, { ...input, label: label ?? input.subject });
    context.emit("office.request.linked", { requestId, subject: input.subject, recordId: input.recordId });
    return { id };
  },
});

const linkWorker = whoever<{ requestLinkId: KernelId }>("whoever works on the request", async ({ requestLinkId }, context) => {
  const found = await context.db.maybe<{ requestId: KernelId }>(sql`
    select request_id from office.request_link where tenant_id = ${context.tenantId} and id = ${requestLinkId}`);
  return found !== undefined && (await sightOf(context, found.requestId)).works;
});

export const unlinkRequest = operation({
  name: "office.requestLink.remove",
  title: "Take the link away",
  does: "Takes back a link between a request and a record.",
  kind: "write",
  may: [linkWorker],
  input: z.strictObject({ requestLinkId: ref("office.requestLink") }),
  output: z.object({ id: Id }),
  refuses: { linkGone: "The link was taken away already. Nothing was changed." },
  async run({ requestLinkId }, context) {
    const removed = await context.db.run(sql`
      delete from office.request_link where tenant_id = ${context.tenantId} and id = ${requestLinkId}`);
    if (removed === 0) refuse("linkGone");
    return { id: requestLinkId };
  },
});

export const watchRequest = operation({
  name: "office.request.watch",
  title: "Let someone follow",
  does: "Lets a colleague, or yourself, follow a request: they read the answers and are told of them.",
  kind: "write",
  may: [askerOrWorker],
  input: z.strictObject({
    requestId: ref("office.request"),
    personId: ref("directory.person").optional().describe("By default yourself."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    watchConfidential: "Nobody follows a confidential request but those it concerns. Assign it to someone instead.",
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    watchesAlready: "They follow it already. Nothing was changed.",
  },
  when: (record) => record["confidential"] === false,
  emits: ["office.request.watched"],
  async run({ requestId, personId: named }, context) {
    const request = await lockRequest(context, requestId);
    if (request.isConfidential) refuse("watchConfidential");
    const personId = named ?? context.actor.personId ?? refuse("personUnknown", {}, ["personId"]);
    const person = await context.db.maybe(sql`
      select id from directory.party where tenant_id = ${context.tenantId} and id = ${personId} and kind = 'person'`);
    if (!person) refuse("personUnknown", {}, ["personId"]);
    if (personId === request.requesterId || (await watch(context, requestId, [personId])) === 0) refuse("watchesAlready", {}, ["personId"]);
    await tellPersons(context, request, [personId], "You follow");
    context.emit("office.request.watched", { requestId, personId });
    return { id: requestId };
  },
});

export const unwatchRequest = operation({
  name: "office.request.unwatch",
  title: "Follow no longer",
  does: "Ends that someone follows a request: yourself, or a colleague when it is yours or you work on it.",
  kind: "write",
  may: [onlooker],
  input: z.strictObject({
    requestId: ref("office.request"),
    personId: ref("directory.person").optional().describe("By default yourself."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notYours: "Only they themselves, the one who asked or those who work on it end this.",
    watchesNot: "They do not follow it. Nothing was changed.",
  },
  when: (record) => record["confidential"] === false,
  async run({ requestId, personId: named }, context) {
    await lockRequest(context, requestId);
    const personId = named ?? context.actor.personId;
    const { own, works } = await sightOf(context, requestId);
    if (personId !== context.actor.personId && !own && !works) refuse("notYours", {}, ["personId"]);
    const ended = await context.db.run(sql`
      delete from office.request_watcher
      where tenant_id = ${context.tenantId} and request_id = ${requestId} and person_id = ${personId}`);
    if (ended === 0) refuse("watchesNot", {}, ["personId"]);
    return { id: requestId };
  },
});
