-- Has tables counted that more than doubled since they were counted, within the transaction that fills them.
-- Why: of a wide table that it never counted, or counted when it had one row, PostgreSQL takes any index that begins with the tenant for
-- as good as the primary key. In a new house the first large import then compared each row's foreign keys with all rows written so far:
-- 20,000 lines of bills took a minute. A table that others count at this moment is passed over.
create function platform.count_grown_tables() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '50ms' as $$
declare
  grown regclass;
begin
  for grown in
    select c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relowner = current_user::regrole and n.nspname !~ '^pg_'
      and pg_relation_size(c.oid) > 2 * greatest(c.relpages, 1) * current_setting('block_size')::bigint
  loop
    begin
      execute format('analyze %s', grown);
    exception when lock_not_available then null;
    end;
  end loop;
end $$;

revoke all on function platform.count_grown_tables() from public;
grant execute on function platform.count_grown_tables() to heartwood_app;
