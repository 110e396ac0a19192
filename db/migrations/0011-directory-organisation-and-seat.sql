-- Legal entities, org units, jobs, seats and who sits in them. Everything that changes carries its days, so that the org chart
-- of any day can be drawn. Why constraints: two people in one seat, or one person in two, must be impossible, not unlikely.

-- The same role twice at one time says nothing more.
alter table directory.party_role add constraint party_role_once
  exclude using gist (tenant_id with =, party_id with =, role with =, daterange(from_day, until_day, '[]') with &&);
create index party_role_current on directory.party_role (tenant_id, role, party_id);

alter table directory.party add column registration text;
alter table directory.party add column contact text;
create unique index party_tax_number
  on directory.party (tenant_id, upper(tax_number)) where kind = 'organisation' and tax_number is not null;

create table directory.legal_entity (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  -- The entity as a party, so that it can stand on its own invoices and owe its sister.
  party_id uuid not null,
  country text not null check (country ~ '^[A-Z]{2}$'),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  primary key (tenant_id, id),
  unique (tenant_id, code),
  foreign key (tenant_id, party_id) references directory.party (tenant_id, id)
);
select platform.fence('directory.legal_entity');

create table directory.unit (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  entity_id uuid,
  primary key (tenant_id, id),
  unique (tenant_id, code),
  foreign key (tenant_id, entity_id) references directory.legal_entity (tenant_id, id)
);
select platform.fence('directory.unit');

-- Name and parent of a unit over time, without gap from its first day to its last.
create table directory.unit_version (
  tenant_id uuid not null,
  unit_id uuid not null,
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  name text not null,
  parent_id uuid,
  primary key (tenant_id, unit_id, during),
  foreign key (tenant_id, unit_id) references directory.unit (tenant_id, id),
  foreign key (tenant_id, parent_id) references directory.unit (tenant_id, id),
  check (parent_id <> unit_id),
  constraint unit_version_once exclude using gist (tenant_id with =, unit_id with =, during with &&)
);
create index unit_version_parent on directory.unit_version (tenant_id, parent_id);
select platform.fence('directory.unit_version');

create table directory.job (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  title text not null,
  family text,
  primary key (tenant_id, id),
  unique (tenant_id, code)
);
select platform.fence('directory.job');

-- A seat: it is planned for some time, whoever sits in it.
create table directory.position (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  planned daterange not null check (not isempty(planned) and not lower_inf(planned)),
  primary key (tenant_id, id),
  unique (tenant_id, code)
);
select platform.fence('directory.position');

-- What a seat is over time: its job, unit, site and line.
create table directory.position_version (
  tenant_id uuid not null,
  position_id uuid not null,
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  title text not null,
  job_id uuid not null,
  unit_id uuid not null,
  site_id uuid,
  reports_to_id uuid,
  primary key (tenant_id, position_id, during),
  foreign key (tenant_id, position_id) references directory.position (tenant_id, id),
  foreign key (tenant_id, job_id) references directory.job (tenant_id, id),
  foreign key (tenant_id, unit_id) references directory.unit (tenant_id, id),
  foreign key (tenant_id, site_id) references directory.place (tenant_id, id),
  foreign key (tenant_id, reports_to_id) references directory.position (tenant_id, id),
  check (reports_to_id <> position_id),
  constraint position_version_once exclude using gist (tenant_id with =, position_id with =, during with &&)
);
create index position_version_line on directory.position_version (tenant_id, reports_to_id);
create index position_version_unit on directory.position_version (tenant_id, unit_id);
select platform.fence('directory.position_version');

create table directory.holding (
  tenant_id uuid not null,
  id uuid not null,
  position_id uuid not null,
  person_id uuid not null,
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  primary key (tenant_id, id),
  foreign key (tenant_id, position_id) references directory.position (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  constraint holding_one_per_position exclude using gist (tenant_id with =, position_id with =, during with &&),
  constraint holding_one_per_person exclude using gist (tenant_id with =, person_id with =, during with &&)
);
select platform.fence('directory.holding');
