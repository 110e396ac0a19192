-- Invoices, credit notes, bills and payments. A document owns its state and reaches the posted one only together with its entry.

create table finance.invoice (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  kind text not null check (kind in ('invoice', 'creditNote')),
  state text not null check (state in ('draft', 'posted', 'cancelled')),
  number text,
  customer_id uuid not null,
  day date not null,
  due_day date not null,
  text text,
  -- The invoice a credit note corrects.
  corrects_id uuid,
  net bigint not null,
  tax bigint not null,
  total bigint not null,
  entry_id uuid,
  -- The open item: the line of the entry on the receivable account.
  item_id uuid,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  constraint invoice_number unique (tenant_id, book_id, number),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, customer_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, corrects_id) references finance.invoice (tenant_id, id),
  check ((kind = 'creditNote') = (corrects_id is not null)),
  check ((state = 'posted') = (number is not null and entry_id is not null)),
  check (due_day >= day),
  check (total = net + tax)
);
create index invoice_customer on finance.invoice (tenant_id, customer_id, day);
create index invoice_day on finance.invoice (tenant_id, day, id);
create index invoice_draft on finance.invoice (tenant_id, book_id, day) where state = 'draft';
create index invoice_corrects on finance.invoice (tenant_id, corrects_id) where corrects_id is not null;
select platform.fence('finance.invoice');

create table finance.invoice_line (
  tenant_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  position integer not null,
  description text not null,
  quantity numeric(18, 6) not null,
  unit_price bigint not null,
  net bigint not null,
  account_id uuid not null,
  tax_code_id uuid not null,
  unit_id uuid,
  primary key (tenant_id, id),
  unique (tenant_id, invoice_id, position),
  foreign key (tenant_id, invoice_id) references finance.invoice (tenant_id, id),
  foreign key (tenant_id, account_id) references finance.account (tenant_id, id),
  foreign key (tenant_id, tax_code_id) references finance.tax_code (tenant_id, id)
);
select platform.fence('finance.invoice_line');

create table finance.bill (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  state text not null check (state in ('draft', 'approved', 'posted', 'declined', 'reversed')),
  number text,
  supplier_id uuid not null,
  supplier_number text not null,
  -- The supplier's number as it compares: letters and digits only, lower case.
  supplier_number_key text not null check (supplier_number_key ~ '^[a-z0-9]+$'),
  day date not null,
  due_day date not null,
  text text,
  net bigint not null,
  tax bigint not null,
  -- Cents by which the supplier rounds otherwise than we do.
  rounding bigint not null,
  total bigint not null,
  entry_id uuid,
  item_id uuid,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  approved_by_id uuid,
  approved_by_name text,
  approved_at timestamptz,
  -- Why one person both entered and approved it, where the company has no second one: it stands on the auditor's list.
  alone_reason text,
  decline_reason text,
  primary key (tenant_id, id),
  constraint bill_number unique (tenant_id, book_id, number),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, supplier_id) references directory.party (tenant_id, id),
  check (state not in ('posted', 'reversed') or (number is not null and entry_id is not null)),
  check (state not in ('approved', 'posted') or approved_at is not null),
  check (due_day >= day),
  check (total = net + tax + rounding)
);
-- The same bill cannot be entered twice, whatever spaces and dashes are typed, in whichever year.
create unique index bill_once on finance.bill (tenant_id, supplier_id, supplier_number_key) where state not in ('declined', 'reversed');
create index bill_day on finance.bill (tenant_id, day, id);
create index bill_waiting on finance.bill (tenant_id, book_id, day) where state in ('draft', 'approved');
select platform.fence('finance.bill');

create table finance.bill_line (
  tenant_id uuid not null,
  id uuid not null,
  bill_id uuid not null,
  position integer not null,
  description text not null,
  net bigint not null,
  account_id uuid not null,
  tax_code_id uuid not null,
  unit_id uuid,
  primary key (tenant_id, id),
  unique (tenant_id, bill_id, position),
  foreign key (tenant_id, bill_id) references finance.bill (tenant_id, id),
  foreign key (tenant_id, account_id) references finance.account (tenant_id, id),
  foreign key (tenant_id, tax_code_id) references finance.tax_code (tenant_id, id)
);
select platform.fence('finance.bill_line');

-- What was posted for tax, for each document and rate: the return is a query over these rows, not a second calculation.
create table finance.tax_line (
  tenant_id uuid not null,
  id uuid not null,
  entry_id uuid not null,
  tax_code_id uuid not null,
  side text not null check (side in ('output', 'input')),
  day date not null,
  percent numeric(7, 4) not null,
  base bigint not null,
  tax bigint not null,
  document_subject text not null,
  document_id uuid not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, tax_code_id) references finance.tax_code (tenant_id, id)
);
create index tax_line_day on finance.tax_line (tenant_id, day, tax_code_id);
create index tax_line_document on finance.tax_line (tenant_id, document_id);
select platform.fence('finance.tax_line', kept => true);

create table finance.payment (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  number text not null,
  direction text not null check (direction in ('incoming', 'outgoing')),
  state text not null check (state in ('posted', 'reversed')),
  party_id uuid not null,
  bank_account_id uuid not null,
  day date not null,
  amount bigint not null check (amount > 0),
  reference text,
  entry_id uuid not null,
  item_id uuid not null,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  constraint payment_number unique (tenant_id, book_id, number),
  foreign key (tenant_id, bank_account_id) references finance.bank_account (tenant_id, id)
);
create index payment_party on finance.payment (tenant_id, party_id, day);
create index payment_day on finance.payment (tenant_id, day, id);
select platform.fence('finance.payment');
