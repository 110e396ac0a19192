-- The trail is cut into blocks at the numbers of the database's transactions. A logical copy to another server keeps the rows and their
-- numbers, but the new server counts from its beginning: new rows would lie inside blocks that were sealed long ago, and never be sealed.
-- So every number is taken above an offset, which the owner of the database raises at a start that finds the trail ahead of its server.

-- A constant, so that it costs nothing where it is used; platform.follow_copy() writes another one.
create function platform.xact_offset() returns bigint language sql immutable parallel safe as 'select 0::bigint';
grant execute on function platform.xact_offset() to heartwood_app;

alter table platform.operation_log alter column xact set default (pg_current_xact_id()::text::bigint + platform.xact_offset());

-- Below this number every transaction has ended, so that no row of the trail can appear there any more.
create function platform.open_xact() returns bigint language sql stable parallel safe as
  'select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + platform.xact_offset()';
grant execute on function platform.open_xact() to heartwood_app;

-- Called at every start by the owner. Company by company, because the fence stands for an owner that is no superuser too.
create function platform.follow_copy() returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  here bigint;
  ahead bigint := 0;
  company uuid;
begin
  perform pg_advisory_xact_lock(hashtext('platform.follow_copy'));
  here := pg_current_xact_id()::text::bigint + platform.xact_offset();
  for company in select t.tenant_id from platform.tenant_account t loop
    perform set_config('heartwood.tenant', company::text, true);
    ahead := greatest(ahead,
      (select b.up_to_xact from platform.audit_block b where b.tenant_id = company order by b.number desc limit 1),
      (select max(l.xact) from platform.operation_log l where l.tenant_id = company and l.xact >= here));
  end loop;
  perform set_config('heartwood.tenant', '', true);
  if ahead < here then return false; end if;
  execute format(
    'create or replace function platform.xact_offset() returns bigint language sql immutable parallel safe as %L',
    format('select %s::bigint', ahead));
  return true;
end $$;
revoke execute on function platform.follow_copy() from public;
