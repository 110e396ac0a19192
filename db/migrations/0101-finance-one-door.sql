-- One door to the books in the database too: entries and their lines are inserted by finance.post_entries and by nothing else.
-- Why: two triggers proved after every batch what the function can prove before it from what it was given, at half the cost. A role that
-- nobody can sign in as owns the function and alone may insert; it stands behind the tenant's fence like everyone else. Plans are generic
-- and never read a whole table: one that was made while a table was small would go on doing so. The author is given entry by entry, because
-- entries that arrive together are posted together.

do $$ begin
  if not exists (select from pg_roles where rolname = 'heartwood_ledger') then
    create role heartwood_ledger nologin nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
end $$;
grant usage on schema finance, platform to heartwood_ledger;
grant execute on function platform.tenant() to heartwood_ledger;
grant select on finance.book, finance.account, finance.journal, finance.period, finance.journal_entry, finance.balance, finance.number_head
  to heartwood_ledger;
grant insert on finance.journal_entry, finance.journal_line, finance.open_item to heartwood_ledger;
grant insert, update on finance.balance, finance.number_head to heartwood_ledger;
grant select on finance.open_item, finance.journal_line to heartwood_ledger;
revoke insert on finance.journal_entry, finance.journal_line from heartwood_app;

drop trigger balances on finance.journal_entry;
drop trigger before_entry on finance.journal_line;
drop function finance.check_entry();
drop function finance.check_line();
drop function finance.post_entries;

-- Posts a batch of entries of one set of books in one call; see src/modules/finance/ledger/posting.ts for the checks before it.
-- Arrays that begin with e_ have one element for each entry, those with l_ one for each line; l_entry is the place of its entry.
create function finance.post_entries(
  p_tenant uuid, p_book uuid, p_at timestamptz, e_person uuid[], e_by_name text[],
  e_id uuid[], e_journal uuid[], e_period uuid[], e_day date[], e_text text[], e_reference text[],
  e_subject text[], e_document uuid[], e_reverses uuid[], e_total bigint[],
  l_id uuid[], l_entry integer[], l_position integer[], l_account uuid[], l_amount bigint[],
  l_party uuid[], l_unit uuid[], l_text text[], l_due date[],
  l_set uuid[], l_currency text[], l_currency_amount bigint[]
) returns table (entry_id uuid, entry_number text) language plpgsql
security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  posted integer;
begin
  if p_tenant is distinct from platform.tenant() then
    raise exception 'entries are posted for the company of the transaction' using errcode = 'insufficient_privilege';
  end if;
  if exists (
    select from unnest(e_total) with ordinality as e (total, place)
    left join (
      select l.entry, count(*) as lines, sum(l.amount) as difference, sum(greatest(l.amount, 0)) as debit
      from unnest(l_entry, l_amount) as l (entry, amount) group by l.entry) s on s.entry = e.place
    where s.entry is null or s.lines < 2 or s.difference <> 0 or s.debit <> e.total
  ) then
    raise exception 'an entry does not balance' using errcode = 'check_violation', constraint = 'journal_entry_balances';
  end if;

  insert into finance.journal_line (tenant_id, id, entry_id, position, account_id, day, amount, party_id, unit_id, text,
    set_id, currency, currency_amount)
  select p_tenant, l.id, e_id[l.entry], l.place, l.account_id, e_day[l.entry], l.amount, l.party_id, l.unit_id, l.words,
    l.set_id, l.currency, l.currency_amount
  from unnest(l_id, l_entry, l_position, l_account, l_amount, l_party, l_unit, l_text, l_set, l_currency, l_currency_amount)
    as l (id, entry, place, account_id, amount, party_id, unit_id, words, set_id, currency, currency_amount);

  insert into finance.balance as b (tenant_id, account_id, period_id, unit_id, set_id, debit, credit)
  select p_tenant, l.account_id, e_period[l.entry], coalesce(l.unit_id, '00000000-0000-0000-0000-000000000000'),
    coalesce(l.set_id, '00000000-0000-0000-0000-000000000000'),
    sum(greatest(l.amount, 0))::bigint, sum(greatest(-l.amount, 0))::bigint
  from unnest(l_entry, l_account, l_amount, l_unit, l_set) as l (entry, account_id, amount, unit_id, set_id)
  group by 2, 3, 4, 5 order by 2, 3, 4, 5
  on conflict (tenant_id, account_id, period_id, unit_id, set_id)
    do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;

  return query
  with asked as (
    select e.*, j.code, p.fiscal_year, row_number() over (partition by j.id, p.fiscal_year order by e.place) as ordinal
    from unnest(e_id, e_journal, e_period, e_day, e_text, e_reference, e_subject, e_document, e_reverses, e_total, e_person, e_by_name)
      with ordinality
      as e (id, journal_id, period_id, day, words, reference, subject, document_id, reverses_id, total, person_id, by_name, place)
    join finance.journal j on j.tenant_id = p_tenant and j.id = e.journal_id and j.book_id = p_book
    join finance.period p on p.tenant_id = p_tenant and p.id = e.period_id and p.book_id = p_book
      and p.state = 'open' and e.day between p.from_day and p.until_day
  ), head as (
    insert into finance.number_head as h (tenant_id, book_id, series, fiscal_year, last_number)
    select p_tenant, p_book, a.code, a.fiscal_year, count(*)
    from asked a group by a.code, a.fiscal_year order by a.code, a.fiscal_year
    on conflict (tenant_id, book_id, series, fiscal_year) do update set last_number = h.last_number + excluded.last_number
    returning h.series, h.fiscal_year, h.last_number
  ), numbered as (
    select a.*, h.last_number - (count(*) over (partition by a.journal_id, a.fiscal_year)) + a.ordinal as sequence
    from asked a join head h on h.series = a.code and h.fiscal_year = a.fiscal_year
  )
  insert into finance.journal_entry as w (tenant_id, id, book_id, journal_id, period_id, fiscal_year, sequence, number, day, text,
    reference, document_subject, document_id, reverses_id, total, posted_at, person_id, by_name)
  select p_tenant, n.id, p_book, n.journal_id, n.period_id, n.fiscal_year, n.sequence,
    n.code || '-' || n.fiscal_year || '-' || lpad(n.sequence::text, greatest(5, length(n.sequence::text)), '0'),
    n.day, n.words, n.reference, n.subject, n.document_id, n.reverses_id, n.total, p_at, n.person_id, n.by_name
  from numbered n
  returning w.id, w.number;

  get diagnostics posted = row_count;
  if posted <> cardinality(e_id) then
    raise exception 'a journal is unknown or a period is not open'
      using errcode = 'check_violation', constraint = 'journal_entry_period_open';
  end if;

  if exists (select from unnest(l_due) as d where d is not null) then
    insert into finance.open_item (tenant_id, id, book_id, account_id, direction, party_id, entry_id, day, due_day, reference,
      document_subject, document_id, amount, open_amount, currency, currency_amount, open_currency_amount)
    select p_tenant, l.id, p_book, l.account_id, a.control, l.party_id, w.id, w.day, l.due, coalesce(w.reference, w.number),
      w.document_subject, w.document_id, l.amount, l.amount, coalesce(l.currency, b.currency), coalesce(l.currency_amount, l.amount),
      coalesce(l.currency_amount, l.amount)
    from unnest(l_id, l_entry, l_account, l_amount, l_party, l_due, l_currency, l_currency_amount)
      as l (id, entry, account_id, amount, party_id, due, currency, currency_amount)
    join finance.book b on b.tenant_id = p_tenant and b.id = p_book
    join finance.account a on a.tenant_id = p_tenant and a.id = l.account_id and a.control is not null
    join finance.journal_entry w on w.tenant_id = p_tenant and w.id = e_id[l.entry];
  end if;
end $$;
-- Owning a function takes the right to create in its schema, for the moment of the change.
grant create on schema finance to heartwood_ledger;
do $$ begin
  execute format('grant heartwood_ledger to %I', current_user);
end $$;
alter function finance.post_entries owner to heartwood_ledger;
revoke create on schema finance from heartwood_ledger;
revoke execute on function finance.post_entries from public;
grant execute on function finance.post_entries to heartwood_app;

-- Rows of the audit trail come in the order of time: block ranges find them as well as a tree did, and cost a write nothing.
drop index platform.operation_log_at;
drop index platform.operation_log_xact;
create index operation_log_xact on platform.operation_log using brin (xact) with (pages_per_range = 16);
