-- Foreign currency and dimensions in the ledger, and a posting function that takes the entries of several people in one call.
-- Why: an item in another currency is owed in that currency and carried in the books' own; what differs when it is settled belongs to the
-- match (IAS 21.28). Balances are kept by dimension set, so that a report by project reads no history either. The author of an entry is
-- given entry by entry, because entries that arrive together are posted together.

create table finance.dimension (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  code text not null check (code ~ '^[a-z][A-Za-z0-9]{0,29}$'),
  name text not null check (name <> ''),
  primary key (tenant_id, id),
  constraint dimension_code unique (tenant_id, book_id, code),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id)
);
select platform.fence('finance.dimension');

create table finance.dimension_value (
  tenant_id uuid not null,
  id uuid not null,
  dimension_id uuid not null,
  code text not null check (code ~ '^[0-9A-Za-z._-]{1,30}$'),
  name text not null check (name <> ''),
  retired_from date,
  primary key (tenant_id, id),
  constraint dimension_value_code unique (tenant_id, dimension_id, code),
  foreign key (tenant_id, dimension_id) references finance.dimension (tenant_id, id)
);
select platform.fence('finance.dimension_value');

-- One combination of values, at most one of each dimension. Its identifier follows from the values, so that two writers make the same one.
create table finance.dimension_set_value (
  tenant_id uuid not null,
  set_id uuid not null,
  dimension_id uuid not null,
  value_id uuid not null,
  primary key (tenant_id, set_id, dimension_id),
  foreign key (tenant_id, value_id) references finance.dimension_value (tenant_id, id)
);
create index dimension_set_value_value on finance.dimension_set_value (tenant_id, value_id, set_id);
select platform.fence('finance.dimension_set_value');

alter table finance.journal_line
  add column set_id uuid,
  -- What the document says, in its own currency, with the sign of the amount; null when it is the books'.
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  add column currency_amount bigint,
  add constraint journal_line_foreign check ((currency is null) = (currency_amount is null));
create index journal_line_set on finance.journal_line (tenant_id, set_id, day) where set_id is not null;

alter table finance.balance add column set_id uuid not null default '00000000-0000-0000-0000-000000000000';
alter table finance.balance alter column set_id drop default;
alter table finance.balance drop constraint balance_pkey;
alter table finance.balance add primary key (tenant_id, account_id, period_id, unit_id, set_id);

-- What is owed in the currency it is owed in; amount and open_amount are what the books carry for it.
alter table finance.open_item
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  add column currency_amount bigint,
  add column open_currency_amount bigint;
-- The fence steps aside for this one statement.
alter table finance.book no force row level security;
alter table finance.open_item no force row level security;
update finance.open_item o set currency = b.currency, currency_amount = o.amount, open_currency_amount = o.open_amount
  from finance.book b where b.tenant_id = o.tenant_id and b.id = o.book_id;
alter table finance.book force row level security;
alter table finance.open_item force row level security;
alter table finance.open_item
  alter column currency set not null,
  alter column currency_amount set not null,
  alter column open_currency_amount set not null,
  add constraint open_item_within_currency check (open_currency_amount * sign(currency_amount) between 0 and abs(currency_amount));

-- The allocations of one match share its identifier: the settlement itself and the realised difference that belongs to it.
alter table finance.allocation
  add column match_id uuid,
  add column currency_amount bigint;
alter table finance.allocation drop constraint allocation_check, drop constraint allocation_amount_check;
alter table finance.allocation add constraint allocation_side check (
  case when undoes_id is null then amount >= 0 and coalesce(currency_amount, 0) >= 0 else amount <= 0 and coalesce(currency_amount,
    0) <= 0 end
  and (amount <> 0 or coalesce(currency_amount, 0) <> 0));
create index allocation_match on finance.allocation (tenant_id, match_id) where match_id is not null;

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
) returns table (entry_id uuid, entry_number text) language plpgsql as $$
declare
  posted integer;
begin
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
grant execute on function finance.post_entries to heartwood_app;
