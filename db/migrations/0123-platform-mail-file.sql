-- A mail may carry a file: an invoice, a reminder, a statement of account.
-- Why: the file is stored before, with what it documents, so that what was mailed can be looked at for ever.
alter table platform.mail add column file_id uuid;
