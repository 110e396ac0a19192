-- Payroll: who is paid through it, what is deducted by which dated rate, and the runs with their slips.
-- Why the trigger: a slip that was approved is in the books and in the hands of the person paid; it is corrected by the next run.
create schema payroll;
select platform.open_schema('payroll');

create table payroll.element (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  kind text not null check (kind in ('deduction', 'employer')),
  -- What the rate is taken of: the gross pay, or what is left of it after the deductions that lower the tax.
  basis text not null check (basis in ('gross', 'taxable')),
  lowers_tax boolean not null,
  primary key (tenant_id, id),
  unique (tenant_id, code),
  check (not (lowers_tax and (basis = 'taxable' or kind = 'employer')))
);
select platform.fence('payroll.element');

-- The rate of an element from a day on. Amounts are for a month, in minor units.
create table payroll.rate (
  tenant_id uuid not null,
  id uuid not null,
  element_id uuid not null,
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  percent numeric(9,6) not null check (percent >= 0 and percent <= 100),
  allowance bigint not null default 0 check (allowance >= 0),
  ceiling bigint check (ceiling >= 0),
  primary key (tenant_id, id),
  foreign key (tenant_id, element_id) references payroll.element (tenant_id, id),
  constraint rate_once exclude using gist (tenant_id with =, element_id with =, during with &&)
);
select platform.fence('payroll.rate');

create table payroll.enrolment (
  tenant_id uuid not null,
  id uuid not null,
  employment_id uuid not null,
  person_id uuid not null,
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  bank_account text,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  constraint enrolment_once exclude using gist (tenant_id with =, employment_id with =, during with &&)
);
select platform.fence('payroll.enrolment');

create table payroll.run (
  tenant_id uuid not null,
  id uuid not null,
  -- The company itself where it has no legal entities, so that one run a month needs no null.
  entity_id uuid not null,
  book_id uuid not null,
  month date not null check (extract(day from month) = 1),
  pay_day date not null,
  currency text not null,
  state text not null check (state in ('draft', 'calculated', 'submitted', 'approved', 'cancelled')),
  people integer not null default 0,
  gross bigint not null default 0,
  deductions bigint not null default 0,
  net bigint not null default 0,
  employer bigint not null default 0,
  submitted_by uuid,
  submitted_on date,
  approved_by uuid,
  approved_on date,
  entry_id uuid,
  reason text,
  primary key (tenant_id, id),
  check (gross - deductions = net),
  check ((state = 'approved') = (approved_on is not null))
);
create unique index run_once on payroll.run (tenant_id, entity_id, month) where state <> 'cancelled';
select platform.fence('payroll.run');

-- One-off amounts for one month: a bonus, a payout, an advance taken back.
create table payroll.extra (
  tenant_id uuid not null,
  id uuid not null,
  employment_id uuid not null,
  month date not null check (extract(day from month) = 1),
  kind text not null check (kind in ('earning', 'deduction')),
  name text not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  primary key (tenant_id, id)
);
create index extra_month on payroll.extra (tenant_id, month);
select platform.fence('payroll.extra');

create table payroll.payslip (
  tenant_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  employment_id uuid not null,
  person_id uuid not null,
  unit_id uuid,
  bank_account text,
  gross bigint not null,
  deductions bigint not null,
  net bigint not null check (net >= 0),
  employer bigint not null,
  file_id uuid,
  primary key (tenant_id, id),
  unique (tenant_id, run_id, employment_id),
  foreign key (tenant_id, run_id) references payroll.run (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id),
  check (gross - deductions = net)
);
create index payslip_person on payroll.payslip (tenant_id, person_id);
select platform.fence('payroll.payslip');

create table payroll.payslip_line (
  tenant_id uuid not null,
  id uuid not null,
  payslip_id uuid not null,
  position integer not null,
  kind text not null check (kind in ('earning', 'deduction', 'employer')),
  code text not null,
  name text not null,
  amount bigint not null,
  -- How the amount came about, in a sentence.
  says text not null,
  primary key (tenant_id, id),
  unique (tenant_id, payslip_id, position),
  foreign key (tenant_id, payslip_id) references payroll.payslip (tenant_id, id)
);
select platform.fence('payroll.payslip_line');

create function payroll.keep_approved() returns trigger language plpgsql as $$
declare
  old_run uuid;
begin
  if tg_table_name = 'payslip' then
    old_run := old.run_id;
    -- The document is made of the slip afterwards.
    if tg_op = 'UPDATE' and (to_jsonb(new) - 'file_id') = (to_jsonb(old) - 'file_id') and old.file_id is null then return new; end if;
  else
    select p.run_id into old_run from payroll.payslip p where p.tenant_id = old.tenant_id and p.id = old.payslip_id;
  end if;
  if exists (select from payroll.run r where r.tenant_id = old.tenant_id and r.id = old_run and r.state = 'approved') then
    raise exception 'an approved payslip is never changed' using errcode = 'P0001', constraint = 'payslip_kept';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger keep_approved before update or delete on payroll.payslip for each row execute function payroll.keep_approved();
create trigger keep_approved before update or delete on payroll.payslip_line for each row execute function payroll.keep_approved();
