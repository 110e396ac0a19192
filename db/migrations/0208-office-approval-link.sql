-- Links in mails that let one person decide on one wish, once: the company's signing key, and which links were given out.
create table office.link_key (
  tenant_id uuid primary key,
  key bytea not null check (octet_length(key) = 32)
);
select platform.fence('office.link_key', kept => true);

create table office.approval_link (
  tenant_id uuid not null,
  id uuid not null,
  approval_id uuid not null,
  person_id uuid not null,
  -- What they were shown; another content makes the link worthless.
  hash text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, approval_id) references office.approval (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id)
);
create index approval_link_approval on office.approval_link (tenant_id, approval_id);
select platform.fence('office.approval_link');
