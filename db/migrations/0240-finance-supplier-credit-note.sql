-- Credit notes of suppliers: papers like bills, which turn them round. They come with the supplier's own number, are approved by a second
-- person, and are set against bills, taken off what a payment run pays, or paid back.
-- Why one table: what is looked at before a paper is believed (supplier, double, tax, total, approval) is the same for both.

alter table finance.bill
  add column kind text not null default 'bill' check (kind in ('bill', 'creditNote')),
  -- The bill that a credit note takes back, in whole or in part.
  add column corrects_id uuid,
  add constraint bill_corrects_bill foreign key (tenant_id, corrects_id) references finance.bill (tenant_id, id),
  add constraint bill_corrects check (corrects_id is null or kind = 'creditNote');
alter table finance.bill alter column kind drop default;
create index bill_corrects_id on finance.bill (tenant_id, corrects_id) where corrects_id is not null;

-- A supplier numbers bills and credit notes in series of their own.
drop index finance.bill_once;
create unique index bill_once on finance.bill (tenant_id, supplier_id, kind, supplier_number_key)
  where state not in ('declined', 'reversed');

-- The line of the bill that a line of a credit note takes back.
alter table finance.bill_line
  add column corrects_line_id uuid,
  add constraint bill_line_corrects foreign key (tenant_id, corrects_line_id) references finance.bill_line (tenant_id, id);
create index bill_line_corrects_line on finance.bill_line (tenant_id, corrects_line_id) where corrects_line_id is not null;

-- A credit note in a payment run is taken off what the supplier is paid: an amount below zero.
alter table finance.payment_run_item drop constraint payment_run_item_amount_check;
alter table finance.payment_run_item add constraint payment_run_item_amount check (amount <> 0);

-- Whether a run takes credit notes off what it pays.
alter table finance.payment_run add column deducts_credit boolean not null default true;
alter table finance.payment_run alter column deducts_credit drop default;
