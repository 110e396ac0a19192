-- Risks on a matrix that the company chose, scored at three stages, with appetite, treatments and acceptances that expire.
-- Why scores are kept: how a risk was judged last year is evidence; a new judgement is a new row and the latest one counts.
create table governance.risk_matrix (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  likelihoods text[] not null check (cardinality(likelihoods) between 2 and 7),
  impacts text[] not null check (cardinality(impacts) between 2 and 7),
  -- Names of the bands, lowest first.
  bands text[] not null check (cardinality(bands) between 2 and 6),
  -- The band of each cell, counted from 1: all impacts of likelihood 1, then of likelihood 2 and so on.
  grid integer[] not null,
  -- The matrix that new risks stand on is the one chosen last.
  chosen_at timestamptz not null,
  primary key (tenant_id, id),
  constraint risk_matrix_name unique (tenant_id, name),
  check (cardinality(grid) = cardinality(likelihoods) * cardinality(impacts)),
  check (1 <= all (grid) and cardinality(bands) >= all (grid))
);
select platform.fence('governance.risk_matrix');

-- The highest band the company lives with, from a day on; without a category for all kinds of risk.
create table governance.risk_appetite (
  tenant_id uuid not null,
  id uuid not null,
  matrix_id uuid not null,
  category text,
  band integer not null check (band >= 0),
  from_day date not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, matrix_id) references governance.risk_matrix (tenant_id, id)
);
create unique index risk_appetite_once on governance.risk_appetite (tenant_id, matrix_id, coalesce(category, ''), from_day);
select platform.fence('governance.risk_appetite');

create table governance.risk (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  title text not null check (title <> ''),
  description text,
  category text not null,
  matrix_id uuid not null,
  owner_id uuid not null,
  unit_id uuid,
  opened_on date not null,
  closed_on date,
  closed_because text,
  primary key (tenant_id, id),
  constraint risk_code unique (tenant_id, code),
  foreign key (tenant_id, matrix_id) references governance.risk_matrix (tenant_id, id),
  foreign key (tenant_id, owner_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, unit_id) references directory.unit (tenant_id, id)
);
create index risk_open on governance.risk (tenant_id, matrix_id) where closed_on is null;
select platform.fence('governance.risk');

create table governance.risk_score (
  tenant_id uuid not null,
  id uuid not null,
  risk_id uuid not null,
  stage text not null check (stage in ('inherent', 'current', 'residual')),
  likelihood integer not null check (likelihood >= 1),
  impact integer not null check (impact >= 1),
  why text,
  on_day date not null,
  assessed_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, risk_id) references governance.risk (tenant_id, id)
);
create index risk_score_latest on governance.risk_score (tenant_id, risk_id, stage, on_day desc, id desc);
select platform.fence('governance.risk_score', kept => true);

create table governance.treatment (
  tenant_id uuid not null,
  id uuid not null,
  risk_id uuid not null,
  kind text not null check (kind in ('avoid', 'mitigate', 'transfer', 'share')),
  title text not null check (title <> ''),
  owner_id uuid not null,
  due_day date not null,
  completed_on date,
  evidence text,
  cancelled_on date,
  cancelled_because text,
  primary key (tenant_id, id),
  foreign key (tenant_id, risk_id) references governance.risk (tenant_id, id),
  foreign key (tenant_id, owner_id) references directory.party (tenant_id, id),
  check (completed_on is null or cancelled_on is null)
);
create index treatment_open on governance.treatment (tenant_id, due_day) where completed_on is null and cancelled_on is null;
select platform.fence('governance.treatment');

-- Living with a risk above appetite, knowingly and for a time.
create table governance.risk_acceptance (
  tenant_id uuid not null,
  id uuid not null,
  risk_id uuid not null,
  -- The band it had when it was accepted.
  band integer not null,
  during daterange not null check (not isempty(during) and not upper_inf(during)),
  why text not null,
  accepted_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, risk_id) references governance.risk (tenant_id, id),
  constraint risk_acceptance_once exclude using gist (tenant_id with =, risk_id with =, during with &&)
);
select platform.fence('governance.risk_acceptance');
