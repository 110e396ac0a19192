-- Balances of a whole import are written once, at its end, from the lines that it posted.
-- Why: each batch raised the balances anew, and within one transaction every raise leaves a row that nobody can clear away before its end:
-- the next one walks along all of them, so that of a million entries each cost twice as much as of a hundred thousand. And whoever posted
-- elsewhere meanwhile waited for the import, because it had the balances of the common accounts.

-- What the transaction at hand has posted and not yet written to the balances; nothing of it outlives the transaction. The row of
-- no series says that they are written later, that of a series up to which number they are written.
create table finance.balance_backlog (
  tenant_id uuid not null,
  book_id uuid not null,
  -- In the key, so that two transactions never wait for each other's rows.
  xact xid8 not null,
  series text not null,
  fiscal_year integer not null,
  counted bigint not null,
  primary key (tenant_id, book_id, xact, series, fiscal_year)
);
select platform.fence('finance.balance_backlog', kept => true);
revoke insert on finance.balance_backlog from heartwood_app;
grant select, insert, update, delete on finance.balance_backlog to heartwood_ledger;

create function finance.check_backlog() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if exists (
    select from finance.balance_backlog g where g.tenant_id = new.tenant_id and g.book_id = new.book_id and g.xact = new.xact
  ) then
    raise exception 'balances of this transaction were not written' using errcode = 'check_violation', constraint = 'balance_backlog_empty';
  end if;
  return null;
end $$;
create constraint trigger written after insert on finance.balance_backlog deferrable initially deferred
  for each row execute function finance.check_backlog();

-- From now on the balances of this book wait, for what this transaction posts.
create function finance.hold_balances(p_tenant uuid, p_book uuid) returns void language sql
security definer set search_path = pg_catalog, pg_temp
as $$
  insert into finance.balance_backlog (tenant_id, book_id, xact, series, fiscal_year, counted)
  values (p_tenant, p_book, pg_current_xact_id(), '', 0, 0) on conflict do nothing
$$;

-- Writes balances that wait, of at most so many entries, so that no statement takes longer than statements may. False when none are left,
-- and then none wait any more. Whoever has some of the balances in hand while waiting for a series of ours is seen to give up first: what
-- an import did until here is worth more patience than one request is.
create function finance.write_balances(p_tenant uuid, p_book uuid, p_entries integer) returns boolean language plpgsql
security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off
set lock_timeout = '20s'
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  waiting record;
  reached bigint;
begin
  select g.series, g.fiscal_year, g.counted, h.last_number, j.id as journal_id into waiting
  from finance.balance_backlog g
  join finance.number_head h on h.tenant_id = p_tenant and h.book_id = p_book and h.series = g.series and h.fiscal_year = g.fiscal_year
  join finance.journal j on j.tenant_id = p_tenant and j.book_id = p_book and j.code = g.series
  where g.tenant_id = p_tenant and g.book_id = p_book and g.xact = pg_current_xact_id() and g.counted < h.last_number
  order by g.series, g.fiscal_year limit 1;
  if not found then
    delete from finance.balance_backlog g where g.tenant_id = p_tenant and g.book_id = p_book and g.xact = pg_current_xact_id();
    return false;
  end if;
  reached := least(waiting.counted + p_entries, waiting.last_number);

  for attempt in 1..6 loop
    begin
      insert into finance.balance as b (tenant_id, account_id, period_id, unit_id, set_id, debit, credit)
      select p_tenant, l.account_id, e.period_id, coalesce(l.unit_id, none), coalesce(l.set_id, none),
        sum(greatest(l.amount, 0))::bigint, sum(greatest(-l.amount, 0))::bigint
      from finance.journal_entry e
      -- Looked up for each entry, however many lines the house has.
      cross join lateral (select o.account_id, o.unit_id, o.set_id, o.amount from finance.journal_line o
        where o.tenant_id = p_tenant and o.entry_id = e.id offset 0) l
      where e.tenant_id = p_tenant and e.journal_id = waiting.journal_id and e.fiscal_year = waiting.fiscal_year
        and e.sequence > waiting.counted and e.sequence <= reached
      group by 2, 3, 4, 5 order by 2, 3, 4, 5
      on conflict (tenant_id, account_id, period_id, unit_id, set_id)
        do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
      exit;
    exception when deadlock_detected then
      if attempt = 6 then raise; end if;
    end;
  end loop;

  update finance.balance_backlog g set counted = reached
  where g.tenant_id = p_tenant and g.book_id = p_book and g.xact = pg_current_xact_id() and g.series = waiting.series
    and g.fiscal_year = waiting.fiscal_year;
  return true;
end $$;

-- Posts a batch of entries of one set of books in one call; see src/modules/finance/ledger/posting.ts for the checks before it.
-- Arrays that begin with e_ have one element for each entry, those with l_ one for each line; l_entry is the place of its entry. Where
-- e_draws names a series, a number of it is drawn for the entry's document and put where text and reference say {number}.
-- Answers with a row for each entry, or with none at all when the ground is not the book's any more. After `finance.hold_balances` in the
-- same transaction the balances wait for `finance.write_balances`.
create or replace function finance.post_entries(
  p_tenant uuid, p_book uuid, p_ground uuid, p_at timestamptz, e_person uuid[], e_by_name text[],
  e_id uuid[], e_journal uuid[], e_period uuid[], e_day date[], e_text text[], e_reference text[],
  e_draws text[], e_subject text[], e_document uuid[], e_reverses uuid[], e_total bigint[],
  l_id uuid[], l_entry integer[], l_position integer[], l_account uuid[], l_amount bigint[],
  l_party uuid[], l_unit uuid[], l_text text[], l_due date[],
  l_set uuid[], l_currency text[], l_currency_amount bigint[]
) returns table (entry_id uuid, entry_number text, document_number text) language plpgsql
security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  entries constant integer := cardinality(e_id);
  fit boolean;
  of_series text;
  of_year integer;
  places integer[];
  place integer;
  head bigint;
  said text;
  e_series text[];
  e_year integer[];
  e_sequence bigint[] := array_fill(0::bigint, array[entries]);
  e_number text[] := array_fill(''::text, array[entries]);
  e_drawn text[] := array_fill(null::text, array[entries]);
  is_document boolean;
  is_later constant boolean := exists (
    select from finance.balance_backlog g where g.tenant_id = p_tenant and g.book_id = p_book and g.xact = pg_current_xact_id());
begin
  if p_tenant is distinct from platform.tenant() then
    raise exception 'entries are posted for the company of the transaction' using errcode = 'insufficient_privilege';
  end if;
  -- The order in which everyone locks: periods first, then the series as such, balances by their key, heads of numbers last.
  with named as materialized (
    select p.id, p.fiscal_year, p.from_day, p.until_day from finance.period p
    where p.tenant_id = p_tenant and p.book_id = p_book and p.id = any(e_period) and p.state = 'open'
    order by p.from_day for share
  ), series as materialized (
    select j.id, j.code from finance.journal j where j.tenant_id = p_tenant and j.book_id = p_book and j.id = any(e_journal)
  )
  select array_agg(j.code order by e.place), array_agg(p.fiscal_year order by e.place) into e_series, e_year
  from (select unnest(e_journal) as journal_id, unnest(e_period) as period_id, unnest(e_day) as day,
    generate_series(1, entries) as place) e
  join named p on p.id = e.period_id and e.day between p.from_day and p.until_day
  join series j on j.id = e.journal_id;
  if not exists (select from finance.book b where b.tenant_id = p_tenant and b.id = p_book and b.ground = p_ground) then
    return;
  end if;
  if cardinality(e_series) is distinct from entries then
    raise exception 'a journal is unknown or a period is not open'
      using errcode = 'check_violation', constraint = 'journal_entry_period_open';
  end if;

  select count(*) = entries and bool_and(coalesce(s.lines > 1 and s.difference = 0 and s.debit = e_total[s.entry], false)) into fit
  from (
    select l.entry, count(*) as lines, sum(l.amount) as difference, sum(greatest(l.amount, 0)) as debit
    from (select unnest(l_entry) as entry, unnest(l_amount) as amount) l group by l.entry) s;
  if fit is not true then
    raise exception 'an entry does not balance' using errcode = 'check_violation', constraint = 'journal_entry_balances';
  end if;

  -- Whoever writes balances later keeps the heads of its series of a year until then; others would wait there with balances in hand.
  perform case when is_later then pg_advisory_xact_lock(k.key) else pg_advisory_xact_lock_shared(k.key) end
  from (select distinct hashtextextended(p_book || s.series || '-' || s.year, 0) as key
    from unnest(e_series || e_draws, e_year || e_year) s (series, year) where s.series is not null order by 1) k;

  insert into finance.journal_line (tenant_id, id, entry_id, position, account_id, day, amount, party_id, unit_id, text,
    set_id, currency, currency_amount)
  select p_tenant, l.id, e_id[l.entry], l.nth, l.account_id, e_day[l.entry], l.amount, l.party_id, l.unit_id, l.words,
    l.set_id, l.currency, l.currency_amount
  from (select unnest(l_id) as id, unnest(l_entry) as entry, unnest(l_position) as nth, unnest(l_account) as account_id,
    unnest(l_amount) as amount, unnest(l_party) as party_id, unnest(l_unit) as unit_id, unnest(l_text) as words,
    unnest(l_set) as set_id, unnest(l_currency) as currency, unnest(l_currency_amount) as currency_amount) l;

  if not is_later then
    insert into finance.balance as b (tenant_id, account_id, period_id, unit_id, set_id, debit, credit)
    select p_tenant, l.account_id, e_period[l.entry], coalesce(l.unit_id, none), coalesce(l.set_id, none),
      sum(greatest(l.amount, 0))::bigint, sum(greatest(-l.amount, 0))::bigint
    from (select unnest(l_entry) as entry, unnest(l_account) as account_id, unnest(l_amount) as amount, unnest(l_unit) as unit_id,
      unnest(l_set) as set_id) l
    group by 2, 3, 4, 5 order by 2, 3, 4, 5
    on conflict (tenant_id, account_id, period_id, unit_id, set_id)
      do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
  end if;

  -- Documents first, then entries: a series of the one is never a series of the other.
  foreach is_document in array case when num_nonnulls(variadic e_draws) > 0 then array[true, false] else array[false] end loop
    for of_series, of_year, places in
      select e.series, e.year, array_agg(e.place order by e.place)
      from (select unnest(case when is_document then e_draws else e_series end) as series, unnest(e_year) as year,
        generate_series(1, entries) as place) e
      where e.series is not null group by 1, 2 order by 1, 2
    loop
      update finance.number_head h set last_number = h.last_number + cardinality(places)
      where h.tenant_id = p_tenant and h.book_id = p_book and h.series = of_series and h.fiscal_year = of_year
      returning h.last_number into head;
      if not found then
        insert into finance.number_head as h (tenant_id, book_id, series, fiscal_year, last_number)
        values (p_tenant, p_book, of_series, of_year, cardinality(places))
        on conflict (tenant_id, book_id, series, fiscal_year) do update set last_number = h.last_number + excluded.last_number
        returning h.last_number into head;
      end if;
      head := head - cardinality(places);
      if is_later and not is_document then
        insert into finance.balance_backlog (tenant_id, book_id, xact, series, fiscal_year, counted)
        values (p_tenant, p_book, pg_current_xact_id(), of_series, of_year, head) on conflict do nothing;
      end if;
      foreach place in array places loop
        head := head + 1;
        said := of_series || '-' || of_year || '-' || lpad(head::text, greatest(5, length(head::text)), '0');
        if is_document then
          e_drawn[place] := said;
          e_text[place] := regexp_replace(e_text[place], '\{number\}', said);
          e_reference[place] := regexp_replace(e_reference[place], '\{number\}', said);
        else
          e_sequence[place] := head;
          e_number[place] := said;
        end if;
      end loop;
    end loop;
  end loop;

  insert into finance.journal_entry (tenant_id, id, book_id, journal_id, period_id, fiscal_year, sequence, number, day, text,
    reference, document_subject, document_id, reverses_id, total, posted_at, person_id, by_name)
  select p_tenant, e.id, p_book, e.journal_id, e.period_id, e.fiscal_year, e.sequence, e.number, e.day, e.words,
    e.reference, e.subject, e.document_id, e.reverses_id, e.total, p_at, e.person_id, e.by_name
  from (select unnest(e_id) as id, unnest(e_journal) as journal_id, unnest(e_period) as period_id, unnest(e_year) as fiscal_year,
    unnest(e_sequence) as sequence, unnest(e_number) as number, unnest(e_day) as day, unnest(e_text) as words,
    unnest(e_reference) as reference, unnest(e_subject) as subject, unnest(e_document) as document_id,
    unnest(e_reverses) as reverses_id, unnest(e_total) as total, unnest(e_person) as person_id, unnest(e_by_name) as by_name) e;

  if num_nonnulls(variadic l_due) > 0 then
    insert into finance.open_item (tenant_id, id, book_id, account_id, direction, party_id, entry_id, day, due_day, reference,
      document_subject, document_id, amount, open_amount, currency, currency_amount, open_currency_amount)
    select p_tenant, l.id, p_book, l.account_id, a.control, l.party_id, w.id, w.day, l.due, coalesce(w.reference, w.number),
      w.document_subject, w.document_id, l.amount, l.amount, coalesce(l.currency, b.currency), coalesce(l.currency_amount, l.amount),
      coalesce(l.currency_amount, l.amount)
    from (select unnest(l_id) as id, unnest(l_entry) as entry, unnest(l_account) as account_id, unnest(l_amount) as amount,
      unnest(l_party) as party_id, unnest(l_due) as due, unnest(l_currency) as currency,
      unnest(l_currency_amount) as currency_amount) l
    join finance.book b on b.tenant_id = p_tenant and b.id = p_book
    -- Looked up for each line, whatever a plan made while the tables were small would rather do.
    cross join lateral (select o.control from finance.account o
      where o.tenant_id = p_tenant and o.id = l.account_id and o.control is not null offset 0) a
    cross join lateral (select o.* from finance.journal_entry o where o.tenant_id = p_tenant and o.id = e_id[l.entry] offset 0) w
    where l.due is not null;
  end if;

  return query select unnest(e_id), unnest(e_number), unnest(e_drawn);
end $$;
-- Owning a function takes the right to create in its schema, for the moment of the change.
grant create on schema finance to heartwood_ledger;
alter function finance.hold_balances owner to heartwood_ledger;
alter function finance.write_balances owner to heartwood_ledger;
revoke create on schema finance from heartwood_ledger;
revoke execute on function finance.hold_balances, finance.write_balances from public;
grant execute on function finance.hold_balances, finance.write_balances to heartwood_app;
