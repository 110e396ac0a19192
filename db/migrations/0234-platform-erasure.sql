-- Erasing what is held about a person: the wish agreed by two people, each time it was carried out, and the few functions that may erase.
-- Why functions: the application itself can neither change the trail nor what is kept, and that stays so. Each of them works only for a
-- deed that is open, of an erasure that someone else than whoever proposed it has approved, and writes nothing but the word for erased.
create table platform.erasure (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  state text not null check (state in ('proposed', 'approved', 'declined', 'done')),
  proposed_by uuid,
  proposer text not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decider text,
  decided_at timestamptz,
  -- The next day on which something of it is due; nothing while it goes on without an end in sight.
  next_day date,
  done_at timestamptz,
  primary key (tenant_id, id),
  check ((state = 'proposed') = (decided_at is null)),
  check ((state = 'done') = (done_at is not null)),
  constraint erasure_four_eyes check (state in ('proposed', 'declined')
    or (decided_by is not null and decided_by is distinct from proposed_by))
);
create unique index erasure_open on platform.erasure (tenant_id, person_id) where state in ('proposed', 'approved');
select platform.fence('platform.erasure');

-- One time that it was carried out: what went, class by class. It stays as the proof and names nobody.
create table platform.erasure_deed (
  tenant_id uuid not null,
  id uuid not null,
  erasure_id uuid not null,
  begun_at timestamptz not null,
  done_at timestamptz,
  rows integer,
  files integer,
  trail_rows integer,
  trail_digest text check (trail_digest ~ '^[0-9a-f]{64}$'),
  classes jsonb,
  primary key (tenant_id, id),
  foreign key (tenant_id, erasure_id) references platform.erasure (tenant_id, id),
  check ((done_at is null) = (classes is null) and (done_at is null) = (trail_digest is null))
);
create index erasure_deed_of on platform.erasure_deed (tenant_id, erasure_id);
select platform.fence('platform.erasure_deed');

-- Rows of the trail whose content was erased: the hash they were sealed with, and the hash of what is left.
create table platform.trail_erasure (
  tenant_id uuid not null,
  log_id uuid not null,
  deed_id uuid not null,
  sealed_hash bytea not null check (length(sealed_hash) = 32),
  text_hash bytea not null check (length(text_hash) = 32),
  primary key (tenant_id, log_id, deed_id),
  foreign key (tenant_id, deed_id) references platform.erasure_deed (tenant_id, id)
);
create index trail_erasure_deed on platform.trail_erasure (tenant_id, deed_id);
select platform.fence('platform.trail_erasure', kept => true);
revoke insert on platform.trail_erasure from heartwood_app;

-- How long a class of records is kept where the company decided otherwise than the house proposes.
create table platform.keeping (
  tenant_id uuid not null,
  class text not null,
  months integer not null check (months between 0 and 1200),
  law text not null check (law <> ''),
  set_by uuid,
  set_at timestamptz not null,
  primary key (tenant_id, class)
);
select platform.fence('platform.keeping');

-- A value of the trail without what it said: identifiers, yes and no, and the names of fields stay.
create function platform.redacted(content jsonb) returns jsonb language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case jsonb_typeof(content)
    when 'object' then (select coalesce(jsonb_object_agg(o.key, platform.redacted(o.value)), '{}') from jsonb_each(content) o)
    when 'array' then (select coalesce(jsonb_agg(platform.redacted(a.value) order by a.place), '[]')
      from jsonb_array_elements(content) with ordinality a (value, place))
    when 'string' then case when content #>> '{}' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then content
      else '"(erased)"' end
    when 'number' then '"(erased)"'
    else content end
$$;

-- The text of a row of the trail as it is hashed; src/platform/audit/block.ts has the same words.
create function platform.trail_text(l platform.operation_log) returns text language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_array(l.id, to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), l.xact, l.user_id,
    l.person_id, l.actor_name, l.operation, l.reason, l.request_id, l.key, l.input, l.output, to_jsonb(l.object_ids))::text
$$;

create function platform.open_deed(p_tenant uuid, p_deed uuid) returns uuid language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  person uuid;
begin
  if p_tenant is distinct from platform.tenant() then
    raise exception 'erased is for the company of the transaction' using errcode = 'insufficient_privilege';
  end if;
  select e.person_id into person from platform.erasure_deed d
  join platform.erasure e on e.tenant_id = d.tenant_id and e.id = d.erasure_id
  where d.tenant_id = p_tenant and d.id = p_deed and d.done_at is null and e.state = 'approved';
  if person is null then
    raise exception 'nobody approved this erasure' using errcode = 'check_violation', constraint = 'erasure_approved';
  end if;
  return person;
end $$;

-- Takes the texts of some rows away. What must be one of its kind keeps the row's own key in it.
create function platform.erase_texts(p_tenant uuid, p_deed uuid, p_table regclass, p_key text, p_columns text[], p_keys uuid[])
returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  setting text;
  erased integer;
begin
  perform platform.open_deed(p_tenant, p_deed);
  if p_table in ('platform.operation_log'::regclass, 'platform.audit_block'::regclass, 'platform.trail_erasure'::regclass,
    'platform.erasure'::regclass, 'platform.erasure_deed'::regclass) then
    raise exception 'the trail is not erased this way' using errcode = 'insufficient_privilege';
  end if;
  select string_agg(format('%1$I = case when %1$I is null then null else %2$s end', a.attname,
    case when a.atttypid = 'jsonb'::regtype then format('platform.redacted(%I)', a.attname)
      when exists (select from pg_index i where i.indrelid = p_table and i.indisunique and a.attnum = any(i.indkey))
        then format('''(erased) '' || %I', p_key)
      else '''(erased)''' end), ', ') into setting
  from pg_attribute a
  where a.attrelid = p_table and a.attname = any(p_columns) and a.atttypid in ('text'::regtype, 'jsonb'::regtype);
  execute format('update %s set %s where tenant_id = $1 and %I = any($2)', p_table, setting, p_key) using p_tenant, p_keys;
  get diagnostics erased = row_count;
  return erased;
end $$;

-- Takes the content of files away, unless another file of the company has the same bytes.
create function platform.erase_files(p_tenant uuid, p_deed uuid, p_files uuid[], p_at timestamptz) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  hashes text[];
  erased integer;
begin
  perform platform.open_deed(p_tenant, p_deed);
  select array_agg(f.hash) into hashes from platform.file f where f.tenant_id = p_tenant and f.id = any(p_files) and f.hash is not null;
  update platform.file f set hash = null, destroyed_at = p_at, name = 'destroyed', size = 0
  where f.tenant_id = p_tenant and f.id = any(p_files) and f.hash is not null;
  get diagnostics erased = row_count;
  delete from platform.file_content c
  where c.tenant_id = p_tenant and c.hash = any(hashes)
    and not exists (select from platform.file f where f.tenant_id = p_tenant and f.hash = c.hash);
  return erased;
end $$;

-- A text without some words, whole names and addresses; and a text as a pattern that finds one of them.
create function platform.without_words(content text, words text[]) returns text language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
declare
  word text;
begin
  foreach word in array words loop
    content := replace(content, word, '(erased)');
  end loop;
  return content;
end $$;

create function platform.patterns_of(words text[]) returns text[] language sql immutable set search_path = pg_catalog, pg_temp as $$
  select array_agg('%' || replace(replace(replace(w, E'\\', E'\\\\'), '%', E'\\%'), '_', E'\\_') || '%') from unnest(words) w
$$;

-- As the words stand in the text of a jsonb value.
create function platform.json_words(words text[]) returns text[] language sql immutable set search_path = pg_catalog, pg_temp as $$
  select array_agg(substr(to_json(w)::text, 2, length(to_json(w)::text) - 2)) from unnest(words) w
$$;

-- Takes the content out of rows of the trail, and keeps for each with which hash it was sealed. With words, names that is, these go too
-- wherever they stand.
create function platform.erase_trail(p_tenant uuid, p_deed uuid, p_operations text[], p_objects uuid[], p_words text[]) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  person uuid := platform.open_deed(p_tenant, p_deed);
  patterns text[] := platform.patterns_of(p_words) || platform.patterns_of(platform.json_words(p_words));
  words text[] := coalesce(p_words, '{}');
  inner_words text[] := coalesce(platform.json_words(p_words), '{}');
  ids uuid[];
begin
  select array_agg(l.id order by l.id) into ids from platform.operation_log l
  where l.tenant_id = p_tenant and l.operation not like 'platform.person.%'
    and (l.object_ids && p_objects and l.operation like any(p_operations) and l.operation not like 'governance.subjectRequest.%'
      or p_words is not null and (l.person_id = person and l.actor_name <> '(erased)'
        or concat_ws(' ', l.actor_name, l.input, l.output, l.reason) like any(patterns)));
  if ids is null then return 0; end if;
  insert into platform.trail_erasure (tenant_id, log_id, deed_id, sealed_hash, text_hash)
  select p_tenant, l.id, p_deed,
    coalesce((select x.sealed_hash from platform.trail_erasure x where x.tenant_id = p_tenant and x.log_id = l.id
        order by x.deed_id limit 1),
      sha256(convert_to(platform.trail_text(l), 'UTF8'))), sha256('')
  from platform.operation_log l where l.tenant_id = p_tenant and l.id = any(ids)
  on conflict (tenant_id, log_id, deed_id) do nothing;
  update platform.idempotency i set output = platform.redacted(i.output)
  from platform.operation_log l
  where l.tenant_id = p_tenant and l.id = any(ids) and i.tenant_id = p_tenant and i.key = l.key;
  update platform.operation_log l set
    input = case when t.is_theirs then platform.redacted(l.input) else platform.without_words(l.input::text, inner_words)::jsonb end,
    output = case when t.is_theirs then platform.redacted(l.output) else platform.without_words(l.output::text, inner_words)::jsonb end,
    reason = case when t.is_theirs and l.reason is not null then '(erased)' else platform.without_words(l.reason, words) end,
    actor_name = case when p_words is not null and l.person_id = person then '(erased)'
      else platform.without_words(l.actor_name, words) end
  from (select o.id, o.object_ids && p_objects and o.operation like any(p_operations)
      and o.operation not like 'governance.subjectRequest.%' as is_theirs
    from platform.operation_log o where o.tenant_id = p_tenant and o.id = any(ids)) t
  where l.tenant_id = p_tenant and l.id = t.id;
  update platform.trail_erasure x set text_hash = sha256(convert_to(platform.trail_text(l), 'UTF8'))
  from platform.operation_log l
  where x.tenant_id = p_tenant and x.deed_id = p_deed and x.log_id = any(ids) and l.tenant_id = p_tenant and l.id = x.log_id;
  return cardinality(ids);
end $$;

-- Wherever a name or an address was written, in every table there is, it goes with the person: in a task, a notice, beside what they did.
-- When somebody else bears the same name it goes only from rows that name the person by their identifier. What is posted stays as posted.
create function platform.erase_words(p_tenant uuid, p_deed uuid, p_words text[], p_everywhere boolean) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  person uuid := platform.open_deed(p_tenant, p_deed);
  inner_words text[] := platform.json_words(p_words);
  place record;
  touched integer;
  erased integer := 0;
begin
  for place in
    select c.oid::regclass as name,
      string_agg(case a.atttypid when 'text'::regtype then format('%1$I = platform.without_words(%1$I, $2)', a.attname)
        else format('%1$I = platform.without_words(%1$I::text, $3)::jsonb', a.attname) end, ', ')
        filter (where a.atttypid in ('text'::regtype, 'jsonb'::regtype)) as settings,
      string_agg(quote_ident(a.attname), ', ') filter (where a.atttypid in ('text'::regtype, 'jsonb'::regtype)) as texts,
      coalesce(string_agg(quote_ident(a.attname), ', ') filter (where a.atttypid = 'uuid'::regtype and a.attname <> 'tenant_id'), 'null')
        as ids
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relkind = 'r' and n.nspname not in ('auth', 'graphile_worker', 'pg_catalog', 'information_schema')
      and n.nspname || '.' || c.relname not in ('platform.operation_log', 'platform.audit_block', 'platform.tenant_account',
        'platform.idempotency', 'directory.party', 'identity.member', 'finance.journal_line', 'finance.allocation')
      and exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')
      and not (a.atttypid = 'text'::regtype and exists (
        select from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any(i.indkey)))
      and (n.nspname || '.' || c.relname <> 'finance.journal_entry' or a.attname in ('by_name', 'person_id'))
    group by c.oid
    having count(*) filter (where a.atttypid in ('text'::regtype, 'jsonb'::regtype)) > 0
  loop
    execute format('update %s set %s where tenant_id = $1 and concat_ws('' '', %s) like any($4) and ($5 or $6 in (%s))',
      place.name, place.settings, place.texts, place.ids)
      using p_tenant, p_words, inner_words, platform.patterns_of(p_words) || platform.patterns_of(inner_words), p_everywhere, person;
    get diagnostics touched = row_count;
    erased := erased + touched;
  end loop;
  return erased;
end $$;

-- A user who belongs to no other company is no user any more.
create function auth.forget_user(p_user uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from identity.tenants_of(p_user)) then return; end if;
  delete from auth."user" where id = p_user;
end $$;

-- What is posted and approved stays what it is; only who wrote it, and where pay went, may be forgotten when the law no longer asks for it.
create function platform.is_erasing(p_tenant uuid) returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from platform.erasure_deed d join platform.erasure e on e.tenant_id = d.tenant_id and e.id = d.erasure_id
    where d.tenant_id = p_tenant and d.done_at is null and e.state = 'approved')
$$;

create or replace function finance.refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name = 'journal_entry' then
    if to_jsonb(new) - 'by_name' = to_jsonb(old) - 'by_name' and to_jsonb(new) ->> 'by_name' = '(erased)'
      and current_user <> 'heartwood_app' and platform.is_erasing(old.tenant_id) then return new; end if;
  end if;
  raise exception '% is kept for ever; correct it by a reversal', tg_table_name using errcode = 'restrict_violation';
end $$;

create or replace function payroll.keep_approved() returns trigger language plpgsql as $$
declare
  old_run uuid;
begin
  if tg_table_name = 'payslip' then
    old_run := old.run_id;
    -- The document is made of the slip afterwards.
    if tg_op = 'UPDATE' and (to_jsonb(new) - 'file_id') = (to_jsonb(old) - 'file_id') and old.file_id is null then return new; end if;
    if tg_op = 'UPDATE' and (to_jsonb(new) - 'bank_account') = (to_jsonb(old) - 'bank_account') and new.bank_account = '(erased)'
      and current_user <> 'heartwood_app' and platform.is_erasing(old.tenant_id) then return new; end if;
  else
    select p.run_id into old_run from payroll.payslip p where p.tenant_id = old.tenant_id and p.id = old.payslip_id;
  end if;
  if exists (select from payroll.run r where r.tenant_id = old.tenant_id and r.id = old_run and r.state = 'approved') then
    raise exception 'an approved payslip is never changed' using errcode = 'P0001', constraint = 'payslip_kept';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

revoke execute on function platform.open_deed(uuid, uuid), platform.erase_texts(uuid, uuid, regclass, text, text[], uuid[]),
  platform.erase_files(uuid, uuid, uuid[], timestamptz), platform.erase_trail(uuid, uuid, text[], uuid[], text[]),
  platform.erase_words(uuid, uuid, text[], boolean), auth.forget_user(uuid) from public;
grant execute on function platform.erase_texts(uuid, uuid, regclass, text, text[], uuid[]),
  platform.erase_files(uuid, uuid, uuid[], timestamptz), platform.erase_trail(uuid, uuid, text[], uuid[], text[]),
  platform.erase_words(uuid, uuid, text[], boolean), auth.forget_user(uuid) to heartwood_app;
