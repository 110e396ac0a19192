-- How work moves: who answers for what, the inbox of tasks, and the runs of processes.
-- Why constraints: two people accountable for one activity at one scope means nobody is; a task opened twice is done twice.
create schema office;
select platform.open_schema('office');

-- Kinds of work someone answers for, with their titles: the rows of the responsibility map.
create table office.activity (
  tenant_id uuid not null,
  name text not null check (name ~ '^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$'),
  title text not null,
  primary key (tenant_id, name)
);
select platform.fence('office.activity');

-- Which preset of the responsibility map was in force from which day on.
create table office.preset (
  tenant_id uuid not null,
  from_day date not null,
  size text not null check (size in ('small', 'medium', 'large')),
  applied_at timestamptz not null,
  applied_by uuid,
  primary key (tenant_id, from_day)
);
select platform.fence('office.preset');

create table office.responsibility (
  tenant_id uuid not null,
  id uuid not null,
  activity text not null,
  part text not null check (part in ('responsible', 'accountable', 'consulted', 'informed')),
  scope_kind text not null check (scope_kind in ('everywhere', 'entity', 'unit', 'place')),
  -- The company itself when it holds everywhere, so that the rule of one accountable needs no null.
  scope_id uuid not null,
  position_id uuid,
  person_id uuid,
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  primary key (tenant_id, id),
  foreign key (tenant_id, activity) references office.activity (tenant_id, name),
  foreign key (tenant_id, position_id) references directory.position (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check (num_nonnulls(position_id, person_id) = 1),
  constraint responsibility_one_accountable
    exclude using gist (tenant_id with =, activity with =, scope_id with =, during with &&) where (part = 'accountable')
);
create index responsibility_activity on office.responsibility (tenant_id, activity);
select platform.fence('office.responsibility');

create table office.task (
  tenant_id uuid not null,
  id uuid not null,
  -- The same wish opens one task, however often it is uttered.
  key text,
  kind text not null,
  title text not null,
  says text,
  state text not null check (state in ('open', 'done', 'cancelled')),
  due date not null,
  -- With whom it is: found by the activity, unless a person was named or someone handed it on.
  activity text,
  scope_kind text check (scope_kind in ('entity', 'unit', 'place')),
  scope_id uuid,
  person_id uuid,
  via text not null,
  is_fixed boolean not null,
  -- Closed when the facts say so, never by a tick.
  by_fact boolean not null,
  is_confidential boolean not null,
  about_subject text,
  about_id uuid,
  asks_operation text,
  asks_input jsonb,
  opened_at timestamptz not null,
  opened_on date not null,
  opened_by uuid,
  closed_at timestamptz,
  closed_by uuid,
  outcome text,
  chased_on date,
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check ((state = 'open') = (closed_at is null)),
  check ((about_subject is null) = (about_id is null)),
  check ((scope_kind is null) = (scope_id is null)),
  check ((asks_operation is null) = (asks_input is null))
);
create index task_open_person on office.task (tenant_id, person_id, due) where state = 'open';
create index task_open_due on office.task (tenant_id, due) where state = 'open';
create index task_about on office.task (tenant_id, about_id) where about_id is not null;
select platform.fence('office.task');

-- One run of a process for one subject: the hire of one person, the repair of one lift.
create table office.process_run (
  tenant_id uuid not null,
  id uuid not null,
  process text not null,
  title text not null,
  -- The identifiers the process is about, by name, as the event that started it gave them.
  subject jsonb not null,
  -- Those, and the records its steps made: an event that names one of them makes the run look again.
  object_ids uuid[] not null,
  person_id uuid,
  state text not null check (state in ('open', 'done', 'unwinding', 'ended')),
  anchor date not null,
  started_by uuid not null,
  started_at timestamptz not null,
  started_on date not null,
  closed_at timestamptz,
  closed_on date,
  -- Why the engine could not go on, in words; looked at again on the next event and every night.
  problem text,
  primary key (tenant_id, id),
  unique (tenant_id, process, started_by),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check ((state in ('done', 'ended')) = (closed_at is not null))
);
-- One open run of a process for a subject.
create unique index process_run_once on office.process_run (tenant_id, process, subject) where state = 'open';
create index process_run_object on office.process_run using gin (object_ids) where state in ('open', 'unwinding');
create index process_run_state on office.process_run (tenant_id, state, anchor);
select platform.fence('office.process_run');

create table office.process_step (
  tenant_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  key text not null,
  place integer not null,
  title text not null,
  says text not null,
  activity text,
  state text not null check (state in ('waiting', 'open', 'done', 'skipped', 'undone')),
  due date not null,
  task_id uuid,
  opened_at timestamptz,
  -- When the engine did its own part of it.
  did_at timestamptz,
  done_at timestamptz,
  done_on date,
  problem text,
  primary key (tenant_id, id),
  unique (tenant_id, run_id, key),
  foreign key (tenant_id, run_id) references office.process_run (tenant_id, id),
  foreign key (tenant_id, task_id) references office.task (tenant_id, id),
  check (state <> 'done' or done_at is not null)
);
create index process_step_task on office.process_step (tenant_id, task_id);
select platform.fence('office.process_step');
