-- Breaches of personal data: what happened, when the company knew, what it did about it and whom it told (GDPR Art. 33(5)).
create table governance.breach (
  tenant_id uuid not null,
  id uuid not null,
  title text not null check (title <> ''),
  description text not null,
  -- What was lost: who may know it, that it is right, or that it can be used.
  kinds text[] not null check (cardinality(kinds) > 0 and kinds <@ '{confidentiality,integrity,availability}'),
  categories text not null,
  detected_at timestamptz not null,
  -- From here the 72 hours run.
  aware_at timestamptz not null,
  persons_affected integer check (persons_affected >= 0),
  reported_by uuid,
  reported_at timestamptz not null,
  contained_at timestamptz,
  measures text,
  risk text check (risk in ('unlikely', 'likely', 'high')),
  risk_because text,
  assessed_at timestamptz,
  assessed_by uuid,
  told_at timestamptz,
  told_how text,
  lessons text,
  closed_on date,
  primary key (tenant_id, id),
  foreign key (tenant_id, reported_by) references directory.party (tenant_id, id),
  foreign key (tenant_id, assessed_by) references directory.party (tenant_id, id),
  check (aware_at >= detected_at),
  check ((contained_at is null) = (measures is null)),
  check ((risk is null) = (risk_because is null) and (risk is null) = (assessed_at is null)),
  check ((told_at is null) = (told_how is null)),
  check (closed_on is null or lessons is not null and risk is not null and contained_at is not null)
);
create index breach_open on governance.breach (tenant_id, aware_at) where closed_on is null;
select platform.fence('governance.breach');
