-- Expenses: what employees paid for the company, what they drove and where they stayed, and what they were given in advance.
-- Why constraints: a receipt that is claimed twice, or two allowances for one day, must be impossible, not unlikely.

create table finance.expense_category (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  code text not null check (code ~ '^[0-9A-Za-z.-]{1,20}$'),
  name text not null check (name <> ''),
  account_id uuid not null,
  kind text not null check (kind in ('receipt', 'mileage', 'perDiem')),
  tax_code_id uuid,
  -- More than this on one line is shown to whoever approves.
  limit_amount bigint check (limit_amount > 0),
  wants_receipt boolean not null,
  retired_from date,
  primary key (tenant_id, id),
  constraint expense_category_code unique (tenant_id, book_id, code),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, account_id) references finance.account (tenant_id, id),
  foreign key (tenant_id, tax_code_id) references finance.tax_code (tenant_id, id)
);
select platform.fence('finance.expense_category');

-- What a distance is worth, from a day on and above so many units in a year.
create table finance.mileage_rate (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  vehicle text not null check (vehicle <> ''),
  unit text not null check (unit in ('km', 'mi')),
  from_day date not null,
  above numeric(12, 2) not null check (above >= 0),
  per_unit numeric(12, 6) not null check (per_unit >= 0),
  -- Month and day on which the count of the year begins anew: 01-01, in the United Kingdom 04-06.
  year_begins text not null check (year_begins ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'),
  primary key (tenant_id, id),
  constraint mileage_rate_once unique (tenant_id, book_id, vehicle, from_day, above),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id)
);
select platform.fence('finance.mileage_rate');

-- The allowance for a day away, by country, from a day on. Meals that were given are taken off in percent of the whole day.
create table finance.per_diem_rate (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  country text not null check (country ~ '^[A-Z]{2}$'),
  from_day date not null,
  whole_day bigint not null check (whole_day >= 0),
  part_day bigint not null check (part_day >= 0),
  breakfast_percent numeric(5, 2) not null check (breakfast_percent between 0 and 100),
  lunch_percent numeric(5, 2) not null check (lunch_percent between 0 and 100),
  dinner_percent numeric(5, 2) not null check (dinner_percent between 0 and 100),
  primary key (tenant_id, id),
  constraint per_diem_rate_once unique (tenant_id, book_id, country, from_day),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id)
);
select platform.fence('finance.per_diem_rate');

create table finance.expense_claim (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  number text not null,
  person_id uuid not null,
  title text not null check (title <> ''),
  unit_id uuid,
  state text not null check (state in ('draft', 'submitted', 'rejected', 'posted')),
  approval_id uuid,
  approved_by_name text,
  reject_reason text,
  entry_id uuid,
  -- The open item: what the company owes the person for it.
  item_id uuid,
  made_on date not null,
  submitted_on date,
  posted_on date,
  primary key (tenant_id, id),
  constraint expense_claim_number unique (tenant_id, book_id, number),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check ((state = 'posted') = (entry_id is not null and item_id is not null))
);
create index expense_claim_person on finance.expense_claim (tenant_id, person_id);
create index expense_claim_item on finance.expense_claim (tenant_id, item_id) where item_id is not null;
select platform.fence('finance.expense_claim');

create table finance.expense_line (
  tenant_id uuid not null,
  id uuid not null,
  claim_id uuid not null,
  person_id uuid not null,
  category_id uuid not null,
  kind text not null check (kind in ('receipt', 'mileage', 'perDiem')),
  description text not null,
  day date not null,
  until_day date not null,
  -- With tax, in the books' currency.
  amount bigint not null check (amount > 0),
  currency text,
  currency_amount bigint check (currency_amount > 0),
  rate numeric(24, 12) check (rate > 0),
  tax_code_id uuid,
  tax bigint not null default 0 check (tax >= 0),
  -- How it came to its amount, where a rate did.
  worked_out text,
  vehicle text,
  distance numeric(12, 2) check (distance > 0),
  country text,
  file_id uuid,
  file_hash text,
  no_receipt_reason text,
  flags text[] not null default '{}',
  primary key (tenant_id, id),
  foreign key (tenant_id, claim_id) references finance.expense_claim (tenant_id, id),
  foreign key (tenant_id, category_id) references finance.expense_category (tenant_id, id),
  foreign key (tenant_id, tax_code_id) references finance.tax_code (tenant_id, id),
  check (until_day >= day),
  check ((currency is null) = (currency_amount is null) and (currency is null) = (rate is null)),
  check ((file_id is null) = (file_hash is null)),
  constraint expense_line_day_once exclude using gist (tenant_id with =, person_id with =, daterange(day, until_day, '[]') with &&)
    where (kind = 'perDiem')
);
create unique index expense_line_receipt on finance.expense_line (tenant_id, file_hash) where file_hash is not null;
create index expense_line_claim on finance.expense_line (tenant_id, claim_id);
create index expense_line_person on finance.expense_line (tenant_id, person_id, day);
select platform.fence('finance.expense_line');

create table finance.expense_advance (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  number text not null,
  person_id uuid not null,
  amount bigint not null check (amount > 0),
  reason text not null,
  wanted_by date not null,
  state text not null check (state in ('requested', 'approved', 'rejected', 'paid')),
  approval_id uuid,
  reject_reason text,
  payment_id uuid,
  -- The open item: what the person has in hand of the company's.
  item_id uuid,
  primary key (tenant_id, id),
  constraint expense_advance_number unique (tenant_id, book_id, number),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check ((state = 'paid') = (payment_id is not null and item_id is not null))
);
create index expense_advance_person on finance.expense_advance (tenant_id, person_id);
select platform.fence('finance.expense_advance');
