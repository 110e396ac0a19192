-- Clocks: how long something may take, in the hours of a calendar. Segments are only ever added; what is left and when it is due follow
-- from them. Why kept on the clock as well: a sweep asks every minute which of a hundred thousand have come due, and touches only those.

-- What is promised for which records: by conditions on their fields, the first that fits holds.
create table office.service_level (
  tenant_id uuid not null,
  id uuid not null,
  name text not null check (name <> ''),
  -- The register whose records it is for, e.g. office.request.
  subject text not null,
  -- Lower comes first.
  rank integer not null,
  state text not null check (state in ('in force', 'retired')),
  primary key (tenant_id, id),
  unique (tenant_id, name)
);
select platform.fence('office.service_level');

create table office.service_level_version (
  tenant_id uuid not null,
  service_level_id uuid not null,
  version integer not null check (version > 0),
  -- [{"field": "priority", "is": ["urgent"]}]: all must fit.
  conditions jsonb not null,
  -- [{"target": "response", "amount": 30, "unit": "minutes", "stages": [{"percent": 75, "tell": "holder"}]}]
  targets jsonb not null,
  -- States of the record in which its clocks stand still.
  pause_states text[] not null,
  -- The calendar it is counted in; without one that of the record's place, or of the company.
  calendar_id uuid,
  is_round_the_clock boolean not null,
  made_at timestamptz not null,
  made_by uuid,
  primary key (tenant_id, service_level_id, version),
  foreign key (tenant_id, service_level_id) references office.service_level (tenant_id, id),
  foreign key (tenant_id, calendar_id) references directory.calendar (tenant_id, id),
  check (not is_round_the_clock or calendar_id is null)
);
select platform.fence('office.service_level_version', kept => true);

create table office.clock (
  tenant_id uuid not null,
  id uuid not null,
  about_subject text not null,
  about_id uuid not null,
  -- What must happen: response, resolution, or any other name.
  target text not null,
  title text not null,
  state text not null check (state in ('running', 'paused', 'met', 'missed', 'cancelled')),
  service_level_id uuid,
  version integer,
  -- Whoever started it chose the service level; else it is chosen anew when facts or levels change.
  is_fixed boolean not null,
  amount integer not null check (amount > 0),
  unit text not null check (unit in ('minutes', 'days')),
  -- Null is the plain week of the company, unless it runs round the clock.
  calendar_id uuid,
  is_round_the_clock boolean not null,
  -- The fields of the record that conditions look at, so that a changed policy can be chosen anew.
  facts jsonb not null,
  scope_kind text check (scope_kind in ('entity', 'unit', 'site', 'place')),
  scope_id uuid,
  person_id uuid,
  activity text,
  is_confidential boolean not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  -- Derived from the segments, kept for lists and the sweep: working time allowed and used, when it is due while it runs, when each
  -- stage is reached, how many stages have been told, and the instant of the next.
  budget_milliseconds bigint not null,
  used_milliseconds bigint not null,
  due_at timestamptz,
  stage_percents integer[] not null,
  stage_tells text[] not null,
  stage_at timestamptz[] not null,
  stages_told integer not null default 0,
  warn_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, service_level_id, version) references office.service_level_version (tenant_id, service_level_id, version),
  foreign key (tenant_id, calendar_id) references directory.calendar (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check ((state in ('running', 'paused')) = (ended_at is null)),
  check ((service_level_id is null) = (version is null)),
  check ((scope_kind is null) = (scope_id is null)),
  check (not is_round_the_clock or calendar_id is null)
);
-- One open clock for one target of a record.
create unique index clock_once on office.clock (tenant_id, about_id, target) where state in ('running', 'paused');
create index clock_warn on office.clock (tenant_id, warn_at) where state = 'running' and warn_at is not null;
-- Open ones are found by clock_once: an index less to keep for each that the sweep touches.
create index clock_ended on office.clock (tenant_id, about_id, target) where state in ('met', 'missed', 'cancelled');
select platform.fence('office.clock');

-- From an instant on a clock runs or stands, until the next segment begins. Never changed.
create table office.clock_segment (
  tenant_id uuid not null,
  clock_id uuid not null,
  number integer not null check (number > 0),
  state text not null check (state in ('running', 'paused', 'stopped')),
  from_at timestamptz not null,
  reason text not null,
  calendar_id uuid,
  service_level_id uuid,
  version integer,
  amount integer not null,
  unit text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, clock_id, number),
  foreign key (tenant_id, clock_id) references office.clock (tenant_id, id)
);
select platform.fence('office.clock_segment', kept => true);

-- Which stage of which clock was told when: once each.
create table office.clock_warning (
  tenant_id uuid not null,
  clock_id uuid not null,
  percent integer not null,
  tell text not null,
  reached_at timestamptz not null,
  told_at timestamptz not null,
  -- Written only by the sweep, from clocks in hand: a law looks after what a foreign key would ask for row by row.
  primary key (tenant_id, clock_id, percent)
);
select platform.fence('office.clock_warning', kept => true);
