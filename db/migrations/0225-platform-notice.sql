-- Notices: what someone is told, on which channel, at what hour, once. And which records someone follows or wants to hear nothing of.
-- Why a due instant on the notice itself: the job that mails finds by it what waits, claims it, and forgets it in one transaction.
alter table platform.notification add column kind text not null default 'platform.notice.other';
-- The same person is told the same thing once.
alter table platform.notification add column key text;
-- Not shown on the bell when the person turned that channel off and only wants the mail.
alter table platform.notification add column in_app boolean not null default true;
alter table platform.notification add column mail text not null default 'off' check (mail in ('off', 'now', 'daily', 'weekly'));
alter table platform.notification add column mail_due timestamptz;
alter table platform.notification add column mail_id uuid;
create unique index notification_once on platform.notification (tenant_id, person_id, key) where key is not null;
create index notification_mail_due on platform.notification (tenant_id, mail_due) where mail_due is not null;
create index notification_person on platform.notification (tenant_id, person_id, at desc);

-- Whose mail it is and of what kind, so that its link to stop such mails means them; and when a sender took it in hand.
alter table platform.mail add column person_id uuid;
alter table platform.mail add column kind text;
alter table platform.mail add column claimed_at timestamptz;

-- What one person wants of a kind of notice; what the company wants for everyone who said nothing.
create table platform.notice_preference (
  tenant_id uuid not null,
  person_id uuid not null,
  kind text not null,
  app boolean not null,
  mail text not null check (mail in ('off', 'now', 'daily', 'weekly')),
  primary key (tenant_id, person_id, kind)
);
select platform.fence('platform.notice_preference');

create table platform.notice_default (
  tenant_id uuid not null,
  kind text not null,
  app boolean not null,
  mail text not null check (mail in ('off', 'now', 'daily', 'weekly')),
  primary key (tenant_id, kind)
);
select platform.fence('platform.notice_default');

-- When one person wants to hear: the wall time of their summary, its weekday, and the hours in which no mail is sent.
create table platform.notice_rhythm (
  tenant_id uuid not null,
  person_id uuid not null,
  zone text not null,
  digest_at time not null,
  -- 1 is Monday, as in ISO 8601.
  digest_weekday smallint not null check (digest_weekday between 1 and 7),
  quiet_from time,
  quiet_until time,
  primary key (tenant_id, person_id),
  check ((quiet_from is null) = (quiet_until is null)),
  check (quiet_from <> quiet_until)
);
select platform.fence('platform.notice_rhythm');

create table platform.watch (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  subject text not null,
  record_id uuid not null,
  label text not null,
  state text not null check (state in ('following', 'muted')),
  at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, person_id, subject, record_id)
);
create index watch_record on platform.watch (tenant_id, record_id);
select platform.fence('platform.watch');
