-- Fiscal years as records: of any length, closed once their periods are, with a closing entry where the company wishes one.
create table finance.fiscal_year (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  -- Called by the year it ends in; two short years may end in the same one.
  fiscal_year integer not null,
  from_day date not null,
  until_day date not null,
  state text not null check (state in ('open', 'closed')),
  closing_entry_id uuid,
  closed_at timestamptz,
  closed_by_name text,
  primary key (tenant_id, id),
  constraint fiscal_year_start unique (tenant_id, book_id, from_day),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, closing_entry_id) references finance.journal_entry (tenant_id, id),
  check (from_day <= until_day),
  check ((state = 'closed') = (closed_at is not null) and (state = 'closed') = (closed_by_name is not null)),
  constraint fiscal_year_overlap exclude using gist (tenant_id with =, book_id with =, daterange(from_day, until_day, '[]') with &&)
);
create index fiscal_year_closing_entry on finance.fiscal_year (tenant_id, closing_entry_id) where closing_entry_id is not null;
select platform.fence('finance.fiscal_year');

alter table finance.period no force row level security;
alter table finance.fiscal_year no force row level security;
insert into finance.fiscal_year (tenant_id, id, book_id, fiscal_year, from_day, until_day, state)
select p.tenant_id, md5(p.book_id::text || p.fiscal_year_start)::uuid, p.book_id, max(p.fiscal_year), p.fiscal_year_start,
  max(p.until_day), 'open'
from finance.period p group by p.tenant_id, p.book_id, p.fiscal_year_start;
alter table finance.fiscal_year force row level security;
alter table finance.period force row level security;
