// Mail out. It is written into the outbox with the effect that causes it and sent afterwards: a failing mail server holds up nobody.
import nodemailer from "nodemailer";
import type { Id } from "../../kernel/id.ts";
import { sql } from "../database/sql.ts";
import { readStoredFile } from "../files/store.ts";
import type { Funnel } from "../funnel/funnel.ts";
import type { StoredFile, WriteContext } from "../operation/context.ts";

export type SendMail = (to: string, subject: string, text: string, file?: MailFile) => Promise<void>;

export type MailFile = Pick<StoredFile, "name" | "mediaType" | "bytes">;

export interface MailOut {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** A file that goes with it, stored before. */
  readonly fileId?: Id;
}

/** Puts mails into the outbox, with the effect that causes them. */
export async function writeMails(context: WriteContext, mails: readonly MailOut[]): Promise<void> {
  if (mails.length === 0) return;
  await context.db.run(sql`
    insert into platform.mail (tenant_id, id, to_address, subject, text, file_id, at)
    select ${context.tenantId}, m.id, m.to_address, m.subject, m.text, m.file_id, ${context.now}
    from unnest(${mails.map(() => context.newId())}::uuid[], ${mails.map((mail) => mail.to)}::text[],
      ${mails.map((mail) => mail.subject)}::text[], ${mails.map((mail) => mail.text)}::text[],
      ${mails.map((mail) => mail.fileId ?? null)}::uuid[]) as m (id, to_address, subject, text, file_id)`);
}

/** Sends by SMTP, e.g. `smtp://user:secret@mail.example.com:587`. */
export function smtpMail(url: string, from: string): SendMail {
  const transport = nodemailer.createTransport(url);
  return async (to, subject, text, file) => {
    const attachments = file && [{ filename: file.name, contentType: file.mediaType, content: Buffer.from(file.bytes) }];
    await transport.sendMail({ from, to, subject, text, attachments });
  };
}

const attemptsMax = 5;

interface Waiting {
  id: Id;
  toAddress: string;
  subject: string;
  text: string;
  fileId: Id | null;
}

/** Sends what waits, oldest first. A mail that fails is tried again at the next round, five times in all. */
export async function sendWaitingMail(funnel: Funnel, tenantId: Id, send: SendMail): Promise<number> {
  const waiting = await funnel.work(tenantId, (context) =>
    context.db.rows<Waiting>(sql`
      select id, to_address, subject, text, file_id from platform.mail
      where tenant_id = ${tenantId} and sent_at is null and attempts < ${attemptsMax} order by id limit 100`),
  );
  let sent = 0;
  for (const mail of waiting) {
    const { fileId } = mail;
    const file = fileId === null ? undefined : await funnel.work(tenantId, (context) => readStoredFile(context.db, tenantId, fileId));
    const failure = await send(mail.toAddress, mail.subject, mail.text, file).then(
      () => null,
      (error: unknown) => String(error).slice(0, 500),
    );
    if (failure === null) sent += 1;
    await funnel.work(tenantId, (context) =>
      context.db.run(sql`
        update platform.mail set attempts = attempts + 1, failure = ${failure}, sent_at = ${failure === null ? context.now : null}
        where tenant_id = ${tenantId} and id = ${mail.id}`),
    );
  }
  return sent;
}
