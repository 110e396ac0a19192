-- The order that a received e-invoice says it is for (BT-13), as it is written.
-- Why: a bill that comes as a file was judged by nothing, though it names its order; what it names is a fact of the paper, from which
-- purchasing finds the order.
alter table finance.e_invoice add column order_number text check (order_number <> '');
