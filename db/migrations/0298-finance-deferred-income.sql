-- The account for income received ahead gets its job, so that lines of invoices which are for later months find it.
-- Why: the standard chart had the account, but no job for it. Charts of one's own name theirs: heartwood finance account-role set

alter table finance.account no force row level security;
alter table finance.account_role no force row level security;
insert into finance.account_role (tenant_id, book_id, role, account_id)
select a.tenant_id, a.book_id, 'deferredIncome', a.id from finance.account a
where a.code = '2410' and a.name = 'Deferred income' and a.type = 'liability' and not a.is_group and a.control is null
  and not exists (select from finance.account_role r
    where r.tenant_id = a.tenant_id and r.book_id = a.book_id and (r.role = 'deferredIncome' or r.account_id = a.id));
alter table finance.account force row level security;
alter table finance.account_role force row level security;
