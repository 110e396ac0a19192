-- The credit note to a customer that took a deferral back, as a supplier's stands there already.
-- Why: what was taken back by hand is told from what was credited. A line credited afterwards takes from where the whole amount stands
-- again, and begins nothing of its own.

alter table finance.deferral
  add column taken_back_by_invoice_id uuid,
  add foreign key (tenant_id, taken_back_by_invoice_id) references finance.invoice (tenant_id, id),
  drop constraint deferral_taken_back,
  add constraint deferral_taken_back check (
    num_nonnulls(taken_back_by_id, taken_back_by_invoice_id) = 0
    or (reversed_on is not null and num_nonnulls(taken_back_by_id, taken_back_by_invoice_id) = 1));
create index deferral_taken_back_by_invoice on finance.deferral (tenant_id, taken_back_by_invoice_id)
  where taken_back_by_invoice_id is not null;

-- A credit note gave its number as the reason.
alter table finance.deferral no force row level security;
alter table finance.invoice no force row level security;
alter table finance.invoice_line no force row level security;
update finance.deferral d set taken_back_by_invoice_id = n.id
from finance.invoice_line l
join finance.invoice n on n.tenant_id = l.tenant_id and n.corrects_id = l.invoice_id and n.kind = 'creditNote' and n.state = 'posted'
where l.tenant_id = d.tenant_id and l.id = d.invoice_line_id and d.reversed_on is not null and d.stop_reason = 'Credit note ' || n.number;
alter table finance.invoice_line force row level security;
alter table finance.invoice force row level security;
alter table finance.deferral force row level security;
