-- Bills and suppliers' credit notes whose prices have the tax in them, as a receipt of a shop says them.
-- Why: what was typed is kept beside the net that was taken out of it, so that a change begins from what the paper says, and everything
-- that compares or books a line goes on reading its net.

alter table finance.bill add column prices_include_tax boolean not null default false;
alter table finance.bill_line add column gross bigint;
