-- Posting without reading the books first: what the application keeps in memory of a book's chart is stamped, and the door to the books
-- refuses by silence what was judged by an older stamp.
-- Why: of what PostgreSQL did for an entry a quarter was reading the same accounts, journals and periods again, in a round trip of its own.

alter table finance.book add column ground uuid not null default '00000000-0000-0000-0000-000000000000';

-- Whoever changes accounts, their jobs, journals or periods gives their book a new stamp, within the tenant of each row.
create function finance.renew_ground() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  told constant text := coalesce(current_setting('heartwood.tenant', true), '');
  stamp constant uuid := gen_random_uuid();
  book record;
begin
  for book in select distinct c.tenant_id, c.book_id from changed c order by 1, 2 loop
    perform set_config('heartwood.tenant', book.tenant_id::text, true);
    update finance.book b set ground = stamp where b.tenant_id = book.tenant_id and b.id = book.book_id;
  end loop;
  perform set_config('heartwood.tenant', told, true);
  return null;
end $$;

do $$
declare
  part text;
begin
  foreach part in array array['account', 'account_role', 'journal', 'period'] loop
    execute format('create trigger ground_added after insert on finance.%I referencing new table as changed
      for each statement execute function finance.renew_ground()', part);
    execute format('create trigger ground_changed after update on finance.%I referencing new table as changed
      for each statement execute function finance.renew_ground()', part);
    execute format('create trigger ground_removed after delete on finance.%I referencing old table as changed
      for each statement execute function finance.renew_ground()', part);
  end loop;
end $$;

-- To lock a period takes the right to change some of it, which the door does not use.
grant update (code) on finance.period to heartwood_ledger;
