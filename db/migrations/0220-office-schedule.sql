-- Schedules: what the office asks for again and again, and each time it comes round.
-- Why `look_at`: the sweep reads through one partial index what has something to do by now, and nothing that has not.
create table office.schedule (
  tenant_id uuid not null,
  id uuid not null,
  -- What another department knows it by.
  key text,
  title text not null check (title <> ''),
  says text,
  -- What sort of work it opens; a word for filters.
  kind text not null check (kind in ('task', 'workOrder', 'controlTest', 'review', 'filing', 'operation')),
  -- The operation that the house runs each time, with its input; without one a task is opened.
  operation text,
  input jsonb,
  activity text,
  site_id uuid,
  person_id uuid,
  about_subject text,
  about_id uuid,
  -- On the wall of its zone. The time of day does not count when `whole_day`.
  start_at timestamp not null,
  whole_day boolean not null,
  zone text not null,
  rule text,
  also timestamp[] not null,
  except_at timestamp[] not null,
  anchor text not null check (anchor in ('fixed', 'completion')),
  lead_days integer not null check (lead_days between 0 and 365),
  horizon_days integer not null check (horizon_days between 0 and 400),
  missed text not null check (missed in ('skip', 'once', 'all')),
  missed_max integer not null check (missed_max between 1 and 50),
  shift text not null check (shift in ('none', 'forward', 'back', 'modifiedFollowing')),
  calendar_id uuid,
  -- A meter of another department; its total only grows, whatever its display is set to.
  meter_id uuid,
  meter_every numeric check (meter_every > 0),
  meter_combine text check (meter_combine in ('or', 'and')),
  meter_base numeric,
  meter_total numeric,
  state text not null check (state in ('running', 'paused', 'ended')),
  last_day date,
  -- The last time that was written down as an occurrence by the rule.
  planned_until timestamp,
  -- When the sweep has something to do; null when nothing is left or it waits for something to be done.
  look_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, site_id) references directory.place (tenant_id, id),
  foreign key (tenant_id, calendar_id) references directory.calendar (tenant_id, id),
  check ((about_subject is null) = (about_id is null)),
  check (num_nonnulls(meter_id, meter_every, meter_combine, meter_base, meter_total) in (0, 5)),
  check (rule is not null or meter_id is not null or cardinality(also) > 0),
  check (look_at is null or state = 'running')
);
create index schedule_look on office.schedule (tenant_id, look_at) where look_at is not null;
create index schedule_meter on office.schedule (tenant_id, meter_id) where meter_id is not null;
create index schedule_about on office.schedule (tenant_id, about_id) where about_id is not null;
select platform.fence('office.schedule');

create table office.occurrence (
  tenant_id uuid not null,
  id uuid not null,
  schedule_id uuid not null,
  -- Its place in the schedule, on the wall of its zone; it never changes. The day it is due may be moved.
  scheduled timestamp not null,
  due date not null,
  opens_at timestamptz not null,
  state text not null check (state in ('planned', 'open', 'done', 'skipped', 'missed')),
  opened_at timestamptz,
  -- What it opened: a task, a work order.
  result_subject text,
  result_id uuid,
  closed_at timestamptz,
  closed_on date,
  note text,
  primary key (tenant_id, id),
  constraint occurrence_once unique (tenant_id, schedule_id, scheduled),
  foreign key (tenant_id, schedule_id) references office.schedule (tenant_id, id),
  check ((result_subject is null) = (result_id is null)),
  check ((state in ('done', 'skipped', 'missed')) = (closed_at is not null)),
  check (state <> 'open' or opened_at is not null)
);
create index occurrence_planned on office.occurrence (tenant_id, schedule_id, opens_at) where state = 'planned';
create index occurrence_open on office.occurrence (tenant_id, schedule_id) where state = 'open';
create index occurrence_result on office.occurrence (tenant_id, result_id) where state = 'open' and result_id is not null;
create index occurrence_due on office.occurrence (tenant_id, due);
select platform.fence('office.occurrence');
