-- Requests of persons about their own data (GDPR Art. 15 to 22): who asked for what and when, how it was made sure that it is them, what
-- they were given or what was erased, and how they were answered.
create table governance.subject_request (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  kind text not null check (kind in ('access', 'portability', 'erasure', 'rectification', 'restriction', 'objection')),
  received_at timestamptz not null,
  channel text not null check (channel in ('app', 'mail', 'letter', 'in person')),
  says text,
  recorded_by uuid,
  identified_at timestamptz,
  identified_how text,
  file_id uuid,
  gathered_at timestamptz,
  erasure_id uuid,
  outcome text check (outcome in ('answered', 'refused')),
  outcome_at timestamptz,
  outcome_says text,
  closed_on date,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id),
  foreign key (tenant_id, erasure_id) references platform.erasure (tenant_id, id),
  check ((identified_at is null) = (identified_how is null)),
  check ((file_id is null) = (gathered_at is null)),
  check ((outcome is null) = (closed_on is null) and (outcome is null) = (outcome_at is null)
    and (outcome is null) = (outcome_says is null))
);
create index subject_request_person on governance.subject_request (tenant_id, person_id);
create index subject_request_open on governance.subject_request (tenant_id, received_at) where closed_on is null;
create index subject_request_erasure on governance.subject_request (tenant_id, erasure_id) where erasure_id is not null;
create index subject_request_file on governance.subject_request (tenant_id, file_id) where file_id is not null;
select platform.fence('governance.subject_request');
