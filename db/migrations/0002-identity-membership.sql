-- Who belongs to a company and what they may do there: deny by default, a grant opens.
create schema identity;
select platform.open_schema('identity');

create table identity.member (
  tenant_id uuid not null,
  user_id uuid not null,
  email text not null,
  name text not null,
  person_id uuid,
  joined_at timestamptz not null,
  disabled_at timestamptz,
  primary key (tenant_id, user_id),
  unique (tenant_id, email)
);
create unique index member_person on identity.member (tenant_id, person_id) where person_id is not null;
select platform.fence('identity.member');

create table identity.role_grant (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  role text not null,
  scope_kind text check (scope_kind in ('entity', 'unit', 'site')),
  scope_id uuid,
  from_day date not null,
  until_day date,
  reason text,
  granted_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references identity.member (tenant_id, user_id),
  check ((scope_kind is null) = (scope_id is null)),
  check (until_day is null or until_day >= from_day)
);
create index role_grant_user on identity.role_grant (tenant_id, user_id);
select platform.fence('identity.role_grant');
