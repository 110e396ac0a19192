-- Foreign currency and dimensions in the ledger.
-- Why: an item in another currency is owed in that currency and carried in the books' own; what differs when it is settled belongs to the
-- match (IAS 21.28). Balances are kept by dimension set, so that a report by project reads no history either. What
-- posts them is in 0101.

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
