-- Hiring and the employee relationship as dated histories: employment, seat, contract and pay each change on their own days.
-- Why constraints: two employments of one person, or two rates of pay on one day, would be paid twice.
create schema people;
select platform.open_schema('people');

-- A person of the directory who may be hired. Kept apart from applications: one candidate may apply many times.
create table people.candidate (
  tenant_id uuid not null,
  person_id uuid not null,
  source text,
  -- Until when they agreed that we keep their papers.
  consent_until date,
  known_since date not null,
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id)
);
select platform.fence('people.candidate');

create table people.application (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  position_id uuid,
  applied_on date not null,
  stage text not null check (stage in ('applied', 'screening', 'interview', 'offer', 'hired', 'rejected', 'withdrawn')),
  closed_on date,
  reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references people.candidate (tenant_id, person_id),
  foreign key (tenant_id, position_id) references directory.position (tenant_id, id)
);
create unique index application_open on people.application (tenant_id, person_id, position_id)
  where stage not in ('hired', 'rejected', 'withdrawn');
select platform.fence('people.application');

create table people.employment (
  tenant_id uuid not null,
  id uuid not null,
  number integer not null,
  person_id uuid not null,
  entity_id uuid,
  kind text not null check (kind in ('employee', 'contractor')),
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  -- Set when it was called off before its first day.
  voided_on date,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, entity_id) references directory.legal_entity (tenant_id, id),
  constraint employment_once exclude using gist (tenant_id with =, person_id with =, during with &&) where (voided_on is null)
);
select platform.fence('people.employment');

-- The last employee number given out.
create table people.employee_number (
  tenant_id uuid not null primary key,
  last integer not null
);
select platform.fence('people.employee_number');

create table people.offer (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  application_id uuid,
  position_id uuid not null,
  entity_id uuid,
  kind text not null check (kind in ('employee', 'contractor')),
  first_day date not null,
  last_day date check (last_day >= first_day),
  hours_weekly numeric(5,2) not null check (hours_weekly > 0 and hours_weekly <= 80),
  notice_days integer not null check (notice_days between 0 and 730),
  probation_months integer not null check (probation_months between 0 and 24),
  pay bigint not null check (pay >= 0),
  currency text not null,
  pay_period text not null check (pay_period in ('month', 'year', 'hour')),
  expires_on date,
  state text not null check (state in ('draft', 'sent', 'accepted', 'declined', 'rescinded')),
  sent_on date,
  answered_on date,
  reason text,
  employment_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, application_id) references people.application (tenant_id, id),
  foreign key (tenant_id, position_id) references directory.position (tenant_id, id),
  foreign key (tenant_id, entity_id) references directory.legal_entity (tenant_id, id),
  foreign key (tenant_id, employment_id) references people.employment (tenant_id, id),
  check ((state = 'accepted') <= (employment_id is not null))
);
create index offer_person on people.offer (tenant_id, person_id);
select platform.fence('people.offer');

-- Which seat an employment is for, over time; `holding_id` is the same fact in the directory.
create table people.assignment (
  tenant_id uuid not null,
  id uuid not null,
  employment_id uuid not null,
  position_id uuid not null,
  holding_id uuid not null,
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  primary key (tenant_id, id),
  foreign key (tenant_id, employment_id) references people.employment (tenant_id, id),
  foreign key (tenant_id, position_id) references directory.position (tenant_id, id),
  constraint assignment_once exclude using gist (tenant_id with =, employment_id with =, during with &&)
);
create index assignment_position on people.assignment (tenant_id, position_id);
select platform.fence('people.assignment');

create table people.contract (
  tenant_id uuid not null,
  id uuid not null,
  employment_id uuid not null,
  first_day date not null,
  last_day date,
  hours_weekly numeric(5,2) not null check (hours_weekly > 0 and hours_weekly <= 80),
  notice_days integer not null check (notice_days between 0 and 730),
  probation_until date,
  state text not null check (state in ('draft', 'sent', 'signed', 'void')),
  sent_on date,
  signed_on date,
  -- Who recorded the signature: the person themself, or People with the paper.
  signed_by uuid,
  file_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, employment_id) references people.employment (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id),
  check ((state = 'signed') = (signed_on is not null))
);
create unique index contract_per_day on people.contract (tenant_id, employment_id, first_day) where state <> 'void';
select platform.fence('people.contract');

create table people.compensation (
  tenant_id uuid not null,
  id uuid not null,
  employment_id uuid not null,
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  pay bigint not null check (pay >= 0),
  currency text not null,
  pay_period text not null check (pay_period in ('month', 'year', 'hour')),
  reason text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, employment_id) references people.employment (tenant_id, id),
  constraint compensation_once exclude using gist (tenant_id with =, employment_id with =, during with &&)
);
select platform.fence('people.compensation');

-- How an employment ends. The five days are five facts: they fall together only by chance.
create table people.resignation (
  tenant_id uuid not null,
  id uuid not null,
  employment_id uuid not null,
  kind text not null check (kind in ('resignation', 'dismissal', 'redundancy', 'end of term', 'retirement', 'death')),
  received_on date not null,
  notice_days integer not null check (notice_days between 0 and 730),
  last_working_day date not null,
  last_day date not null,
  access_cut_off date not null,
  final_pay_day date not null,
  reason text,
  state text not null check (state in ('recorded', 'withdrawn')),
  -- The last day there was before, when the term was limited anyway.
  earlier_last_day date,
  primary key (tenant_id, id),
  foreign key (tenant_id, employment_id) references people.employment (tenant_id, id),
  check (last_working_day <= last_day and received_on <= last_day)
);
create unique index resignation_once on people.resignation (tenant_id, employment_id) where state = 'recorded';
select platform.fence('people.resignation');
