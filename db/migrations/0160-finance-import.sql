-- What was brought into the books from a file: which, how much, by whom. Why: the same file is not brought in twice by a slip, and every
-- entry can be traced to the file it came from.
create table finance.import (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  kind text not null check (kind in ('journal', 'entries', 'openItems', 'parties', 'invoices')),
  file_id uuid not null,
  file_name text not null,
  -- The content of the file, not its name.
  file_hash text not null,
  records integer not null,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id)
);
create index import_file on finance.import (tenant_id, file_hash);
select platform.fence('finance.import', kept => true);
