-- Decisions by a second person. What was asked is kept with its fingerprint, so that nobody can say they decided on something else.
create table office.approval_limit (
  tenant_id uuid not null,
  id uuid not null,
  activity text not null,
  position_id uuid,
  person_id uuid,
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  primary key (tenant_id, id),
  foreign key (tenant_id, position_id) references directory.position (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check (num_nonnulls(position_id, person_id) = 1),
  constraint approval_limit_position_once
    exclude using gist (tenant_id with =, activity with =, position_id with =, during with &&) where (position_id is not null),
  constraint approval_limit_person_once
    exclude using gist (tenant_id with =, activity with =, person_id with =, during with &&) where (person_id is not null)
);
select platform.fence('office.approval_limit');

create table office.approval (
  tenant_id uuid not null,
  id uuid not null,
  title text not null,
  activity text not null,
  scope_kind text check (scope_kind in ('entity', 'unit', 'place')),
  scope_id uuid,
  about_subject text not null,
  about_id uuid not null,
  amount bigint,
  amount_currency text check (amount_currency ~ '^[A-Z]{3}$'),
  asks_operation text,
  asks_input jsonb,
  -- What the approver sees, and the fingerprint of all that is decided on.
  snapshot jsonb,
  hash text not null,
  -- Whose wish it is, and who uttered it for them.
  requested_by uuid,
  acted_by uuid,
  requested_at timestamptz not null,
  requested_on date not null,
  approver_id uuid not null,
  via text not null,
  state text not null check (state in ('open', 'approved', 'declined', 'void', 'withdrawn')),
  decided_by uuid,
  decided_at timestamptz,
  reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, approver_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, decided_by) references directory.party (tenant_id, id),
  check ((amount is null) = (amount_currency is null)),
  check ((scope_kind is null) = (scope_id is null)),
  check ((state = 'open') = (decided_at is null)),
  check (state not in ('approved', 'declined') or decided_by is not null),
  -- Four eyes, whatever the code above says.
  constraint approval_four_eyes
    check (state <> 'approved' or (decided_by is distinct from requested_by and decided_by is distinct from acted_by))
);
create index approval_about on office.approval (tenant_id, about_id);
create index approval_open on office.approval (tenant_id, approver_id) where state = 'open';
select platform.fence('office.approval');
