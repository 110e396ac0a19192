// Breaches of personal data: recorded with the moment the company knew, contained, assessed, told to the authority and to the persons
// concerned, and learned from. Recording one starts the 72 hours of GDPR Art. 33, and the clocks of NIS2 where the company adopted it.
import { z } from "zod";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { Id, LongText, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../platform/operation/operation.ts";
import { adoptRules, cancelDeadline, deadlinesByRule, resolveHolder, startDeadlinesOn, submitDeadline, wasAsked } from "../office/index.ts";

const Moment = z.iso.datetime({ offset: true }).meta({ "x-kind": "instant" });
const Why = LongText(4000).refine((text) => text.trim() !== "", "must not be empty");
const notFound = "There is no such breach, or it is not yours to see.";
const closed = "This breach is closed. Record what is new as a breach of its own.";
const subject = "governance.breach";

const asked = (name: string) =>
  whoever<{ breachId: RecordId }>("whoever was asked for it, or answers for personal data", async ({ breachId }, context) => {
    const { personId } = await resolveHolder(context, "governance.privacy");
    if (context.actor.personId !== null && personId === context.actor.personId) return true;
    return wasAsked(context, name, "breachId", breachId);
  });

const isOpen = (record: Readonly<Record<string, unknown>>): boolean => record["state"] !== "closed";

export const recordBreach = operation({
  name: "governance.breach.record",
  title: "Report a breach of personal data",
  does: "Records that personal data were lost, changed or seen by others, and starts the clock: the authority is to know within 72 hours.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    title: Text(200).describe("What happened, in a few words."),
    description: Why.describe("What is known so far; more can follow."),
    kinds: z
      .array(z.enum(["confidentiality", "integrity", "availability"]))
      .min(1)
      .max(3)
      .meta({ title: "What was harmed" })
      .describe("Confidentiality: others saw it. Integrity: it was changed. Availability: it is lost or cannot be reached."),
    categories: Text(300).meta({ title: "Which data" }).describe("Whose data and which, e.g. payslips of employees."),
    detectedAt: Moment.meta({ "x-start": "now" }).describe("When it was first noticed."),
    awareAt: Moment.optional().describe("When it was reasonably certain; the clock runs from here. As noticed when left out."),
    personsAffected: z.number().int().min(0).optional(),
  }),
  output: z.object({ id: Id }),
  refuses: {
    inTheFuture: "It has not happened yet. Check the time.",
    awareBeforeDetected: "Nobody can be certain before anybody noticed. Check the two times.",
  },
  emits: ["governance.breach.recorded"],
  example: {
    title: "Payslips sent to the wrong list",
    description: "Forty payslips went to all of the sales team.",
    kinds: ["confidentiality"],
    categories: "Pay of employees",
    detectedAt: "2026-03-02T08:30:00Z",
  },
  async run(input, context) {
    const [detectedAt, awareAt] = [new Date(input.detectedAt), new Date(input.awareAt ?? input.detectedAt)];
    if (detectedAt > context.now || awareAt > context.now) refuse("inTheFuture", {}, ["detectedAt"]);
    if (awareAt < detectedAt) refuse("awareBeforeDetected", {}, ["awareAt"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into governance.breach (tenant_id, id, title, description, kinds, categories, detected_at, aware_at, persons_affected,
        reported_by, reported_at)
      values (${context.tenantId}, ${id}, ${input.title}, ${input.description}, ${[...new Set(input.kinds)]}, ${input.categories},
        ${detectedAt}, ${awareAt}, ${input.personsAffected ?? null}, ${context.actor.personId}, ${context.now})`);
    await adoptRules(context, "gdpr");
    await startDeadlinesOn(context, "governance.breach.recorded", { about: { subject, id }, at: awareAt });
    context.emit("governance.breach.recorded", { breachId: id });
    return { id };
  },
});

export const containBreach = operation({
  name: "governance.breach.contain",
  title: "Say what was done against it",
  does: "Says that no more harm comes from the breach, and by which measures.",
  kind: "write",
  may: ["governance.manager", asked("governance.breach.contain")],
  when: (record) => isOpen(record) && record["containedAt"] === null,
  input: z.strictObject({
    breachId: ref(subject),
    at: Moment.optional().describe("Now when left out."),
    measures: Why.describe("What was done to stop it and to make it good."),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound, closed, inTheFuture: "It is not contained yet. Say so when it is.", containedAlready: "It was contained on {day}." },
  emits: ["governance.breach.contained"],
  async run({ breachId, at, measures }, context) {
    const breach = await lockBreach(context, breachId);
    if (breach.containedAt) refuse("containedAlready", { day: breach.containedAt.toISOString().slice(0, 10) });
    const contained = at ? new Date(at) : context.now;
    if (contained > context.now) refuse("inTheFuture", {}, ["at"]);
    await context.db.run(sql`
      update governance.breach set contained_at = ${contained}, measures = ${measures}
      where tenant_id = ${context.tenantId} and id = ${breachId}`);
    context.emit("governance.breach.contained", { breachId });
    return { id: breachId };
  },
});

export const assessBreach = operation({
  name: "governance.breach.assess",
  title: "Assess the risk to persons",
  does:
    "Says how likely harm to persons is, and why. Unlikely: the authority need not know, and the reason is kept. High: the persons " +
    "themselves must be told.",
  kind: "write",
  may: ["governance.manager", asked("governance.breach.assess")],
  when: isOpen,
  input: z.strictObject({
    breachId: ref(subject),
    risk: z.enum(["unlikely", "likely", "high"]),
    because: Why,
    personsAffected: z.number().int().min(0).optional(),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound, closed, notifiedAlready: "The authority has been notified. A risk that was notified cannot become unlikely." },
  emits: ["governance.breach.assessed", "governance.breach.highRisk"],
  async run({ breachId, risk, because, personsAffected }, context) {
    const breach = await lockBreach(context, breachId);
    const before = await deadlinesByRule(context, { id: breachId });
    const notice = before.get("gdpr-33");
    if (risk === "unlikely" && notice?.state === "submitted") refuse("notifiedAlready", {}, ["risk"]);
    await context.db.run(sql`
      update governance.breach set risk = ${risk}, risk_because = ${because}, assessed_at = ${context.now},
        assessed_by = ${context.actor.personId},
        persons_affected = coalesce(${personsAffected ?? null}::int, persons_affected)
      where tenant_id = ${context.tenantId} and id = ${breachId}`);
    if (risk === "unlikely" && notice && notice.state !== "cancelled") {
      await context.callAsSystem(cancelDeadline, { deadlineId: notice.id, why: `A risk to persons is unlikely: ${because}` });
    }
    if (risk !== "unlikely" && breach.risk === "unlikely") {
      // What was called off is due again, from when the company first knew.
      await startDeadlinesOn(context, "governance.breach.recorded", { about: { subject, id: breachId }, at: breach.awareAt, again: true });
    }
    if (risk === "high") {
      await startDeadlinesOn(context, "governance.breach.highRisk", { about: { subject, id: breachId }, at: context.now });
      context.emit("governance.breach.highRisk", { breachId });
    }
    context.emit("governance.breach.assessed", { breachId });
    return { id: breachId };
  },
});

export const tellPersons = operation({
  name: "governance.breach.tellPersons",
  title: "Say that persons were told",
  does: "Says when and how the persons concerned were told of the breach (GDPR Art. 34).",
  kind: "write",
  may: ["governance.manager", asked("governance.breach.tellPersons")],
  when: (record) => isOpen(record) && record["risk"] === "high" && record["toldAt"] === null,
  input: z.strictObject({
    breachId: ref(subject),
    at: Moment.optional().describe("Now when left out."),
    how: Text(300).describe("By which way and with which text, e.g. letter of 4 March."),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound, closed, inTheFuture: "They have not been told yet. Say so when they are.", toldAlready: "They were told already." },
  emits: ["governance.breach.personsTold"],
  async run({ breachId, at, how }, context) {
    const breach = await lockBreach(context, breachId);
    if (breach.toldAt) refuse("toldAlready");
    const told = at ? new Date(at) : context.now;
    if (told > context.now) refuse("inTheFuture", {}, ["at"]);
    await context.db.run(sql`
      update governance.breach set told_at = ${told}, told_how = ${how} where tenant_id = ${context.tenantId} and id = ${breachId}`);
    const duty = (await deadlinesByRule(context, { id: breachId })).get("gdpr-34");
    if (duty?.state === "open") {
      await context.callAsSystem(submitDeadline, { deadlineId: duty.id, at: told.toISOString(), reference: how.slice(0, 100) });
    }
    context.emit("governance.breach.personsTold", { breachId });
    return { id: breachId };
  },
});

export const closeBreach = operation({
  name: "governance.breach.close",
  title: "Draw the lessons and close",
  does: "Says what will be done so that it does not happen again, and closes the breach. The record stays for the authority (Art. 33(5)).",
  kind: "write",
  may: ["governance.manager", asked("governance.breach.close")],
  when: (record) =>
    isOpen(record) && record["containedAt"] !== null && record["risk"] !== null && (record["risk"] !== "high" || record["toldAt"] !== null),
  input: z.strictObject({ breachId: ref(subject), lessons: Why }),
  output: z.object({ id: Id }),
  refuses: {
    notFound,
    closed,
    notContained: "It is not contained yet. Say first what was done against it.",
    notAssessed: "Nobody has judged the risk to persons yet. Assess it first.",
    notNotified: "The authority has neither been notified nor need it not be. Record the submission first.",
    notTold: "The risk is high: tell the persons concerned first.",
  },
  emits: ["governance.breach.closed"],
  async run({ breachId, lessons }, context) {
    const breach = await lockBreach(context, breachId);
    if (!breach.containedAt) refuse("notContained");
    if (!breach.risk) refuse("notAssessed");
    if (!(await authorityIsSettled(context, breachId))) refuse("notNotified");
    if (breach.risk === "high" && !breach.toldAt) refuse("notTold");
    await context.db.run(sql`
      update governance.breach set lessons = ${lessons}, closed_on = ${context.today}
      where tenant_id = ${context.tenantId} and id = ${breachId}`);
    context.emit("governance.breach.closed", { breachId });
    return { id: breachId };
  },
});

interface LockedBreach {
  readonly awareAt: Date;
  readonly containedAt: Date | null;
  readonly risk: "unlikely" | "likely" | "high" | null;
  readonly toldAt: Date | null;
  readonly closedOn: string | null;
}

/** Refuses `notFound` and `closed`. */
async function lockBreach(context: WriteContext, breachId: RecordId): Promise<LockedBreach> {
  const found = await context.db.maybe<LockedBreach>(sql`
    select aware_at, contained_at, risk, told_at, closed_on from governance.breach
    where tenant_id = ${context.tenantId} and id = ${breachId} for update`);
  if (!found) refuse("notFound");
  if (found.closedOn) refuse("closed");
  return found;
}

/** The authority was notified, or the reason why it need not be is on record. */
export async function authorityIsSettled(context: ReadContext, breachId: RecordId): Promise<boolean> {
  const notice = (await deadlinesByRule(context, { id: breachId })).get("gdpr-33");
  return notice?.state === "submitted" || notice?.state === "cancelled";
}
