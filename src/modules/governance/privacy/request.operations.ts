// Requests of persons about their own data (GDPR Art. 15 to 22): recorded with the day they came in, which starts the month of Art. 12(3);
// the person is made sure of, given what is held or told what is erased, and answered.
import { z } from "zod";
import type { Id as RecordId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { FileId, Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { type May, operation, self, whoever } from "../../../platform/operation/operation.ts";
import { adoptRules, deadlinesByRule, resolveHolder, startDeadlineBy, submitDeadline, wasAsked } from "../../office/index.ts";
import { requestKinds } from "./request.registers.ts";

const Moment = z.iso.datetime({ offset: true }).meta({ "x-kind": "instant" });
const subject = "governance.subjectRequest";
const rule = "gdpr-12-3";

/** Whoever keeps the company's promises, answers for personal data, or was asked for this step. */
export const privacy = (name: string): May[] => [
  "governance.manager",
  whoever<{ subjectRequestId?: RecordId }>("whoever answers for personal data", async ({ subjectRequestId }, context) => {
    const { personId } = await resolveHolder(context, "governance.privacy");
    if (context.actor.personId !== null && personId === context.actor.personId) return true;
    return subjectRequestId !== undefined && wasAsked(context, name, "subjectRequestId", subjectRequestId);
  }),
];

export const requestWords = {
  notFound: "There is no such request, or it is not yours to see.",
  closed: "This request was answered already. What is new is a request of its own.",
};
export const unknownWords = { notIdentified: "Nobody has made sure yet that it is them who asks. Say first how you did (Art. 12(6))." };

interface Locked {
  readonly id: RecordId;
  readonly personId: RecordId;
  readonly kind: (typeof requestKinds)[number];
  readonly identifiedAt: Date | null;
  readonly gatheredAt: Date | null;
  readonly erasureId: RecordId | null;
  readonly closedOn: string | null;
}

/** Refuses `notFound` and `closed`. */
export async function lockRequest(context: WriteContext, id: RecordId): Promise<Locked> {
  const found = await context.db.maybe<Locked>(sql`
    select id, person_id, kind, identified_at, gathered_at, erasure_id, closed_on from governance.subject_request
    where tenant_id = ${context.tenantId} and id = ${id} for update`);
  if (!found) refuse("notFound");
  if (found.closedOn) refuse("closed");
  return found;
}

const isGivenOut = (kind: unknown): boolean => kind === "access" || kind === "portability";
const isOpen = ({ closedOn }: Readonly<Record<string, unknown>>): boolean => closedOn === null;

export const recordRequest = operation({
  name: "governance.subjectRequest.record",
  title: "Ask about one's own data",
  does: "Records that a person asks what is held about them, to have it given out, mended or erased. It is answered within a month.",
  kind: "write",
  // Applicants write to whoever keeps the directory, and only there are they seen.
  may: [self("personId"), "directory.manager", ...privacy("governance.subjectRequest.record")],
  input: z.strictObject({
    personId: ref("directory.person").describe("Whose data it is about."),
    kind: z.enum(requestKinds),
    receivedAt: Moment.optional().describe("When it came in; now when left out. The month runs from here."),
    channel: z.enum(["app", "mail", "letter", "in person"]).default("app"),
    says: LongText(4000).optional().describe("What they wrote."),
  }),
  output: z.object({ id: Id }),
  refuses: { personUnknown: "There is no such person in the directory.", inTheFuture: "It has not come in yet. Check the time." },
  emits: ["governance.subjectRequest.recorded"],
  example: { personId: "0190a0a0-0000-7000-8000-000000000001", kind: "access", channel: "letter" },
  async run(input, context) {
    const receivedAt = input.receivedAt ? new Date(input.receivedAt) : context.now;
    if (receivedAt > context.now) refuse("inTheFuture", {}, ["receivedAt"]);
    const isOwn = input.personId === context.actor.personId;
    if (!isOwn && !(await context.mayRead("directory.person", input.personId))) refuse("personUnknown", {}, ["personId"]);
    const id = context.newId();
    // Who is signed in and asks for themself is known by that.
    const known = isOwn && input.channel === "app" ? "Signed in to their own account." : null;
    await context.db.run(sql`
      insert into governance.subject_request (tenant_id, id, person_id, kind, received_at, channel, says, recorded_by, identified_at,
        identified_how)
      values (${context.tenantId}, ${id}, ${input.personId}, ${input.kind}, ${receivedAt}, ${input.channel}, ${input.says ?? null},
        ${context.actor.personId}, ${known ? context.now : null}, ${known})`);
    await adoptRules(context, "gdpr");
    const called = `${input.kind}, received ${receivedAt.toISOString().slice(0, 10)}`;
    await startDeadlineBy(context, rule, { about: { subject, id }, at: receivedAt, called });
    context.emit("governance.subjectRequest.recorded", { subjectRequestId: id });
    return { id };
  },
});

export const identifyPerson = operation({
  name: "governance.subjectRequest.identify",
  title: "Say how they were identified",
  does: "Says how it was made sure that the request comes from the person themself (GDPR Art. 12(6)).",
  kind: "write",
  may: privacy("governance.subjectRequest.identify"),
  when: (record) => isOpen(record) && record["identifiedAt"] === null,
  input: z.strictObject({ subjectRequestId: ref(subject), how: Text(300) }),
  output: z.object({ id: Id }),
  refuses: requestWords,
  emits: ["governance.subjectRequest.identified"],
  async run({ subjectRequestId, how }, context) {
    await lockRequest(context, subjectRequestId);
    await context.db.run(sql`
      update governance.subject_request set identified_at = ${context.now}, identified_how = ${how}
      where tenant_id = ${context.tenantId} and id = ${subjectRequestId}`);
    context.emit("governance.subjectRequest.identified", { subjectRequestId });
    return { id: subjectRequestId };
  },
});

export const gatherForRequest = operation({
  name: "governance.subjectRequest.gather",
  title: "Put together what is held",
  does: "Makes one file of everything that every department holds about the person, as tables and for another program, with their files.",
  kind: "write",
  may: privacy("governance.subjectRequest.gather"),
  when: (record) => isOpen(record) && record["identifiedAt"] !== null && isGivenOut(record["kind"]),
  input: z.strictObject({ subjectRequestId: ref(subject) }),
  output: z.object({ id: Id, fileId: FileId, records: z.number().int(), files: z.number().int() }),
  refuses: { ...requestWords, ...unknownWords },
  emits: ["governance.subjectRequest.gathered"],
  async run({ subjectRequestId }, context) {
    const request = await lockRequest(context, subjectRequestId);
    if (!request.identifiedAt) refuse("notIdentified");
    const gathering = context.operationNamed("platform.person.gather")!;
    const made = (await context.callAsSystem(gathering, { personId: request.personId } as never)) as {
      fileId: RecordId;
      records: number;
      files: number;
    };
    await context.db.run(sql`
      update governance.subject_request set file_id = ${made.fileId}, gathered_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${subjectRequestId}`);
    context.emit("governance.subjectRequest.gathered", { subjectRequestId });
    return { id: subjectRequestId, ...made };
  },
});

export const answerRequest = operation({
  name: "governance.subjectRequest.answer",
  title: "Say that they were answered",
  does: "Says how and when the person was answered, and closes the request; the month of Art. 12(3) is met by it.",
  kind: "write",
  may: privacy("governance.subjectRequest.answer"),
  when: isOpen,
  input: z.strictObject({
    subjectRequestId: ref(subject),
    how: LongText(2000)
      .refine((text) => text.trim() !== "", "must not be empty")
      .describe("What they were told, and by which way."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    ...requestWords,
    ...unknownWords,
    notGathered: "What is held has not been put together yet. Do that first, then give it to them.",
    notDecided: "Nobody has agreed to the erasure yet. Let a second person decide first, or refuse the request.",
  },
  emits: ["governance.subjectRequest.answered"],
  async run({ subjectRequestId, how }, context) {
    const request = await lockRequest(context, subjectRequestId);
    if (!request.identifiedAt) refuse("notIdentified");
    if (isGivenOut(request.kind) && !request.gatheredAt) refuse("notGathered");
    if (request.kind === "erasure" && !(await isAgreed(context, request.erasureId))) refuse("notDecided");
    await close(context, subjectRequestId, "answered", how);
    context.emit("governance.subjectRequest.answered", { subjectRequestId });
    return { id: subjectRequestId };
  },
});

const isAgreed = async (context: WriteContext, erasureId: RecordId | null): Promise<boolean> =>
  erasureId !== null &&
  (await context.db.maybe(sql`
    select 1 from platform.erasure where tenant_id = ${context.tenantId} and id = ${erasureId} and state in ('approved', 'done')`)) !==
    undefined;

export const refuseRequest = operation({
  name: "governance.subjectRequest.refuse",
  title: "Refuse the request",
  does: "Says why nothing is done, and that the person was told so with their right to complain (GDPR Art. 12(4) and (5)).",
  kind: "write",
  may: privacy("governance.subjectRequest.refuse"),
  when: isOpen,
  input: z.strictObject({
    subjectRequestId: ref(subject),
    because: LongText(2000).refine((text) => text.trim() !== "", "must not be empty"),
  }),
  output: z.object({ id: Id }),
  refuses: requestWords,
  emits: ["governance.subjectRequest.refused"],
  async run({ subjectRequestId, because }, context) {
    await lockRequest(context, subjectRequestId);
    await close(context, subjectRequestId, "refused", because);
    context.emit("governance.subjectRequest.refused", { subjectRequestId });
    return { id: subjectRequestId };
  },
});

async function close(context: WriteContext, id: RecordId, outcome: "answered" | "refused", says: string): Promise<void> {
  await context.db.run(sql`
    update governance.subject_request set outcome = ${outcome}, outcome_at = ${context.now}, outcome_says = ${says},
      closed_on = ${context.today}
    where tenant_id = ${context.tenantId} and id = ${id}`);
  const month = (await deadlinesByRule(context, { id })).get(rule);
  if (month?.state === "open" || month?.state === "paused") {
    await context.callAsSystem(submitDeadline, { deadlineId: month.id, reference: outcome });
  }
}
