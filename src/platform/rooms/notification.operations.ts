// What a person was told, in the app and by mail.
import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../database/sql.ts";
import { sureMinutes } from "../notify/mail.ts";
import type { ReadContext } from "../operation/context.ts";
import { Id, Instant, ref } from "../operation/field.ts";
import { anyone, operation } from "../operation/operation.ts";
import { register } from "../operation/register.ts";

export const notificationRegister = register({
  name: "platform.notification",
  title: "Notifications",
  does: "What you were told, newest first.",
  may: [anyone],
  inner: true,
  row: z.object({
    id: Id,
    title: z.string(),
    text: z.string().nullable(),
    aboutSubject: z.string().nullable(),
    aboutId: Id.nullable(),
    kind: z.string(),
    at: Instant,
    state: z.enum(["unread", "read"]),
  }),
  label: "title",
  sort: "-at",
  // Notifications are private: not even the owner reads someone else's.
  from: (context) => sql`
    select id, title, text, about_subject, about_id, kind, at, case when read_at is null then 'unread' else 'read' end as state
    from platform.notification where tenant_id = ${context.tenantId} and person_id = ${context.actor.personId} and in_app`,
});

export const readNotification = operation({
  name: "platform.notification.read",
  title: "Mark notifications as read",
  does: "Marks your notifications as read: those named, or all when none is named.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ notificationIds: z.array(Id).max(500).optional() }),
  output: z.object({ read: z.number().int() }),
  async run(input, context) {
    const named = input.notificationIds ? sql`and id = any(${input.notificationIds}::uuid[])` : sql``;
    const read = await context.db.run(sql`
      update platform.notification set read_at = ${context.now}
      where tenant_id = ${context.tenantId} and person_id = ${context.actor.personId} and read_at is null ${named}`);
    return { read };
  },
});

export const mailRegister = register({
  name: "platform.mail",
  title: "Mail",
  does: "Mail that was sent, or waits because no mail server is set; unsure is what was in hand when something broke off.",
  may: ["platform.operator", "platform.auditor"],
  row: z.object({
    id: Id,
    toAddress: z.string(),
    subject: z.string(),
    text: z.string(),
    at: Instant,
    sentAt: Instant.nullable(),
    state: z.enum(["waiting", "sent", "failed", "unsure"]),
    failure: z.string().nullable(),
  }),
  label: "subject",
  search: ["subject", "toAddress"],
  grows: true,
  sort: "-at",
  // A link that decides is its receiver's alone.
  from: (context) => sql`
    select id, to_address, subject, regexp_replace(text, '/link/\\S+', '/link/…', 'g') as text, at, sent_at, failure,
      case when sent_at is not null then 'sent' when claimed_at < ${sureSince(context)} then 'unsure'
        when attempts >= 5 and claimed_at is null then 'failed' else 'waiting' end as state
    from platform.mail where tenant_id = ${context.tenantId}`,
});

const sureSince = (context: ReadContext): Date => new Date(context.now.getTime() - sureMinutes * 60_000);

export const resendMail = operation({
  name: "platform.mail.resend",
  title: "Send it again",
  does: "Puts a mail that failed, or of which nobody knows whether it left, into the outbox once more, under the same Message-ID.",
  kind: "write",
  may: ["platform.operator"],
  input: z.strictObject({ mailId: ref("platform.mail") }),
  output: z.object({ id: Id }),
  refuses: { mailOnItsWay: "This mail was sent, or is on its way. There is nothing to send again." },
  when: ({ state }) => state === "failed" || state === "unsure",
  async run({ mailId }, context) {
    const put = await context.db.run(sql`
      update platform.mail set claimed_at = null, attempts = 0, failure = null
      where tenant_id = ${context.tenantId} and id = ${mailId} and sent_at is null
        and (claimed_at < ${sureSince(context)} or (claimed_at is null and attempts >= 5))`);
    if (put === 0) refuse("mailOnItsWay");
    return { id: mailId };
  },
});
