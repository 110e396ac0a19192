-- The catalogue of what one may ask for: kinds of request, and the form of each in its versions.
-- Why forms are kept: an answer is read by the questions it was given to, so a form that someone answered never changes.
create table office.request_kind (
  tenant_id uuid not null,
  id uuid not null,
  code text not null check (code ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'),
  title text not null check (title <> ''),
  says text,
  department text not null check (department ~ '^[a-z][a-zA-Z]*$'),
  -- Who is offered it.
  audience text not null check (audience in ('everyone', 'roles', 'units', 'entities')),
  audience_roles text[] not null,
  audience_ids uuid[] not null,
  -- Who it goes to: whoever answers for the activity at the place; holders of the team's roles work on it beside them.
  activity text not null,
  place_of text not null check (place_of in ('company', 'unit', 'site', 'chosen')),
  team_roles text[] not null,
  impact text not null check (impact in ('high', 'medium', 'low')),
  urgency text not null check (urgency in ('high', 'medium', 'low')),
  is_confidential boolean not null,
  tasks jsonb not null,
  approval_activity text,
  close_days integer not null check (close_days between 1 and 90),
  reopen_days integer not null check (reopen_days between 0 and 365),
  version integer not null check (version > 0),
  retired_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, code)
);
select platform.fence('office.request_kind');

create table office.request_form (
  tenant_id uuid not null,
  id uuid not null,
  kind_id uuid not null,
  version integer not null check (version > 0),
  fields jsonb not null,
  made_at timestamptz not null,
  made_by uuid,
  primary key (tenant_id, id),
  unique (tenant_id, kind_id, version),
  foreign key (tenant_id, kind_id) references office.request_kind (tenant_id, id)
);
select platform.fence('office.request_form', kept => true);
