// Telling people something: on their bell in the app and by mail, as each of them wishes, once. Many are told in as many statements as one.
import { type Id, newId } from "../../kernel/id.ts";
import { type Rows, sql } from "../database/sql.ts";
import type { Notice } from "../operation/context.ts";
import type { MailRhythm, NoticeKind } from "../operation/module.ts";
import { everyKind } from "./unsubscribe.ts";
import { type Channels, channelsOf, mailDue, type Rhythm, usualRhythm } from "./notice.rules.ts";

/** The kind of what names none. */
export const otherKind = "platform.notice.other";

const unnamed: NoticeKind = { title: "Everything else", says: "", mail: "off" };

export async function writeNotices(
  db: Rows,
  tenantId: Id,
  now: Date,
  kinds: ReadonlyMap<string, NoticeKind>,
  notices: readonly Notice[],
): Promise<void> {
  if (notices.length === 0) return;
  const wishes = await wishesOf(db, tenantId, notices);
  const ways = notices.map((notice, index) => wayOf(notice, kinds.get(kindOf(notice)) ?? unnamed, wishes[index]!, now));
  const told = ways.filter((way) => way.app || way.mail !== "off");
  if (told.length === 0) return;
  const kept = await db.rows<{ id: Id }>(sql`
    insert into platform.notification
      (tenant_id, id, person_id, title, text, about_subject, about_id, at, kind, key, in_app, mail, mail_due, mail_id)
    select ${tenantId}, n.id, n.person_id, n.title, n.text, n.about_subject, n.about_id, ${now}, n.kind, n.key, n.in_app, n.mail,
      n.mail_due, n.mail_id
    from unnest(${told.map((way) => way.id)}::uuid[], ${told.map((way) => way.notice.personId)}::uuid[],
      ${told.map((way) => way.notice.title)}::text[], ${told.map((way) => way.notice.text ?? null)}::text[],
      ${told.map((way) => way.notice.about?.subject ?? null)}::text[], ${told.map((way) => way.notice.about?.id ?? null)}::uuid[],
      ${told.map((way) => kindOf(way.notice))}::text[], ${told.map((way) => way.notice.key ?? null)}::text[],
      ${told.map((way) => way.app)}::boolean[], ${told.map((way) => way.mail)}::text[],
      ${told.map((way) => way.due)}::timestamptz[], ${told.map((way) => way.mailId)}::uuid[])
      as n (id, person_id, title, text, about_subject, about_id, kind, key, in_app, mail, mail_due, mail_id)
    on conflict do nothing returning id`);
  const isNew = new Set(kept.map((row) => row.id));
  await mailAtOnce(
    db,
    tenantId,
    now,
    told.filter((way) => way.mailId !== null && isNew.has(way.id)),
  );
}

const kindOf = (notice: Notice): string => notice.event ?? otherKind;

interface Wishes extends Omit<Rhythm, "digestAt" | "digestWeekday"> {
  readonly email: string | null;
  readonly digestAt: string | null;
  readonly digestWeekday: number | null;
  readonly ownApp: boolean | null;
  readonly ownMail: MailRhythm | null;
  readonly companyApp: boolean | null;
  readonly companyMail: MailRhythm | null;
  readonly muted: boolean;
}

/** What each of the told wishes to hear of it, in the order of the notices. */
function wishesOf(db: Rows, tenantId: Id, notices: readonly Notice[]): Promise<Wishes[]> {
  return db.rows<Wishes>(sql`
    select m.email, coalesce(r.zone, t.zone) as zone, r.digest_at::text, r.digest_weekday, r.quiet_from::text, r.quiet_until::text,
      coalesce(p.app, e.app) as own_app, coalesce(p.mail, e.mail) as own_mail, d.app as company_app, d.mail as company_mail,
      w.id is not null as muted
    from unnest(${notices.map((notice) => notice.personId)}::uuid[], ${notices.map(kindOf)}::text[],
      ${notices.map((notice) => notice.about?.subject ?? null)}::text[], ${notices.map((notice) => notice.about?.id ?? null)}::uuid[])
      with ordinality as n (person_id, kind, subject, record_id, place)
    join platform.tenant_account t on t.tenant_id = ${tenantId}
    left join identity.member m on m.tenant_id = ${tenantId} and m.person_id = n.person_id and m.disabled_at is null
    left join platform.notice_rhythm r on r.tenant_id = ${tenantId} and r.person_id = n.person_id
    left join platform.notice_preference p on p.tenant_id = ${tenantId} and p.person_id = n.person_id and p.kind = n.kind
    left join platform.notice_preference e on e.tenant_id = ${tenantId} and e.person_id = n.person_id and e.kind = ${everyKind}
    left join platform.notice_default d on d.tenant_id = ${tenantId} and d.kind = n.kind
    left join platform.watch w on w.tenant_id = ${tenantId} and w.person_id = n.person_id and w.subject = n.subject
      and w.record_id = n.record_id and w.state = 'muted'
    order by n.place`);
}

interface Way extends Channels {
  readonly id: Id;
  readonly notice: Notice;
  readonly email: string | null;
  /** When the mail is due; null when it goes with the notice itself, or never. */
  readonly due: Date | null;
  readonly mailId: Id | null;
}

function wayOf(notice: Notice, kind: NoticeKind, wishes: Wishes, now: Date): Way {
  const chosen = (app: boolean | null, mail: MailRhythm | null): Channels | undefined =>
    app === null || mail === null ? undefined : { app, mail };
  const channels = channelsOf({
    kind,
    wantsMail: notice.mail ?? false,
    own: chosen(wishes.ownApp, wishes.ownMail),
    company: chosen(wishes.companyApp, wishes.companyMail),
    muted: wishes.muted,
  });
  const { zone, quietFrom, quietUntil, email } = wishes;
  const mail = email === null ? "off" : channels.mail;
  const digestAt = wishes.digestAt ?? usualRhythm.digestAt;
  const rhythm = { zone, digestAt, digestWeekday: wishes.digestWeekday ?? usualRhythm.digestWeekday, quietFrom, quietUntil };
  const due = mail === "off" ? null : new Date(mailDue(mail, rhythm, now, kind.always));
  const atOnce = due !== null && due <= now;
  return { id: newId(), notice, app: channels.app, mail, email, due: atOnce ? null : due, mailId: atOnce ? newId() : null };
}

async function mailAtOnce(db: Rows, tenantId: Id, now: Date, ways: readonly Way[]): Promise<void> {
  if (ways.length === 0) return;
  await db.run(sql`
    insert into platform.mail (tenant_id, id, to_address, subject, text, at, person_id, kind)
    select ${tenantId}, m.id, m.to_address, m.subject, m.text, ${now}, m.person_id, m.kind
    from unnest(${ways.map((way) => way.mailId)}::uuid[], ${ways.map((way) => way.email)}::text[],
      ${ways.map((way) => way.notice.title)}::text[], ${ways.map((way) => way.notice.text ?? way.notice.title)}::text[],
      ${ways.map((way) => way.notice.personId)}::uuid[], ${ways.map((way) => kindOf(way.notice))}::text[])
      as m (id, to_address, subject, text, person_id, kind)`);
}
