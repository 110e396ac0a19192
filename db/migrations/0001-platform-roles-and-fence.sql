-- The floor every module stands on: the application role, the tenant fence, and the tables of the funnel.
-- Why: the application role owns nothing and cannot bypass row-level security, so a forgotten filter shows no other company.

do $$ begin
  if not exists (select from pg_roles where rolname = 'heartwood_app') then
    create role heartwood_app login nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
end $$;

create extension if not exists btree_gist;
create extension if not exists pg_trgm;

create schema platform;

-- The company this transaction works for; null when none was set, so that nothing is seen.
create function platform.tenant() returns uuid language sql stable parallel safe as
  $$ select nullif(current_setting('heartwood.tenant', true), '')::uuid $$;

-- Opens a schema to the application role.
create function platform.open_schema(name text) returns void language plpgsql as $$
begin
  execute format('grant usage on schema %I to heartwood_app', name);
end $$;

-- Fences a table by tenant. `kept` tables can be inserted into and read, never changed or deleted: the books and the trail.
create function platform.fence(target regclass, kept boolean default false) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy tenant on %s using (tenant_id = platform.tenant()) with check (tenant_id = platform.tenant())', target);
  execute format('grant select, insert on %s to heartwood_app', target);
  if not kept then execute format('grant update, delete on %s to heartwood_app', target); end if;
end $$;

select platform.open_schema('platform');
grant execute on function platform.tenant() to heartwood_app;

-- A customer company. Shared: it is read before the tenant is known.
create table platform.tenant_account (
  tenant_id uuid primary key,
  name text not null,
  zone text not null default 'Europe/Berlin',
  is_demo boolean not null default false,
  created_at timestamptz not null,
  -- Null while it is being set up: an interrupted set-up is cleared away at the next start.
  ready_at timestamptz
);
grant select on platform.tenant_account to heartwood_app;

-- A client's key for one write, with what it asked and what it was told: a retry gets the same answer, other input a refusal.
create table platform.idempotency (
  tenant_id uuid not null,
  key text not null,
  operation text not null,
  actor text not null,
  input_hash text not null,
  output jsonb,
  at timestamptz not null,
  primary key (tenant_id, key)
);
select platform.fence('platform.idempotency');

-- One row for every write that happened: the audit trail. Never changed.
create table platform.operation_log (
  tenant_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  -- Rows of one database transaction share it; blocks are cut at it, because identifiers do not follow the order of commits.
  xact bigint not null default (pg_current_xact_id()::text::bigint),
  user_id uuid,
  person_id uuid,
  actor_name text not null,
  operation text not null,
  reason text,
  request_id text not null,
  key text,
  input jsonb not null,
  output jsonb,
  object_ids uuid[] not null,
  primary key (tenant_id, id)
);
create index operation_log_object on platform.operation_log using gin (object_ids);
create index operation_log_at on platform.operation_log (tenant_id, at desc);
create index operation_log_xact on platform.operation_log (tenant_id, xact);
select platform.fence('platform.operation_log', kept => true);

-- Reads of confidential records, with the reader.
create table platform.read_log (
  tenant_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  user_id uuid,
  person_id uuid,
  actor_name text not null,
  operation text not null,
  object_ids uuid[] not null,
  primary key (tenant_id, id)
);
select platform.fence('platform.read_log', kept => true);

-- Sealed blocks over the operation log, each holding the hash of the one before.
create table platform.audit_block (
  tenant_id uuid not null,
  number bigint not null,
  after_xact bigint not null,
  up_to_xact bigint not null,
  row_count integer not null,
  previous_hash text not null,
  hash text not null,
  sealed_at timestamptz not null,
  primary key (tenant_id, number)
);
select platform.fence('platform.audit_block', kept => true);

-- What happened, waiting to be told to the reactions. `handled_at` is set when all of them have run.
create table platform.event (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  payload jsonb not null,
  at timestamptz not null,
  handled_at timestamptz,
  attempts integer not null default 0,
  failure text,
  primary key (tenant_id, id)
);
create index event_waiting on platform.event (tenant_id, id) where handled_at is null;
select platform.fence('platform.event');

-- Files by content: the same bytes are kept once for each company.
create table platform.file_content (
  tenant_id uuid not null,
  hash text not null,
  size integer not null,
  bytes bytea not null,
  primary key (tenant_id, hash)
);
select platform.fence('platform.file_content', kept => true);

create table platform.file (
  tenant_id uuid not null,
  id uuid not null,
  hash text not null,
  name text not null,
  media_type text not null,
  size integer not null,
  -- Who uploaded it: until it is attached to a record, only they may read it.
  user_id uuid,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, hash) references platform.file_content (tenant_id, hash)
);
select platform.fence('platform.file', kept => true);

create table platform.notification (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  title text not null,
  text text,
  about_subject text,
  about_id uuid,
  at timestamptz not null,
  read_at timestamptz,
  primary key (tenant_id, id)
);
create index notification_unread on platform.notification (tenant_id, person_id, id desc) where read_at is null;
select platform.fence('platform.notification');

-- Mail waiting to be sent. Without a mail server it stays here and can be read in the browser.
create table platform.mail (
  tenant_id uuid not null,
  id uuid not null,
  to_address text not null,
  subject text not null,
  text text not null,
  at timestamptz not null,
  sent_at timestamptz,
  attempts integer not null default 0,
  failure text,
  primary key (tenant_id, id)
);
create index mail_waiting on platform.mail (tenant_id, id) where sent_at is null;
select platform.fence('platform.mail');
