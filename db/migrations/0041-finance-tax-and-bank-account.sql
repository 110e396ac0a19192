-- Tax codes with dated rates, and the company's accounts at banks with the ledger account each is kept on.

create table finance.tax_code (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  code text not null check (code ~ '^[A-Za-z0-9-]{1,20}$'),
  name text not null,
  -- Tax on what is sold, owed to the authority.
  output_account_id uuid not null,
  -- Tax on what is bought, owed by the authority.
  input_account_id uuid not null,
  primary key (tenant_id, id),
  constraint tax_code_code unique (tenant_id, book_id, code),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, output_account_id) references finance.account (tenant_id, id),
  foreign key (tenant_id, input_account_id) references finance.account (tenant_id, id)
);
select platform.fence('finance.tax_code');

-- A rate holds for a range of days; a new law ends one and begins another, and old invoices keep theirs.
create table finance.tax_rate (
  tenant_id uuid not null,
  tax_code_id uuid not null,
  during daterange not null check (not isempty(during)),
  percent numeric(7, 4) not null check (percent between 0 and 100),
  primary key (tenant_id, tax_code_id, during),
  foreign key (tenant_id, tax_code_id) references finance.tax_code (tenant_id, id),
  constraint tax_rate_overlap exclude using gist (tenant_id with =, tax_code_id with =, during with &&)
);
select platform.fence('finance.tax_rate');

create table finance.bank_account (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  code text not null check (code ~ '^[A-Za-z0-9-]{1,20}$'),
  name text not null,
  -- IBAN or the bank's own number, without spaces; unknown until the company tells it.
  number text check (number ~ '^[A-Z0-9]{1,34}$'),
  bic text,
  account_id uuid not null,
  retired_from date,
  primary key (tenant_id, id),
  constraint bank_account_code unique (tenant_id, book_id, code),
  -- One ledger account for one bank account, so that the bank's statement proves the ledger.
  constraint bank_account_ledger unique (tenant_id, account_id),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, account_id) references finance.account (tenant_id, id)
);
create unique index bank_account_number on finance.bank_account (tenant_id, number) where number is not null;
select platform.fence('finance.bank_account');
