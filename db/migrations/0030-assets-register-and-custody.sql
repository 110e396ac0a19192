-- One register of things, who holds each of them, and for whom one is set aside.
-- Why constraints: two people who both hold one laptop, or two who were both promised it, must be impossible, not unlikely.
create schema assets;
select platform.open_schema('assets');

create table assets.model (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  maker text not null,
  name text not null check (name <> ''),
  -- How long one of these is expected to serve.
  life_months integer check (life_months > 0),
  primary key (tenant_id, id),
  constraint model_once unique (tenant_id, kind, maker, name)
);
select platform.fence('assets.model');

-- The series that tags are drawn from: HW-00042.
create table assets.tag_series (
  tenant_id uuid primary key,
  prefix text not null check (prefix ~ '^[A-Z0-9]{1,8}$'),
  last_number bigint not null check (last_number >= 0)
);
select platform.fence('assets.tag_series');

create table assets.asset (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  model_id uuid,
  name text not null check (name <> ''),
  tag text not null check (tag <> ''),
  serial text check (serial <> ''),
  -- What is so about the thing itself; whether it is in use or reserved follows from custody and reservation.
  standing text not null check (standing in ('ordered', 'onHand', 'inRepair', 'lost', 'retired')),
  standing_since date not null,
  standing_note text,
  place_id uuid,
  parent_id uuid,
  bought_on date,
  cost_minor bigint,
  cost_currency text check (cost_currency ~ '^[A-Z]{3}$'),
  warranty_until date,
  primary key (tenant_id, id),
  constraint asset_tag_once unique (tenant_id, tag),
  foreign key (tenant_id, model_id) references assets.model (tenant_id, id),
  foreign key (tenant_id, place_id) references directory.place (tenant_id, id),
  foreign key (tenant_id, parent_id) references assets.asset (tenant_id, id),
  check (parent_id <> id),
  check ((cost_minor is null) = (cost_currency is null))
);
create unique index asset_serial_once on assets.asset (tenant_id, kind, upper(serial)) where serial is not null;
create index asset_place on assets.asset (tenant_id, place_id);
create index asset_model on assets.asset (tenant_id, model_id);
create index asset_parent on assets.asset (tenant_id, parent_id) where parent_id is not null;
select platform.fence('assets.asset');

-- Who holds a thing, from the day it was handed over to the day it came back. On that day it may go to the next person.
create table assets.custody (
  tenant_id uuid not null,
  id uuid not null,
  asset_id uuid not null,
  person_id uuid not null,
  from_day date not null,
  ended_on date,
  given_by uuid,
  accepted_at timestamptz,
  disputed_reason text,
  condition_out text,
  condition_in text,
  note text,
  primary key (tenant_id, id),
  foreign key (tenant_id, asset_id) references assets.asset (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check (ended_on >= from_day),
  -- Two custodies without an end always overlap, so this is also "one open custody per thing".
  constraint custody_no_overlap
    exclude using gist (tenant_id with =, asset_id with =, daterange(from_day, ended_on, '[)') with &&)
);
create index custody_person on assets.custody (tenant_id, person_id);
create index custody_open on assets.custody (tenant_id, asset_id) where ended_on is null;
select platform.fence('assets.custody');

-- A thing set aside for someone until it is handed over.
create table assets.reservation (
  tenant_id uuid not null,
  id uuid not null,
  asset_id uuid not null,
  person_id uuid not null,
  from_day date not null,
  made_at timestamptz not null,
  ended_on date,
  outcome text check (outcome in ('handedOver', 'cancelled')),
  primary key (tenant_id, id),
  foreign key (tenant_id, asset_id) references assets.asset (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check ((ended_on is null) = (outcome is null))
);
create unique index reservation_one_open on assets.reservation (tenant_id, asset_id) where ended_on is null;
create index reservation_person on assets.reservation (tenant_id, person_id) where ended_on is null;
select platform.fence('assets.reservation');

-- Published: every thing as it stands now, with its holder and whom it is set aside for.
create view assets.thing with (security_invoker = true) as
select a.*, m.maker, m.name as model, m.life_months,
  c.id as custody_id, c.person_id as holder_id, c.from_day as held_since, c.accepted_at,
  r.id as reservation_id, r.person_id as reserved_for_id, r.from_day as reserved_from,
  case
    when a.standing <> 'onHand' then a.standing
    when c.id is not null then 'inUse'
    when r.id is not null then 'reserved'
    else 'inStock'
  end as state
from assets.asset a
left join assets.model m on m.tenant_id = a.tenant_id and m.id = a.model_id
left join assets.custody c on c.tenant_id = a.tenant_id and c.asset_id = a.id and c.ended_on is null
left join assets.reservation r on r.tenant_id = a.tenant_id and r.asset_id = a.id and r.ended_on is null;
grant select on assets.thing to heartwood_app;
