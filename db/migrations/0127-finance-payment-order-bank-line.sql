-- The line of the bank's statement that told of a payment of a run: with it the money has left the clearing account.
-- Why: one line may tell of a whole file, so the payments name their line and not the other way round.
alter table finance.payment_order add column bank_line_id uuid,
  add constraint payment_order_bank_line foreign key (tenant_id, bank_line_id) references finance.bank_line (tenant_id, id);
create index payment_order_bank_line on finance.payment_order (tenant_id, bank_line_id) where bank_line_id is not null;
