-- Duties that must not be in one hand, the compensating controls of companies too small to part them, and what was done under one.
create table office.duty_conflict (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  says text not null,
  -- Two operations or two roles of the house, by name.
  kind text not null check (kind in ('operation', 'role')),
  first text not null,
  second text not null,
  -- Whoever did the first may not do the second: to the same papers, or to any for so many days.
  reach text not null check (reach in ('document', 'days')),
  days integer check (days > 0),
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  primary key (tenant_id, id),
  check ((reach = 'days') = (days is not null)),
  check (first <> second),
  constraint duty_conflict_once
    exclude using gist (tenant_id with =, first with =, second with =, during with &&)
);
select platform.fence('office.duty_conflict');

create table office.duty_control (
  tenant_id uuid not null,
  id uuid not null,
  conflict_id uuid not null,
  person_id uuid not null,
  control text not null,
  reason text not null,
  -- Who looks at it again, and by when; after that day it no longer counts.
  reviewer_id uuid not null,
  review_day date not null,
  made_by uuid,
  made_at timestamptz not null,
  made_on date not null,
  ended_on date,
  primary key (tenant_id, id),
  foreign key (tenant_id, conflict_id) references office.duty_conflict (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, reviewer_id) references directory.party (tenant_id, id),
  check (review_day > made_on),
  constraint duty_control_reviewer check (reviewer_id <> person_id)
);
create index duty_control_person on office.duty_control (tenant_id, person_id, conflict_id) where ended_on is null;
select platform.fence('office.duty_control');

-- What someone did, decided or was given though the duties conflict, under a control: the auditor's list.
create table office.duty_override (
  tenant_id uuid not null,
  id uuid not null,
  conflict_id uuid not null,
  control_id uuid not null,
  person_id uuid not null,
  at_moment text not null check (at_moment in ('grant', 'action', 'decision')),
  operation text not null,
  about_id uuid,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, conflict_id) references office.duty_conflict (tenant_id, id),
  foreign key (tenant_id, control_id) references office.duty_control (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id)
);
create index duty_override_at on office.duty_override (tenant_id, at desc);
select platform.fence('office.duty_override', kept => true);
