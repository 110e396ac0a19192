-- Facilities: who sits where, which room is booked when, what is broken, what is serviced when, and who is visiting.
-- Why constraints: two people at one desk, one person at two, or two meetings in one room must be impossible, not unlikely.
create schema facilities;
select platform.open_schema('facilities');

create table facilities.desk_assignment (
  tenant_id uuid not null,
  id uuid not null,
  desk_id uuid not null,
  person_id uuid not null,
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  -- A day someone booked for themself, as against the desk they were given.
  is_day boolean not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, desk_id) references directory.place (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  constraint desk_one_person exclude using gist (tenant_id with =, desk_id with =, during with &&),
  constraint desk_one_per_person exclude using gist (tenant_id with =, person_id with =, during with &&)
);
select platform.fence('facilities.desk_assignment');

create table facilities.booking (
  tenant_id uuid not null,
  id uuid not null,
  room_id uuid not null,
  person_id uuid not null,
  title text not null check (title <> ''),
  begins_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > begins_at),
  cancelled_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, room_id) references directory.place (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  constraint booking_no_overlap
    exclude using gist (tenant_id with =, room_id with =, tstzrange(begins_at, ends_at) with &&) where (cancelled_at is null)
);
create index booking_person on facilities.booking (tenant_id, person_id, begins_at);
select platform.fence('facilities.booking');

-- Something that comes round: a service every so many months, or by a rule of RFC 5545.
create table facilities.maintenance_plan (
  tenant_id uuid not null,
  id uuid not null,
  title text not null check (title <> ''),
  says text,
  place_id uuid,
  asset_id uuid,
  first_day date not null,
  every_months integer check (every_months > 0),
  rule text,
  lead_days integer not null check (lead_days >= 0),
  person_id uuid,
  -- The first day for which no work order has been made; null when the rule has run out.
  next_due date,
  last_day date,
  primary key (tenant_id, id),
  foreign key (tenant_id, place_id) references directory.place (tenant_id, id),
  foreign key (tenant_id, asset_id) references assets.asset (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check (num_nonnulls(every_months, rule) = 1),
  check (num_nonnulls(place_id, asset_id) > 0)
);
create index maintenance_plan_due on facilities.maintenance_plan (tenant_id, next_due);
select platform.fence('facilities.maintenance_plan');

create table facilities.work_order_series (
  tenant_id uuid primary key,
  last_number bigint not null
);
select platform.fence('facilities.work_order_series');

create table facilities.work_order (
  tenant_id uuid not null,
  id uuid not null,
  number text not null,
  kind text not null check (kind in ('fault', 'maintenance')),
  title text not null check (title <> ''),
  text text,
  urgency text not null check (urgency in ('low', 'normal', 'high', 'critical')),
  state text not null check (state in ('open', 'assigned', 'inProgress', 'done', 'closed', 'cancelled')),
  place_id uuid,
  asset_id uuid,
  -- Where the work is: grants, lists and the one who answers for it go by site.
  site_id uuid,
  reporter_id uuid,
  assignee_id uuid,
  due date not null,
  file_id uuid,
  plan_id uuid,
  occurrence date,
  reported_at timestamptz not null,
  started_at timestamptz,
  done_at timestamptz,
  note text,
  closed_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  -- One work order for each time a plan comes round.
  constraint work_order_occurrence_once unique (tenant_id, plan_id, occurrence),
  foreign key (tenant_id, place_id) references directory.place (tenant_id, id),
  foreign key (tenant_id, asset_id) references assets.asset (tenant_id, id),
  foreign key (tenant_id, reporter_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, assignee_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id),
  foreign key (tenant_id, plan_id) references facilities.maintenance_plan (tenant_id, id),
  check ((plan_id is null) = (occurrence is null)),
  check (state not in ('assigned', 'inProgress') or assignee_id is not null),
  check ((state in ('done', 'closed')) = (done_at is not null)),
  check ((state in ('closed', 'cancelled')) = (closed_at is not null))
);
create index work_order_running on facilities.work_order (tenant_id, due) where state not in ('closed', 'cancelled');
create index work_order_asset on facilities.work_order (tenant_id, asset_id);
create index work_order_place on facilities.work_order (tenant_id, place_id);
select platform.fence('facilities.work_order');

create table facilities.visit (
  tenant_id uuid not null,
  id uuid not null,
  visitor text not null check (visitor <> ''),
  organisation text,
  host_id uuid not null,
  site_id uuid not null,
  day date not null,
  purpose text,
  badge text,
  arrived_at timestamptz,
  left_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, host_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, site_id) references directory.place (tenant_id, id),
  check (left_at is null or arrived_at is not null)
);
create index visit_day on facilities.visit (tenant_id, day);
create unique index visit_badge_once on facilities.visit (tenant_id, site_id, badge) where arrived_at is not null and left_at is null;
select platform.fence('facilities.visit');
