-- What the house says of itself. The queue of jobs and the list of migrations belong to the owner of the database: the application asks
-- through these doors only, and only about the company of its transaction, or about work that is of no company.
-- Why by execute: the queue's schema is made by the worker at its first start, after this migration.

create function platform.open_jobs() returns table (
  number bigint, task text, tenant_id uuid, state text, run_at timestamptz, at timestamptz, attempts integer, attempts_max integer,
  failure text
) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if to_regclass('graphile_worker._private_jobs') is null then return; end if;
  return query execute $q$
    select j.id, t.identifier::text, (j.payload ->> 'tenantId')::uuid,
      case when j.locked_at is not null then 'running' when j.attempts >= j.max_attempts then 'failed'
        when j.last_error is not null then 'failing' else 'waiting' end,
      j.run_at, j.created_at, j.attempts::integer, j.max_attempts::integer, j.last_error
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where j.payload ->> 'tenantId' is null or j.payload ->> 'tenantId' = platform.tenant()::text $q$;
end $$;

-- Asks for a job at once, as if it had never failed. False when it is gone or running.
create function platform.retry_job(job bigint, p_now timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_ integer;
begin
  if not exists (select from platform.open_jobs() o where o.number = job and o.state <> 'running') then return false; end if;
  execute 'select count(*)::integer from graphile_worker.reschedule_jobs(array[$1], run_at => $2, attempts => 0)'
    into found_ using job, p_now;
  return found_ = 1;
end $$;

-- Takes a job of this company out of the queue. False when it is gone, running, or of no company.
create function platform.discard_job(job bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_ integer;
begin
  if not exists (
    select from platform.open_jobs() o where o.number = job and o.state <> 'running' and o.tenant_id = platform.tenant()
  ) then return false; end if;
  execute 'select count(*)::integer from graphile_worker.complete_jobs(array[$1])' into found_ using job;
  return found_ = 1;
end $$;

-- How many jobs there are of all companies together, for monitoring: numbers only.
create function platform.job_count() returns table (state text, count integer)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if to_regclass('graphile_worker._private_jobs') is null then return; end if;
  return query execute $q$
    select s.state, coalesce(sum(j.n), 0)::integer from unnest(array['running', 'waiting', 'failing', 'failed']) as s (state)
    left join (select count(*)::integer as n, case when locked_at is not null then 'running' when attempts >= max_attempts then 'failed'
        when last_error is not null then 'failing' else 'waiting' end as state
      from graphile_worker._private_jobs group by 2) j on j.state = s.state
    group by s.state $q$;
end $$;

-- When each schedule was last asked for; it is the same for every company.
create function platform.schedule_runs() returns table (task text, known_at timestamptz, run_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if to_regclass('graphile_worker._private_known_crontabs') is null then return; end if;
  return query execute 'select identifier::text, known_since, last_execution from graphile_worker._private_known_crontabs';
end $$;

create function platform.last_migration() returns table (name text, run_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as
  $$ select m.name::text, m.run_on::timestamptz from public.migration m order by m.id desc limit 1 $$;

do $$
declare
  door text;
begin
  foreach door in array array['open_jobs()', 'retry_job(bigint, timestamptz)', 'discard_job(bigint)', 'job_count()', 'schedule_runs()',
    'last_migration()']
  loop
    execute format('revoke execute on function platform.%s from public', door);
    execute format('grant execute on function platform.%s to heartwood_app', door);
  end loop;
end $$;

-- How large the database was on a day, so that its growth can be seen. For each company the whole, because it has one disk.
create table platform.database_size (
  tenant_id uuid not null,
  day date not null,
  bytes bigint not null check (bytes >= 0),
  primary key (tenant_id, day)
);
select platform.fence('platform.database_size');

-- When each law was last proved, and how much broke it. What breaks it is told only to who may check the laws.
create table platform.law_check (
  tenant_id uuid not null,
  law text not null,
  at timestamptz not null,
  break_count integer not null check (break_count >= 0),
  -- It could not be asked at all.
  failure text,
  primary key (tenant_id, law)
);
select platform.fence('platform.law_check');
