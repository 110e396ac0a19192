-- What a line of a bill or an invoice is for: its first and its last day (EN 16931, BT-134 and BT-135), and the deferral that begins with
-- a line which is for days beyond the month of its document.
-- Why: the deferral names its line, so that the document and what is spread of it are found from each other, and are taken back together.

alter table finance.bill_line
  add column service_from date,
  add column service_until date,
  add constraint bill_line_service check ((service_from is null) = (service_until is null) and service_from <= service_until);
alter table finance.invoice_line
  add column service_from date,
  add column service_until date,
  add constraint invoice_line_service check ((service_from is null) = (service_until is null) and service_from <= service_until);

alter table finance.deferral
  add column bill_line_id uuid,
  add column invoice_line_id uuid,
  -- The supplier's credit note that took it back; when that one is reversed the deferral stands again.
  add column taken_back_by_id uuid,
  add constraint deferral_one_line check (num_nonnulls(bill_line_id, invoice_line_id) <= 1),
  add constraint deferral_taken_back check (taken_back_by_id is null or reversed_on is not null),
  add foreign key (tenant_id, bill_line_id) references finance.bill_line (tenant_id, id),
  add foreign key (tenant_id, invoice_line_id) references finance.invoice_line (tenant_id, id),
  add foreign key (tenant_id, taken_back_by_id) references finance.bill (tenant_id, id);
create unique index deferral_of_bill_line on finance.deferral (tenant_id, bill_line_id) where bill_line_id is not null;
create unique index deferral_of_invoice_line on finance.deferral (tenant_id, invoice_line_id) where invoice_line_id is not null;
create index deferral_taken_back_by on finance.deferral (tenant_id, taken_back_by_id) where taken_back_by_id is not null;
create index deferral_line_entry on finance.deferral_line (tenant_id, entry_id) where entry_id is not null;

-- What a credit note takes back of a span is spread below zero.
alter table finance.deferral drop constraint deferral_amount_check;
alter table finance.deferral add constraint deferral_amount check (amount <> 0);
alter table finance.deferral_line drop constraint deferral_line_amount_check;
alter table finance.deferral_line add constraint deferral_line_amount check (amount <> 0);
