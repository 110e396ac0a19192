-- Efficiency: how long work takes, where it waits, what comes back and what it costs, from the data itself.
-- Why a row a day: a window of months is read from a few rows for each kind of work, never from the history of it; what is open, and
-- the present day, are read as they stand. The rows can be made anew from the source, and a law proves them equal.
alter table office.task add column begun_at timestamptz;
alter table office.task add column minutes integer check (minutes between 0 and 100000);
alter table office.task add constraint task_begun check (begun_at >= opened_at);
alter table office.process_step add column reopened integer not null default 0 check (reopened >= 0);

create index work_task_closed on office.task (tenant_id, closed_at) where closed_at is not null;
create index work_task_opened on office.task (tenant_id, opened_at);
create index work_task_open_activity on office.task (tenant_id, activity) where state = 'open' and not is_fixed;
create index work_process_step_done on office.process_step (tenant_id, done_at) where done_at is not null;
create index work_process_step_opened on office.process_step (tenant_id, opened_at) where opened_at is not null;
create index work_process_step_open on office.process_step (tenant_id, due) where state in ('open', 'waiting');
create index work_process_run_closed on office.process_run (tenant_id, closed_at) where closed_at is not null;
create index work_process_run_started on office.process_run (tenant_id, started_at);
create index work_approval_decided on office.approval (tenant_id, decided_at) where decided_at is not null;
create index work_approval_requested on office.approval (tenant_id, requested_at);

-- What an hour of a kind of work costs and how long one usually takes, where nobody wrote down how long it did.
create table office.effort (
  tenant_id uuid not null,
  activity text not null check (activity <> ''),
  from_day date not null,
  minutes_typical integer not null check (minutes_typical between 0 and 100000),
  rate_hourly bigint not null check (rate_hourly >= 0),
  rate_hourly_currency text not null check (rate_hourly_currency ~ '^[A-Z]{3}$'),
  why text not null check (why <> ''),
  set_by uuid,
  set_at timestamptz not null,
  primary key (tenant_id, activity, from_day)
);
select platform.fence('office.effort');

-- Whether single people may be looked at, on which ground, and how many a group must have to be shown. The salt makes pseudonyms.
create table office.efficiency_setting (
  tenant_id uuid not null primary key,
  people_min integer not null check (people_min between 3 and 100),
  is_person_allowed boolean not null,
  ground text,
  salt text not null,
  set_by uuid,
  set_at timestamptz not null,
  check (not is_person_allowed or ground is not null)
);
select platform.fence('office.efficiency_setting');

create table office.work_daily (
  tenant_id uuid not null,
  day date not null,
  source text not null check (source in ('task', 'step', 'run', 'approval', 'request')),
  process text not null,
  activity text not null,
  arrived integer not null,
  finished integer not null,
  cancelled integer not null,
  -- Of the finished ones: never opened again, declined or voided; opened again; done by the house; with a day to keep, and kept.
  right_first integer not null,
  reopened integer not null,
  by_house integer not null,
  with_due integer not null,
  on_time integer not null,
  -- Seconds from arrival to finish; of those that were begun, from begin to finish and from arrival to begin.
  lead_seconds bigint not null,
  begun integer not null,
  cycle_seconds bigint not null,
  wait_seconds bigint not null,
  -- How many took up to 1, 2, 4, 8, 16, 24, 48, 72, 120, 240, 480, 960 hours, and longer.
  lead_spread integer[] not null check (cardinality(lead_spread) = 13),
  minutes bigint not null,
  timed integer not null,
  primary key (tenant_id, day, source, process, activity)
);
create index work_daily_source on office.work_daily (tenant_id, source, day);
select platform.fence('office.work_daily');

-- Up to which day the rows are made; what came after it is read as it stands.
create table office.work_rolled (
  tenant_id uuid not null primary key,
  until_day date not null
);
select platform.fence('office.work_rolled');
