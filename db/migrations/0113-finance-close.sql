-- The close of a month as a list of tasks: what has to be done, by whom, after what, and the fact in the books that proves it.
-- Why: templates are the company's own data; a period takes a copy, so that a changed template leaves the closes of the past as they were.

create table finance.close_template (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  key text not null check (key ~ '^[a-z][A-Za-z0-9]{1,39}$'),
  title text not null check (title <> ''),
  says text,
  -- Whoever answers for this activity has the task.
  activity text not null,
  position integer not null,
  -- Keys of the tasks that come before it.
  requires text[] not null,
  -- The fact that must hold before it can be ticked; null for what only a person can judge.
  fact text,
  -- Where in the app it is done.
  place text,
  retired_from date,
  primary key (tenant_id, id),
  constraint close_template_key unique (tenant_id, book_id, key),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id)
);
select platform.fence('finance.close_template');

create table finance.close_task (
  tenant_id uuid not null,
  id uuid not null,
  period_id uuid not null,
  key text not null,
  title text not null,
  says text,
  activity text not null,
  position integer not null,
  requires text[] not null,
  fact text,
  place text,
  state text not null check (state in ('open', 'done')),
  done_at timestamptz,
  done_by_id uuid,
  done_by_name text,
  note text,
  primary key (tenant_id, id),
  constraint close_task_key unique (tenant_id, period_id, key),
  foreign key (tenant_id, period_id) references finance.period (tenant_id, id),
  check ((state = 'done') = (done_at is not null) and (state = 'done') = (done_by_name is not null))
);
create index close_task_period on finance.close_task (tenant_id, period_id, position);
select platform.fence('finance.close_task');

-- Who ticked a task and who took the tick back, with their words: kept for the auditor.
create table finance.close_task_change (
  tenant_id uuid not null,
  id uuid not null,
  task_id uuid not null,
  state text not null check (state in ('open', 'done')),
  note text,
  file_id uuid,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, task_id) references finance.close_task (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id)
);
create index close_task_change_task on finance.close_task_change (tenant_id, task_id, id);
select platform.fence('finance.close_task_change', kept => true);
