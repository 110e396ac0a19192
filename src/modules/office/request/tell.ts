// Telling those whom a request concerns: on their bell, and the one who asked by mail, in the thread. Of a confidential request nothing
// is said but that there is news.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import { writeMails } from "../../../platform/notify/mail.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { RequestRow } from "./request.store.ts";

/** What a request is called to those whom it concerns. */
export const calledFor = (request: Pick<RequestRow, "isConfidential" | "number" | "title">): string =>
  request.isConfidential ? `Confidential request ${request.number}` : `${request.number}: ${request.title}`;

const aboutOf = (request: Pick<RequestRow, "id">) => ({ subject: "office.request", id: request.id });

/** Tells persons, except the one who acts. */
export async function tellPersons(
  context: WriteContext,
  request: RequestRow,
  personIds: readonly (Id | null)[],
  title: string,
  text?: string,
): Promise<void> {
  const told = new Set(personIds.filter((personId) => personId !== null && personId !== context.actor.personId));
  for (const personId of told) {
    await context.notify({
      personId: personId!,
      title: `${title} ${calledFor(request)}`,
      text: request.isConfidential ? undefined : text,
      about: aboutOf(request),
      event: "office.request.news",
    });
  }
}

/** Those who follow it: who asked, who filed it for them, and who watches. */
export async function followersOf(context: ReadContext, request: RequestRow): Promise<Id[]> {
  const watching = request.isConfidential
    ? []
    : await context.db.rows<{ personId: Id }>(sql`
        select person_id from office.request_watcher where tenant_id = ${context.tenantId} and request_id = ${request.id}`);
  return [request.requesterId, ...(request.filedBy ? [request.filedBy] : []), ...watching.map((row) => row.personId)];
}

/** The Message-ID of a mail of ours: which words, and which request they belong to. */
export const mailIdOf = (messageId: Id, requestId: Id): string => `<${messageId}.${requestId}@heartwood>`;

const textMax = 20_000;

/** Mails words of a worker to the one who asked, as part of the thread. */
export async function mailRequester(context: WriteContext, request: RequestRow, words: { messageId: Id; text: string }): Promise<void> {
  if (request.requesterId === context.actor.personId) return;
  const found = await context.db.maybe<{ email: string; name: string; last: string | null }>(sql`
    select coalesce(p.email, m.email) as email, p.name,
      (select w.mail_id from office.request_message w
        where w.tenant_id = p.tenant_id and w.request_id = ${request.id} and w.mail_id is not null order by w.id desc limit 1) as last
    from directory.party p
    left join identity.member m on m.tenant_id = p.tenant_id and m.person_id = p.id and m.disabled_at is null
    where p.tenant_id = ${context.tenantId} and p.id = ${request.requesterId} and coalesce(p.email, m.email) is not null`);
  if (!found) return;
  const says = request.isConfidential ? "There is an answer. Sign in to read it; it is not sent by mail." : words.text.slice(0, textMax);
  const closing = request.isConfidential ? "" : "\n\nAnswer this mail to write back.";
  await writeMails(context, [
    {
      to: found.email,
      subject: `Re: ${request.isConfidential ? "Your confidential request" : request.title} [${request.number} ${request.mailToken}]`,
      text: `${says}\n\n-- \n${context.actor.name}${closing}`,
      thread: {
        messageId: mailIdOf(words.messageId, request.id),
        references: [mailIdOf(request.id, request.id), ...(found.last ? [found.last] : [])],
      },
    },
  ]);
}
