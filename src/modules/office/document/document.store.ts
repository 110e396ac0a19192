// Documents as they are kept: found by whoever may act on them, with a lock, and written.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { whoever } from "../../../platform/operation/operation.ts";
import { closeDeadline, openDeadline } from "../deadline/deadline.ts";
import { visible, type visibilities } from "./document.sight.ts";

export type Visibility = (typeof visibilities)[number];

export interface DocumentRow {
  readonly id: Id;
  readonly title: string;
  readonly visibility: Visibility;
  readonly ownerId: Id;
  readonly version: number;
  readonly versionId: Id;
  readonly hash: string;
  readonly state: "in force" | "withdrawn" | "disposed";
  readonly effectiveOn: Day | null;
  readonly expiresOn: Day | null;
  readonly reminderDays: number;
}

/** A document that the actor may see, locked. Refuses `notFound`. */
export async function lockDocument(context: WriteContext, id: Id): Promise<DocumentRow> {
  const found = await context.db.maybe<DocumentRow>(sql`
    select d.id, d.title, d.visibility, d.owner_id, d.version, v.id as version_id, v.hash, d.state, d.effective_on, d.expires_on,
      d.reminder_days
    from office.document d
    join office.document_version v on v.tenant_id = d.tenant_id and v.document_id = d.id and v.number = d.version
    where d.tenant_id = ${context.tenantId} and d.id = ${id} and ${visible(context)} for update of d`);
  return found ?? refuse("notFound");
}

/** The same, still to be worked with. Refuses `documentDisposed` too. */
export async function lockLiveDocument(context: WriteContext, id: Id): Promise<DocumentRow> {
  const found = await lockDocument(context, id);
  if (found.state === "disposed") refuse("documentDisposed", { title: found.title });
  return found;
}

export const documentDisposed = {
  documentDisposed: "The document «{title}» was disposed of; only its certificate is left. Nothing can be changed.",
};

/** Its owner, and for what is not confidential whoever keeps the company's records. */
export const keeperOfDocument = whoever<{ documentId: Id }>(
  "the owner of the document, or the records manager for what is not confidential",
  async ({ documentId }, context) => isKeeper(context, documentId),
);

export async function isKeeper(context: ReadContext, documentId: Id): Promise<boolean> {
  const keepsRecords = context.holds("office.records");
  const found = await context.db.maybe(sql`
    select d.id from office.document d
    where d.tenant_id = ${context.tenantId} and d.id = ${documentId}
      and (d.owner_id = ${context.actor.personId}::uuid or ${keepsRecords} and d.visibility <> 'confidential')`);
  return found !== undefined;
}

export async function addVersion(
  context: WriteContext,
  version: { documentId: Id; number: number; fileId: Id; hash: string; note?: string },
): Promise<Id> {
  const id = context.newId();
  await context.db.run(sql`
    insert into office.document_version (tenant_id, id, document_id, number, file_id, hash, note, author_id, author, at)
    values (${context.tenantId}, ${id}, ${version.documentId}, ${version.number}, ${version.fileId}, ${version.hash},
      ${version.note ?? null}, ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
  return id;
}

/** A file of one's own that is on no record yet. Refuses `fileNotFound`. */
export async function freshFile(context: WriteContext, fileId: Id): Promise<string> {
  const { hash } = await context.readFile(fileId);
  const taken = await context.db.maybe(sql`
    select id from office.document_version where tenant_id = ${context.tenantId} and file_id = ${fileId}`);
  if (taken) refuse("fileNotFound", {}, ["fileId"]);
  return hash;
}

export async function nameReaders(context: WriteContext, documentId: Id, people: readonly Id[], why: "named" | "signer"): Promise<void> {
  await context.db.run(sql`
    insert into office.document_reader (tenant_id, document_id, person_id, why)
    select ${context.tenantId}, ${documentId}, p.id, ${why} from unnest(${[...new Set(people)]}::uuid[]) as p (id)
    on conflict (tenant_id, document_id, person_id) do nothing`);
}

/** Refuses `personUnknown`. */
export async function needPeople(context: ReadContext, people: readonly Id[], field: string): Promise<void> {
  const wanted = [...new Set(people)];
  const { known } = await context.db.row<{ known: number }>(sql`
    select count(*)::int as known from directory.party
    where tenant_id = ${context.tenantId} and kind = 'person' and id = any(${wanted}::uuid[])`);
  if (known < wanted.length) refuse("personUnknown", {}, [field]);
}

/** The day a document expires stands in the list of deadlines, when everyone may know that it is there. */
export async function keepExpiry(context: WriteContext, id: Id): Promise<void> {
  const found = await context.db.row<Pick<DocumentRow, "title" | "visibility" | "ownerId" | "state" | "expiresOn">>(sql`
    select title, visibility, owner_id, state, expires_on from office.document where tenant_id = ${context.tenantId} and id = ${id}`);
  const key = `document:${id}`;
  if (found.state !== "in force" || found.expiresOn === null || found.visibility !== "company") {
    await closeDeadline(context, { key }, "cancelled");
    return;
  }
  const title = `Expires: ${found.title}`;
  await openDeadline(context, {
    key,
    title,
    due: found.expiresOn,
    owner: { personId: found.ownerId },
    about: { subject: "office.document", id },
  });
}
