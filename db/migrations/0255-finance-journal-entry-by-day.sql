-- The list of entries is read from its newest day on, over all books: the day leads, and the books stand last, where they still narrow
-- what is read
-- without a look into the table. One index for both, so that posting writes no more than before.
create index journal_entry_by_day on finance.journal_entry (tenant_id, day, id, book_id);
drop index finance.journal_entry_day;
