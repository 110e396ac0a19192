// Mail out. It is written into the outbox with the effect that causes it and sent afterwards: a failing mail server holds up nobody.
import nodemailer from "nodemailer";
import type { Id } from "../../kernel/id.ts";
import { sql } from "../database/sql.ts";
import type { Funnel } from "../funnel/funnel.ts";

export type SendMail = (to: string, subject: string, text: string) => Promise<void>;

/** Sends by SMTP, e.g. `smtp://user:secret@mail.example.com:587`. */
export function smtpMail(url: string, from: string): SendMail {
  const transport = nodemailer.createTransport(url);
  return async (to, subject, text) => void (await transport.sendMail({ from, to, subject, text }));
}

const attemptsMax = 5;

interface Waiting {
  id: Id;
  toAddress: string;
  subject: string;
  text: string;
}

/** Sends what waits, oldest first. A mail that fails is tried again at the next round, five times in all. */
export async function sendWaitingMail(funnel: Funnel, tenantId: Id, send: SendMail): Promise<number> {
  const waiting = await funnel.work(tenantId, (context) =>
    context.db.rows<Waiting>(sql`
      select id, to_address, subject, text from platform.mail
      where tenant_id = ${tenantId} and sent_at is null and attempts < ${attemptsMax} order by id limit 100`),
  );
  let sent = 0;
  for (const mail of waiting) {
    const failure = await send(mail.toAddress, mail.subject, mail.text).then(
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
