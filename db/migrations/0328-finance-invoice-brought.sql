-- Invoices that were brought over from a table keep the number they had there as their text. Found by customer and that number, so that
-- the same one is not invoiced again from another file.

create index invoice_brought on finance.invoice (tenant_id, customer_id, text) where kind = 'invoice' and text like 'No. %';
