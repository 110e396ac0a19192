-- How many entries of a statement the bank had told before, in another one.
-- Why: downloads overlap, and one that begins inside another was told to begin with a gap, though nothing is missing. What was imported
-- before this is not known to overlap.

alter table finance.bank_statement add column retold integer not null default 0;
comment on column finance.bank_statement.retold is 'Entries that another statement had told when this one was imported.';
