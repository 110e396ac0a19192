-- What the law and contracts ask of the company, and each time it is due.
-- Why one open occurrence at a time: the next one follows from the rule and from when the last was fulfilled.
create table governance.obligation (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  title text not null check (title <> ''),
  requirement text,
  kind text not null check (kind in ('law', 'contract', 'voluntary')),
  -- Law and article, or the contract.
  source text not null,
  jurisdiction text not null,
  -- The authority or counterparty it is owed to.
  party_id uuid,
  -- The kind of work whose holder answers for it.
  activity text not null,
  -- The site whose calendar says which days are worked.
  site_id uuid,
  -- Days before it is due that its owner is asked.
  notice_days integer not null check (notice_days between 0 and 365),
  recurrence text not null check (recurrence in ('once', 'weekly', 'monthly', 'quarterly', 'halfYearly', 'yearly', 'days')),
  anchor text not null check (anchor in ('plan', 'fulfilment')),
  weekend text not null check (weekend in ('stays', 'before', 'after')),
  first_due date not null,
  -- For `days`: every due day, in order.
  due_days date[],
  retired_from date,
  primary key (tenant_id, id),
  constraint obligation_code unique (tenant_id, code),
  foreign key (tenant_id, party_id) references directory.party (tenant_id, id),
  foreign key (tenant_id, site_id) references directory.place (tenant_id, id),
  check ((recurrence = 'days') = (due_days is not null))
);
select platform.fence('governance.obligation');

create table governance.obligation_occurrence (
  tenant_id uuid not null,
  id uuid not null,
  obligation_id uuid not null,
  -- Its place in the plan; the day it is due may differ by a weekend.
  planned_day date not null,
  due_day date not null,
  fulfilled_on date,
  fulfilled_by uuid,
  evidence text,
  file_id uuid,
  waived_because text,
  primary key (tenant_id, id),
  constraint obligation_occurrence_planned unique (tenant_id, obligation_id, planned_day),
  foreign key (tenant_id, obligation_id) references governance.obligation (tenant_id, id),
  foreign key (tenant_id, file_id) references platform.file (tenant_id, id),
  check (fulfilled_on is null or waived_because is null),
  check (fulfilled_on is null or evidence is not null or file_id is not null)
);
create unique index obligation_occurrence_open on governance.obligation_occurrence (tenant_id, obligation_id)
  where fulfilled_on is null and waived_because is null;
select platform.fence('governance.obligation_occurrence');
