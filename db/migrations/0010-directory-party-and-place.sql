-- Who and where: persons and organisations in many roles, and places from site to desk.
create schema directory;
select platform.open_schema('directory');

create table directory.party (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('person', 'organisation')),
  name text not null check (name <> ''),
  email text,
  phone text,
  street text,
  postcode text,
  city text,
  country text check (country ~ '^[A-Z]{2}$'),
  tax_number text,
  bank_account text,
  primary key (tenant_id, id)
);
create index party_name on directory.party (tenant_id, name);
select platform.fence('directory.party');

-- What a party is to the company; dated, so that a former customer stays one in last year's books.
create table directory.party_role (
  tenant_id uuid not null,
  party_id uuid not null,
  role text not null check (role in ('customer', 'supplier', 'candidate', 'employee', 'contractor', 'visitor', 'bank', 'authority')),
  from_day date not null,
  until_day date,
  primary key (tenant_id, party_id, role, from_day),
  foreign key (tenant_id, party_id) references directory.party (tenant_id, id)
);
select platform.fence('directory.party_role');

create table directory.place (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('site', 'building', 'floor', 'room', 'desk')),
  code text not null,
  name text not null,
  parent_id uuid,
  -- The site it belongs to, itself for a site: kept because grants and lists ask for it on every row.
  site_id uuid not null,
  seats integer check (seats > 0),
  zone text,
  retired_from date,
  primary key (tenant_id, id),
  unique (tenant_id, code),
  foreign key (tenant_id, parent_id) references directory.place (tenant_id, id),
  check ((kind = 'site') = (parent_id is null))
);
select platform.fence('directory.place');
