// A mail that came in, read: who wrote it, what it answers, its new words and its files. Nothing of it is run or followed.
import { createHash } from "node:crypto";
import { fileTypeFromBuffer } from "file-type";
import PostalMime, { type Email } from "postal-mime";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { addAttachment } from "../record/attachment.operations.ts";
import {
  answeredIds,
  automaticBecause,
  cleanText,
  idsIn,
  type MailHeads,
  newWords,
  plainSubject,
  textOfHtml,
  tokensIn,
} from "./mail.rules.ts";

export interface MailFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ReadMail {
  readonly messageId: string;
  readonly from: string;
  readonly fromName: string | null;
  readonly subject: string;
  /** The new words, without what is quoted. */
  readonly text: string;
  /** Why it was not written by a person. */
  readonly automatic: string | undefined;
  readonly tokens: readonly string[];
  readonly answers: readonly { readonly messageId: string; readonly requestId: string }[];
  readonly files: readonly MailFile[];
  readonly left: number;
}

const filesMax = 10;
const fileSizeMax = 10 * 1024 * 1024;
const textMax = 20_000;

/** Reads a raw message (RFC 5322). Undefined when it is none. */
export async function readMail(bytes: Uint8Array): Promise<ReadMail | undefined> {
  let email: Email;
  try {
    email = await PostalMime.parse(bytes, { maxNestingDepth: 20, maxHeadersSize: 256 * 1024, attachmentEncoding: "arraybuffer" });
  } catch {
    return undefined;
  }
  const from = email.from?.address?.trim().toLowerCase();
  if (!from || !/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(from)) return undefined;
  const heads = headsOf(email, from);
  const text = cleanText(email.text?.trim() ? email.text : textOfHtml((email.html ?? "").slice(0, 2_000_000)), 200_000);
  const files = email.attachments.flatMap(fileOf);
  return {
    messageId: heads.messageId ?? `<${createHash("sha256").update(bytes).digest("hex")}@unnamed>`,
    from,
    fromName: email.from?.name ? cleanText(email.from.name, 120) || null : null,
    subject: plainSubject(heads.subject),
    text: newWords(text).slice(0, textMax),
    automatic: automaticBecause(heads),
    tokens: tokensIn(heads),
    answers: answeredIds(heads),
    files: files.slice(0, filesMax),
    left: email.attachments.length - Math.min(files.length, filesMax),
  };
}

function headsOf(email: Email, from: string): MailHeads {
  const headers = new Map(email.headers.map(({ key, value }) => [key, value]));
  const addresses = [...(email.to ?? []), ...(email.cc ?? [])].flatMap(
    (one) => one.group?.map((member) => member.address) ?? [one.address ?? ""],
  );
  return {
    messageId: idsIn(email.messageId)[0] ?? null,
    inReplyTo: idsIn(email.inReplyTo)[0] ?? null,
    references: idsIn(email.references).slice(-20),
    subject: email.subject ?? "",
    to: [...addresses, ...(email.deliveredTo ? [email.deliveredTo] : [])].map((address) => address.toLowerCase()),
    from,
    returnPath: email.returnPath ?? headers.get("return-path") ?? null,
    header: (name) => headers.get(name),
  };
}

function fileOf({ filename, content }: Email["attachments"][number]): MailFile[] {
  const bytes =
    content instanceof ArrayBuffer ? new Uint8Array(content) : typeof content === "string" ? new TextEncoder().encode(content) : content;
  if (bytes.length === 0 || bytes.length > fileSizeMax) return [];
  const name = cleanText(filename ?? "", 300)
    .split(/[\\/]/)
    .at(-1)!
    .replace(/[\p{Cf}\n\t]/gu, "")
    .slice(-200);
  return [{ name: name || "file", bytes }];
}

/** Keeps the files of a mail and hangs them on a record. */
export async function keepFiles(context: WriteContext, files: readonly MailFile[], subject: string, recordId: Id): Promise<void> {
  for (const { name, bytes } of files) {
    const mediaType = (await fileTypeFromBuffer(bytes))?.mime ?? "application/octet-stream";
    const fileId = await context.writeFile(name, mediaType, bytes);
    await context.callAsSystem(addAttachment, { subject, recordId, fileId });
  }
}

/** The person who writes from an address; undefined when nobody or more than one does. */
export async function writerOf(context: ReadContext, from: string): Promise<{ id: Id; name: string } | undefined> {
  const found = await context.db.rows<{ id: Id; name: string }>(sql`
    select p.id, p.name from directory.party p
    left join identity.member m on m.tenant_id = p.tenant_id and m.person_id = p.id and m.disabled_at is null
    where p.tenant_id = ${context.tenantId} and p.kind = 'person' and (lower(p.email) = ${from} or lower(m.email) = ${from}) limit 2`);
  return found.length === 1 ? found[0] : undefined;
}

/** The request that a mail answers: by the mail of ours it refers to, or by the token it was written to. */
export async function requestAnswered(context: ReadContext, mail: ReadMail): Promise<Id | undefined> {
  const [nearest] = mail.answers;
  const found = await context.db.maybe<{ id: Id }>(sql`
    select r.id from office.request r
    where r.tenant_id = ${context.tenantId} and (r.mail_token = any(${mail.tokens}::text[])
      or (r.id = ${nearest?.requestId ?? null}::uuid and (r.id = ${nearest?.messageId ?? null}::uuid
        or exists (select from office.request_message w
          where w.tenant_id = r.tenant_id and w.request_id = r.id and w.id = ${nearest?.messageId ?? null}::uuid))))
    order by r.mail_token = any(${mail.tokens}::text[]) desc, r.id limit 1`);
  return found?.id;
}

/** What somebody is to a request whose thread they write to. */
export async function partIn(context: ReadContext, requestId: Id, personId: Id): Promise<"follows" | "works" | undefined> {
  const found = await context.db.row<{ follows: boolean; works: boolean }>(sql`
    select ${personId} in (r.requester_id, r.filed_by) or (not r.is_confidential and exists (select from office.request_watcher w
        where w.tenant_id = r.tenant_id and w.request_id = r.id and w.person_id = ${personId})) as follows,
      coalesce(${personId} in (r.owner_id, t.person_id), false) as works
    from office.request r left join office.task t on t.tenant_id = r.tenant_id and t.id = r.task_id
    where r.tenant_id = ${context.tenantId} and r.id = ${requestId}`);
  return found.follows ? "follows" : found.works ? "works" : undefined;
}
