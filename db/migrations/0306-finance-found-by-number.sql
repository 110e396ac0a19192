-- Search looks through the newest of what grows with the years; of these it finds all by the beginning of their number.
create index invoice_begins on finance.invoice (tenant_id, number text_pattern_ops);
create index bill_begins on finance.bill (tenant_id, supplier_number text_pattern_ops);
create index payment_begins on finance.payment (tenant_id, number text_pattern_ops);
create index journal_entry_begins on finance.journal_entry (tenant_id, number text_pattern_ops);
