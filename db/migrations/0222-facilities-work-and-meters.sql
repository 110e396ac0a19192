-- What a work order needs in the field: why it waits, the contractor, a typed checklist, hours, parts, cost; when a thing was out of
-- service; and what its meters counted.
alter table facilities.work_order drop constraint work_order_state_check;
alter table facilities.work_order
  add constraint work_order_state_check
    check (state in ('open', 'assigned', 'inProgress', 'onHold', 'done', 'closed', 'cancelled')),
  add column hold_reason text check (hold_reason in ('material', 'contractor', 'access', 'plant', 'other')),
  add column hold_note text,
  -- The request of the office that asked for it.
  add column request_id uuid,
  -- A second person looks before the thing is put back.
  add column needs_check boolean not null default false,
  add column checked_at timestamptz,
  add column checked_by uuid,
  add column check_note text,
  add column contractor_id uuid,
  add column contractor_called_at timestamptz,
  add column contractor_note text,
  add column expected_cost_minor bigint check (expected_cost_minor >= 0),
  add column expected_cost_currency text check (expected_cost_currency ~ '^[A-Z]{3}$'),
  add column contractor_cost_minor bigint check (contractor_cost_minor >= 0),
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  -- The contractor's bill, in the books.
  add column bill_id uuid,
  add column cost_recorded_at timestamptz,
  add foreign key (tenant_id, contractor_id) references directory.party (tenant_id, id),
  add foreign key (tenant_id, checked_by) references directory.party (tenant_id, id),
  add check ((state = 'onHold') = (hold_reason is not null)),
  add check ((contractor_id is null) = (contractor_called_at is null)),
  add check ((checked_at is null) = (checked_by is null)),
  add check ((expected_cost_minor is null) = (expected_cost_currency is null)),
  add check (contractor_cost_minor is null or currency is not null);
create index work_order_request on facilities.work_order (tenant_id, request_id) where request_id is not null;
create index work_order_assignee on facilities.work_order (tenant_id, assignee_id) where state not in ('closed', 'cancelled');

create table facilities.checklist_item (
  tenant_id uuid not null,
  id uuid not null,
  work_order_id uuid not null,
  place integer not null,
  title text not null check (title <> ''),
  kind text not null check (kind in ('yesNo', 'number', 'text', 'photo')),
  unit text,
  minimum numeric,
  maximum numeric,
  is_required boolean not null,
  answer_yes boolean,
  answer_number numeric,
  answer_text text,
  file_id uuid,
  -- Whether the answer is as it should be; a number out of its bounds or a no is not.
  is_fine boolean,
  answered_at timestamptz,
  answered_by uuid,
  primary key (tenant_id, id),
  constraint checklist_item_place unique (tenant_id, work_order_id, place),
  foreign key (tenant_id, work_order_id) references facilities.work_order (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id),
  check (minimum <= maximum),
  check ((answered_at is null) = (num_nonnulls(answer_yes, answer_number, answer_text, file_id) = 0)),
  check ((is_fine is null) = (answered_at is null))
);
select platform.fence('facilities.checklist_item');

create table facilities.labour (
  tenant_id uuid not null,
  id uuid not null,
  work_order_id uuid not null,
  person_id uuid not null,
  day date not null,
  minutes integer not null check (minutes between 1 and 1440),
  cost_minor bigint check (cost_minor >= 0),
  currency text check (currency ~ '^[A-Z]{3}$'),
  note text,
  primary key (tenant_id, id),
  foreign key (tenant_id, work_order_id) references facilities.work_order (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check ((cost_minor is null) = (currency is null))
);
create index labour_work_order on facilities.labour (tenant_id, work_order_id);
select platform.fence('facilities.labour');

create table facilities.part_used (
  tenant_id uuid not null,
  id uuid not null,
  work_order_id uuid not null,
  name text not null check (name <> ''),
  quantity numeric not null check (quantity > 0),
  unit text,
  cost_minor bigint check (cost_minor >= 0),
  currency text check (currency ~ '^[A-Z]{3}$'),
  primary key (tenant_id, id),
  foreign key (tenant_id, work_order_id) references facilities.work_order (tenant_id, id),
  check ((cost_minor is null) = (currency is null))
);
create index part_used_work_order on facilities.part_used (tenant_id, work_order_id);
select platform.fence('facilities.part_used');

-- What facilities knows of a thing beyond the register of things.
create table facilities.equipment_care (
  tenant_id uuid not null,
  asset_id uuid not null,
  -- People could be hurt: a fault takes it out of service at once.
  is_safety_critical boolean not null,
  primary key (tenant_id, asset_id),
  foreign key (tenant_id, asset_id) references assets.asset (tenant_id, id)
);
select platform.fence('facilities.equipment_care');

-- When a thing could not be used.
create table facilities.downtime (
  tenant_id uuid not null,
  id uuid not null,
  asset_id uuid not null,
  work_order_id uuid,
  reason text not null check (reason <> ''),
  -- Planned service is no failure.
  is_failure boolean not null,
  from_at timestamptz not null,
  until_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, asset_id) references assets.asset (tenant_id, id),
  foreign key (tenant_id, work_order_id) references facilities.work_order (tenant_id, id),
  check (until_at >= from_at),
  constraint downtime_no_overlap exclude using gist (tenant_id with =, asset_id with =, tstzrange(from_at, until_at) with &&)
);
create unique index downtime_open on facilities.downtime (tenant_id, asset_id) where until_at is null;
create index downtime_from on facilities.downtime (tenant_id, from_at);
select platform.fence('facilities.downtime');

create table facilities.meter (
  tenant_id uuid not null,
  id uuid not null,
  asset_id uuid not null,
  name text not null check (name <> ''),
  unit text not null check (unit <> ''),
  -- What it has counted since it was put in, whatever it was set back to.
  total numeric not null check (total >= 0),
  last_reading numeric not null check (last_reading >= 0),
  read_at timestamptz not null,
  primary key (tenant_id, id),
  constraint meter_once unique (tenant_id, asset_id, name),
  foreign key (tenant_id, asset_id) references assets.asset (tenant_id, id)
);
select platform.fence('facilities.meter');

create table facilities.meter_reading (
  tenant_id uuid not null,
  id uuid not null,
  meter_id uuid not null,
  reading numeric not null check (reading >= 0),
  total numeric not null,
  is_reset boolean not null,
  read_at timestamptz not null,
  person_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, meter_id) references facilities.meter (tenant_id, id)
);
create index meter_reading_meter on facilities.meter_reading (tenant_id, meter_id, read_at);
select platform.fence('facilities.meter_reading', true);
