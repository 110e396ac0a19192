-- Exchange rates, documents in other currencies, and the revaluation of what is open in them at the end of a period.
-- Why: a document keeps its currency and the rate it was booked at, so that its amounts can always be explained; a revaluation stands on
-- accounts of its own and is taken back on the next day, so that what is realised later starts from what was paid for (IAS 21.23, 21.28).

-- One unit of `base` is worth `rate` units of `currency`.
create table finance.exchange_rate (
  tenant_id uuid not null,
  id uuid not null,
  base text not null check (base ~ '^[A-Z]{3}$'),
  currency text not null check (currency ~ '^[A-Z]{3}$' and currency <> base),
  kind text not null check (kind in ('spot', 'average', 'closing')),
  day date not null,
  rate numeric(30, 12) not null check (rate > 0),
  -- Who says so: a central bank, a contract, the tax office.
  source text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  constraint exchange_rate_once unique (tenant_id, base, currency, kind, day)
);
create index exchange_rate_day on finance.exchange_rate (tenant_id, day);
select platform.fence('finance.exchange_rate');

-- A rate older than this is not used without anybody saying so.
alter table finance.book add column rate_days integer not null default 10 check (rate_days between 0 and 366);

-- Null where the document is in the books' currency; the rate is what one unit of the document's currency was worth in the books'.
alter table finance.invoice
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  add column rate numeric(30, 12) check (rate > 0),
  -- What the books carry for its total.
  add column book_total bigint,
  add constraint invoice_rate check ((currency is null) = (rate is null) and (currency is null) = (book_total is null));
alter table finance.bill
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  add column rate numeric(30, 12) check (rate > 0),
  add column book_total bigint,
  add constraint bill_rate check ((currency is null) = (rate is null) and (currency is null) = (book_total is null));
-- What a line of a bill in another currency cost in the books; known once it is posted.
alter table finance.bill_line add column book_net bigint;
-- Amount is in the currency of what it settles; bank_amount is what moved at the bank, in the bank account's currency.
alter table finance.payment
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  add column bank_amount bigint check (bank_amount > 0),
  add column book_amount bigint check (book_amount >= 0);

-- As the document says it, where that is not the books' currency.
alter table finance.tax_line
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  add column currency_base bigint,
  add column currency_tax bigint,
  add constraint tax_line_currency check ((currency is null) = (currency_base is null) and (currency is null) = (currency_tax is null));
alter table finance.tax_pending
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  add column currency_base bigint,
  add column currency_tax bigint,
  add constraint tax_pending_currency check ((currency is null) = (currency_base is null) and (currency is null) = (currency_tax is null));

create table finance.revaluation (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  day date not null,
  period_id uuid not null,
  -- The first day after the period, on which all of it is taken back.
  back_day date not null,
  state text not null check (state in ('posted', 'reversed')),
  gain bigint not null check (gain >= 0),
  loss bigint not null check (loss >= 0),
  item_count integer not null,
  entry_id uuid,
  back_entry_id uuid,
  reverse_reason text,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, period_id) references finance.period (tenant_id, id),
  check ((entry_id is null) = (back_entry_id is null)),
  check (back_day > day)
);
create unique index revaluation_once on finance.revaluation (tenant_id, period_id) where state = 'posted';
select platform.fence('finance.revaluation');

-- What each open item or bank account was carried at and is worth: outstanding in its currency, the rate, and the difference.
create table finance.revaluation_item (
  tenant_id uuid not null,
  id uuid not null,
  revaluation_id uuid not null,
  kind text not null check (kind in ('receivable', 'payable', 'bank')),
  -- The open item or the bank account.
  subject_id uuid not null,
  party_id uuid,
  reference text not null,
  currency text not null,
  currency_amount bigint not null,
  carrying bigint not null,
  rate numeric(30, 12) not null,
  value bigint not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, revaluation_id) references finance.revaluation (tenant_id, id)
);
create index revaluation_item_run on finance.revaluation_item (tenant_id, revaluation_id, id);
create index revaluation_item_subject on finance.revaluation_item (tenant_id, subject_id);
select platform.fence('finance.revaluation_item', kept => true);

-- What was settled in other currencies after a day, so that what was open on it is known.
create index allocation_foreign_day on finance.allocation (tenant_id, day) where currency_amount is not null;

-- The accounts that differences and valuations are posted to.
select finance.give_role_account('bankValuation', '1125', 'bank', 'Currency valuation of bank accounts');
select finance.give_role_account('receivableValuation', '1215', 'receivable', 'Currency valuation of receivables');
select finance.give_role_account('payableValuation', '2115', 'payable', 'Currency valuation of payables');
select finance.give_role_account('exchangeGain', '4840', 'disposalResult', 'Currency gains');
select finance.give_role_account('exchangeLoss', '6730', 'depreciation', 'Currency losses');
