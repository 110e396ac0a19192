// Mail out. It is written into the outbox with the effect that causes it and sent afterwards: a failing mail server holds up nobody.
// Each mail is claimed before it is handed over, so that a crash in between never sends it twice; whether it left is then unsure, and a
// person decides. It carries the same Message-ID whenever it is sent, by which the receiving side knows it again.
import nodemailer from "nodemailer";
import type { Id } from "../../kernel/id.ts";
import { sql } from "../database/sql.ts";
import { readStoredFile } from "../files/store.ts";
import type { Funnel } from "../funnel/funnel.ts";
import type { StoredFile, WriteContext } from "../operation/context.ts";
import { type MailOfPerson } from "./unsubscribe.ts";

export type SendMail = (to: string, subject: string, text: string, more?: MailMore) => Promise<void>;

export interface MailMore {
  readonly file?: MailFile;
  readonly messageId?: string;
  readonly references?: readonly string[];
  /** Where the reader stops such mails with one click (RFC 8058). */
  readonly unsubscribe?: string;
}

export type MailFile = Pick<StoredFile, "name" | "mediaType" | "bytes">;

export interface MailOut {
  /** Given by whoever has to know it afterwards. */
  readonly id?: Id;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** A file that goes with it, stored before. */
  readonly fileId?: Id;
  /** Whom of the company it is for and of which kind it is: such a mail can be unsubscribed from. */
  readonly personId?: Id;
  readonly kind?: string;
  /** Its own Message-ID and those before it in the thread (RFC 5322, 3.6.4); one follows from the mail itself when none is given. */
  readonly thread?: { readonly messageId: string; readonly references: readonly string[] };
}

/** Puts mails into the outbox, with the effect that causes them. */
export async function writeMails(context: WriteContext, mails: readonly MailOut[]): Promise<void> {
  if (mails.length === 0) return;
  await context.db.run(sql`
    insert into platform.mail (tenant_id, id, to_address, subject, text, file_id, person_id, kind, message_id, reference_ids, at)
    select ${context.tenantId}, m.id, m.to_address, m.subject, m.text, m.file_id, m.person_id, m.kind, m.message_id,
      string_to_array(m.reference_ids, ' '), ${context.now}
    from unnest(${mails.map((mail) => mail.id ?? context.newId())}::uuid[], ${mails.map((mail) => mail.to)}::text[],
      ${mails.map((mail) => mail.subject)}::text[], ${mails.map((mail) => mail.text)}::text[],
      ${mails.map((mail) => mail.fileId ?? null)}::uuid[], ${mails.map((mail) => mail.personId ?? null)}::uuid[],
      ${mails.map((mail) => mail.kind ?? null)}::text[], ${mails.map((mail) => mail.thread?.messageId ?? null)}::text[],
      ${mails.map((mail) => mail.thread?.references.join(" ") ?? null)}::text[])
      as m (id, to_address, subject, text, file_id, person_id, kind, message_id, reference_ids)`);
}

/** Sends by SMTP, e.g. `smtp://user:secret@mail.example.com:587`. */
export function smtpMail(url: string, from: string): SendMail {
  const transport = nodemailer.createTransport(url);
  return async (to, subject, text, { file, messageId, references, unsubscribe } = {}) => {
    const attachments = file && [{ filename: file.name, contentType: file.mediaType, content: Buffer.from(file.bytes) }];
    const headers = unsubscribe && {
      "List-Unsubscribe": `<${unsubscribe}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    };
    await transport.sendMail({
      from,
      // As a whole address: a text would be read as a list, and a comma in it send to others.
      to: { name: "", address: to },
      subject,
      text,
      attachments,
      ...(messageId && { messageId }),
      ...(references?.length && { references: [...references], inReplyTo: references.at(-1) }),
      ...(headers && { headers }),
    });
  };
}

const attemptsMax = 5;
/** A mail that has been in hand for so long was in hand when something broke off. */
export const sureMinutes = 10;

interface Waiting {
  readonly id: Id;
  readonly toAddress: string;
  readonly subject: string;
  readonly text: string;
  readonly fileId: Id | null;
  readonly personId: Id | null;
  readonly kind: string | null;
  readonly messageId: string | null;
  readonly referenceIds: readonly string[] | null;
}

export type LinkFor = (mail: MailOfPerson) => string;

/** Sends what waits, oldest first. A mail that the server declines is tried again at the next round, five times in all. */
export async function sendWaitingMail(funnel: Funnel, tenantId: Id, send: SendMail, linkFor?: LinkFor): Promise<number> {
  let sent = 0;
  const tried: Id[] = [];
  for (let mail = await claimNext(funnel, tenantId, tried); mail; mail = await claimNext(funnel, tenantId, tried)) {
    tried.push(mail.id);
    const { outcome, failure } = await handOver(funnel, tenantId, mail, send, linkFor);
    if (outcome === "sent") sent += 1;
    await settle(funnel, tenantId, mail.id, outcome, failure);
    if (tried.length === 100) break;
  }
  return sent;
}

function claimNext(funnel: Funnel, tenantId: Id, tried: readonly Id[]): Promise<Waiting | undefined> {
  return funnel.work(tenantId, (context) =>
    context.db.maybe<Waiting>(sql`
      update platform.mail set claimed_at = ${context.now}, attempts = attempts + 1
      where tenant_id = ${tenantId} and id = (
        select id from platform.mail
        where tenant_id = ${tenantId} and sent_at is null and claimed_at is null and attempts < ${attemptsMax}
          and id <> all(${tried}::uuid[])
        order by id limit 1 for update skip locked)
      returning id, to_address, subject, text, file_id, person_id, kind, message_id, reference_ids`),
  );
}

type Outcome = "sent" | "declined" | "unsure";

async function handOver(
  funnel: Funnel,
  tenantId: Id,
  mail: Waiting,
  send: SendMail,
  linkFor: LinkFor | undefined,
): Promise<{ outcome: Outcome; failure: string | null }> {
  const { fileId, personId, kind } = mail;
  const file = fileId === null ? undefined : await funnel.work(tenantId, (context) => readStoredFile(context.db, tenantId, fileId));
  const mayStop = personId !== null && kind !== null && !funnel.registry.notices.get(kind)?.always;
  const unsubscribe = mayStop ? linkFor?.({ tenantId, personId, kind }) : undefined;
  const text = unsubscribe ? `${mail.text}\n\n-- \nNo more mails like this: ${unsubscribe}` : mail.text;
  const more = { file, messageId: mail.messageId ?? `<${mail.id}@heartwood>`, references: mail.referenceIds ?? [], unsubscribe };
  try {
    await send(mail.toAddress, mail.subject, text, more);
    return { outcome: "sent", failure: null };
  } catch (error) {
    return { outcome: hadBegun(error) ? "unsure" : "declined", failure: String(error).slice(0, 500) };
  }
}

/** The connection broke while the mail was being handed over: the server may have taken it. */
const hadBegun = (error: unknown): boolean => {
  const { command, responseCode } = error as { command?: string; responseCode?: number };
  return command === "DATA" && responseCode === undefined;
};

async function settle(funnel: Funnel, tenantId: Id, id: Id, outcome: Outcome, failure: string | null): Promise<void> {
  await funnel.work(tenantId, (context) =>
    context.db.run(sql`
      update platform.mail set failure = ${failure}, sent_at = ${outcome === "sent" ? context.now : null},
        claimed_at = ${outcome === "unsure" ? sql`claimed_at` : sql`null`}
      where tenant_id = ${tenantId} and id = ${id}`),
  );
}
