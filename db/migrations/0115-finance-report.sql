-- What reports read quickly, and what an account was called before.
-- Why: as known at a moment, a report is the balances less what was posted later. What was posted later is a short range at the end of the
-- table, which a block range index finds and which costs next to nothing at each posting.
create index journal_entry_posted on finance.journal_entry using brin (tenant_id, posted_at) with (pages_per_range = 16,
  autosummarize = on);
create index allocation_later on finance.allocation using brin (tenant_id, at, day) with (pages_per_range = 16, autosummarize = on);

-- The days of a cut period are summed from the index alone; it stands in for the one without the amount.
create index journal_line_account_day on finance.journal_line (tenant_id, account_id, day, id) include (amount);
drop index finance.journal_line_account;

-- A report of twelve months reads the balances of those months, however many years there are.
create index balance_period on finance.balance (tenant_id, period_id, account_id);

-- Ageing adds up what is open, party by party, from the index alone; it stands in for the one without the amount.
create index open_item_open_party on finance.open_item (tenant_id, direction, party_id, due_day) include (book_id, day, open_amount)
  where open_amount <> 0;
drop index finance.open_item_open;

-- The tax lines of an entry, for the explanation of a figure.
create index tax_line_entry on finance.tax_line (tenant_id, entry_id);

-- What an account was called until it was renamed, so that the report of a closed period reads as it did.
create table finance.account_name (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  name text not null,
  until_at timestamptz not null,
  person_id uuid,
  by_name text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references finance.account (tenant_id, id)
);
create index account_name_until on finance.account_name (tenant_id, account_id, until_at);
select platform.fence('finance.account_name', kept => true);
