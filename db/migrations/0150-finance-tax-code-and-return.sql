-- Taxes of several parts, reverse charge, tax due on payment, partly deductible tax, rules that put one code in place of another, and
-- returns that are filed. Why: a filed return must stay what was filed, so each tax line carries the day it counts on, which is never a
-- day of a return that is filed already: what is corrected later goes into the next one by itself.

-- Whether tax is rounded once for each rate of a document, or on every line; EN 16931 asks for the former in the totals, so the difference
-- of the latter is told as a rounding of what is paid (BT-114).
alter table finance.book add column tax_rounding text not null default 'document' check (tax_rounding in ('document', 'line'));

alter table finance.tax_code
  -- A share of the net, an amount for each unit, or several other codes together.
  add column kind text not null default 'percent' check (kind in ('percent', 'perUnit', 'group')),
  -- The codes after it in a group are counted on the net and on this tax.
  add column raises_base boolean not null default false,
  -- Who buys owes the tax in place of who sells: charged by nobody, owed and reclaimed by the buyer.
  add column reverse_charge boolean not null default false,
  -- Due when the document is paid, in proportion; until then it waits on an account of its own.
  add column cash_basis boolean not null default false,
  add column pending_account_id uuid,
  -- How much of the tax on what is bought may be reclaimed; the rest is cost.
  add column deductible_percent numeric(7, 4) not null default 100 check (deductible_percent between 0 and 100),
  -- Where it stands in the return.
  add column output_base_box text,
  add column output_tax_box text,
  add column input_base_box text,
  add column input_tax_box text,
  -- Sales under this code belong into the EC sales list.
  add column ec_supply text check (ec_supply in ('goods', 'services')),
  add constraint tax_code_pending check (not cash_basis or pending_account_id is not null),
  add constraint tax_code_pending_account foreign key (tenant_id, pending_account_id) references finance.account (tenant_id, id);

alter table finance.tax_rate
  -- In the books' currency, for each unit.
  add column per_unit numeric(18, 6),
  add constraint tax_rate_one check (per_unit is null or percent = 0);

create table finance.tax_child (
  tenant_id uuid not null,
  group_id uuid not null,
  position integer not null,
  child_id uuid not null,
  primary key (tenant_id, group_id, position),
  constraint tax_child_once unique (tenant_id, group_id, child_id),
  foreign key (tenant_id, group_id) references finance.tax_code (tenant_id, id),
  foreign key (tenant_id, child_id) references finance.tax_code (tenant_id, id),
  check (group_id <> child_id)
);
select platform.fence('finance.tax_child');

-- In place of one code another is taken, for some parties, countries and days; the first rule that fits holds.
create table finance.tax_rule (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  name text not null,
  position integer not null,
  side text not null check (side in ('output', 'input', 'both')),
  -- Null for any code.
  from_code_id uuid,
  to_code_id uuid not null,
  party_id uuid,
  place text not null check (place in ('anywhere', 'home', 'otherEu', 'outsideEu')),
  -- Two letters each; null for any.
  countries text[],
  -- Only for parties that have a tax number.
  business_only boolean not null,
  from_day date not null,
  until_day date,
  primary key (tenant_id, id),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  foreign key (tenant_id, from_code_id) references finance.tax_code (tenant_id, id),
  foreign key (tenant_id, to_code_id) references finance.tax_code (tenant_id, id),
  foreign key (tenant_id, party_id) references directory.party (tenant_id, id),
  check (until_day is null or until_day >= from_day)
);
create index tax_rule_book on finance.tax_rule (tenant_id, book_id, position);
select platform.fence('finance.tax_rule');

alter table finance.invoice
  add column prices_include_tax boolean not null default false,
  -- What rounding line by line, or prices that include the tax, add to what is paid (BT-114).
  add column rounding bigint not null default 0;
do $$
declare
  found_name text;
begin
  select conname into found_name from pg_constraint
  where conrelid = 'finance.invoice'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%(total = (net + tax))%';
  if found_name is not null then execute format('alter table finance.invoice drop constraint %I', found_name); end if;
end $$;
alter table finance.invoice add constraint invoice_total check (total = net + tax + rounding);

-- A return as it was filed. What it counted stays its own: later lines of its days count from the day after it.
create table finance.tax_return (
  tenant_id uuid not null,
  id uuid not null,
  book_id uuid not null,
  from_day date not null,
  until_day date not null,
  output bigint not null,
  input bigint not null,
  payable bigint not null,
  line_count integer not null,
  -- Boxes and rows as filed.
  filed jsonb not null,
  reference text,
  -- The entry that carries what is left to pay to the account of the authority.
  entry_id uuid,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, book_id) references finance.book (tenant_id, id),
  check (from_day <= until_day),
  constraint tax_return_once exclude using gist (tenant_id with =, book_id with =, daterange(from_day, until_day, '[]') with &&)
);
create index tax_return_until on finance.tax_return (tenant_id, book_id, until_day);
select platform.fence('finance.tax_return', kept => true);

-- Tax that becomes due as its document is paid; what became due stands in the tax lines that name it.
create table finance.tax_pending (
  tenant_id uuid not null,
  id uuid not null,
  entry_id uuid not null,
  tax_code_id uuid not null,
  side text not null check (side in ('output', 'input')),
  day date not null,
  percent numeric(7, 4) not null,
  base bigint not null,
  tax bigint not null,
  base_box text,
  tax_box text,
  party_id uuid,
  document_subject text not null,
  document_id uuid not null,
  -- The document was reversed before anything of it was paid.
  is_void boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, tax_code_id) references finance.tax_code (tenant_id, id)
);
create index tax_pending_entry on finance.tax_pending (tenant_id, entry_id);
create index tax_pending_document on finance.tax_pending (tenant_id, document_id);
select platform.fence('finance.tax_pending');

alter table finance.tax_line
  add column base_box text,
  add column tax_box text,
  -- Tax on sales is owed, tax on purchases is owed to us.
  add column sign smallint,
  -- The day it counts on in the returns: its own, or the day after the last return filed when that is later.
  add column tax_day date,
  add column party_id uuid,
  -- Tax on a purchase that may not be reclaimed, and is cost.
  add column cost bigint not null default 0,
  add column pending_id uuid;
-- Lines that stand already are told where they belong; the fence steps aside for it.
alter table finance.tax_line no force row level security;
alter table finance.invoice no force row level security;
alter table finance.bill no force row level security;
update finance.tax_line set tax_day = day, sign = case side when 'output' then 1 else -1 end;
update finance.tax_line t set party_id = d.party_id
from (select tenant_id, id, customer_id as party_id from finance.invoice union all select tenant_id, id, supplier_id from finance.bill) d
where d.tenant_id = t.tenant_id and d.id = t.document_id;
alter table finance.tax_line force row level security;
alter table finance.invoice force row level security;
alter table finance.bill force row level security;
alter table finance.tax_line
  alter column tax_day set not null,
  alter column sign set not null,
  add constraint tax_line_sign check (sign = case side when 'output' then 1 else -1 end);
create index tax_line_tax_day on finance.tax_line (tenant_id, tax_day, tax_code_id);
create index tax_line_pending on finance.tax_line (tenant_id, pending_id) where pending_id is not null;
