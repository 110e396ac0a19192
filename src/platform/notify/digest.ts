// The mails that wait for their hour: summaries, and what came in quiet hours. What a summary says is what its reader may see when it is
// sent. Each notice is claimed and forgotten in the transaction that writes its mail, so that none is mailed twice.
import { groupedBy } from "../../kernel/group.ts";
import type { Id } from "../../kernel/id.ts";
import { sql } from "../database/sql.ts";
import type { Reading, WriteContext } from "../operation/context.ts";
import { writeMails } from "./mail.ts";
import { everyKind } from "./unsubscribe.ts";

const noticesAtOnce = 20_000;

interface Due {
  readonly id: Id;
  readonly personId: Id;
  readonly email: string | null;
  readonly title: string;
  readonly text: string | null;
  readonly kind: string;
  readonly aboutSubject: string | null;
  readonly aboutId: Id | null;
}

/** Writes one mail for each person of whom something is due. Returns how many. */
export async function mailDueNotices(context: WriteContext): Promise<number> {
  const due = await context.db.rows<Due>(sql`
    select n.id, n.person_id, m.email, n.title, n.text, n.kind, n.about_subject, n.about_id
    from platform.notification n
    left join identity.member m on m.tenant_id = ${context.tenantId} and m.person_id = n.person_id and m.disabled_at is null
    where n.tenant_id = ${context.tenantId} and n.mail_due <= ${context.now}
    order by n.person_id, n.id limit ${noticesAtOnce} for update of n skip locked`);
  if (due.length === 0) return 0;
  const open = await stillOpen(context, due);
  const persons = [...groupedBy(open, (notice) => notice.personId).values()];
  const letters = persons.map((notices) => ({ id: context.newId(), notices }));
  await writeMails(
    context,
    letters.map(({ id, notices }) => ({ id, ...mailOf(notices), to: notices[0]!.email!, personId: notices[0]!.personId })),
  );
  const told = letters.flatMap(({ id, notices }) => notices.map((notice) => ({ id: notice.id, mailId: id })));
  const mailOfNotice = new Map(told.map((one) => [one.id, one.mailId]));
  await context.db.run(sql`
    update platform.notification n set mail_due = null, mail_id = d.mail_id
    from unnest(${due.map((notice) => notice.id)}::uuid[], ${due.map((notice) => mailOfNotice.get(notice.id) ?? null)}::uuid[])
      as d (id, mail_id)
    where n.tenant_id = ${context.tenantId} and n.id = d.id`);
  return letters.length;
}

/** Without what its reader may no longer see, and without those who are gone. */
async function stillOpen(context: WriteContext, due: readonly Due[]): Promise<Due[]> {
  const readings = due.flatMap((notice): (Reading & { notice: Due })[] =>
    notice.aboutSubject !== null && notice.aboutId !== null
      ? [{ personId: notice.personId, about: { subject: notice.aboutSubject, id: notice.aboutId }, notice }]
      : [],
  );
  const seen = new Set((await context.allowed(readings)).map((reading) => reading.notice.id));
  return due.filter((notice) => notice.email !== null && (notice.aboutId === null || seen.has(notice.id)));
}

function mailOf(notices: readonly Due[]): { subject: string; text: string; kind: string } {
  const [first] = notices;
  if (notices.length === 1) return { subject: first!.title, text: first!.text ?? first!.title, kind: first!.kind };
  const lines = notices.map(({ title, text }) => (text ? `• ${title}\n  ${text}` : `• ${title}`));
  return { subject: `${notices.length} things for you in Heartwood`, text: lines.join("\n"), kind: everyKind };
}
