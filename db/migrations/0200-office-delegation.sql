-- Delegation: who acts for whom, on which days, for what and up to which amount. Why a period without open end: power that nobody
-- remembers having given away is the commonest finding of an auditor. What was given is never changed, only ended.
create table office.delegation (
  tenant_id uuid not null,
  id uuid not null,
  principal_id uuid not null,
  stand_in_id uuid not null,
  during daterange not null check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
  -- The kinds of work; null for all of them.
  activities text[] check (cardinality(activities) > 0),
  scope_kind text not null check (scope_kind in ('everywhere', 'entity', 'unit', 'place')),
  -- The company itself when it holds everywhere.
  scope_id uuid not null,
  limit_minor bigint check (limit_minor >= 0),
  limit_currency text check (limit_currency ~ '^[A-Z]{3}$'),
  -- Whoever stands in for the stand-in may act too.
  passes_on boolean not null,
  reason text not null,
  -- The approved absence it follows from; null when it was made by hand.
  absence_id uuid,
  made_by uuid,
  made_at timestamptz not null,
  -- From this day on it no longer holds, whatever the period says.
  ended_on date,
  ended_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, principal_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, stand_in_id) references directory.party (tenant_id, id),
  constraint delegation_to_another check (principal_id <> stand_in_id),
  check ((limit_minor is null) = (limit_currency is null))
);
create index delegation_principal on office.delegation using gist (tenant_id, principal_id, during);
create index delegation_stand_in on office.delegation using gist (tenant_id, stand_in_id, during);
create unique index delegation_absence on office.delegation (tenant_id, absence_id) where absence_id is not null and ended_on is null;
select platform.fence('office.delegation');

-- Whom someone usually leaves their work with: an approved absence becomes a delegation to them.
create table office.stand_in (
  tenant_id uuid not null,
  person_id uuid not null,
  stand_in_id uuid not null,
  named_at timestamptz not null,
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, stand_in_id) references directory.party (tenant_id, id),
  constraint stand_in_is_another check (person_id <> stand_in_id)
);
select platform.fence('office.stand_in');

-- Whose a task is while a stand-in has it, by which delegation, and for whom it was closed.
alter table office.task add column principal_id uuid;
alter table office.task add column delegation_id uuid;
alter table office.task add column closed_for uuid;
alter table office.task add constraint task_delegation foreign key (tenant_id, delegation_id) references office.delegation (tenant_id, id);
alter table office.task add constraint task_principal check ((principal_id is null) = (delegation_id is null));
create index task_open_principal on office.task (tenant_id, principal_id) where state = 'open' and principal_id is not null;
create index task_delegation on office.task (tenant_id, delegation_id) where delegation_id is not null;
