-- Payment runs: bills picked to be paid together, approved by a second person, written into one file for the bank, and settled payment by
-- payment. The books are touched only when a payment has succeeded.
-- Why: a bill stands in one unsettled run at most, held by a unique index, so that no race of two people pays it twice.

-- How the company shows itself to the bank in a payment file.
create table finance.payment_origin (
  tenant_id uuid not null,
  bank_account_id uuid not null,
  format text not null check (format in ('pain.001.001.03', 'pain.001.001.09', 'nacha')),
  name text not null,
  -- NACHA: the routing number of the bank, the company's number there, and whether the file carries the offsetting debit.
  routing text check (routing ~ '^\d{9}$'),
  bank_name text,
  company_number text check (company_number ~ '^[A-Z0-9]{1,10}$'),
  with_offset boolean not null default false,
  primary key (tenant_id, bank_account_id),
  foreign key (tenant_id, bank_account_id) references finance.bank_account (tenant_id, id),
  check (format <> 'nacha' or (routing is not null and company_number is not null and bank_name is not null))
);
select platform.fence('finance.payment_origin');

create table finance.payment_run (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  bank_account_id uuid not null,
  -- Short, in every file and on every statement: HW and twelve characters.
  code text not null,
  state text not null check (state in ('draft', 'submitted', 'approved', 'filed', 'sent', 'settled', 'cancelled')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  pay_day date not null,
  -- All together on one day, or each when it falls due.
  when_due boolean not null,
  takes_discount boolean not null,
  file_id uuid,
  file_total bigint,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  submitted_by_id uuid,
  submitted_by_name text,
  submitted_at timestamptz,
  approved_by_id uuid,
  approved_by_name text,
  approved_at timestamptz,
  alone_reason text,
  -- Why its approval was taken back, or it was cancelled.
  note text,
  sent_by_name text,
  sent_at timestamptz,
  primary key (tenant_id, id),
  constraint payment_run_code unique (tenant_id, code),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, bank_account_id) references finance.bank_account (tenant_id, id),
  check (state not in ('approved', 'filed', 'sent', 'settled') or approved_at is not null),
  check (state not in ('filed', 'sent', 'settled') or file_id is not null)
);
create index payment_run_day on finance.payment_run (tenant_id, pay_day, id);
select platform.fence('finance.payment_run');

-- One payment of a run, as the bank sees it: one payee, one account, one day, one text.
create table finance.payment_order (
  tenant_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  position integer not null,
  -- Its end-to-end reference.
  code text not null,
  state text not null check (state in ('pending', 'succeeded', 'failed', 'cancelled')),
  supplier_id uuid not null,
  supplier_bank_account_id uuid not null,
  day date not null,
  amount bigint not null check (amount > 0),
  reference_kind text not null check (reference_kind in ('rf', 'qrr', 'text')),
  reference text not null,
  -- In a NACHA file: the fifteen digits by which the bank sends it back.
  trace text,
  payment_id uuid,
  settled_day date,
  failure text,
  advised_at timestamptz,
  primary key (tenant_id, id),
  constraint payment_order_code unique (tenant_id, code),
  unique (tenant_id, run_id, position),
  foreign key (tenant_id, run_id) references finance.payment_run (tenant_id, id),
  foreign key (tenant_id, supplier_bank_account_id) references finance.supplier_bank_account (tenant_id, id),
  foreign key (tenant_id, payment_id) references finance.payment (tenant_id, id),
  check ((state = 'failed') = (failure is not null)),
  check (state <> 'succeeded' or payment_id is not null)
);
create index payment_order_trace on finance.payment_order (tenant_id, trace) where trace is not null;
create index payment_order_payment on finance.payment_order (tenant_id, payment_id) where payment_id is not null;
select platform.fence('finance.payment_order');

create table finance.payment_run_item (
  tenant_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  bill_id uuid not null,
  open_item_id uuid not null,
  supplier_bank_account_id uuid,
  order_id uuid,
  -- What is paid, and what is taken off for paying early; both settle the bill.
  amount bigint not null check (amount > 0),
  discount bigint not null check (discount >= 0),
  -- Waits in an unsettled run.
  is_live boolean not null,
  -- What the discount was booked with.
  discount_entry_id uuid,
  primary key (tenant_id, id),
  unique (tenant_id, run_id, bill_id),
  foreign key (tenant_id, run_id) references finance.payment_run (tenant_id, id),
  foreign key (tenant_id, bill_id) references finance.bill (tenant_id, id),
  foreign key (tenant_id, open_item_id) references finance.open_item (tenant_id, id),
  foreign key (tenant_id, supplier_bank_account_id) references finance.supplier_bank_account (tenant_id, id),
  foreign key (tenant_id, order_id) references finance.payment_order (tenant_id, id)
);
create unique index payment_run_item_once on finance.payment_run_item (tenant_id, open_item_id) where is_live;
create index payment_run_item_run on finance.payment_run_item (tenant_id, run_id, is_live);
create index payment_run_item_order on finance.payment_run_item (tenant_id, order_id) where order_id is not null;
create index payment_run_item_account on finance.payment_run_item (tenant_id, supplier_bank_account_id) where is_live;
select platform.fence('finance.payment_run_item');

-- What the bank answered about a file: each answer is taken in once.
create table finance.payment_answer (
  tenant_id uuid not null,
  id uuid not null,
  file_id uuid not null,
  file_hash text not null,
  told integer not null,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  constraint payment_answer_once unique (tenant_id, file_hash)
);
select platform.fence('finance.payment_answer', kept => true);

-- The two accounts that runs post to.
select finance.give_role_account('paymentClearing', '1180', 'bank', 'Payments under way to the bank');
select finance.give_role_account('discountReceived', '5190', 'purchase', 'Discounts received');
