-- Roles that nobody acts in without a second factor, by rule of the company; and first passwords that run out.
create table identity.second_factor_rule (
  tenant_id uuid not null,
  role text not null,
  set_by uuid,
  set_at timestamptz not null,
  primary key (tenant_id, role)
);
select platform.fence('identity.second_factor_rule');

-- A password that somebody else made is good until then; the person's own has no end.
alter table auth.account add column password_until timestamptz;

create function auth.password_is_own() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.password_hash is distinct from old.password_hash and new.password_until is not distinct from old.password_until then
    new.password_until := null;
  end if;
  return new;
end $$;
create trigger password_is_own before update on auth.account for each row execute function auth.password_is_own();
