-- Leave: kinds with a yearly entitlement, requests, and the ledger. Why a ledger that is only added to: the balance of any day is
-- its sum, and nobody can explain a balance that was overwritten.
create table people.leave_type (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  yearly_days numeric(5,2) not null check (yearly_days >= 0 and yearly_days <= 366),
  -- Days of the old year that may be taken in the new one; null for all.
  carry_over_days numeric(5,2) check (carry_over_days >= 0),
  is_paid boolean not null,
  may_go_negative boolean not null,
  primary key (tenant_id, id),
  unique (tenant_id, code)
);
select platform.fence('people.leave_type');

create table people.leave_request (
  tenant_id uuid not null,
  id uuid not null,
  employment_id uuid not null,
  person_id uuid not null,
  leave_type_id uuid not null,
  first_day date not null,
  last_day date not null check (last_day >= first_day),
  half_day boolean not null default false,
  days numeric(6,2) not null check (days >= 0),
  state text not null check (state in ('requested', 'approved', 'declined', 'cancelled')),
  note text,
  requested_on date not null,
  decided_on date,
  decided_by uuid,
  reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, employment_id) references people.employment (tenant_id, id),
  foreign key (tenant_id, leave_type_id) references people.leave_type (tenant_id, id),
  check (not half_day or first_day = last_day),
  constraint leave_request_once exclude using gist
    (tenant_id with =, person_id with =, daterange(first_day, last_day, '[]') with &&) where (state in ('requested', 'approved'))
);
create index leave_request_employment on people.leave_request (tenant_id, employment_id);
select platform.fence('people.leave_request');

create table people.leave_entry (
  tenant_id uuid not null,
  id uuid not null,
  employment_id uuid not null,
  leave_type_id uuid not null,
  kind text not null check (kind in ('grant', 'taken', 'adjustment', 'expiry')),
  days numeric(6,2) not null check (days <> 0),
  -- The day from which it counts.
  day date not null,
  -- The leave year of a yearly grant or expiry.
  year integer,
  request_id uuid,
  text text,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, employment_id) references people.employment (tenant_id, id),
  foreign key (tenant_id, leave_type_id) references people.leave_type (tenant_id, id),
  foreign key (tenant_id, request_id) references people.leave_request (tenant_id, id)
);
create index leave_entry_balance on people.leave_entry (tenant_id, employment_id, leave_type_id, day);
create unique index leave_entry_year on people.leave_entry (tenant_id, employment_id, leave_type_id, kind, year) where year is not null;
create index leave_entry_request on people.leave_entry (tenant_id, request_id) where request_id is not null;
select platform.fence('people.leave_entry', kept => true);
