-- Destroys the content of a document by rule. Files are kept: nothing but this function can take one away, and it takes away only the
-- content of a document whose disposal a person approved and on which no hold lies.
-- Why a role that nobody can sign in as: the application itself may neither change nor delete a file. Content that another file of the
-- company has as well (the same bytes, brought in elsewhere) stays with that file.
do $$ begin
  if not exists (select from pg_roles where rolname = 'heartwood_shredder') then
    create role heartwood_shredder nologin nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
end $$;
alter table platform.file alter column hash drop not null;
alter table platform.file add column destroyed_at timestamptz;
alter table platform.file add constraint file_destroyed check ((hash is null) = (destroyed_at is not null));
create index file_hash on platform.file (tenant_id, hash);

grant usage on schema office, platform to heartwood_shredder;
grant execute on function platform.tenant() to heartwood_shredder;
grant select on office.document, office.document_version, office.document_hold, office.disposal to heartwood_shredder;
grant select, update on platform.file to heartwood_shredder;
grant select, delete on platform.file_content to heartwood_shredder;

-- How many files lost their content.
create function office.destroy_document(p_tenant uuid, p_document uuid, p_at timestamptz) returns integer language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  hashes text[];
  destroyed integer;
begin
  if p_tenant is distinct from platform.tenant() then
    raise exception 'documents are destroyed for the company of the transaction' using errcode = 'insufficient_privilege';
  end if;
  if not exists (select from office.disposal where tenant_id = p_tenant and document_id = p_document and state = 'approved') then
    raise exception 'nobody approved the disposal' using errcode = 'check_violation', constraint = 'disposal_approved';
  end if;
  if exists (
    select from office.document_hold h
    join office.document d on d.tenant_id = p_tenant and d.id = p_document
    where h.tenant_id = p_tenant and h.state = 'in force' and (h.document_id = d.id or h.about_id = d.about_id)
  ) then
    raise exception 'a hold lies on the document' using errcode = 'check_violation', constraint = 'document_held';
  end if;
  select array_agg(f.hash) into hashes
  from office.document_version v join platform.file f on f.tenant_id = p_tenant and f.id = v.file_id
  where v.tenant_id = p_tenant and v.document_id = p_document and f.hash is not null;
  update platform.file f set hash = null, destroyed_at = p_at, name = 'destroyed', size = 0
  from office.document_version v
  where v.tenant_id = p_tenant and v.document_id = p_document and f.tenant_id = p_tenant and f.id = v.file_id and f.hash is not null;
  get diagnostics destroyed = row_count;
  delete from platform.file_content c
  where c.tenant_id = p_tenant and c.hash = any(hashes)
    and not exists (select from platform.file f where f.tenant_id = p_tenant and f.hash = c.hash);
  return destroyed;
end $$;
-- Owning a function takes the right to create in its schema, for the moment of the change.
grant create on schema office to heartwood_shredder;
do $$ begin
  execute format('grant heartwood_shredder to %I', current_user);
end $$;
alter function office.destroy_document owner to heartwood_shredder;
revoke create on schema office from heartwood_shredder;
revoke execute on function office.destroy_document from public;
grant execute on function office.destroy_document to heartwood_app;
