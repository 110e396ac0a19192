-- The door to the books asks for the stamp of what an entry was judged by, and draws the numbers of documents.
-- Why: it locks the periods `for share` and then compares the stamp, so that no change slips in between, and a posting needs no statement
-- before it. A document's number is drawn where its entry's is, after the balances: nobody waits for a series while lines are written.
-- Arrays are taken apart in one pass each, and a batch is numbered without joins.
drop function finance.post_entries;

-- Posts a batch of entries of one set of books in one call; see src/modules/finance/ledger/posting.ts for the checks before it.
-- Arrays that begin with e_ have one element for each entry, those with l_ one for each line; l_entry is the place of its entry. Where
-- e_draws names a series, a number of it is drawn for the entry's document and put where text and reference say {number}.
-- Answers with a row for each entry, or with none at all when the ground is not the book's any more.
create function finance.post_entries(
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
begin
  if p_tenant is distinct from platform.tenant() then
    raise exception 'entries are posted for the company of the transaction' using errcode = 'insufficient_privilege';
  end if;
  -- The order in which everyone locks: periods first, then balances by their key, heads of numbers last.
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

  insert into finance.journal_line (tenant_id, id, entry_id, position, account_id, day, amount, party_id, unit_id, text,
    set_id, currency, currency_amount)
  select p_tenant, l.id, e_id[l.entry], l.nth, l.account_id, e_day[l.entry], l.amount, l.party_id, l.unit_id, l.words,
    l.set_id, l.currency, l.currency_amount
  from (select unnest(l_id) as id, unnest(l_entry) as entry, unnest(l_position) as nth, unnest(l_account) as account_id,
    unnest(l_amount) as amount, unnest(l_party) as party_id, unnest(l_unit) as unit_id, unnest(l_text) as words,
    unnest(l_set) as set_id, unnest(l_currency) as currency, unnest(l_currency_amount) as currency_amount) l;

  insert into finance.balance as b (tenant_id, account_id, period_id, unit_id, set_id, debit, credit)
  select p_tenant, l.account_id, e_period[l.entry], coalesce(l.unit_id, none), coalesce(l.set_id, none),
    sum(greatest(l.amount, 0))::bigint, sum(greatest(-l.amount, 0))::bigint
  from (select unnest(l_entry) as entry, unnest(l_account) as account_id, unnest(l_amount) as amount, unnest(l_unit) as unit_id,
    unnest(l_set) as set_id) l
  group by 2, 3, 4, 5 order by 2, 3, 4, 5
  on conflict (tenant_id, account_id, period_id, unit_id, set_id)
    do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;

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
alter function finance.post_entries owner to heartwood_ledger;
revoke create on schema finance from heartwood_ledger;
revoke execute on function finance.post_entries from public;
grant execute on function finance.post_entries to heartwood_app;
