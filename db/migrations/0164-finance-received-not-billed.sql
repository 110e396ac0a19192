-- What an order asks of the books: how many a line of a bill is for, and the accounts for what was received and not billed yet.
-- Why: a bill is compared with its order by quantity and price, and what came in before its bill is owed before it.

-- How many the supplier bills, where the paper says so.
alter table finance.bill_line add column quantity numeric(20, 6) check (quantity > 0);

-- Books that are there already get the accounts that receipts and price variances are posted to, where their codes are free; the identifier
-- follows from books and code. The fence steps aside for it.
alter table finance.account no force row level security;
alter table finance.account_role no force row level security;
with wanted (role, code, beside, name) as (values
  ('goodsReceived', '2130', 'payable', 'Received, not billed'),
  ('priceVariance', '5130', 'purchase', 'Price variances of purchases')
), fresh as (
  insert into finance.account (tenant_id, id, book_id, code, name, type, parent_id, is_group)
  select a.tenant_id, md5(a.book_id::text || w.code)::uuid, a.book_id, w.code, w.name, a.type, a.parent_id, false
  from wanted w
  join finance.account_role r on r.role = w.beside
  join finance.account a on a.tenant_id = r.tenant_id and a.id = r.account_id
  where not exists (select from finance.account x where x.tenant_id = a.tenant_id and x.book_id = a.book_id and x.code = w.code)
    and not exists (select from finance.account_role y where y.tenant_id = a.tenant_id and y.book_id = a.book_id and y.role = w.role)
  returning tenant_id, id, book_id, code
)
insert into finance.account_role (tenant_id, book_id, role, account_id)
select f.tenant_id, f.book_id, w.role, f.id from fresh f join wanted w on w.code = f.code;
alter table finance.account force row level security;
alter table finance.account_role force row level security;
