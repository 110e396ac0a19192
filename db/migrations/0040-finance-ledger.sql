-- The books: chart of accounts, periods, immutable journal entries, and the balances that reports read instead of all history.
-- Why: what is posted counts for ever, so the application may only insert it, a trigger refuses an entry that does not balance, and the one
-- posting function writes lines, balances, open items, number and entry together, the number last, so that nobody waits long for it.
create schema finance;
select platform.open_schema('finance');

-- The books of one legal entity, kept in one currency.
create table finance.book (
  tenant_id uuid not null,
  id uuid not null,
  legal_entity_id uuid,
  name text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- The books meant when nobody names others.
  is_main boolean not null,
  primary key (tenant_id, id)
);
create unique index book_main on finance.book (tenant_id) where is_main;
create unique index book_legal_entity on finance.book (tenant_id, legal_entity_id) where legal_entity_id is not null;
select platform.fence('finance.book');

create table finance.account (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  code text not null check (code ~ '^[0-9A-Za-z.-]{1,20}$'),
  name text not null check (name <> ''),
  type text not null check (type in ('asset', 'liability', 'equity', 'income', 'expense')),
  parent_id uuid,
  -- Gathers the accounts below it and takes no postings.
  is_group boolean not null,
  -- A control account: every line on it belongs to a customer or a supplier and becomes an open item.
  control text check (control in ('receivable', 'payable')),
  retired_from date,
  primary key (tenant_id, id),
  constraint account_code unique (tenant_id, book_id, code),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, parent_id) references finance.account (tenant_id, id),
  check (not (is_group and control is not null))
);
select platform.fence('finance.account');

-- Which account does a job, such as `sales` or `payable`, so that no other department names an account number.
create table finance.account_role (
  tenant_id uuid not null,
  book_id uuid not null,
  role text not null,
  account_id uuid not null,
  primary key (tenant_id, book_id, role),
  foreign key (tenant_id, account_id) references finance.account (tenant_id, id)
);
select platform.fence('finance.account_role');

create table finance.journal (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  code text not null check (code ~ '^[A-Z][A-Z0-9]{1,7}$'),
  name text not null,
  primary key (tenant_id, id),
  constraint journal_code unique (tenant_id, book_id, code),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id)
);
select platform.fence('finance.journal');

create table finance.period (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  code text not null,
  -- Called by the year it ends in.
  fiscal_year integer not null,
  fiscal_year_start date not null,
  from_day date not null,
  until_day date not null,
  state text not null check (state in ('open', 'closed')),
  -- What stood in it when it was closed: a law compares, so that nothing enters a closed period unseen.
  closed_entries bigint,
  closed_debit bigint,
  primary key (tenant_id, id),
  constraint period_code unique (tenant_id, book_id, code),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  check (from_day <= until_day),
  check ((state = 'closed') = (closed_entries is not null and closed_debit is not null)),
  constraint period_overlap exclude using gist (tenant_id with =, book_id with =, daterange(from_day, until_day, '[]') with &&)
);
select platform.fence('finance.period');

create table finance.period_change (
  tenant_id uuid not null,
  id uuid not null,
  period_id uuid not null,
  state text not null check (state in ('open', 'closed')),
  reason text not null,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, period_id) references finance.period (tenant_id, id)
);
select platform.fence('finance.period_change', kept => true);

-- The last number given in a series of a year. Its row is locked last, and given back with the rollback, so there are no gaps.
create table finance.number_head (
  tenant_id uuid not null,
  book_id uuid not null,
  series text not null,
  fiscal_year integer not null,
  last_number bigint not null,
  primary key (tenant_id, book_id, series, fiscal_year)
) with (fillfactor = 50);
select platform.fence('finance.number_head');

create table finance.journal_entry (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  journal_id uuid not null,
  period_id uuid not null,
  fiscal_year integer not null,
  sequence bigint not null,
  number text not null,
  day date not null,
  text text not null,
  reference text,
  document_subject text,
  document_id uuid,
  reverses_id uuid,
  -- Sum of its debits, in minor units of the books' currency.
  total bigint not null,
  posted_at timestamptz not null,
  person_id uuid,
  by_name text not null,
  primary key (tenant_id, id),
  constraint journal_entry_number unique (tenant_id, journal_id, fiscal_year, sequence),
  check ((document_subject is null) = (document_id is null))
);
create unique index journal_entry_reversed_once on finance.journal_entry (tenant_id, reverses_id) where reverses_id is not null;
create index journal_entry_day on finance.journal_entry (tenant_id, book_id, day, id);
create index journal_entry_document on finance.journal_entry (tenant_id, document_id) where document_id is not null;
select platform.fence('finance.journal_entry', kept => true);

-- No foreign keys here: on the hottest table they cost half the speed. The posting statement checks by join and a law verifies.
create table finance.journal_line (
  tenant_id uuid not null,
  id uuid not null,
  entry_id uuid not null,
  position integer not null,
  account_id uuid not null,
  day date not null,
  -- Debit positive, credit negative, in minor units of the books' currency.
  amount bigint not null check (amount <> 0),
  party_id uuid,
  unit_id uuid,
  text text,
  primary key (tenant_id, id)
);
create index journal_line_entry on finance.journal_line (tenant_id, entry_id);
create index journal_line_account on finance.journal_line (tenant_id, account_id, day, id);
select platform.fence('finance.journal_line', kept => true);

-- Turnover by account, period and cost centre (all zeroes for none), written by the posting function and rebuilt by a law.
create table finance.balance (
  tenant_id uuid not null,
  account_id uuid not null,
  period_id uuid not null,
  unit_id uuid not null,
  debit bigint not null,
  credit bigint not null,
  primary key (tenant_id, account_id, period_id, unit_id)
) with (fillfactor = 50);
select platform.fence('finance.balance');

-- One line on a control account: what a customer or supplier owes, or has in their favour. Its identifier is the line's.
create table finance.open_item (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  account_id uuid not null,
  direction text not null check (direction in ('receivable', 'payable')),
  party_id uuid not null,
  entry_id uuid not null,
  day date not null,
  due_day date not null,
  reference text not null,
  document_subject text,
  document_id uuid,
  -- As in the ledger: debit positive, credit negative.
  amount bigint not null check (amount <> 0),
  open_amount bigint not null,
  primary key (tenant_id, id),
  -- What is open lies between nothing and the whole, on the item's own side.
  constraint open_item_within check (open_amount * sign(amount) between 0 and abs(amount))
);
create index open_item_open on finance.open_item (tenant_id, direction, party_id, due_day) where open_amount <> 0;
create index open_item_party on finance.open_item (tenant_id, party_id, day);
create index open_item_document on finance.open_item (tenant_id, document_id) where document_id is not null;
create index open_item_reference on finance.open_item (tenant_id, reference) where open_amount <> 0;
select platform.fence('finance.open_item');

-- On a day, so much of a debit item was settled by a credit item. Undone by a row of the negative amount, never removed.
create table finance.allocation (
  tenant_id uuid not null,
  id uuid not null,
  debit_item_id uuid not null,
  credit_item_id uuid not null,
  day date not null,
  amount bigint not null check (amount <> 0),
  undoes_id uuid,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, debit_item_id) references finance.open_item (tenant_id, id),
  foreign key (tenant_id, credit_item_id) references finance.open_item (tenant_id, id),
  foreign key (tenant_id, undoes_id) references finance.allocation (tenant_id, id),
  check ((undoes_id is null) = (amount > 0))
);
create unique index allocation_undone_once on finance.allocation (tenant_id, undoes_id) where undoes_id is not null;
create index allocation_debit on finance.allocation (tenant_id, debit_item_id);
create index allocation_credit on finance.allocation (tenant_id, credit_item_id);
select platform.fence('finance.allocation', kept => true);

-- Posted stays posted, whoever asks: not even the owner of the tables changes it by a slip.
create function finance.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is kept for ever; correct it by a reversal', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger kept before update or delete on finance.journal_entry for each row execute function finance.refuse_change();
create trigger kept before update or delete on finance.journal_line for each row execute function finance.refuse_change();
create trigger kept before update or delete on finance.allocation for each row execute function finance.refuse_change();
create trigger kept_whole before truncate on finance.journal_entry for each statement execute function finance.refuse_change();
create trigger kept_whole before truncate on finance.journal_line for each statement execute function finance.refuse_change();

-- Lines come before their entry; with the entry they are complete, add up to nothing, and no line can be added any more.
create function finance.check_entry() returns trigger language plpgsql as $$
begin
  if exists (
    select from fresh e
    cross join lateral (
      select count(*) as lines, coalesce(sum(l.amount), 1) as difference, coalesce(sum(greatest(l.amount, 0)), 0) as debit,
        coalesce(bool_and(l.day = e.day), false) as same_day
      from finance.journal_line l where l.tenant_id = e.tenant_id and l.entry_id = e.id) s
    where s.lines < 2 or s.difference <> 0 or s.debit <> e.total or not s.same_day
  ) then
    raise exception 'an entry does not balance' using errcode = 'check_violation', constraint = 'journal_entry_balances';
  end if;
  return null;
end $$;
create trigger balances after insert on finance.journal_entry referencing new table as fresh
  for each statement execute function finance.check_entry();

create function finance.check_line() returns trigger language plpgsql as $$
begin
  if exists (
    select from finance.journal_entry e where (e.tenant_id, e.id) in (select distinct f.tenant_id, f.entry_id from fresh f)
  ) then
    raise exception 'the entry is posted' using errcode = 'check_violation', constraint = 'journal_line_before_entry';
  end if;
  return null;
end $$;
create trigger before_entry after insert on finance.journal_line referencing new table as fresh
  for each statement execute function finance.check_line();

-- Posts a batch of entries of one set of books in one call; see src/modules/finance/ledger/posting.ts for the checks before it.
-- Arrays that begin with e_ have one element for each entry, those with l_ one for each line; l_entry is the place of its entry.
create function finance.post_entries(
  p_tenant uuid, p_book uuid, p_at timestamptz, p_person uuid, p_by_name text,
  e_id uuid[], e_journal uuid[], e_period uuid[], e_day date[], e_text text[], e_reference text[],
  e_subject text[], e_document uuid[], e_reverses uuid[], e_total bigint[],
  l_id uuid[], l_entry integer[], l_position integer[], l_account uuid[], l_amount bigint[],
  l_party uuid[], l_unit uuid[], l_text text[], l_due date[]
) returns table (entry_id uuid, entry_number text) language plpgsql as $$
declare
  posted integer;
begin
  insert into finance.journal_line (tenant_id, id, entry_id, position, account_id, day, amount, party_id, unit_id, text)
  select p_tenant, l.id, e_id[l.entry], l.place, l.account_id, e_day[l.entry], l.amount, l.party_id, l.unit_id, l.words
  from unnest(l_id, l_entry, l_position, l_account, l_amount, l_party, l_unit, l_text)
    as l (id, entry, place, account_id, amount, party_id, unit_id, words);

  insert into finance.balance as b (tenant_id, account_id, period_id, unit_id, debit, credit)
  select p_tenant, l.account_id, e_period[l.entry], coalesce(l.unit_id, '00000000-0000-0000-0000-000000000000'),
    sum(greatest(l.amount, 0))::bigint, sum(greatest(-l.amount, 0))::bigint
  from unnest(l_entry, l_account, l_amount, l_unit) as l (entry, account_id, amount, unit_id)
  group by 2, 3, 4 order by 2, 3, 4
  on conflict (tenant_id, account_id, period_id, unit_id)
    do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;

  return query
  with asked as (
    select e.*, j.code, p.fiscal_year, row_number() over (partition by j.id, p.fiscal_year order by e.place) as ordinal
    from unnest(e_id, e_journal, e_period, e_day, e_text, e_reference, e_subject, e_document, e_reverses, e_total) with ordinality
      as e (id, journal_id, period_id, day, words, reference, subject, document_id, reverses_id, total, place)
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
    n.day, n.words, n.reference, n.subject, n.document_id, n.reverses_id, n.total, p_at, p_person, p_by_name
  from numbered n
  returning w.id, w.number;

  get diagnostics posted = row_count;
  if posted <> cardinality(e_id) then
    raise exception 'a journal is unknown or a period is not open'
      using errcode = 'check_violation', constraint = 'journal_entry_period_open';
  end if;

  if exists (select from unnest(l_due) as d where d is not null) then
    insert into finance.open_item (tenant_id, id, book_id, account_id, direction, party_id, entry_id, day, due_day, reference,
      document_subject, document_id, amount, open_amount)
    select p_tenant, l.id, p_book, l.account_id, a.control, l.party_id, w.id, w.day, l.due, coalesce(w.reference, w.number),
      w.document_subject, w.document_id, l.amount, l.amount
    from unnest(l_id, l_entry, l_account, l_amount, l_party, l_due) as l (id, entry, account_id, amount, party_id, due)
    join finance.account a on a.tenant_id = p_tenant and a.id = l.account_id and a.control is not null
    join finance.journal_entry w on w.tenant_id = p_tenant and w.id = e_id[l.entry];
  end if;
end $$;
grant execute on function finance.post_entries to heartwood_app;
