-- What an order asks of the books: how many a line of a bill is for, and the accounts for what was received and not billed yet.
-- Why: a bill is compared with its order by quantity and price, and what came in before its bill is owed before it.

-- How many the supplier bills, where the paper says so.
alter table finance.bill_line add column quantity numeric(20, 6) check (quantity > 0);

-- The accounts that receipts and price variances are posted to.
select finance.give_role_account('goodsReceived', '2130', 'payable', 'Received, not billed');
select finance.give_role_account('priceVariance', '5130', 'purchase', 'Price variances of purchases');
