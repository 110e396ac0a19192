-- Payment terms, what a customer may owe, deposits and early-payment discounts.
-- Why: a term is a rule that is read at posting, and what it gave (dated items, discounts until a day) is kept with the items, so that
-- a term changed later changes no invoice that is out.

create table finance.payment_term (
  tenant_id uuid not null,
  id uuid not null,
  code text not null check (code ~ '^[A-Za-z0-9-]{1,20}$'),
  name text not null check (name <> ''),
  -- Instalments and discounts, in the shape of payment-term.rules.ts.
  rule jsonb not null,
  retired_from date,
  primary key (tenant_id, id),
  constraint payment_term_code unique (tenant_id, code)
);
select platform.fence('finance.payment_term');

-- What is agreed with a customer: when they pay, how much they may owe, how they are reminded.
create table finance.customer (
  tenant_id uuid not null,
  id uuid not null,
  payment_term_id uuid,
  -- In minor units of the main books' currency; nothing said is no limit.
  credit_limit bigint check (credit_limit >= 0),
  -- A hard limit refuses; a soft one lets the finance manager pass with a reason.
  is_hard_limit boolean not null default false,
  dunning_procedure_id uuid,
  -- Why this customer is never reminded.
  no_dunning_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, id) references directory.party (tenant_id, id),
  foreign key (tenant_id, payment_term_id) references finance.payment_term (tenant_id, id)
);
select platform.fence('finance.customer');

alter table finance.invoice
  add column payment_term_id uuid,
  -- How many dated items its receivable has; item_id is the first of them.
  add column instalments integer not null default 1 check (instalments between 1 and 60),
  -- Asks for money before anything is delivered: its lines stand on the liability account for deposits.
  add column is_deposit boolean not null default false,
  add column over_limit_reason text,
  add column sent_at timestamptz,
  add column sent_to text,
  add constraint invoice_payment_term foreign key (tenant_id, payment_term_id) references finance.payment_term (tenant_id, id);
create index invoice_deposit on finance.invoice (tenant_id, customer_id) where is_deposit;
create index invoice_draft_customer on finance.invoice (tenant_id, customer_id) where state = 'draft';

-- The deposit invoice a negative line draws down.
alter table finance.invoice_line add column deposit_id uuid;
create index invoice_line_deposit on finance.invoice_line (tenant_id, deposit_id) where deposit_id is not null;
-- Lines are written with their invoice, in one statement that has looked up account and tax code, so they are not looked up again row by
-- row, which costs more than the lines; the law finance.invoiceLines verifies.
alter table finance.invoice_line
  drop constraint invoice_line_tenant_id_invoice_id_fkey,
  drop constraint invoice_line_tenant_id_account_id_fkey,
  drop constraint invoice_line_tenant_id_tax_code_id_fkey;

-- Paid in full until a day, an item is settled by so much less.
create table finance.discount_offer (
  tenant_id uuid not null,
  item_id uuid not null,
  until_day date not null,
  -- In minor units of the item's currency, above zero.
  amount bigint not null check (amount > 0),
  primary key (tenant_id, item_id, until_day)
);
select platform.fence('finance.discount_offer');

-- A discount that was taken: its entry, and the payment and item whose settlement it belongs to. When that is undone, it is reversed.
create table finance.discount_taken (
  tenant_id uuid not null,
  id uuid not null,
  item_id uuid not null,
  payment_item_id uuid not null,
  entry_id uuid not null,
  discount_item_id uuid not null,
  amount bigint not null check (amount > 0),
  reversal_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, item_id) references finance.open_item (tenant_id, id),
  foreign key (tenant_id, payment_item_id) references finance.open_item (tenant_id, id)
);
create index discount_taken_item on finance.discount_taken (tenant_id, item_id) where reversal_id is null;
create index discount_taken_payment on finance.discount_taken (tenant_id, payment_item_id) where reversal_id is null;
select platform.fence('finance.discount_taken');
