-- What somebody wants bought, from the wish to the paid bill: the request keeps the links, each department keeps its own record.
create schema purchasing;
select platform.open_schema('purchasing');

create table purchasing.request (
  tenant_id uuid not null,
  id uuid not null,
  number integer not null,
  title text not null,
  why text,
  -- Equipment becomes a thing of the company; everything else is used up.
  kind text not null check (kind in ('equipment', 'supplies', 'service')),
  supplier_id uuid not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  wanted_by date not null,
  requester_id uuid not null,
  state text not null check (state in ('draft', 'submitted', 'approved', 'declined', 'withdrawn', 'ordered', 'closed')),
  approval_id uuid,
  ordered_on date,
  bill_id uuid,
  asset_id uuid,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, supplier_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, requester_id) references directory.party (tenant_id, id)
);
create index request_open on purchasing.request (tenant_id, wanted_by) where state in ('submitted', 'approved', 'ordered');
create unique index request_bill on purchasing.request (tenant_id, bill_id) where bill_id is not null;
select platform.fence('purchasing.request');

-- One counter row for each company; requests get the next number in the transaction that makes them.
create table purchasing.counter (
  tenant_id uuid primary key,
  last integer not null
);
select platform.fence('purchasing.counter');
