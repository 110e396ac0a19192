-- When the house was backed up: its age is what the person who runs the system looks at.
-- Why a row for each company although a backup holds the whole house: so that each company sees its own copy, behind its own fence.
create table platform.backup (
  tenant_id uuid not null,
  id uuid not null,
  -- The moment it holds: from there on it can be brought back.
  at timestamptz not null,
  place text not null,
  seconds integer not null check (seconds >= 0),
  bytes bigint not null check (bytes >= 0),
  -- Every file of it was read again and fits its manifest.
  is_verified boolean not null,
  is_encrypted boolean not null,
  -- Why there is none: what kept it from being made.
  failure text,
  primary key (tenant_id, id)
);
create index backup_at on platform.backup (tenant_id, at desc);
select platform.fence('platform.backup');
