-- Lets the application admit a member and keep personal tokens inside its own transaction, without a right to read the sign-in tables.
-- Why: a member, their user and the audit row must appear together or not at all; the functions do one narrow thing each.

-- The user of an e-mail address, made when there is none. A new user has no password until they set one by the reset mail.
create function auth.admit(wanted uuid, address text, display_name text, at timestamptz) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare known uuid;
begin
  insert into auth."user" (id, email, name, email_verified, created_at, updated_at)
  values (wanted, lower(address), display_name, true, at, at)
  on conflict (email) do nothing;
  select u.id into known from auth."user" u where u.email = lower(address);
  return known;
end $$;

create function auth.keep_token(token_id uuid, owner uuid, token_name text, hash bytea, at timestamptz, expires timestamptz) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into auth.personal_token (id, user_id, name, token_hash, created_at, expires_at)
  values (token_id, owner, token_name, hash, at, expires)
$$;

create function auth.tokens_of(owner uuid)
returns table (id uuid, name text, created_at timestamptz, last_used_at timestamptz, expires_at timestamptz, revoked_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.id, t.name, t.created_at, t.last_used_at, t.expires_at, t.revoked_at from auth.personal_token t where t.user_id = owner
$$;

create function auth.end_token(owner uuid, token_id uuid, at timestamptz) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare touched integer;
begin
  update auth.personal_token set revoked_at = at where id = token_id and user_id = owner and revoked_at is null;
  get diagnostics touched = row_count;
  return touched;
end $$;

grant usage on schema auth to heartwood_app;
revoke all on function auth.admit(uuid, text, text, timestamptz), auth.keep_token(uuid, uuid, text, bytea, timestamptz, timestamptz),
  auth.tokens_of(uuid), auth.end_token(uuid, uuid, timestamptz) from public;
grant execute on function auth.admit(uuid, text, text, timestamptz), auth.keep_token(uuid, uuid, text, bytea, timestamptz, timestamptz),
  auth.tokens_of(uuid), auth.end_token(uuid, uuid, timestamptz) to heartwood_app;
