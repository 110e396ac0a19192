-- IT: the systems of the company, who has an account on each, what they may do there, licences, and the wiping of devices.
-- Devices themselves are things of the assets register. No secret of any account is kept here.
create schema it;
select platform.open_schema('it');

-- Proof that what was on a device is gone.
create table it.wipe (
  tenant_id uuid not null,
  id uuid not null,
  device_id uuid not null,
  wiped_on date not null,
  method text not null,
  wiped_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, device_id) references assets.asset (tenant_id, id)
);
create index wipe_device on it.wipe (tenant_id, device_id, wiped_on desc);
select platform.fence('it.wipe', kept => true);

create table it.system (
  tenant_id uuid not null,
  id uuid not null,
  name text not null check (name <> ''),
  kind text not null check (kind in ('application', 'directory', 'infrastructure', 'access', 'telephony')),
  -- Who answers for it and is asked for access.
  owner_id uuid,
  url text,
  for_everyone boolean not null,
  retired_on date,
  primary key (tenant_id, id),
  constraint system_name_once unique (tenant_id, name),
  foreign key (tenant_id, owner_id) references directory.party (tenant_id, id)
);
select platform.fence('it.system');

-- Systems that come with a job.
create table it.system_job (
  tenant_id uuid not null,
  system_id uuid not null,
  job_id uuid not null,
  primary key (tenant_id, system_id, job_id),
  foreign key (tenant_id, system_id) references it.system (tenant_id, id),
  foreign key (tenant_id, job_id) references directory.job (tenant_id, id)
);
select platform.fence('it.system_job');

create table it.account (
  tenant_id uuid not null,
  id uuid not null,
  system_id uuid not null,
  person_id uuid not null,
  login text not null check (login <> ''),
  state text not null check (state in ('open', 'suspended', 'closed')),
  opened_on date not null,
  closed_on date,
  note text,
  primary key (tenant_id, id),
  foreign key (tenant_id, system_id) references it.system (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check ((state = 'closed') = (closed_on is not null)),
  check (closed_on >= opened_on)
);
create unique index account_one_per_person on it.account (tenant_id, system_id, person_id) where state <> 'closed';
create unique index account_login_once on it.account (tenant_id, system_id, lower(login)) where state <> 'closed';
create index account_person on it.account (tenant_id, person_id);
select platform.fence('it.account');

-- What one can be allowed to do in a system.
create table it.entitlement (
  tenant_id uuid not null,
  id uuid not null,
  system_id uuid not null,
  name text not null check (name <> ''),
  is_privileged boolean not null,
  primary key (tenant_id, id),
  constraint entitlement_once unique (tenant_id, system_id, name),
  foreign key (tenant_id, system_id) references it.system (tenant_id, id)
);
select platform.fence('it.entitlement');

create table it.access_grant (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  entitlement_id uuid not null,
  during daterange not null check (not lower_inf(during)),
  reason text not null check (reason <> ''),
  granted_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references it.account (tenant_id, id),
  foreign key (tenant_id, entitlement_id) references it.entitlement (tenant_id, id),
  constraint access_grant_once
    exclude using gist (tenant_id with =, account_id with =, entitlement_id with =, during with &&)
);
select platform.fence('it.access_grant');

create table it.licence (
  tenant_id uuid not null,
  id uuid not null,
  name text not null check (name <> ''),
  system_id uuid,
  supplier_id uuid,
  seats integer not null check (seats > 0),
  -- The day it renews by itself, and how many days before one must have given notice.
  renews_on date,
  notice_days integer not null check (notice_days >= 0),
  cost_minor bigint,
  cost_currency text check (cost_currency ~ '^[A-Z]{3}$'),
  ended_on date,
  primary key (tenant_id, id),
  constraint licence_name_once unique (tenant_id, name),
  foreign key (tenant_id, system_id) references it.system (tenant_id, id),
  foreign key (tenant_id, supplier_id) references directory.party (tenant_id, id),
  check ((cost_minor is null) = (cost_currency is null))
);
select platform.fence('it.licence');

create table it.licence_seat (
  tenant_id uuid not null,
  id uuid not null,
  licence_id uuid not null,
  person_id uuid not null,
  from_day date not null,
  ended_on date,
  primary key (tenant_id, id),
  foreign key (tenant_id, licence_id) references it.licence (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check (ended_on >= from_day)
);
create unique index licence_seat_one_per_person on it.licence_seat (tenant_id, licence_id, person_id) where ended_on is null;
select platform.fence('it.licence_seat');
