-- Deadlines of laws and contracts: rules as data, and on each deadline what its rule said, when it began, and the proof that it was kept.
create table office.deadline_rule (
  tenant_id uuid not null,
  id uuid not null,
  -- Lasting name, e.g. gdpr-33.
  code text not null check (code ~ '^[a-z0-9][a-z0-9-]*$'),
  title text not null check (title <> ''),
  regime text,
  reference text not null,
  source text,
  -- In words: what lets it begin; and the event of a department that does.
  trigger text not null,
  starts_on text,
  -- The rule whose submission lets this one begin.
  follows text,
  unit text not null check (unit in ('hours', 'days', 'businessDays', 'months', 'promptly')),
  amount integer check (amount > 0),
  -- Regulation 1182/71, Art. 3(4) and (5): a last day that is not worked is put off to the next that is.
  is_put_off boolean not null,
  calendar_id uuid,
  extension_amount integer check (extension_amount > 0),
  extension_tell text,
  pause_ground text,
  is_reasoned_when_late boolean not null,
  is_confidential boolean not null,
  warn_hours integer[] not null,
  activity text not null,
  guidance text,
  state text not null check (state in ('in force', 'retired')),
  primary key (tenant_id, id),
  unique (tenant_id, code),
  foreign key (tenant_id, calendar_id) references directory.calendar (tenant_id, id),
  check ((unit = 'promptly') = (amount is null)),
  check ((extension_amount is null) = (extension_tell is null))
);
create index deadline_rule_event on office.deadline_rule (tenant_id, starts_on) where state = 'in force' and starts_on is not null;
select platform.fence('office.deadline_rule');

alter table office.deadline drop constraint deadline_state_check;
alter table office.deadline drop constraint deadline_check1;
alter table office.deadline
  add column rule_id uuid,
  add column is_confidential boolean not null default false,
  add column unit text,
  add column amount integer,
  add column triggered_at timestamptz,
  -- To the minute; hours matter. Null where the day says all, and while it is paused.
  add column due_at timestamptz,
  add column extended_by integer,
  add column extended_at timestamptz,
  add column extension_reason text,
  add column paused_at timestamptz,
  -- Instants at which the clock was stopped and went on again, by turns.
  add column pauses timestamptz[] not null default '{}',
  add column submitted_at timestamptz,
  add column submitted_by uuid,
  add column submission_reference text,
  add column submission_note text,
  add column submission_file_id uuid,
  add column late_reason text,
  add column warnings timestamptz[] not null default '{}',
  add column warnings_told integer not null default 0,
  add column warn_at timestamptz,
  add constraint deadline_state check (state in ('open', 'paused', 'met', 'submitted', 'cancelled')),
  add constraint deadline_closed check ((state in ('open', 'paused')) = (closed_on is null)),
  add constraint deadline_submitted check (state <> 'submitted' or submitted_at is not null and submission_reference is not null),
  add constraint deadline_paused check ((state = 'paused') = (paused_at is not null)),
  add foreign key (tenant_id, rule_id) references office.deadline_rule (tenant_id, id),
  add foreign key (tenant_id, submission_file_id) references platform.file (tenant_id, id);
-- A rule holds once for a record.
create unique index deadline_rule_once on office.deadline (tenant_id, rule_id, about_id) where rule_id is not null and about_id is not null;
create index deadline_warn on office.deadline (tenant_id, warn_at) where state = 'open' and warn_at is not null;
create index deadline_about on office.deadline (tenant_id, about_id) where about_id is not null;

-- What happened to a deadline, word by word: begun, warned, paused, extended, submitted. Never changed.
create table office.deadline_event (
  tenant_id uuid not null,
  id uuid not null,
  deadline_id uuid not null,
  kind text not null check (kind in ('begun', 'warned', 'missed', 'paused', 'resumed', 'extended', 'submitted', 'cancelled')),
  text text not null,
  at timestamptz not null,
  by_name text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, deadline_id) references office.deadline (tenant_id, id)
);
create index deadline_event_deadline on office.deadline_event (tenant_id, deadline_id, at);
select platform.fence('office.deadline_event', kept => true);
