// Disposal: proposed by rule or by a person, approved by another, done, and proved by a certificate. Content is destroyed in the database
// by one function that asks for the approval and for holds itself.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, Instant, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { held, keptUntil, visible } from "./document.sight.ts";
import { documentDisposed, isKeeper, keeperOfDocument, keepExpiry, lockLiveDocument } from "./document.store.ts";

const Certificate = z.object({
  title: z.string(),
  class: z.string(),
  rule: z.string(),
  filedOn: z.string(),
  files: z.number().int().describe("Files whose content was destroyed."),
  versions: z.array(z.object({ number: z.number().int(), hash: z.string(), at: z.string() })),
  approvedBy: z.string(),
  doneBy: z.string(),
});

export const disposalRegister = register({
  name: "office.disposal",
  title: "Disposals",
  does: "Documents whose time is up: proposed, approved, kept on, or destroyed with a certificate.",
  may: [anyone],
  row: z.object({
    id: Id,
    title: z.string(),
    state: z.enum(["proposed", "approved", "kept", "done"]),
    documentId: ref("office.document"),
    document: z.string(),
    due: Day,
    rule: z.string(),
    held: z.boolean(),
    proposedOn: Day,
    decidedById: ref("directory.person").nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: Instant.nullable(),
    reason: z.string().nullable(),
    doneAt: Instant.nullable(),
    certificate: Certificate.nullable(),
  }),
  label: "title",
  search: ["title"],
  sort: "-proposedOn",
  from: (context) => sql`
    select s.id, d.title, s.state, s.document_id, d.title as document, s.due, s.rule, ${held(context)} as held, s.proposed_on,
      s.decided_by as decided_by_id, s.decider as decided_by, s.decided_at, s.reason, s.done_at, s.certificate
    from office.disposal s join office.document d on d.tenant_id = s.tenant_id and d.id = s.document_id
    where s.tenant_id = ${context.tenantId} and ${visible(context)}`,
});

const notFound = { notFound: "There is no such record, or it is not yours to see." };
const holdWords = { documentHeld: "A hold lies on «{title}». It cannot be disposed of until the hold is released." };

export const proposeDisposal = operation({
  name: "office.disposal.propose",
  title: "Propose its disposal",
  does: "Proposes to destroy a document whose rule allows it; someone else has to approve.",
  kind: "write",
  may: [keeperOfDocument],
  on: "office.document",
  input: z.strictObject({ documentId: ref("office.document") }),
  output: z.object({ id: Id }),
  when: ({ state, held: isHeld, keptUntil: until }) => state !== "disposed" && isHeld === false && until !== null,
  refuses: {
    ...notFound,
    ...documentDisposed,
    ...holdWords,
    keptLonger: "By its rule it is kept until {until}: {rule}",
    keptForEver: "By its rule it is kept, and no day can be given: {rule}",
    proposedAlready: "Its disposal was proposed already.",
  },
  emits: ["office.disposal.proposed"],
  async run({ documentId }, context) {
    const document = await lockLiveDocument(context, documentId);
    const found = await ruleOf(context, documentId);
    if (found.held) refuse("documentHeld", { title: document.title });
    if (found.until === null) refuse("keptForEver", { rule: found.rule });
    if (found.until >= context.today) refuse("keptLonger", { until: found.until, rule: found.rule });
    const id = context.newId();
    const proposed = await context.db.run(sql`
      insert into office.disposal (tenant_id, id, document_id, state, due, rule, proposed_on, proposed_by)
      values (${context.tenantId}, ${id}, ${documentId}, 'proposed', ${found.until}, ${found.rule},
        ${context.today}, ${context.actor.personId})
      on conflict (tenant_id, document_id) where state in ('proposed', 'approved') do nothing`);
    if (proposed === 0) refuse("proposedAlready");
    context.emit("office.disposal.proposed", { disposalId: id, documentId });
    return { id };
  },
});

const ruleOf = (context: WriteContext, documentId: KernelId) =>
  context.db.row<{ until: KernelDay | null; rule: string; held: boolean; class: string; filedOn: KernelDay }>(sql`
    select ${keptUntil} as until, c.rule, ${held(context)} as held, c.title as class, d.filed_on
    from office.document d join office.document_class c on c.tenant_id = d.tenant_id and c.id = d.class_id
    where d.tenant_id = ${context.tenantId} and d.id = ${documentId}`);

const keeper = whoever<{ disposalId: KernelId }>("the owner of the document, or the records manager", async ({ disposalId }, context) => {
  const found = await context.db.maybe<{ documentId: KernelId }>(sql`
    select document_id from office.disposal where tenant_id = ${context.tenantId} and id = ${disposalId}`);
  return found !== undefined && isKeeper(context, found.documentId);
});

interface Disposal {
  readonly id: KernelId;
  readonly documentId: KernelId;
  readonly state: string;
  readonly proposedBy: KernelId | null;
  readonly decider: string | null;
}

/** A disposal in this state, with its document locked first. */
async function lockDisposal(context: WriteContext, id: KernelId, state: "proposed" | "approved"): Promise<Disposal & { title: string }> {
  const named = await context.db.maybe<{ documentId: KernelId }>(sql`
    select document_id from office.disposal where tenant_id = ${context.tenantId} and id = ${id}`);
  if (!named) refuse("notFound");
  const { title } = await lockLiveDocument(context, named.documentId);
  const found = await context.db.row<Disposal>(sql`
    select id, document_id, state, proposed_by, decider from office.disposal
    where tenant_id = ${context.tenantId} and id = ${id} for update`);
  if (found.state !== state) refuse("disposalState", { state: found.state });
  return { ...found, title };
}

const stateWords = { ...documentDisposed, disposalState: "This disposal is {state}; that step is not open any more, or not yet." };

export const approveDisposal = operation({
  name: "office.disposal.approve",
  title: "Approve the disposal",
  does: "Agrees that a document whose time is up is destroyed; not by whoever proposed it.",
  kind: "write",
  may: [keeper],
  input: z.strictObject({ disposalId: ref("office.disposal") }),
  output: z.object({ id: Id }),
  when: ({ state, held: isHeld }) => state === "proposed" && isHeld === false,
  refuses: {
    ...notFound,
    ...stateWords,
    ...holdWords,
    selfApproval: "Nobody decides on their own wish. Someone else has to decide.",
  },
  async run({ disposalId }, context) {
    const disposal = await lockDisposal(context, disposalId, "proposed");
    if (disposal.proposedBy !== null && disposal.proposedBy === context.actor.personId) refuse("selfApproval");
    if ((await ruleOf(context, disposal.documentId)).held) refuse("documentHeld", { title: disposal.title });
    await context.db.run(sql`
      update office.disposal set state = 'approved', decided_by = ${context.actor.personId}, decider = ${context.actor.name},
        decided_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${disposalId}`);
    return { id: disposalId };
  },
});

export const keepOn = operation({
  name: "office.disposal.keep",
  title: "Keep it on",
  does: "Says with a reason that a document is kept although its time is up; it is proposed again a year later.",
  kind: "write",
  may: [keeper],
  input: z.strictObject({ disposalId: ref("office.disposal"), reason: Text(500) }),
  output: z.object({ id: Id }),
  when: ({ state }) => state === "proposed",
  refuses: { ...notFound, ...stateWords },
  async run({ disposalId, reason }, context) {
    await lockDisposal(context, disposalId, "proposed");
    await context.db.run(sql`
      update office.disposal set state = 'kept', decided_by = ${context.actor.personId}, decider = ${context.actor.name},
        decided_at = ${context.now}, reason = ${reason}
      where tenant_id = ${context.tenantId} and id = ${disposalId}`);
    return { id: disposalId };
  },
});

export const carryOutDisposal = operation({
  name: "office.disposal.carryOut",
  title: "Destroy it",
  does: "Destroys the content of every version of an approved document and keeps the certificate of it. This cannot be undone.",
  kind: "write",
  may: [keeper],
  input: z.strictObject({ disposalId: ref("office.disposal") }),
  output: z.object({ id: Id, certificate: Certificate }),
  when: ({ state, held: isHeld }) => state === "approved" && isHeld === false,
  previews: true,
  refuses: { ...notFound, ...stateWords, ...holdWords },
  constraints: { document_held: "documentHeld" },
  emits: ["office.disposal.done"],
  async run({ disposalId }, context) {
    const disposal = await lockDisposal(context, disposalId, "approved");
    const { documentId, title } = disposal;
    const rule = await ruleOf(context, documentId);
    if (rule.held) refuse("documentHeld", { title });
    const versions = await context.db.rows<{ number: number; hash: string; at: Date }>(sql`
      select number, hash, at from office.document_version
      where tenant_id = ${context.tenantId} and document_id = ${documentId} order by number`);
    const { files } = await context.db.row<{ files: number }>(sql`
      select office.destroy_document(${context.tenantId}, ${documentId}, ${context.now}) as files`);
    const certificate = {
      title,
      class: rule.class,
      rule: rule.rule,
      filedOn: rule.filedOn,
      files,
      versions: versions.map((one) => ({ ...one, at: one.at.toISOString() })),
      approvedBy: disposal.decider!,
      doneBy: context.actor.name,
    };
    await context.db.run(sql`
      update office.disposal set state = 'done', done_at = ${context.now}, certificate = ${JSON.stringify(certificate)}
      where tenant_id = ${context.tenantId} and id = ${disposalId}`);
    await context.db.run(sql`
      update office.document set state = 'disposed', closed_on = ${context.today}
      where tenant_id = ${context.tenantId} and id = ${documentId}`);
    await keepExpiry(context, documentId);
    context.emit("office.disposal.done", { disposalId, documentId });
    return { id: disposalId, certificate };
  },
});
