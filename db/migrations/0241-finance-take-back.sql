-- What was booked and is taken back: deferrals whole, losses in value of assets, and the tax that a filed return did not have.
-- Why: nothing is erased. A deferral keeps its parts and says when it was taken back; an impairment keeps its line and gets one below zero;
-- a filed return stays as it was, and its correction is a return of its own.

alter table finance.deferral
  add column reversed_on date,
  add constraint deferral_reversed check (reversed_on is null or stop_reason is not null);

-- What an asset won back of an impairment is a line below zero.
alter table finance.depreciation_line drop constraint depreciation_line_amount_check;
alter table finance.depreciation_line add constraint depreciation_line_amount
  check (amount > 0 or (kind = 'impairment' and amount <> 0));

-- What was posted for the days of a filed return after it was filed, filed as a correction of it in place of going into the next one.
create table finance.tax_correction (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  return_id uuid not null,
  -- By how much the return changes.
  output bigint not null,
  input bigint not null,
  payable bigint not null,
  line_count integer not null check (line_count > 0),
  filed jsonb not null,
  reason text not null,
  reference text,
  entry_id uuid,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, return_id) references finance.tax_return (tenant_id, id)
);
create index tax_correction_return on finance.tax_correction (tenant_id, return_id);
select platform.fence('finance.tax_correction', kept => true);

create table finance.tax_correction_line (
  tenant_id uuid not null,
  tax_line_id uuid not null,
  correction_id uuid not null,
  primary key (tenant_id, tax_line_id),
  foreign key (tenant_id, tax_line_id) references finance.tax_line (tenant_id, id),
  foreign key (tenant_id, correction_id) references finance.tax_correction (tenant_id, id)
);
create index tax_correction_line_correction on finance.tax_correction_line (tenant_id, correction_id);
select platform.fence('finance.tax_correction_line', kept => true);
