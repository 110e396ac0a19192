-- What each line of an invoice in another currency came to in the books.
-- Why: a deposit asked for in another currency is drawn at what it came in with, to the last cent, however many invoices draw it.
-- Nothing said: the invoice is in the books' currency, or it was posted before deposits could be in another one.

alter table finance.invoice_line add column book_net bigint;
