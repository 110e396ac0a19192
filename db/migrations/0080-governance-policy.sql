-- Policies, their published versions, whom they address and who attested which version.
-- Why drafts and versions are two tables: a published text counts from its first moment, so the application may insert a version and
-- never change it; what an attestation points to is what stood there.
create schema governance;
select platform.open_schema('governance');

create table governance.policy (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  title text not null check (title <> ''),
  owner_id uuid not null,
  -- Days a person has to attest, from the day it concerns them.
  attest_days integer not null check (attest_days between 1 and 365),
  -- Months until the version in force must be looked at again.
  review_months integer check (review_months between 1 and 60),
  retired_from date,
  primary key (tenant_id, id),
  constraint policy_code unique (tenant_id, code),
  foreign key (tenant_id, owner_id) references directory.party (tenant_id, id)
);
select platform.fence('governance.policy');

create table governance.policy_draft (
  tenant_id uuid not null,
  policy_id uuid not null,
  text text not null check (text <> ''),
  file_id uuid,
  change text,
  material boolean not null,
  drafted_by uuid,
  drafted_on date not null,
  primary key (tenant_id, policy_id),
  foreign key (tenant_id, policy_id) references governance.policy (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id)
);
select platform.fence('governance.policy_draft');

create table governance.policy_version (
  tenant_id uuid not null,
  id uuid not null,
  policy_id uuid not null,
  number integer not null check (number > 0),
  text text not null check (text <> ''),
  text_hash text not null,
  file_id uuid,
  change text,
  -- The last version whose change was material: attesting that one or a later one suffices.
  attested_from integer not null check (attested_from between 1 and number),
  from_day date not null,
  drafted_by uuid,
  published_by uuid,
  published_on date not null,
  -- Why the drafter published alone; stands on the auditor's list.
  alone_because text,
  primary key (tenant_id, id),
  constraint policy_version_number unique (tenant_id, policy_id, number),
  foreign key (tenant_id, policy_id) references governance.policy (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id)
);
select platform.fence('governance.policy_version', kept => true);

create table governance.policy_audience (
  tenant_id uuid not null,
  id uuid not null,
  policy_id uuid not null,
  kind text not null check (kind in ('everyone', 'unit', 'site', 'job')),
  unit_id uuid,
  site_id uuid,
  job_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, policy_id) references governance.policy (tenant_id, id),
  foreign key (tenant_id, unit_id) references directory.unit (tenant_id, id),
  foreign key (tenant_id, site_id) references directory.place (tenant_id, id),
  foreign key (tenant_id, job_id) references directory.job (tenant_id, id),
  check ((kind = 'unit') = (unit_id is not null)),
  check ((kind = 'site') = (site_id is not null)),
  check ((kind = 'job') = (job_id is not null))
);
create unique index policy_audience_once on governance.policy_audience
  (tenant_id, policy_id, kind, coalesce(unit_id, site_id, job_id, '00000000-0000-0000-0000-000000000000'));
select platform.fence('governance.policy_audience');

create table governance.attestation (
  tenant_id uuid not null,
  id uuid not null,
  policy_version_id uuid not null,
  person_id uuid not null,
  on_day date not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  constraint attestation_once unique (tenant_id, policy_version_id, person_id),
  foreign key (tenant_id, policy_version_id) references governance.policy_version (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id)
);
create index attestation_person on governance.attestation (tenant_id, person_id);
select platform.fence('governance.attestation', kept => true);
