-- Turnover by account and day, counted behind the postings up to a number of each journal.
-- Why: a statement of any day in the middle of a month read all lines of that month, which of ten million is 410,000; days are a few
-- thousand rows. The postings write nothing more: a schedule counts what was posted since, and a report reads the few entries after it one
-- by one.

create table finance.day_turnover (
  tenant_id uuid not null,
  account_id uuid not null,
  day date not null,
  unit_id uuid not null,
  set_id uuid not null,
  debit bigint not null,
  credit bigint not null,
  -- Read by days, of all accounts together.
  primary key (tenant_id, day, account_id, unit_id, set_id)
);
select platform.fence('finance.day_turnover');

-- Numbers have no gap and are given last, so that all up to one that is seen are there.
create table finance.day_turnover_mark (
  tenant_id uuid not null,
  journal_id uuid not null,
  fiscal_year integer not null,
  counted bigint not null,
  primary key (tenant_id, journal_id, fiscal_year),
  foreign key (tenant_id, journal_id) references finance.journal (tenant_id, id)
);
select platform.fence('finance.day_turnover_mark');
