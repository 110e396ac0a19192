// Filing a document, its new versions, who may see it, and its end.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { visibilities } from "./document.sight.ts";
import {
  addVersion,
  documentDisposed,
  freshFile,
  keeperOfDocument,
  keepExpiry,
  lockLiveDocument,
  nameReaders,
  needPeople,
  type Visibility,
} from "./document.store.ts";

const Sight = {
  visibility: z.enum(visibilities),
  unitId: ref("directory.unit").optional().describe("For unit: seen by everyone in it and below it."),
  roles: z.array(Text(80)).max(20).optional().describe("For roles: seen by whoever holds one of them."),
  readers: z.array(ref("directory.person")).max(200).optional().describe("For named and confidential: who reads it besides its owner."),
};

const sightWords = {
  unitMissing: "Say for which unit it is.",
  rolesMissing: "Say which roles may see it.",
  unitUnknown: "There is no such unit. Choose one from the list.",
  personUnknown: "Someone you name is not in the directory. Choose them from the list.",
};

interface Wanted {
  readonly visibility: Visibility;
  readonly unitId?: KernelId;
  readonly roles?: readonly string[];
  readonly readers?: readonly KernelId[];
}

/** Refuses what does not say whom it is for; what does not belong to the class of visibility is left out. */
async function checkSight(context: WriteContext, wanted: Wanted): Promise<{ unitId: KernelId | null; roles: readonly string[] }> {
  const { visibility, unitId, roles = [], readers = [] } = wanted;
  await needPeople(context, readers, "readers");
  if (visibility === "roles" && roles.length === 0) refuse("rolesMissing", {}, ["roles"]);
  if (visibility !== "unit") return { unitId: null, roles: visibility === "roles" ? roles : [] };
  if (unitId === undefined) refuse("unitMissing", {}, ["unitId"]);
  const known = await context.db.maybe(sql`select id from directory.unit where tenant_id = ${context.tenantId} and id = ${unitId}`);
  if (!known) refuse("unitUnknown", {}, ["unitId"]);
  return { unitId, roles: [] };
}

const expiryBeforeEffect = { expiryBeforeEffect: "It would expire before it takes effect. Correct one of the days." };

export const fileDocument = operation({
  name: "office.document.file",
  title: "File a document",
  does: "Puts a file you uploaded into the company's documents, with its class, who may see it and when it expires.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    title: Text(200),
    classId: ref("office.documentClass"),
    fileId: FileId,
    ...Sight,
    visibility: Sight.visibility.optional().describe("By default as the class says."),
    ownerId: ref("directory.person").optional().describe("By default you."),
    aboutSubject: Text(80).optional().describe("The register of the record it is about, e.g. `directory.organisation`."),
    aboutId: Id.optional(),
    effectiveOn: Day.optional(),
    expiresOn: Day.optional(),
    reminderDays: z.number().int().min(0).max(730).optional().describe("By default as the class says."),
    note: Text(500).optional(),
  }),
  output: z.object({ id: Id, versionId: Id }),
  refuses: {
    classUnknown: "There is no such class of documents in use. Choose one from the list.",
    ownerMissing: "Say which person owns it.",
    fileNotFound: "There is no such file, or it is not yours. Upload it first.",
    recordUnknown: "There is no such record, or it is not yours to see.",
    ...expiryBeforeEffect,
    ...sightWords,
  },
  emits: ["office.document.filed"],
  async run(input, context) {
    const found = await context.db.maybe<{ visibility: Visibility; reminderDays: number }>(sql`
      select visibility, reminder_days from office.document_class
      where tenant_id = ${context.tenantId} and id = ${input.classId} and state = 'in use'`);
    if (!found) refuse("classUnknown", {}, ["classId"]);
    const ownerId = input.ownerId ?? context.actor.personId ?? refuse("ownerMissing", {}, ["ownerId"]);
    await needPeople(context, [ownerId], "ownerId");
    const { aboutSubject = null, aboutId = null } = input;
    if ((aboutSubject === null) !== (aboutId === null)) refuse("recordUnknown", {}, ["aboutId"]);
    if (aboutSubject !== null && aboutId !== null && !(await context.mayRead(aboutSubject, aboutId)))
      refuse("recordUnknown", {}, ["aboutId"]);
    if (input.effectiveOn && input.expiresOn && input.expiresOn < input.effectiveOn) refuse("expiryBeforeEffect", {}, ["expiresOn"]);
    const visibility = input.visibility ?? found.visibility;
    const { unitId, roles } = await checkSight(context, { ...input, visibility });
    const hash = await freshFile(context, input.fileId);
    const id = context.newId();
    await context.db.run(sql`
      insert into office.document (tenant_id, id, title, class_id, visibility, unit_id, roles, owner_id, about_subject, about_id,
        effective_on, expires_on, reminder_days, version, state, filed_on)
      values (${context.tenantId}, ${id}, ${input.title}, ${input.classId}, ${visibility}, ${unitId}, ${roles}, ${ownerId},
        ${aboutSubject}, ${aboutId}, ${input.effectiveOn ?? null}, ${input.expiresOn ?? null},
        ${input.reminderDays ?? found.reminderDays}, 1, 'in force', ${context.today})`);
    const versionId = await addVersion(context, { documentId: id, number: 1, fileId: input.fileId, hash, note: input.note });
    await nameReaders(context, id, input.readers ?? [], "named");
    await keepExpiry(context, id);
    context.emit("office.document.filed", { documentId: id });
    return { id, versionId };
  },
});

const isLive = ({ state }: Readonly<Record<string, unknown>>): boolean => state !== "disposed";
const notFound = { notFound: "There is no such record, or it is not yours to see." };

export const reviseDocument = operation({
  name: "office.document.revise",
  title: "Add a version",
  does: "Puts a new version of a document in force; those before it stay as they were.",
  kind: "write",
  may: [keeperOfDocument],
  input: z.strictObject({
    documentId: ref("office.document"),
    fileId: FileId,
    effectiveOn: Day.optional(),
    expiresOn: Day.optional().describe("The new day of expiry: a renewal."),
    note: Text(500).optional(),
  }),
  output: z.object({ id: Id, version: z.number().int() }),
  when: (record) => isLive(record) && record["signing"] === false,
  refuses: {
    ...notFound,
    ...documentDisposed,
    signingOpen: "People are asked to sign the present version. Take that back first.",
    fileNotFound: "There is no such file, or it is not yours. Upload it first.",
    sameContent: "This is the same content as version {version}, byte for byte. There is nothing new to file.",
    ...expiryBeforeEffect,
  },
  emits: ["office.document.revised"],
  async run(input, context) {
    const document = await lockLiveDocument(context, input.documentId);
    const open = await context.db.maybe(sql`
      select id from office.signing where tenant_id = ${context.tenantId} and document_id = ${document.id} and state = 'open'`);
    if (open) refuse("signingOpen");
    const hash = await freshFile(context, input.fileId);
    if (hash === document.hash) refuse("sameContent", { version: document.version }, ["fileId"]);
    const effectiveOn = input.effectiveOn ?? document.effectiveOn;
    const expiresOn = input.expiresOn ?? document.expiresOn;
    if (effectiveOn && expiresOn && expiresOn < effectiveOn) refuse("expiryBeforeEffect", {}, ["expiresOn"]);
    const version = document.version + 1;
    const id = await addVersion(context, { documentId: document.id, number: version, fileId: input.fileId, hash, note: input.note });
    await context.db.run(sql`
      update office.document set version = ${version}, state = 'in force', closed_on = null, reason = null,
        effective_on = ${effectiveOn}, expires_on = ${expiresOn},
        reminded_on = case when expires_on is distinct from ${expiresOn}::date then null else reminded_on end
      where tenant_id = ${context.tenantId} and id = ${document.id}`);
    await keepExpiry(context, document.id);
    context.emit("office.document.revised", { documentId: document.id, versionId: id });
    return { id, version };
  },
});

export const changeDocument = operation({
  name: "office.document.change",
  title: "Change title, days or owner",
  does: "Corrects what stands on a document: its title, its owner, its days, and the day of the event from which it is kept.",
  kind: "write",
  may: [keeperOfDocument],
  input: z.strictObject({
    documentId: ref("office.document"),
    title: Text(200).optional(),
    ownerId: ref("directory.person").optional(),
    effectiveOn: Day.optional(),
    expiresOn: Day.optional(),
    reminderDays: z.number().int().min(0).max(730).optional(),
    eventOn: Day.optional().describe("When the event happened from which the class counts, e.g. the end of an employment."),
  }),
  output: z.object({ id: Id }),
  when: isLive,
  refuses: { ...notFound, ...documentDisposed, personUnknown: sightWords.personUnknown, ...expiryBeforeEffect },
  emits: ["office.document.changed"],
  async run(input, context) {
    const document = await lockLiveDocument(context, input.documentId);
    if (input.ownerId) await needPeople(context, [input.ownerId], "ownerId");
    const [effective, expires] = [input.effectiveOn ?? document.effectiveOn, input.expiresOn ?? document.expiresOn];
    if (effective && expires && expires < effective) refuse("expiryBeforeEffect", {}, ["expiresOn"]);
    await context.db.run(sql`
      update office.document set title = ${input.title ?? document.title}, owner_id = ${input.ownerId ?? document.ownerId},
        effective_on = ${effective}, expires_on = ${expires}, reminder_days = ${input.reminderDays ?? document.reminderDays},
        event_on = coalesce(${input.eventOn ?? null}::date, event_on),
        reminded_on = case when expires_on is distinct from ${expires}::date then null else reminded_on end
      where tenant_id = ${context.tenantId} and id = ${document.id}`);
    await keepExpiry(context, document.id);
    context.emit("office.document.changed", { documentId: document.id });
    return { id: document.id };
  },
});

export const openDocument = operation({
  name: "office.document.open",
  title: "Choose who may see it",
  does: "Says who may see a document from now on; whoever is not meant any more sees nothing of it.",
  kind: "write",
  may: [keeperOfDocument],
  input: z.strictObject({ documentId: ref("office.document"), ...Sight }),
  output: z.object({ id: Id }),
  when: isLive,
  refuses: { ...notFound, ...documentDisposed, ...sightWords },
  emits: ["office.document.opened"],
  async run(input, context) {
    const document = await lockLiveDocument(context, input.documentId);
    const { unitId, roles } = await checkSight(context, input);
    await context.db.run(sql`
      update office.document set visibility = ${input.visibility}, unit_id = ${unitId}, roles = ${roles}
      where tenant_id = ${context.tenantId} and id = ${document.id}`);
    // Whoever signs it goes on reading what they are asked to sign.
    await context.db.run(sql`
      delete from office.document_reader where tenant_id = ${context.tenantId} and document_id = ${document.id} and why = 'named'`);
    await nameReaders(context, document.id, input.readers ?? [], "named");
    await keepExpiry(context, document.id);
    context.emit("office.document.opened", { documentId: document.id });
    return { id: document.id };
  },
});

export const withdrawDocument = operation({
  name: "office.document.withdraw",
  title: "Withdraw the document",
  does: "Says with a reason that a document no longer holds; it is kept as its rule says.",
  kind: "write",
  may: [keeperOfDocument],
  input: z.strictObject({ documentId: ref("office.document"), reason: Text(500) }),
  output: z.object({ id: Id }),
  when: ({ state }) => state !== "disposed" && state !== "withdrawn",
  refuses: { ...notFound, ...documentDisposed, withdrawnAlready: "This document was withdrawn already. Nothing was changed." },
  emits: ["office.document.withdrawn"],
  async run({ documentId, reason }, context) {
    const document = await lockLiveDocument(context, documentId);
    if (document.state === "withdrawn") refuse("withdrawnAlready");
    await context.db.run(sql`
      update office.document set state = 'withdrawn', closed_on = ${context.today}, reason = ${reason}
      where tenant_id = ${context.tenantId} and id = ${document.id}`);
    await keepExpiry(context, document.id);
    context.emit("office.document.withdrawn", { documentId: document.id });
    return { id: document.id };
  },
});
