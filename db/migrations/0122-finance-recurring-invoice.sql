-- Invoices that come round by themselves: what they say, how often, and which of them were made.
-- Why: the key of template and period stands in the database, so that no night, however often it is run, makes an invoice twice.

create table finance.recurring_invoice (
  tenant_id uuid not null,
  id uuid not null,
  name text not null check (name <> ''),
  customer_id uuid not null,
  -- What each invoice says, as it was typed.
  content jsonb not null,
  every text not null check (every in ('week', 'month', 'quarter', 'halfYear', 'year')),
  start_day date not null,
  until_day date,
  -- How many periods were made.
  made integer not null default 0 check (made >= 0),
  -- The day of the next period; null when there is none.
  next_day date,
  posts boolean not null,
  mails boolean not null,
  -- Why the last try was refused.
  problem text,
  person_id uuid,
  by_name text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references directory.party (tenant_id, id),
  check (until_day is null or until_day >= start_day),
  check (posts or not mails)
);
create index recurring_invoice_next on finance.recurring_invoice (tenant_id, next_day) where next_day is not null;
select platform.fence('finance.recurring_invoice');

create table finance.recurring_issue (
  tenant_id uuid not null,
  recurring_id uuid not null,
  period_day date not null,
  invoice_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, recurring_id, period_day),
  foreign key (tenant_id, recurring_id) references finance.recurring_invoice (tenant_id, id)
);
create index recurring_issue_invoice on finance.recurring_issue (tenant_id, invoice_id);
select platform.fence('finance.recurring_issue', kept => true);
