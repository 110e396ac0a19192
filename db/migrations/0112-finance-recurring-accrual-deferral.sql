-- Entries that come again, take themselves back, or are spread over time: templates with their due days, accruals with their mirror,
-- deferrals with their schedule.
-- Why: each due day of a template and each part of a deferral is a row with at most one entry, so that nothing is posted twice or left out.

create table finance.entry_template (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  name text not null check (name <> ''),
  state text not null check (state in ('active', 'ended')),
  journal text not null,
  text text not null,
  -- What its lines with a share are a share of, in minor units; asked for at each posting when null.
  amount bigint check (amount > 0),
  -- Whom its lines that take a party are booked to; asked for at each posting when null.
  party_id uuid,
  rhythm text check (rhythm in ('monthly', 'quarterly', 'yearly')),
  -- Date of the month, 31 for its last day.
  on_date integer check (on_date between 1 and 31),
  from_day date,
  until_day date,
  -- The due day that was not yet worked off; null when nothing comes any more.
  next_day date,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  constraint entry_template_name unique (tenant_id, book_id, name),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, party_id) references directory.party (tenant_id, id),
  check ((rhythm is null) = (on_date is null) and (rhythm is null) = (from_day is null)),
  check (until_day is null or until_day >= from_day)
);
create index entry_template_next on finance.entry_template (tenant_id, next_day) where next_day is not null;
select platform.fence('finance.entry_template');

create table finance.entry_template_line (
  tenant_id uuid not null,
  template_id uuid not null,
  position integer not null,
  account_id uuid not null,
  -- Debit positive, credit negative: an amount in minor units, or a percentage of the amount given.
  amount bigint check (amount <> 0),
  percent numeric(9, 6) check (percent <> 0),
  takes_party boolean not null,
  unit_id uuid,
  -- Values of dimensions by their codes.
  dimensions jsonb,
  text text,
  primary key (tenant_id, template_id, position),
  foreign key (tenant_id, template_id) references finance.entry_template (tenant_id, id),
  foreign key (tenant_id, account_id) references finance.account (tenant_id, id),
  check ((amount is null) <> (percent is null))
);
select platform.fence('finance.entry_template_line');

-- One due day of a template: posted, or skipped because its period takes nothing any more, until someone posts it after all.
create table finance.entry_template_run (
  tenant_id uuid not null,
  id uuid not null,
  template_id uuid not null,
  day date not null,
  state text not null check (state in ('posted', 'skipped', 'dismissed')),
  entry_id uuid,
  reason text,
  primary key (tenant_id, id),
  constraint entry_template_run_once unique (tenant_id, template_id, day),
  foreign key (tenant_id, template_id) references finance.entry_template (tenant_id, id),
  foreign key (tenant_id, entry_id) references finance.journal_entry (tenant_id, id),
  check ((state = 'posted') = (entry_id is not null)),
  check ((state = 'posted') or reason is not null)
);
create index entry_template_run_skipped on finance.entry_template_run (tenant_id, day) where state = 'skipped';
select platform.fence('finance.entry_template_run');

create table finance.accrual (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  text text not null,
  day date not null,
  mirror_day date not null,
  entry_id uuid not null,
  mirror_id uuid not null,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, entry_id) references finance.journal_entry (tenant_id, id),
  foreign key (tenant_id, mirror_id) references finance.journal_entry (tenant_id, id),
  check (day < mirror_day)
);
create index accrual_day on finance.accrual (tenant_id, book_id, day);
select platform.fence('finance.accrual', kept => true);

create table finance.deferral (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  text text not null,
  -- Whether the account it goes to is an expense (booked there in debit) or income (in credit).
  kind text not null check (kind in ('expense', 'income')),
  amount bigint not null check (amount > 0),
  from_account_id uuid not null,
  to_account_id uuid not null,
  from_day date not null,
  until_day date not null,
  by text not null check (by in ('days', 'months')),
  unit_id uuid,
  party_id uuid,
  by_name text not null,
  at timestamptz not null,
  stopped_on date,
  stop_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, from_account_id) references finance.account (tenant_id, id),
  foreign key (tenant_id, to_account_id) references finance.account (tenant_id, id),
  foreign key (tenant_id, party_id) references directory.party (tenant_id, id),
  check (from_day <= until_day),
  check ((stopped_on is null) = (stop_reason is null))
);
create index deferral_book on finance.deferral (tenant_id, book_id, from_day);
select platform.fence('finance.deferral');

create table finance.deferral_line (
  tenant_id uuid not null,
  id uuid not null,
  deferral_id uuid not null,
  position integer not null,
  from_day date not null,
  until_day date not null,
  amount bigint not null check (amount > 0),
  -- Once posted: the entry, and the day it stands on when the period of its own day was closed.
  entry_id uuid,
  posted_day date,
  primary key (tenant_id, id),
  constraint deferral_line_once unique (tenant_id, deferral_id, position),
  foreign key (tenant_id, deferral_id) references finance.deferral (tenant_id, id),
  foreign key (tenant_id, entry_id) references finance.journal_entry (tenant_id, id),
  check (from_day <= until_day),
  check ((entry_id is null) = (posted_day is null))
);
create index deferral_line_scheduled on finance.deferral_line (tenant_id, until_day) where entry_id is null;
select platform.fence('finance.deferral_line');
