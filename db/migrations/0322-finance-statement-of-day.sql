-- In which order the bank's statements that close on one day follow one another.
-- Why: the order in which they were read is not theirs: a later page read first left the bank's balance of the day at the earlier one's.

alter table finance.bank_statement add column day_place integer not null default 1;
comment on column finance.bank_statement.day_place is
  'Its place among those that close on that day, first is 1: each opens with what the one before closed with. Found anew with each import.';
-- What the bank told stays as it was told; only this place is ours.
grant update (day_place) on finance.bank_statement to heartwood_app;

-- Last stands the one that no other goes on from; the others as they were read.
alter table finance.bank_statement no force row level security;
update finance.bank_statement s set day_place = p.place
from (
  select o.tenant_id, o.id, row_number() over (partition by o.tenant_id, o.bank_account_id, o.closing_day order by o.is_last, o.id) as place
  from (
    select b.tenant_id, b.id, b.bank_account_id, b.closing_day, not exists (select from finance.bank_statement n
      where n.tenant_id = b.tenant_id and n.bank_account_id = b.bank_account_id and n.closing_day = b.closing_day and n.id <> b.id
        and not n.is_advice and n.opening = b.closing) as is_last
    from finance.bank_statement b where b.closing is not null and not b.is_advice) o) p
where p.tenant_id = s.tenant_id and p.id = s.id and p.place > 1;
alter table finance.bank_statement force row level security;

drop index finance.bank_statement_closing;
create index bank_statement_closing on finance.bank_statement (tenant_id, bank_account_id, closing_day, day_place, id)
  where closing is not null;
