// What else can be done with a wish that waits: asking back and answering, handing a seat on, and looking at the whole chain.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation, whoever } from "../../../platform/operation/operation.ts";
import { whoeverDecides } from "./approval.operations.ts";
import { approvalById, type ApprovalRow, openSeats, type SeatRow, votersOf, wishersOf } from "./approval.store.ts";
import { chairFor } from "./decision.ts";
import { giveSeat } from "./step.ts";

const isOpen = (record: Readonly<Record<string, unknown>>): boolean => record["state"] === "open";

const words = {
  notFound: "There is no such approval, or it is not yours to see.",
  decidedAlready: "This is {state} already.",
};

async function lockOpen(context: WriteContext, approvalId: KernelId): Promise<ApprovalRow> {
  const row = await approvalById(context, approvalId, true);
  if (!row || !(await context.mayRead("office.approval", row.id))) return refuse("notFound");
  if (row.state !== "open") refuse("decidedAlready", { state: row.state });
  return row;
}

const askBack = operation({
  name: "office.approval.ask",
  title: "Ask a question",
  does: "Asks whoever made the wish something before you decide; they are told, and it goes on waiting.",
  kind: "write",
  may: [whoeverDecides],
  input: z.strictObject({ approvalId: ref("office.approval"), question: LongText(2000) }),
  output: z.object({ id: Id }),
  refuses: { ...words, questionEmpty: "Write what you want to know." },
  when: isOpen,
  emits: ["office.approval.asked"],
  async run({ approvalId, question }, context) {
    const row = await lockOpen(context, approvalId);
    if (!question.trim()) refuse("questionEmpty", {}, ["question"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into office.approval_question (tenant_id, id, approval_id, question, asked_by, asked_at)
      values (${context.tenantId}, ${id}, ${row.id}, ${question}, ${context.actor.personId}, ${context.now})`);
    const about = { subject: "office.approval", id: row.id };
    const notice = { title: `Question: ${row.title}`, text: question, about, event: "office.approval.answered", mail: true };
    await context.notifyAll(wishersOf(row).map((personId) => ({ ...notice, personId })));
    context.emit("office.approval.asked", { approvalId: row.id, questionId: id });
    return { id };
  },
});

const whoeverWished = whoever<{ approvalId: KernelId; answer?: string }>("whoever asked for it", async (input, context) => {
  const row = await approvalById(context, input.approvalId);
  // On screen it is offered only while a question waits.
  if (row && input.answer === undefined && !(await questionWithout(context, row.id))) return false;
  return row !== undefined && context.actor.personId !== null && wishersOf(row).includes(context.actor.personId);
});

const questionWithout = (context: ReadContext, approvalId: KernelId, questionId?: KernelId) =>
  context.db.maybe<{ id: KernelId; askedBy: KernelId }>(sql`
    select id, asked_by from office.approval_question
    where tenant_id = ${context.tenantId} and approval_id = ${approvalId} and answer is null
      ${questionId ? sql`and id = ${questionId}` : sql``} order by id desc limit 1`);

const answerBack = operation({
  name: "office.approval.answer",
  title: "Answer the question",
  does: "Answers what someone wanted to know before deciding on your wish; they are told.",
  kind: "write",
  may: [whoeverWished],
  input: z.strictObject({
    approvalId: ref("office.approval"),
    questionId: Id.optional().describe("Left out: the last one without an answer."),
    answer: LongText(4000),
  }),
  output: z.object({ id: Id }),
  refuses: { ...words, nothingAsked: "Nothing is asked that has no answer yet." },
  when: isOpen,
  emits: ["office.approval.answered"],
  async run({ approvalId, questionId, answer }, context) {
    const row = await lockOpen(context, approvalId);
    const asked = await questionWithout(context, row.id, questionId);
    if (!asked) return refuse("nothingAsked");
    await context.db.run(sql`
      update office.approval_question set answer = ${answer}, answered_by = ${context.actor.personId}, answered_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${asked.id}`);
    const about = { subject: "office.approval", id: row.id };
    const notice = { title: `Answered: ${row.title}`, text: answer, about, event: "office.approval.answered", mail: true };
    await context.notify({ ...notice, personId: asked.askedBy });
    context.emit("office.approval.answered", { approvalId: row.id, questionId: asked.id });
    return { id: asked.id };
  },
});

const handOn = operation({
  name: "office.approval.reassign",
  title: "Hand the decision on",
  does: "Gives your seat, or as office manager anyone's, to someone else with the reason; from then on they decide in its place.",
  kind: "write",
  may: ["office.manager", whoeverDecides],
  input: z.strictObject({
    approvalId: ref("office.approval"),
    fromId: ref("directory.person").optional().describe("Whose seat; left out: your own, or the only one."),
    personId: ref("directory.person"),
    reason: Text(500),
  }),
  output: z.object({ id: Id }),
  refuses: {
    ...words,
    seatUnclear: "Say whose seat you hand on: {names}.",
    seatFixed: "A wish that waits for whoever answers for it is not handed on. Change the responsibility instead.",
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    personAway: "{name} cannot sign in, so nothing can be handed to them. Choose someone else.",
    personInvolved: "{name} asked for it or has decided on it already. Choose someone else.",
    sitsThere: "{name} is asked already.",
  },
  when: (record) => isOpen(record) && record["policyId"] !== null,
  emits: ["office.approval.reassigned"],
  async run(input, context) {
    const row = await lockOpen(context, input.approvalId);
    const seats = await openSeats(context, row.id);
    const seat = await seatToGive(context, row, seats, input.fromId);
    if (seat.approver.kind === "line") refuse("seatFixed");
    const member = await context.db.maybe<{ name: string; isThere: boolean }>(sql`
      select p.name, exists (select from identity.member m where m.tenant_id = p.tenant_id and m.person_id = p.id
        and m.disabled_at is null) as is_there
      from directory.party p where p.tenant_id = ${context.tenantId} and p.id = ${input.personId} and p.kind = 'person'`);
    if (!member) return refuse("personUnknown", {}, ["personId"]);
    const { name } = member;
    if (!member.isThere) refuse("personAway", { name }, ["personId"]);
    const involved = [...wishersOf(row), ...(await votersOf(context, row.id))];
    if (involved.includes(input.personId)) refuse("personInvolved", { name }, ["personId"]);
    if (seats.some((one) => one.personId === input.personId)) refuse("sitsThere", { name }, ["personId"]);
    const via = `handed on by ${context.actor.name}: ${input.reason}`;
    await giveSeat(context, row, seat.id, { personId: input.personId, via }, true);
    context.emit("office.approval.reassigned", { approvalId: row.id, personId: input.personId });
    return { id: row.id };
  },
});

async function seatToGive(
  context: ReadContext,
  row: ApprovalRow,
  seats: readonly SeatRow[],
  fromId: KernelId | undefined,
): Promise<SeatRow> {
  const own = (await chairFor(context, row))?.seatId;
  const named = seats.find((one) => (fromId ? one.personId === fromId : one.id === own)) ?? (fromId ? undefined : onlyOne(seats));
  // Whoever is no office manager gives away only what is theirs.
  if (named && (named.id === own || context.holds("office.manager"))) return named;
  return refuse("seatUnclear", { names: seats.map((one) => one.person).join(", ") }, ["fromId"]);
}

const onlyOne = (seats: readonly SeatRow[]): SeatRow | undefined => (seats.length === 1 ? seats[0] : undefined);

export const talkOperations = [askBack, answerBack, handOn];
