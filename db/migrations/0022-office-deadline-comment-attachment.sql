-- Days that must not pass, and what people leave on a record: words and files.
create table office.deadline (
  tenant_id uuid not null,
  id uuid not null,
  key text,
  title text not null,
  due date not null,
  state text not null check (state in ('open', 'met', 'cancelled')),
  activity text,
  person_id uuid,
  about_subject text,
  about_id uuid,
  opened_at timestamptz not null,
  closed_on date,
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check ((about_subject is null) = (about_id is null)),
  check ((state = 'open') = (closed_on is null))
);
create index deadline_open on office.deadline (tenant_id, due) where state = 'open';
select platform.fence('office.deadline');

create table office.comment (
  tenant_id uuid not null,
  id uuid not null,
  subject text not null,
  record_id uuid not null,
  text text not null check (text <> ''),
  mentions uuid[] not null,
  author_id uuid,
  author text not null,
  at timestamptz not null,
  removed_at timestamptz,
  primary key (tenant_id, id)
);
create index comment_record on office.comment (tenant_id, record_id);
select platform.fence('office.comment');

create table office.attachment (
  tenant_id uuid not null,
  id uuid not null,
  subject text not null,
  record_id uuid not null,
  file_id uuid not null,
  title text not null check (title <> ''),
  author_id uuid,
  author text not null,
  at timestamptz not null,
  removed_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id)
);
create index attachment_record on office.attachment (tenant_id, record_id);
create index attachment_file on office.attachment (tenant_id, file_id);
select platform.fence('office.attachment');
