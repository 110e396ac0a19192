-- Quotations, orders, receipts, and which line of a bill is for which line of an order.
-- Why so: a verdict that is stored goes stale when goods come after the bill. Only facts are kept here; what is wrong with a bill is a
-- question asked of them, so that the order of events cannot matter. Lines are told apart by what they are, never by where they stand.

create table purchasing.quotation (
  tenant_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  supplier_id uuid not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  valid_until date,
  delivery_day date,
  text text,
  file_id uuid,
  by_name text not null,
  at timestamptz not null,
  chosen_at timestamptz,
  chosen_by_name text,
  reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, request_id) references purchasing.request (tenant_id, id),
  foreign key (tenant_id, supplier_id) references directory.party (tenant_id, id),
  check ((chosen_at is null) = (reason is null))
);
create index quotation_request on purchasing.quotation (tenant_id, request_id);
create unique index quotation_chosen on purchasing.quotation (tenant_id, request_id) where chosen_at is not null;
select platform.fence('purchasing.quotation');

create table purchasing.order_counter (
  tenant_id uuid primary key,
  last integer not null
);
select platform.fence('purchasing.order_counter');

create table purchasing.purchase_order (
  tenant_id uuid not null,
  id uuid not null,
  number integer not null,
  book_id uuid not null,
  supplier_id uuid not null,
  request_id uuid,
  currency text not null,
  decimals smallint not null,
  book_decimals smallint not null,
  -- What one unit of its currency is worth in the books'; null where it is theirs. What was received is valued with it.
  rate numeric(30, 12) check (rate > 0),
  policy text not null check (policy in ('none', 'twoWay', 'threeWay')),
  state text not null check (state in ('draft', 'submitted', 'approved', 'declined', 'ordered', 'closed', 'cancelled')),
  version integer not null check (version > 0),
  amount bigint not null check (amount > 0),
  -- Up to so much a second person agreed.
  approved_amount bigint,
  approval_id uuid,
  text text,
  wanted_by date,
  buyer_id uuid,
  buyer_name text not null,
  at timestamptz not null,
  ordered_on date,
  end_reason text,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, supplier_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, request_id) references purchasing.request (tenant_id, id),
  check (state not in ('approved', 'ordered', 'closed') or approved_amount >= amount)
);
create index purchase_order_request on purchasing.purchase_order (tenant_id, request_id) where request_id is not null;
create index purchase_order_supplier on purchasing.purchase_order (tenant_id, supplier_id);
create index purchase_order_approval on purchasing.purchase_order (tenant_id, approval_id) where approval_id is not null;
select platform.fence('purchasing.purchase_order');

create table purchasing.order_line (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  position integer not null,
  description text not null,
  quantity numeric(20, 6) not null check (quantity > 0),
  unit_price numeric(24, 8) not null check (unit_price >= 0),
  amount bigint not null,
  tax_code text not null,
  account_id uuid not null,
  unit_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, order_id) references purchasing.purchase_order (tenant_id, id),
  foreign key (tenant_id, account_id) references finance.account (tenant_id, id)
);
create index order_line_order on purchasing.order_line (tenant_id, order_id, position);
select platform.fence('purchasing.order_line');

-- An order as it stood before each change.
create table purchasing.order_version (
  tenant_id uuid not null,
  order_id uuid not null,
  version integer not null,
  content jsonb not null,
  reason text,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, order_id, version),
  foreign key (tenant_id, order_id) references purchasing.purchase_order (tenant_id, id)
);
select platform.fence('purchasing.order_version', kept => true);

create table purchasing.receipt (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  kind text not null check (kind in ('receipt', 'return')),
  day date not null,
  reference text,
  text text,
  by_id uuid,
  by_name text not null,
  at timestamptz not null,
  reversed_at timestamptz,
  reversed_by_name text,
  reverse_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, order_id) references purchasing.purchase_order (tenant_id, id),
  check ((reversed_at is null) = (reverse_reason is null))
);
create index receipt_order on purchasing.receipt (tenant_id, order_id);
select platform.fence('purchasing.receipt');

-- What went back is below zero.
create table purchasing.receipt_line (
  tenant_id uuid not null,
  id uuid not null,
  receipt_id uuid not null,
  order_line_id uuid not null,
  quantity numeric(20, 6) not null check (quantity <> 0),
  primary key (tenant_id, id),
  unique (tenant_id, receipt_id, order_line_id),
  foreign key (tenant_id, receipt_id) references purchasing.receipt (tenant_id, id),
  foreign key (tenant_id, order_line_id) references purchasing.order_line (tenant_id, id)
);
create index receipt_line_order_line on purchasing.receipt_line (tenant_id, order_line_id);
select platform.fence('purchasing.receipt_line', kept => true);

-- A bill that is for orders, whether its lines are matched yet or not.
create table purchasing.bill_order (
  tenant_id uuid not null,
  bill_id uuid not null,
  order_id uuid not null,
  primary key (tenant_id, bill_id, order_id),
  foreign key (tenant_id, bill_id) references finance.bill (tenant_id, id),
  foreign key (tenant_id, order_id) references purchasing.purchase_order (tenant_id, id)
);
create index bill_order_order on purchasing.bill_order (tenant_id, order_id);
select platform.fence('purchasing.bill_order');

-- Bills that purchasing holds back.
create table purchasing.bill_hold (
  tenant_id uuid not null,
  bill_id uuid not null,
  primary key (tenant_id, bill_id),
  foreign key (tenant_id, bill_id) references finance.bill (tenant_id, id)
);
select platform.fence('purchasing.bill_hold');

-- So much of this line of a bill is for that line of an order; no quantity means all of the bill's line.
create table purchasing.bill_match (
  tenant_id uuid not null,
  bill_line_id uuid not null,
  order_line_id uuid not null,
  quantity numeric(20, 6) check (quantity > 0),
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, bill_line_id, order_line_id),
  foreign key (tenant_id, order_line_id) references purchasing.order_line (tenant_id, id)
);
create index bill_match_order_line on purchasing.bill_match (tenant_id, order_line_id);
create unique index bill_match_whole on purchasing.bill_match (tenant_id, bill_line_id) where quantity is null;
select platform.fence('purchasing.bill_match');

-- Someone said that a difference of this kind and up to this size is all right.
create table purchasing.match_acceptance (
  tenant_id uuid not null,
  id uuid not null,
  bill_id uuid not null,
  bill_line_id uuid not null,
  order_line_id uuid,
  reason text not null,
  excess numeric not null,
  why text not null,
  by_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, bill_id) references finance.bill (tenant_id, id)
);
create index match_acceptance_bill on purchasing.match_acceptance (tenant_id, bill_id);
select platform.fence('purchasing.match_acceptance', kept => true);

-- What was posted for receipts (no line of a bill) and for the bills that clear them, each in the books' currency: a ledger of differences
-- to what stands now, so that whatever changes is made good by the next row.
create table purchasing.accrual (
  tenant_id uuid not null,
  id uuid not null,
  order_line_id uuid not null,
  bill_line_id uuid,
  -- At the order's price, and what the bill took for it.
  value bigint not null,
  cost bigint not null,
  entry_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, order_line_id) references purchasing.order_line (tenant_id, id)
);
create index accrual_order_line on purchasing.accrual (tenant_id, order_line_id, bill_line_id);
select platform.fence('purchasing.accrual', kept => true);

-- By how much a bill may differ, for one supplier or (without one) for all: within the percentage and, where set, the absolute size.
create table purchasing.tolerance (
  tenant_id uuid not null,
  id uuid not null,
  supplier_id uuid,
  policy text not null check (policy in ('none', 'twoWay', 'threeWay')),
  quantity_percent numeric(7, 4) not null check (quantity_percent between 0 and 100),
  quantity_absolute numeric(20, 6) check (quantity_absolute >= 0),
  price_percent numeric(7, 4) not null check (price_percent between 0 and 100),
  -- Of one line, in its currency.
  price_absolute numeric(20, 6) check (price_absolute >= 0),
  primary key (tenant_id, id),
  constraint tolerance_once unique nulls not distinct (tenant_id, supplier_id),
  foreign key (tenant_id, supplier_id) references directory.party (tenant_id, id)
);
select platform.fence('purchasing.tolerance');
