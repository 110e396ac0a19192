// Erasing what is held about a person on their request: a dry run that says class by class what goes and what must stay until when, the
// wish, the agreement of a second person, and the proof. What must stay is erased by itself when its day comes.
import { z } from "zod";
import type { Id as RecordId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation, whoever } from "../../../platform/operation/operation.ts";
import { decideErasure, decideKeeping, erasuresDue, lockErasure, proposeErasure } from "../../../platform/privacy/erasure.ts";
import { wasAsked } from "../../office/index.ts";
import { lockRequest, privacy, requestWords, unknownWords } from "./request.operations.ts";

const subject = "governance.subjectRequest";

const PlanLine = z.object({
  class: z.string(),
  title: z.string(),
  records: z.number().int(),
  now: z.number().int().describe("Records that go now."),
  becomes: z.enum(["deleted", "anonymous"]),
  stays: z.number().int().describe("Records that must stay for now."),
  until: Day.nullable().describe("The last day on which something of it must stay."),
  why: z.string(),
});

interface HeldClass {
  readonly name: string;
  readonly title: string;
  readonly law: string;
  readonly rows: number;
  readonly due: number;
  readonly running: number;
  readonly held: number;
  readonly until: z.output<typeof Day> | null;
  readonly matters: readonly string[];
  readonly becomes: "deleted" | "anonymous";
}

function lineOf(one: HeldClass): z.output<typeof PlanLine> {
  const stays = one.rows - one.due;
  const reasons = [
    ...(one.held > 0 ? [`In dispute: ${one.matters.join(", ")}.`] : []),
    ...(one.running > 0 ? ["Still in use."] : []),
    one.law,
  ];
  const until = one.held > 0 || one.running > 0 || stays === 0 ? null : one.until;
  return { class: one.name, title: one.title, records: one.rows, now: one.due, becomes: one.becomes, stays, until, why: reasons.join(" ") };
}

async function linesFor(context: ReadContext, personId: RecordId): Promise<z.output<typeof PlanLine>[]> {
  const asking = context.operationNamed("platform.person.holdings")!;
  const { classes } = (await asking.run({ personId } as never, context as never)) as { classes: HeldClass[] };
  return classes.map(lineOf);
}

export const planErasureOfPerson = operation({
  name: "governance.subjectRequest.plan",
  title: "What would be erased",
  does: "Shows class by class what would go now, what would become anonymous, and what must stay until which day and why. Erases nothing.",
  kind: "read",
  may: privacy("governance.subjectRequest.plan"),
  logged: true,
  input: z.strictObject({ subjectRequestId: ref(subject) }),
  output: z.object({ rows: z.array(PlanLine) }),
  refuses: { notFound: requestWords.notFound },
  async run({ subjectRequestId }, context) {
    const request = await context.db.maybe<{ personId: RecordId }>(sql`
      select person_id from governance.subject_request where tenant_id = ${context.tenantId} and id = ${subjectRequestId}`);
    if (!request) refuse("notFound");
    return { rows: await linesFor(context, request.personId) };
  },
});

export const proposeErasureOfPerson = operation({
  name: "governance.subjectRequest.proposeErasure",
  title: "Propose the erasure",
  does: "Proposes to erase what no law asks to keep about the person, and the rest when its day comes; a second person has to agree.",
  kind: "write",
  may: privacy("governance.subjectRequest.proposeErasure"),
  when: (record) => record["closedOn"] === null && record["kind"] === "erasure" && record["identifiedAt"] !== null && !record["erasureId"],
  input: z.strictObject({ subjectRequestId: ref(subject) }),
  output: z.object({ id: Id, erasureId: Id, rows: z.array(PlanLine) }),
  refuses: {
    ...requestWords,
    ...unknownWords,
    notErasure: "They did not ask for that. Record a request for erasure first.",
    erasureUnderWay: "An erasure of what is held about them is under way already.",
  },
  emits: ["governance.erasure.proposed"],
  async run({ subjectRequestId }, context) {
    const request = await lockRequest(context, subjectRequestId);
    if (request.kind !== "erasure") refuse("notErasure");
    if (!request.identifiedAt) refuse("notIdentified");
    const erasureId = (await proposeErasure(context, request.personId)) ?? refuse("erasureUnderWay");
    await context.db.run(sql`
      update governance.subject_request set erasure_id = ${erasureId} where tenant_id = ${context.tenantId} and id = ${subjectRequestId}`);
    context.emit("governance.erasure.proposed", { erasureId, subjectRequestId });
    return { id: subjectRequestId, erasureId, rows: await linesFor(context, request.personId) };
  },
});

const Proof = z.object({
  id: Id.nullable(),
  rows: z.number().int(),
  files: z.number().int(),
  trailRows: z.number().int(),
  trailDigest: z.string().nullable(),
});

export const decideErasureOfPerson = operation({
  name: "governance.erasure.decide",
  title: "Decide on the erasure",
  does: "Agrees to an erasure or declines it; not by whoever proposed it. What is due is erased at once, and cannot be brought back.",
  kind: "write",
  may: [
    "governance.manager",
    whoever<{ erasureId: RecordId }>("whoever is asked to agree", ({ erasureId }, context) =>
      wasAsked(context, "governance.erasure.decide", "erasureId", erasureId),
    ),
  ],
  when: ({ state }) => state === "proposed",
  previews: true,
  input: z.strictObject({
    erasureId: ref("governance.erasure"),
    verdict: z.enum(["approve", "decline"]),
    reason: LongText(1000).optional().describe("Needed to decline."),
  }),
  output: z.object({ id: Id, proof: Proof.nullable() }),
  refuses: {
    notFound: "There is no such erasure.",
    decidedAlready: "This erasure is {state} already.",
    selfApproval: "Nobody decides on their own wish. Someone else has to decide.",
    reasonMissing: "Say why it is declined: the person has to be told.",
  },
  constraints: { erasure_four_eyes: "selfApproval" },
  emits: ["governance.erasure.decided"],
  async run({ erasureId, verdict, reason }, context) {
    const erasure = (await lockErasure(context, erasureId)) ?? refuse("notFound");
    if (erasure.state !== "proposed") refuse("decidedAlready", { state: erasure.state });
    if (erasure.proposedBy !== null && erasure.proposedBy === context.actor.personId) refuse("selfApproval");
    if (verdict === "decline" && !reason?.trim()) refuse("reasonMissing", {}, ["reason"]);
    await decideErasure(context, erasureId, verdict === "approve" ? "approved" : "declined");
    const proof = verdict === "approve" ? await carryOut(context, erasureId) : null;
    const request = await context.db.maybe<{ id: RecordId }>(sql`
      select id from governance.subject_request where tenant_id = ${context.tenantId} and erasure_id = ${erasureId}`);
    context.emit("governance.erasure.decided", { erasureId, verdict, ...(request && { subjectRequestId: request.id }) });
    return { id: erasureId, proof };
  },
});

const carryOut = async (context: WriteContext, erasureId: RecordId): Promise<z.output<typeof Proof>> =>
  (await context.callAsSystem(context.operationNamed("platform.person.erase")!, { erasureId } as never)) as z.output<typeof Proof>;

/** What had to stay goes when its day has come. */
export async function eraseWhatIsDue(context: WriteContext): Promise<void> {
  for (const { id } of await erasuresDue(context)) await carryOut(context, id);
}

export const setKeeping = operation({
  name: "governance.keeping.set",
  title: "Set how long a class is kept",
  does: "Says how many months a class of records about persons is kept here and by which law, where it differs from what is proposed.",
  kind: "write",
  may: ["governance.manager"],
  input: z.strictObject({
    class: Text(80).describe("A class of records, e.g. payroll.pay."),
    months: z.number().int().min(0).max(1200),
    law: Text(500).describe("Why so long, with the law."),
  }),
  output: z.object({ class: z.string() }),
  refuses: { classUnknown: "There is no class {class}. See which there are: heartwood governance keeping show" },
  example: { class: "payroll.pay", months: 84, law: "Seven years (BAO § 132)." },
  emits: ["governance.keeping.set"],
  async run(input, context) {
    const { classes } = await keepingNow(context);
    if (!classes.some((one) => one.class === input.class)) refuse("classUnknown", { class: input.class }, ["class"]);
    await decideKeeping(context, input);
    context.emit("governance.keeping.set", { class: input.class });
    return { class: input.class };
  },
});

const keepingNow = async (context: ReadContext): Promise<{ classes: z.output<typeof Kept>[] }> =>
  (await context.operationNamed("platform.person.keeping")!.run({} as never, context as never)) as { classes: z.output<typeof Kept>[] };

const Kept = z.object({
  class: z.string(),
  title: z.string(),
  months: z.number().int(),
  from: z.enum(["day", "yearEnd"]),
  law: z.string(),
});

export const showKeeping = operation({
  name: "governance.keeping.show",
  title: "How long records about persons are kept",
  does: "Lists the classes of records about persons, how many months each is kept from when, and by which law.",
  kind: "read",
  may: ["governance.manager", "platform.auditor"],
  input: z.strictObject({}),
  output: z.object({ rows: z.array(Kept) }),
  run: async (_input, context) => ({ rows: (await keepingNow(context)).classes }),
});
