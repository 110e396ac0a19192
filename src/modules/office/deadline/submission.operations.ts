// What is done with a deadline: submitted with its proof, extended once with a reason, paused while its rule allows, or called off.
import { z } from "zod";
import type { Id as RecordId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation, whoever } from "../../../platform/operation/operation.ts";
import { keepers, Moment } from "./rule.operations.ts";
import { lockRuleDeadline, recount, type RuleDeadline, rulesThat, startByRule, writeEvent } from "./rule.store.ts";

const holder = whoever<{ deadlineId: RecordId }>("whoever it is with", async ({ deadlineId }, context: ReadContext) => {
  const found = await context.db.maybe<{ personId: RecordId | null }>(sql`
    select person_id from office.deadline where tenant_id = ${context.tenantId} and id = ${deadlineId}`);
  return context.actor.personId !== null && found?.personId === context.actor.personId;
});

const refusals = {
  notFound: "There is no such deadline, or it is not yours to see.",
  notByRule: "A department keeps this deadline itself. Do there what is due.",
  closed: "This deadline is {state} already. Nothing was changed.",
} as const;

type Listed = Readonly<Record<string, unknown>>;
const isByRule = (record: Listed): boolean => record["ruleId"] !== null;
const isRunning = (record: Listed): boolean => isByRule(record) && ["open", "extended", "missed"].includes(String(record["state"]));
const isOpen = (record: Listed): boolean => isRunning(record) || (isByRule(record) && record["state"] === "paused");

async function openOne(context: WriteContext, deadlineId: RecordId): Promise<RuleDeadline> {
  const deadline = await lockRuleDeadline(context, deadlineId);
  if (deadline.state !== "open" && deadline.state !== "paused") refuse("closed", { state: deadline.state });
  return deadline;
}

export const submitDeadline = operation({
  name: "office.deadline.submit",
  title: "Record the submission",
  does: "Says that what was due was submitted, when and under which reference, with its proof. What follows from it begins.",
  kind: "write",
  may: [...keepers, holder],
  when: isOpen,
  input: z.strictObject({
    deadlineId: ref("office.deadline"),
    at: Moment.optional().describe("When it was submitted; now when left out."),
    reference: Text(100).describe("The number or name under which the other side has it."),
    fileId: FileId.optional().describe("The receipt, or what was sent."),
    note: LongText(2000).optional(),
    lateReason: LongText(2000).optional().describe("Why it comes late, where the law asks for it."),
  }),
  output: z.object({ id: Id, late: z.boolean() }),
  refuses: {
    ...refusals,
    inTheFuture: "It is not submitted yet. Record it when it is.",
    lateReasonMissing: "It comes after the deadline: the law asks for the reasons of the delay. Give them.",
  },
  emits: ["office.deadline.submitted", "office.deadline.started"],
  async run(input, context) {
    const deadline = await openOne(context, input.deadlineId);
    const at = input.at ? new Date(input.at) : context.now;
    if (at > context.now) refuse("inTheFuture", {}, ["at"]);
    const late = deadline.dueAt !== null && at > deadline.dueAt;
    if (late && deadline.isReasonedWhenLate && !input.lateReason?.trim()) refuse("lateReasonMissing", {}, ["lateReason"]);
    if (input.fileId) await context.readFile(input.fileId);
    await context.db.run(sql`
      update office.deadline set state = 'submitted', paused_at = null, submitted_at = ${at}, submitted_by = ${context.actor.personId},
        submission_reference = ${input.reference}, submission_note = ${input.note ?? null}, submission_file_id = ${input.fileId ?? null},
        late_reason = ${late ? (input.lateReason ?? null) : null}, closed_on = ${context.today}, warn_at = null
      where tenant_id = ${context.tenantId} and id = ${deadline.id}`);
    await writeEvent(context, deadline.id, "submitted", `${input.reference}${late ? ", late" : ", in time"}`);
    await startWhatFollows(context, deadline, at);
    context.emit("office.deadline.submitted", {
      deadlineId: deadline.id,
      code: deadline.code,
      aboutSubject: deadline.aboutSubject,
      aboutId: deadline.aboutId,
      late,
    });
    return { id: deadline.id, late };
  },
});

async function startWhatFollows(context: WriteContext, deadline: RuleDeadline, at: Date): Promise<void> {
  const about = deadline.aboutSubject && deadline.aboutId ? { subject: deadline.aboutSubject, id: deadline.aboutId } : undefined;
  const called = deadline.title.includes(": ") ? deadline.title.slice(deadline.title.indexOf(": ") + 2) : undefined;
  for (const rule of await rulesThat(context, sql`r.follows = ${deadline.code}`)) {
    const id = await startByRule(context, rule, { at, ...(about && { about }), ...(called && { called }) });
    context.emit("office.deadline.started", { deadlineId: id });
  }
}

export const extendDeadline = operation({
  name: "office.deadline.extend",
  title: "Extend a deadline",
  does: "Puts a deadline off by what its rule allows, once, with the reason that whoever waits was told in time.",
  kind: "write",
  may: [...keepers, holder],
  when: (record) => isRunning(record) && record["extensible"] === true,
  input: z.strictObject({
    deadlineId: ref("office.deadline"),
    reason: LongText(2000).refine((text) => text.trim() !== "", "must not be empty"),
    told: z.boolean().describe("Whoever must be told of the extension has been told."),
  }),
  output: z.object({ id: Id, dueDay: Day }),
  refuses: {
    ...refusals,
    notExtensible: "Its rule allows no extension.",
    extendedAlready: "It was extended already, and its rule allows that once.",
    tooLate: "It was due on {day}: an extension must be told before that.",
    notTold: "Tell {whom} first; the extension holds only then.",
  },
  emits: ["office.deadline.extended"],
  async run({ deadlineId, reason, told }, context) {
    const deadline = await openOne(context, deadlineId);
    if (deadline.extensionAmount === null) refuse("notExtensible");
    if (deadline.extendedBy !== null) refuse("extendedAlready");
    if (deadline.dueAt !== null && context.now > deadline.dueAt) refuse("tooLate", { day: deadline.due });
    if (!told) refuse("notTold", { whom: deadline.extensionTell }, ["told"]);
    const dueDay = await recount(context, { ...deadline, extendedBy: deadline.extensionAmount });
    await context.db.run(sql`
      update office.deadline set extended_at = ${context.now}, extension_reason = ${reason}
      where tenant_id = ${context.tenantId} and id = ${deadlineId}`);
    await writeEvent(context, deadlineId, "extended", `Due ${dueDay}. ${reason}`);
    context.emit("office.deadline.extended", { deadlineId });
    return { id: deadlineId, dueDay };
  },
});

export const pauseDeadline = operation({
  name: "office.deadline.pause",
  title: "Stop the clock of a deadline",
  does: "Lets a deadline stand still on the ground that its rule names, such as verifying who asks.",
  kind: "write",
  may: [...keepers, holder],
  when: (record) => isRunning(record) && record["pausable"] === true,
  input: z.strictObject({ deadlineId: ref("office.deadline"), why: Text(300) }),
  output: z.object({ id: Id }),
  refuses: { ...refusals, notPausable: "Its rule does not let the clock stop.", pausedAlready: "Its clock stands still already." },
  emits: ["office.deadline.paused"],
  async run({ deadlineId, why }, context) {
    const deadline = await openOne(context, deadlineId);
    if (deadline.pauseGround === null) refuse("notPausable");
    if (deadline.state === "paused") refuse("pausedAlready");
    await context.db.run(sql`
      update office.deadline set state = 'paused', paused_at = ${context.now}, pauses = pauses || ${context.now}::timestamptz,
        warn_at = null
      where tenant_id = ${context.tenantId} and id = ${deadlineId}`);
    await writeEvent(context, deadlineId, "paused", why);
    context.emit("office.deadline.paused", { deadlineId });
    return { id: deadlineId };
  },
});

export const resumeDeadline = operation({
  name: "office.deadline.resume",
  title: "Let the clock go on",
  does: "Lets a deadline run again; the time its clock stood still is put on at its end.",
  kind: "write",
  may: [...keepers, holder],
  when: (record) => isByRule(record) && record["state"] === "paused",
  input: z.strictObject({ deadlineId: ref("office.deadline") }),
  output: z.object({ id: Id, dueDay: Day }),
  refuses: { ...refusals, notPaused: "Its clock does not stand still." },
  emits: ["office.deadline.resumed"],
  async run({ deadlineId }, context) {
    const deadline = await openOne(context, deadlineId);
    if (deadline.state !== "paused") refuse("notPaused");
    await context.db.run(sql`
      update office.deadline set state = 'open', paused_at = null where tenant_id = ${context.tenantId} and id = ${deadlineId}`);
    const dueDay = await recount(context, { ...deadline, pauses: [...deadline.pauses, context.now] });
    await writeEvent(context, deadlineId, "resumed", `Due ${dueDay}.`);
    context.emit("office.deadline.resumed", { deadlineId });
    return { id: deadlineId, dueDay };
  },
});

export const cancelDeadline = operation({
  name: "office.deadline.cancel",
  title: "Call a deadline off",
  does: "Says that nothing need be submitted after all, and why: the reason is kept for the authority.",
  kind: "write",
  may: [...keepers],
  when: isOpen,
  input: z.strictObject({
    deadlineId: ref("office.deadline"),
    why: LongText(2000).refine((text) => text.trim() !== "", "must not be empty"),
  }),
  output: z.object({ id: Id }),
  refuses: refusals,
  emits: ["office.deadline.cancelled"],
  async run({ deadlineId, why }, context) {
    const deadline = await openOne(context, deadlineId);
    await context.db.run(sql`
      update office.deadline set state = 'cancelled', paused_at = null, closed_on = ${context.today}, warn_at = null
      where tenant_id = ${context.tenantId} and id = ${deadline.id}`);
    await writeEvent(context, deadlineId, "cancelled", why);
    context.emit("office.deadline.cancelled", { deadlineId });
    return { id: deadlineId };
  },
});
