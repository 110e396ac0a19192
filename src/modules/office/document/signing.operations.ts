// Signing: people are asked to sign one exact version, in order or all at once; each signs or declines in their own name.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, Instant, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { visible } from "./document.sight.ts";
import { documentDisposed, isKeeper, keeperOfDocument, lockLiveDocument, needPeople } from "./document.store.ts";
import { sealText } from "./signing.rules.ts";
import { askNext, closeSignTask, endSigning, lockSigning, type SignatureRow, signaturesOf, type SigningRow } from "./signing.store.ts";

export const signingRegister = register({
  name: "office.signing",
  title: "Signatures",
  does: "Which version of which document people were asked to sign, who has signed, and the certificate.",
  may: [anyone],
  row: z.object({
    id: Id,
    title: z.string(),
    state: z.enum(["open", "signed", "declined", "withdrawn"]),
    documentId: ref("office.document"),
    document: z.string(),
    version: z.number().int(),
    hash: z.string(),
    due: Day,
    inOrder: z.boolean(),
    /** It waits for you. */
    mine: z.boolean(),
    askedById: ref("directory.person").nullable(),
    askedBy: z.string(),
    askedAt: Instant,
    closedAt: Instant.nullable(),
    certificate: FileId.nullable(),
    says: z.string().nullable(),
    signatures: z.array(
      z.object({
        personId: ref("directory.person"),
        person: z.string(),
        state: z.enum(["waiting", "asked", "signed", "declined", "void"]),
        name: z.string().nullable(),
        at: z.string().nullable(),
        seal: z.string().nullable(),
        reason: z.string().nullable(),
      }),
    ),
  }),
  label: "title",
  search: ["title"],
  sort: "-askedAt",
  from: (context) => sql`
    select g.id, d.title || ' – version ' || v.number as title, g.state, g.document_id, d.title as document, v.number as version, g.hash,
      g.due, g.in_order, g.asked_by as asked_by_id, g.asker as asked_by, g.asked_at, g.closed_at, g.certificate_file_id as certificate,
      g.says,
      exists (select from office.signature m where m.tenant_id = g.tenant_id and m.signing_id = g.id and m.state = 'asked'
        and m.person_id = ${context.actor.personId}::uuid) as mine,
      (select jsonb_agg(jsonb_build_object('personId', s.person_id, 'person', p.name, 'state', s.state, 'name', s.name, 'at', s.at,
          'seal', s.seal, 'reason', s.reason) order by s.place)
        from office.signature s join directory.party p on p.tenant_id = s.tenant_id and p.id = s.person_id
        where s.tenant_id = g.tenant_id and s.signing_id = g.id) as signatures
    from office.signing g
    join office.document d on d.tenant_id = g.tenant_id and d.id = g.document_id
    join office.document_version v on v.tenant_id = g.tenant_id and v.id = g.version_id
    where g.tenant_id = ${context.tenantId} and ${visible(context)}`,
});

const notFound = { notFound: "There is no such record, or it is not yours to see." };

export const askSignatures = operation({
  name: "office.signing.ask",
  title: "Ask for signatures",
  does: "Asks people to sign the present version of a document until a day, all at once or one after the other.",
  kind: "write",
  may: [keeperOfDocument],
  on: "office.document",
  input: z.strictObject({
    documentId: ref("office.document"),
    people: z.array(ref("directory.person")).min(1).max(20),
    inOrder: z.boolean().default(false).describe("One after the other, in the order named."),
    due: Day,
    says: LongText(2000).optional(),
  }),
  output: z.object({ id: Id }),
  when: ({ state, signing }) => (state === "in force" || state === "not yet") && signing === false,
  refuses: {
    ...notFound,
    ...documentDisposed,
    documentWithdrawn: "This document was withdrawn; nobody can be asked to sign it.",
    signingOpen: "People are asked to sign it already. Wait for them, or take that back first.",
    personUnknown: "Someone you name is not in the directory. Choose them from the list.",
    personTwice: "Someone is named twice. Each person signs once.",
    dueInPast: "{due} has passed. Choose a later day.",
  },
  emits: ["office.signing.asked"],
  async run(input, context) {
    const document = await lockLiveDocument(context, input.documentId);
    if (document.state === "withdrawn") refuse("documentWithdrawn");
    if (input.due < context.today) refuse("dueInPast", { due: input.due }, ["due"]);
    if (new Set(input.people).size < input.people.length) refuse("personTwice", {}, ["people"]);
    await needPeople(context, input.people, "people");
    const id = context.newId();
    const opened = await context.db.run(sql`
      insert into office.signing (tenant_id, id, document_id, version_id, hash, says, in_order, due, state, asked_by, asker, asked_at)
      values (${context.tenantId}, ${id}, ${document.id}, ${document.versionId}, ${document.hash}, ${input.says ?? null}, ${input.inOrder},
        ${input.due}, 'open', ${context.actor.personId}, ${context.actor.name}, ${context.now})
      on conflict (tenant_id, document_id) where state = 'open' do nothing`);
    if (opened === 0) refuse("signingOpen");
    await context.db.run(sql`
      insert into office.signature (tenant_id, id, signing_id, person_id, place, state)
      select ${context.tenantId}, s.id, ${id}, s.person_id, s.place, 'waiting'
      from unnest(${input.people.map(() => context.newId())}::uuid[], ${input.people}::uuid[])
        with ordinality as s (id, person_id, place)`);
    await askNext(context, (await lockSigning(context, id))!);
    context.emit("office.signing.asked", { signingId: id, documentId: document.id });
    return { id };
  },
});

const whoeverIsAsked = whoever<{ signingId: KernelId }>("whoever is asked to sign", async ({ signingId }, context) => {
  const found = await context.db.maybe(sql`
    select id from office.signature
    where tenant_id = ${context.tenantId} and signing_id = ${signingId} and person_id = ${context.actor.personId}::uuid`);
  return found !== undefined;
});

const askedWords = {
  ...notFound,
  notYourTurn: "It is not your turn, or you have answered already. You are told when you are asked.",
  signingOver: "This signing is {state}. There is nothing left to sign.",
};

/** The signing and the actor's own place in it. */
async function myTurn(context: WriteContext, signingId: KernelId): Promise<{ signing: SigningRow; mine: SignatureRow }> {
  const signing = (await lockSigning(context, signingId)) ?? refuse("notFound");
  if (signing.state !== "open") refuse("signingOver", { state: signing.state });
  const mine = (await signaturesOf(context, signingId)).find((one) => one.personId === context.actor.personId);
  if (mine?.state !== "asked") refuse("notYourTurn");
  return { signing, mine };
}

export const signDocument = operation({
  name: "office.signing.sign",
  title: "Sign",
  does: "Signs the exact version you were asked to sign, with your name, the moment and the fingerprint of the content.",
  kind: "write",
  may: [whoeverIsAsked],
  input: z.strictObject({ signingId: ref("office.signing"), name: Text(120).describe("Your name, as you sign.") }),
  output: z.object({ id: Id, seal: z.string() }),
  when: ({ state, mine }) => state === "open" && mine === true,
  refuses: askedWords,
  emits: ["office.signing.signed"],
  async run({ signingId, name }, context) {
    const { signing, mine } = await myTurn(context, signingId);
    const signed = { ...signing, personId: mine.personId, name, at: context.now };
    const seal = createHash("sha256").update(sealText(signed)).digest("hex");
    await context.db.run(sql`
      update office.signature set state = 'signed', name = ${name}, hash = ${signing.hash}, seal = ${seal}, at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${mine.id}`);
    await closeSignTask(context, signingId, mine.personId);
    const isLast = (await signaturesOf(context, signingId)).every((one) => one.state === "signed");
    if (isLast) await endSigning(context, signing, "signed");
    else await askNext(context, signing);
    context.emit("office.signing.signed", { signingId, documentId: signing.documentId, personId: mine.personId });
    return { id: mine.id, seal };
  },
});

export const declineSignature = operation({
  name: "office.signing.decline",
  title: "Decline to sign",
  does: "Says with a reason that you do not sign; the signing ends with that.",
  kind: "write",
  may: [whoeverIsAsked],
  input: z.strictObject({ signingId: ref("office.signing"), reason: Text(500) }),
  output: z.object({ id: Id }),
  when: ({ state, mine }) => state === "open" && mine === true,
  refuses: askedWords,
  emits: ["office.signing.declined"],
  async run({ signingId, reason }, context) {
    const { signing, mine } = await myTurn(context, signingId);
    await context.db.run(sql`
      update office.signature set state = 'declined', reason = ${reason}, at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${mine.id}`);
    await closeSignTask(context, signingId, mine.personId);
    await endSigning(context, signing, "declined");
    context.emit("office.signing.declined", { signingId, documentId: signing.documentId });
    return { id: mine.id };
  },
});

const whoeverAsked = whoever<{ signingId: KernelId }>("whoever keeps the document", async ({ signingId }, context) => {
  const found = await context.db.maybe<{ documentId: KernelId }>(sql`
    select document_id from office.signing where tenant_id = ${context.tenantId} and id = ${signingId}`);
  return found !== undefined && isKeeper(context, found.documentId);
});

export const withdrawSigning = operation({
  name: "office.signing.withdraw",
  title: "Take the signing back",
  does: "Ends a signing before all have signed; what was signed stays on it.",
  kind: "write",
  may: [whoeverAsked],
  input: z.strictObject({ signingId: ref("office.signing"), reason: Text(500) }),
  output: z.object({ id: Id }),
  when: ({ state }) => state === "open",
  refuses: { ...notFound, signingOver: askedWords.signingOver },
  async run({ signingId }, context) {
    const signing = (await lockSigning(context, signingId)) ?? refuse("notFound");
    if (signing.state !== "open") refuse("signingOver", { state: signing.state });
    await endSigning(context, signing, "withdrawn");
    return { id: signingId };
  },
});
