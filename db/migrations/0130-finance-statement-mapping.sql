-- What the columns of a bank's CSV files are, saved once and recognised by the names of the columns.
-- Why: every bank has columns of its own; a mapping is proven on a real file before it is kept, and a file with other columns is refused.
create table finance.statement_mapping (
  tenant_id uuid not null,
  id uuid not null,
  -- Null for one that serves every bank account.
  bank_account_id uuid,
  name text not null check (name <> ''),
  separator text not null check (separator in (',', ';', E'\t', '|')),
  encoding text not null check (encoding in ('utf-8', 'windows-1252')),
  skip integer not null check (skip between 0 and 100),
  header text[] not null,
  day_order text not null check (day_order in ('ymd', 'dmy', 'mdy')),
  decimal_mark text not null check (decimal_mark in ('.', ',')),
  -- What each column is, in the order of the file; an empty text for one that is left out.
  columns text[] not null check (cardinality(columns) between 2 and 100),
  debit_words text[] not null,
  is_reversed boolean not null,
  retired_from date,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  constraint statement_mapping_name unique (tenant_id, name),
  foreign key (tenant_id, bank_account_id) references finance.bank_account (tenant_id, id)
);
select platform.fence('finance.statement_mapping');
