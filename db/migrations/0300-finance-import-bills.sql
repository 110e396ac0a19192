-- Suppliers' bills are brought in from tables, too.
alter table finance.import
  drop constraint import_kind_check,
  add constraint import_kind_check check (kind in ('journal', 'entries', 'openItems', 'parties', 'invoices', 'bills'));
