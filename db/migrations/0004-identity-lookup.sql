-- Finds the companies of a user before any company is known.
-- Why: memberships are fenced by company, and at the door nobody has said yet for which company they come. The function tells
-- nothing but the companies of one user; the policy opens only to the owner of the schema, that is, only inside the function.
create index member_user on identity.member (user_id);

create policy own_membership on identity.member for select to current_user
  using (user_id = nullif(current_setting('heartwood.user_id', true), '')::uuid);

-- The SET clauses put both settings back when the function returns.
create function identity.tenants_of(wanted uuid) returns setof uuid
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set heartwood.user_id = ''
set heartwood.tenant = ''
as $$
begin
  perform set_config('heartwood.user_id', wanted::text, true);
  return query select m.tenant_id from identity.member m where m.user_id = wanted and m.disabled_at is null;
end $$;

revoke all on function identity.tenants_of(uuid) from public;
grant execute on function identity.tenants_of(uuid) to heartwood_app;
