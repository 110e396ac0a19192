-- Bills as they are worked on: the paper they came on, holds, early payment, and whose account they are paid to; suppliers' bank accounts
-- as
-- dated records that one person proposes and another approves.
-- Why: money is lost where a paper is entered twice, where a bill is paid that someone disputes, and where a letter changes an account
-- number.

alter table finance.bill
  -- The paper it came on; the same bytes cannot be two bills.
  add column file_id uuid,
  add column file_hash text check (file_hash ~ '^[0-9a-f]{64}$'),
  -- What the supplier wants to read with the payment: a creditor reference (ISO 11649), a QR reference, or plain words.
  add column payment_reference text,
  -- Paid by this day, so many percent may be taken off.
  add column discount_day date,
  add column discount_percent numeric(7, 4) check (discount_percent > 0 and discount_percent < 100),
  add column supplier_bank_account_id uuid,
  add column hold_reason text,
  add column hold_until date,
  add column held_by_name text,
  add column held_at timestamptz,
  -- Another bill of the same amount within a few days; someone has to say that it is no double.
  add column like_id uuid,
  add column like_note text,
  add column like_by_name text,
  add constraint bill_file check ((file_id is null) = (file_hash is null)),
  add constraint bill_discount check ((discount_day is null) = (discount_percent is null)),
  add constraint bill_hold check ((hold_reason is null) = (held_by_name is null)),
  add constraint bill_like check (like_note is null or like_id is not null),
  add constraint bill_like_bill foreign key (tenant_id, like_id) references finance.bill (tenant_id, id);
create unique index bill_file_once on finance.bill (tenant_id, file_hash)
  where file_hash is not null and state not in ('declined', 'reversed');
create index bill_alike on finance.bill (tenant_id, supplier_id, total, day) where state not in ('declined', 'reversed');

create table finance.payable_setting (
  tenant_id uuid not null,
  -- Days between the approval of a supplier's account and the first payment to it.
  cool_off_days integer not null check (cool_off_days between 0 and 60),
  -- Bills of one amount this near to each other are asked about.
  alike_days integer not null check (alike_days between 0 and 60),
  primary key (tenant_id)
);
select platform.fence('finance.payable_setting');

-- Where a supplier is paid: never changed, only followed by another.
create table finance.supplier_bank_account (
  tenant_id uuid not null,
  id uuid not null,
  supplier_id uuid not null,
  state text not null check (state in ('proposed', 'approved', 'declined', 'retired')),
  kind text not null check (kind in ('iban', 'us')),
  -- IBAN, or the account's number at a bank of the United States.
  number text not null check (number ~ '^[A-Z0-9]{1,34}$'),
  bic text,
  routing text check (routing ~ '^\d{9}$'),
  account_type text check (account_type in ('checking', 'savings')),
  holder text not null,
  from_day date not null,
  until_day date,
  -- The first day it may be paid to.
  usable_from date,
  -- Who was called back on which number known before, and what they said.
  evidence text,
  proposed_by_id uuid,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by_id uuid,
  decided_by_name text,
  decided_at timestamptz,
  alone_reason text,
  decline_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, supplier_id) references directory.party (tenant_id, id),
  check ((kind = 'us') = (routing is not null and account_type is not null)),
  check (kind = 'us' or bic is null or bic ~ '^[A-Z0-9]{8}([A-Z0-9]{3})?$'),
  check (state not in ('approved', 'retired') or (decided_at is not null and usable_from is not null)),
  check (state <> 'approved' or evidence is not null)
);
create unique index supplier_bank_account_once on finance.supplier_bank_account
  (tenant_id, supplier_id, number, coalesce(routing, '')) where state in ('proposed', 'approved');
create index supplier_bank_account_number on finance.supplier_bank_account (tenant_id, number);
select platform.fence('finance.supplier_bank_account');

alter table finance.bill add constraint bill_supplier_bank_account
  foreign key (tenant_id, supplier_bank_account_id) references finance.supplier_bank_account (tenant_id, id);
