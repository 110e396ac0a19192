-- Feeds of the calendar: a secret address per person that a calendar program reads. Only the hash of the secret is kept.
create table office.calendar_feed (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  person_id uuid not null,
  name text not null check (name <> ''),
  scope text not null check (scope in ('mine', 'team', 'all')),
  secret_hash bytea not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, secret_hash),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id)
);
select platform.fence('office.calendar_feed');
