-- Requests: what somebody asks of a department, the words that go to and fro, who follows it, and what it hangs together with.
create table office.request_counter (
  tenant_id uuid not null,
  year integer not null,
  last integer not null,
  primary key (tenant_id, year)
);
select platform.fence('office.request_counter');

create table office.request (
  tenant_id uuid not null,
  id uuid not null,
  number text not null,
  kind_id uuid not null,
  -- The form it was answered on, whatever the kind asks today.
  form_id uuid not null,
  title text not null check (title <> ''),
  says text,
  answers jsonb not null,
  state text not null check (state in ('new', 'open', 'waitingForRequester', 'waitingForOther', 'solved', 'closed', 'cancelled')),
  approval text not null check (approval in ('none', 'waiting', 'approved', 'declined')),
  is_confidential boolean not null,
  channel text not null check (channel in ('app', 'mail', 'split')),
  requester_id uuid not null,
  filed_by uuid,
  -- Whoever answers for it; the one it is with stands on its task.
  owner_id uuid,
  task_id uuid,
  scope_kind text check (scope_kind in ('entity', 'unit', 'place')),
  scope_id uuid,
  impact text not null check (impact in ('high', 'medium', 'low')),
  urgency text not null check (urgency in ('high', 'medium', 'low')),
  priority text not null check (priority in ('critical', 'high', 'medium', 'low', 'planned')),
  main_id uuid,
  filed_at timestamptz not null,
  changed_at timestamptz not null,
  replied_at timestamptz,
  solved_on date,
  closed_at timestamptz,
  reopened integer not null check (reopened >= 0),
  score smallint check (score between 1 and 5),
  score_says text,
  -- Stands in the subject of its mails: whoever knows it was written to.
  mail_token text not null,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  unique (tenant_id, mail_token),
  foreign key (tenant_id, kind_id) references office.request_kind (tenant_id, id),
  foreign key (tenant_id, form_id) references office.request_form (tenant_id, id),
  foreign key (tenant_id, requester_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, filed_by) references directory.party (tenant_id, id),
  foreign key (tenant_id, owner_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, task_id) references office.task (tenant_id, id),
  foreign key (tenant_id, main_id) references office.request (tenant_id, id),
  check ((scope_kind is null) = (scope_id is null)),
  check (main_id <> id),
  check ((state in ('closed', 'cancelled')) = (closed_at is not null)),
  check ((state = 'solved') <= (solved_on is not null))
);
create index request_requester on office.request (tenant_id, requester_id, filed_at);
create index request_open on office.request (tenant_id, kind_id) where closed_at is null;
create index request_solved on office.request (tenant_id, solved_on) where state = 'solved';
create index request_task on office.request (tenant_id, task_id);
create index request_main on office.request (tenant_id, main_id) where main_id is not null;
select platform.fence('office.request');

create table office.request_message (
  tenant_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  -- Never shown to whoever only follows the request.
  is_internal boolean not null,
  text text not null check (text <> ''),
  -- What was done with these words: asked back, solved, reopened.
  deed text,
  channel text not null check (channel in ('app', 'mail')),
  mail_id text,
  author_id uuid,
  author text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, request_id) references office.request (tenant_id, id)
);
create index request_message_request on office.request_message (tenant_id, request_id, id);
create index request_message_mail on office.request_message (tenant_id, mail_id) where mail_id is not null;
select platform.fence('office.request_message');

create table office.request_watcher (
  tenant_id uuid not null,
  request_id uuid not null,
  person_id uuid not null,
  since timestamptz not null,
  primary key (tenant_id, request_id, person_id),
  foreign key (tenant_id, request_id) references office.request (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id)
);
create index request_watcher_person on office.request_watcher (tenant_id, person_id);
select platform.fence('office.request_watcher');

create table office.request_link (
  tenant_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  relation text not null check (relation in ('relates', 'blocks', 'causedBy')),
  subject text not null,
  record_id uuid not null,
  label text not null,
  made_at timestamptz not null,
  primary key (tenant_id, id),
  constraint request_link_once unique (tenant_id, request_id, relation, subject, record_id),
  foreign key (tenant_id, request_id) references office.request (tenant_id, id),
  check (record_id <> request_id)
);
create index request_link_record on office.request_link (tenant_id, record_id);
select platform.fence('office.request_link');
