-- Dunning: procedures with their levels, runs that propose letters, letters with the items they ask for, disputes that hold items back.
-- Why: an item is asked for at most once at each level, whoever starts how many runs; the index says so.

create table finance.dunning_procedure (
  tenant_id uuid not null,
  id uuid not null,
  code text not null check (code ~ '^[A-Za-z0-9-]{1,20}$'),
  name text not null check (name <> ''),
  -- Days between two letters to one customer.
  pause_days integer not null check (pause_days between 0 and 90),
  -- For customers with whom none is agreed.
  is_standard boolean not null,
  primary key (tenant_id, id),
  constraint dunning_procedure_code unique (tenant_id, code)
);
create unique index dunning_procedure_standard on finance.dunning_procedure (tenant_id) where is_standard;
select platform.fence('finance.dunning_procedure');

create table finance.dunning_level (
  tenant_id uuid not null,
  id uuid not null,
  procedure_id uuid not null,
  level integer not null check (level between 1 and 9),
  days_overdue integer not null check (days_overdue between 0 and 730),
  -- In minor units of the main books' currency.
  fee bigint not null check (fee >= 0),
  -- A year, on what is open since it was due or last asked for.
  interest_percent numeric(7, 4) not null check (interest_percent between 0 and 100),
  title text not null,
  text text not null,
  primary key (tenant_id, id),
  unique (tenant_id, procedure_id, level),
  foreign key (tenant_id, procedure_id) references finance.dunning_procedure (tenant_id, id)
);
select platform.fence('finance.dunning_level');

alter table finance.customer add constraint customer_dunning_procedure
  foreign key (tenant_id, dunning_procedure_id) references finance.dunning_procedure (tenant_id, id);

create table finance.dunning_run (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  day date not null,
  state text not null check (state in ('proposed', 'sent', 'cancelled')),
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  sent_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id)
);
-- One at a time, so that nobody is proposed twice.
create unique index dunning_run_proposed on finance.dunning_run (tenant_id, book_id) where state = 'proposed';
select platform.fence('finance.dunning_run');

create table finance.dunning_letter (
  tenant_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  customer_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  level integer not null,
  -- Held: everything it would ask for is disputed, or the customer is never reminded.
  state text not null check (state in ('proposed', 'excluded', 'held', 'sent', 'cancelled')),
  reason text,
  title text not null,
  text text not null,
  fee bigint not null check (fee >= 0),
  interest bigint not null check (interest >= 0),
  total bigint not null,
  file_id uuid,
  mailed_to text,
  -- The entry that charges fee and interest.
  entry_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, run_id) references finance.dunning_run (tenant_id, id),
  foreign key (tenant_id, customer_id) references directory.party (tenant_id, id)
);
create index dunning_letter_run on finance.dunning_letter (tenant_id, run_id);
create index dunning_letter_customer on finance.dunning_letter (tenant_id, customer_id);
select platform.fence('finance.dunning_letter');

create table finance.dunning_item (
  tenant_id uuid not null,
  id uuid not null,
  letter_id uuid not null,
  item_id uuid not null,
  level integer not null,
  days_overdue integer not null,
  open_amount bigint not null check (open_amount > 0),
  interest bigint not null check (interest >= 0),
  -- Why it is not asked for.
  held_reason text,
  -- Its letter is proposed or sent.
  is_live boolean not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, letter_id) references finance.dunning_letter (tenant_id, id),
  foreign key (tenant_id, item_id) references finance.open_item (tenant_id, id)
);
create unique index dunning_item_once on finance.dunning_item (tenant_id, item_id, level) where is_live and held_reason is null;
create index dunning_item_letter on finance.dunning_item (tenant_id, letter_id);
select platform.fence('finance.dunning_item');

create table finance.item_dispute (
  tenant_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  reason text not null,
  from_day date not null,
  until_day date,
  outcome text,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, item_id) references finance.open_item (tenant_id, id)
);
create unique index item_dispute_one on finance.item_dispute (tenant_id, item_id) where until_day is null;
select platform.fence('finance.item_dispute');
