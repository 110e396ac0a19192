// Mail in: an answer joins its thread, anything else files a request, and what nobody can place waits for someone to look at it. A mail
// is words and files and nothing more: it never decides, assigns or solves, because anybody can write any sender into one.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import { foundIn } from "../../../platform/files/scanner.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { FileId, Id, Instant, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { fileRequest } from "./file.ts";
import { keepFiles, partIn, type ReadMail, readMail, requestAnswered, writerOf } from "./mail.store.ts";
import { say } from "./request.operations.ts";
import { addWords, kindBy, lockRequest, lockRequests } from "./request.store.ts";
import { requestTables, worksOnIt } from "./sight.ts";
import { tellPersons } from "./tell.ts";

const mailStates = ["filed", "threaded", "review", "ignored", "discarded"] as const;

/** Mail about a confidential request is seen by those who work on it only; the rest by whoever sorts the mail. */
const seesMail = (context: ReadContext): Sql => sql`(
  (${context.holds("office.manager")} and not exists (select from office.request c
    where c.tenant_id = ${context.tenantId} and c.id = i.request_id and c.is_confidential))
  or exists (select from ${requestTables(context)}
    where r.tenant_id = ${context.tenantId} and r.id = i.request_id and ${worksOnIt(context)}))`;

export const mailRegister = register({
  name: "office.mail",
  title: "Mail that came in",
  does: "Every mail that was received and what became of it; those to review are from people nobody knows, or fit nowhere.",
  may: ["office.manager", anyone],
  logged: "confidential",
  row: z.object({
    id: Id,
    subject: z.string(),
    state: z.enum(mailStates),
    why: z.string(),
    from: z.string(),
    fromName: z.string().nullable(),
    text: z.string(),
    fileId: FileId,
    requestId: ref("office.request").nullable(),
    request: z.string().nullable(),
    confidential: z.boolean(),
    at: Instant,
  }),
  label: "subject",
  search: ["subject", "from", "fromName", "text"],
  sort: "-at",
  from: (context) => sql`
    select i.id, i.subject, i.state, i.why, i.from_address as "from", i.from_name, i.text, i.file_id, i.request_id,
      q.number as request, coalesce(q.is_confidential, false) as confidential, i.at
    from office.mail i left join office.request q on q.tenant_id = i.tenant_id and q.id = i.request_id
    where i.tenant_id = ${context.tenantId} and ${seesMail(context)}`,
});

interface Fate {
  readonly state: (typeof mailStates)[number];
  readonly why: string;
  readonly requestId?: KernelId;
}

const Received = z.object({
  id: Id,
  state: z.enum(mailStates),
  why: z.string(),
  requestId: Id.nullable(),
  again: z.boolean().describe("It was received before; nothing was done."),
});

export const receiveMail = operation({
  name: "office.mail.receive",
  title: "Receive a mail",
  does: "Takes in a raw message as a mail server hands it over: an answer joins its thread, anything else files a request.",
  kind: "write",
  may: ["office.mailbox", "office.manager"],
  input: z.strictObject({
    fileId: FileId.optional().describe("The message as a file."),
    message: z.string().max(4_000_000).optional().describe("The message as text (RFC 5322)."),
  }),
  output: Received,
  refuses: {
    mailMissing: "Give the message, either as a file or as text.",
    mailUnreadable: "This is no mail: it has no sender that can be read.",
  },
  emits: ["office.mail.received"],
  example: { message: "From: a@example.test\r\nTo: office@example.test\r\nSubject: Chairs\r\n\r\nWe need two.\r\n" },
  async run({ fileId, message }, context) {
    if ((fileId === undefined) === (message === undefined)) refuse("mailMissing");
    const bytes = fileId ? (await context.readFile(fileId)).bytes : new TextEncoder().encode(message);
    const mail = (await readMail(bytes)) ?? refuse("mailUnreadable");
    const known = await context.db.maybe<Fate & { id: KernelId; requestId: KernelId | null }>(sql`
      select id, state, why, request_id from office.mail where tenant_id = ${context.tenantId} and message_id = ${mail.messageId}`);
    if (known) return { ...known, again: true };
    const id = context.newId();
    // What came as a file was looked through when it was brought in.
    const found = fileId ? undefined : await foundIn(bytes);
    const fate: Fate =
      found === undefined ? await place(context, mail) : { state: "ignored", why: `the virus scanner found ${found} in it` };
    const kept =
      fileId ??
      (await (found === undefined
        ? context.writeFile("mail.eml", "message/rfc822", bytes)
        : context.writeFile("mail.txt", "text/plain", new TextEncoder().encode(`Not kept: ${fate.why}.\n`))));
    await context.db.run(sql`
      insert into office.mail (tenant_id, id, message_id, from_address, from_name, subject, text, file_id, state, why, request_id, at)
      values (${context.tenantId}, ${id}, ${mail.messageId}, ${mail.from}, ${mail.fromName}, ${mail.subject}, ${mail.text}, ${kept},
        ${fate.state}, ${fate.why}, ${fate.requestId ?? null}, ${context.now})`);
    context.emit("office.mail.received", { mailId: id, state: fate.state, requestId: fate.requestId ?? null });
    return { id, state: fate.state, why: fate.why, requestId: fate.requestId ?? null, again: false };
  },
});

const hourlyMax = 20;

/** Where a mail belongs, and puts it there. */
async function place(context: WriteContext, mail: ReadMail): Promise<Fate> {
  if (mail.automatic) return { state: "ignored", why: mail.automatic };
  const since = new Date(context.now.getTime() - 3_600_000);
  const { count } = await context.db.row<{ count: number }>(sql`
    select count(*)::int as count from office.mail
    where tenant_id = ${context.tenantId} and from_address = ${mail.from} and at > ${since}`);
  if (count >= hourlyMax)
    return { state: "ignored", why: `more than ${hourlyMax} mails from this address in an hour: two machines may be talking` };
  const writer = await writerOf(context, mail.from);
  const requestId = await requestAnswered(context, mail);
  if (requestId) return answer(context, mail, requestId, writer);
  if (!writer) return { state: "review", why: "nobody of the directory writes from this address" };
  return fileMail(context, mail, writer.id);
}

async function answer(
  context: WriteContext,
  mail: ReadMail,
  requestId: KernelId,
  writer: { id: KernelId; name: string } | undefined,
): Promise<Fate> {
  // The machine that brings the mail in sees no request; whose words they are decides.
  const request = (await lockRequests(context, [requestId]))[0]!;
  const part = writer && (await partIn(context, requestId, writer.id));
  if (!writer || part !== "follows") {
    await tellPersons(context, request, [request.personId ?? request.ownerId], "A mail waits to be sorted:");
    const why =
      part === "works" ? "those who work on a request answer in Heartwood" : "the sender is not one of those who follow the request";
    return { state: "review", why, requestId };
  }
  if (request.state === "closed" || request.state === "cancelled") return fileMail(context, mail, writer.id, request.number);
  const author = { personId: writer.id, name: writer.name };
  const messageId = await say(context, request, { text: wordsOf(mail), byWorker: false, mailId: mail.messageId, author });
  await keepFiles(context, mail.files, "office.requestMessage", messageId);
  return { state: "threaded", why: `an answer to ${request.number}`, requestId };
}

const wordsOf = (mail: ReadMail): string => {
  const text = mail.text || "(no words)";
  return mail.left > 0 ? `${text}\n\n(${mail.left} files were left out: too many or too large.)` : text;
};

async function fileMail(context: WriteContext, mail: ReadMail, requesterId: KernelId, after?: string): Promise<Fate> {
  const kind = await kindBy(context, { code: "mail" });
  if (!kind || kind.retiredAt) return { state: "review", why: "the catalogue has no kind called mail" };
  const says = after ? `${wordsOf(mail)}\n\n(An answer to ${after}, which is closed.)` : wordsOf(mail);
  const title = mail.subject || kind.title;
  const request = await fileRequest(context, { kind, title, says, answers: {}, requesterId, channel: "mail" });
  await keepFiles(context, mail.files, "office.request", request.id);
  return { state: "filed", why: after ? `an answer to ${after}, which is closed` : "filed as a request", requestId: request.id };
}

interface WaitingMail {
  readonly id: KernelId;
  readonly state: string;
  readonly fileId: KernelId;
  readonly messageId: string;
}

const sorter = whoever<{ mailId: KernelId }>("whoever sorts the mail", async ({ mailId }, context) => {
  const found = await context.db.maybe(sql`
    select i.id from office.mail i where i.tenant_id = ${context.tenantId} and i.id = ${mailId} and ${seesMail(context)}`);
  return found !== undefined;
});

/** What is confidential is sorted by those who work on it: the owner's every role is no way around. */
async function lockWaiting(context: WriteContext, mailId: KernelId): Promise<WaitingMail> {
  const mail = await context.db.maybe<WaitingMail>(sql`
    select i.id, i.state, i.file_id, i.message_id from office.mail i
    where i.tenant_id = ${context.tenantId} and i.id = ${mailId} and ${seesMail(context)} for update`);
  if (!mail) return refuse("notFound");
  if (mail.state !== "review") refuse("mailSorted", { state: mail.state });
  return mail;
}

const sortedWords = { mailSorted: "This mail is {state} already. Nothing is left to do." };

async function sorted(context: WriteContext, mailId: KernelId, fate: Fate): Promise<void> {
  await context.db.run(sql`
    update office.mail set state = ${fate.state}, why = ${fate.why}, request_id = coalesce(${fate.requestId ?? null}, request_id)
    where tenant_id = ${context.tenantId} and id = ${mailId}`);
}

const inReview = (record: Readonly<Record<string, unknown>>): boolean => record["state"] === "review";

export const fileWaitingMail = operation({
  name: "office.mail.file",
  title: "File the mail",
  does: "Files a mail that waited as a request of the person it is from, or adds its words to a request that is under way.",
  kind: "write",
  may: [sorter],
  input: z.strictObject({
    mailId: ref("office.mail"),
    personId: ref("directory.person").describe("Whose words these are."),
    requestId: ref("office.request").optional().describe("The request it belongs to; without one it is a new one."),
  }),
  output: z.object({ id: Id, requestId: Id }),
  refuses: {
    ...sortedWords,
    personUnknown: "There is no such person in the directory. Add them first, or choose one from the list.",
    requestOver: "This request is over. File the mail as a new one.",
    mailKindMissing: "The catalogue has no kind called mail. See: heartwood office request-kind add-usual",
  },
  when: inReview,
  emits: ["office.mail.sorted"],
  async run({ mailId, personId, requestId }, context) {
    const waiting = await lockWaiting(context, mailId);
    const person = await context.db.maybe<{ name: string }>(sql`
      select name from directory.party where tenant_id = ${context.tenantId} and id = ${personId} and kind = 'person'`);
    if (!person) refuse("personUnknown", {}, ["personId"]);
    const mail = (await readMail((await context.readFile(waiting.fileId)).bytes))!;
    const fate = requestId
      ? await addTo(context, mail, requestId, { personId, name: person.name })
      : await fileMail(context, mail, personId);
    if (fate.requestId === undefined) refuse("mailKindMissing");
    await sorted(context, mailId, fate);
    context.emit("office.mail.sorted", { mailId, requestId: fate.requestId });
    return { id: mailId, requestId: fate.requestId };
  },
});

async function addTo(
  context: WriteContext,
  mail: ReadMail,
  requestId: KernelId,
  author: { personId: KernelId; name: string },
): Promise<Fate> {
  if (!(await context.mayRead("office.request", requestId))) refuse("notFound", {}, ["requestId"]);
  const request = await lockRequest(context, requestId);
  if (request.state === "closed" || request.state === "cancelled") refuse("requestOver", {}, ["requestId"]);
  const messageId = await addWords(context, requestId, { text: wordsOf(mail), mailId: mail.messageId, author });
  await keepFiles(context, mail.files, "office.requestMessage", messageId);
  await tellPersons(context, request, [request.personId], "They wrote:");
  return { state: "threaded", why: `added to ${request.number} by ${context.actor.name}`, requestId };
}

export const discardMail = operation({
  name: "office.mail.discard",
  title: "Put the mail aside",
  does: "Says that a mail that waited needs nothing, with the reason; it is kept all the same.",
  kind: "write",
  may: [sorter],
  input: z.strictObject({ mailId: ref("office.mail"), reason: Text(300) }),
  output: z.object({ id: Id }),
  refuses: sortedWords,
  when: inReview,
  emits: ["office.mail.sorted"],
  async run({ mailId, reason }, context) {
    await lockWaiting(context, mailId);
    await sorted(context, mailId, { state: "discarded", why: reason });
    context.emit("office.mail.sorted", { mailId, requestId: null });
    return { id: mailId };
  },
});
