-- What a newcomer is instructed in, and how a probation ends. Why columns on the contract: the probation is agreed there, and only there
-- does its last day stand.
create table people.training (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  says text,
  -- Only whoever has this job; null for everyone.
  job_id uuid,
  -- Within how many days of the first one.
  within_days integer not null check (within_days between 0 and 365),
  ended_on date,
  primary key (tenant_id, id),
  foreign key (tenant_id, job_id) references directory.job (tenant_id, id)
);
create unique index training_name on people.training (tenant_id, name) where ended_on is null;
select platform.fence('people.training');

create table people.training_record (
  tenant_id uuid not null,
  id uuid not null,
  training_id uuid not null,
  person_id uuid not null,
  on_day date not null,
  trainer_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, training_id) references people.training (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, trainer_id) references directory.party (tenant_id, id)
);
create unique index training_record_once on people.training_record (tenant_id, person_id, training_id, on_day);
select platform.fence('people.training_record');

alter table people.contract
  add column probation_outcome text check (probation_outcome in ('passed', 'failed')),
  add column probation_decided_on date,
  add column probation_decided_by uuid,
  add column probation_reason text,
  add check ((probation_outcome is null) = (probation_decided_on is null));
create index contract_probation on people.contract (tenant_id, probation_until)
  where state = 'signed' and probation_until is not null and probation_outcome is null;
