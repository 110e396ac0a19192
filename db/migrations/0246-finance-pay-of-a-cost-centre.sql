-- The entries of payroll runs by day: a statement of one cost centre leaves them out for whoever may not see pay, and is to find these few
-- without looking at all others.
create index journal_entry_pay on finance.journal_entry (tenant_id, book_id, day) where document_subject = 'payroll.run';
