-- What the bank keeps an account in and tells its statements in; its ledger account stays in the books' currency. Why here: it was first
-- written into 0041, which some databases had run before, so this makes both alike: those that have the column keep what stands in it.
alter table finance.bank_account add column if not exists currency text check (currency ~ '^[A-Z]{3}$');
alter table finance.book no force row level security;
alter table finance.bank_account no force row level security;
update finance.bank_account a set currency = b.currency from finance.book b
  where b.tenant_id = a.tenant_id and b.id = a.book_id and a.currency is null;
alter table finance.book force row level security;
alter table finance.bank_account force row level security;
alter table finance.bank_account alter column currency set not null;
-- One number may stand for several currencies at the bank: those are accounts of their own.
drop index finance.bank_account_number;
create unique index bank_account_number on finance.bank_account (tenant_id, number, currency) where number is not null;
