-- Sign-in: users, their passwords and second factors, sessions, personal tokens, and counted attempts.
-- Why: one person may work for several companies, so these tables belong to no tenant. They hold what a thief would want most, so only a
-- role of their own may read them: a hole in the rest of the application shows no password hash.
-- The first five tables are better-auth's (1.7.5), taken once from its schema generator with our column names, uuid keys and stricter
-- constraints; a test compares them with what the installed better-auth expects.

do $$ begin
  if not exists (select from pg_roles where rolname = 'heartwood_auth') then
    create role heartwood_auth login nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
end $$;

create schema auth;

create table auth."user" (
  id uuid primary key,
  email text not null unique check (email = lower(email)),
  name text not null,
  email_verified boolean not null,
  image text,
  two_factor_enabled boolean not null default false,
  -- From this moment on nothing of this user opens a door.
  disabled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- How a user proves who they are: 'credential' is our own password; other providers come with single sign-on.
create table auth.account (
  id uuid primary key,
  user_id uuid not null references auth."user" (id) on delete cascade,
  provider_id text not null,
  account_id text not null,
  password_hash text check (password_hash like '$argon2id$%'),
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (provider_id, account_id)
);
create index account_user on auth.account (user_id);

-- `updated_at` is when the session was last used, to within five minutes.
create table auth.session (
  id uuid primary key,
  user_id uuid not null references auth."user" (id) on delete cascade,
  token text not null unique,
  ip_address text,
  user_agent text,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index session_by_user on auth.session (user_id);

-- What waits for an answer: a reset link, a second factor, a remembered device. `identifier` is hashed; `value` is mostly the user.
create table auth.verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index verification_identifier on auth.verification (identifier);
create index verification_value on auth.verification (value);

-- Secret and backup codes are encrypted with the house's sign-in secret.
create table auth.two_factor (
  id uuid primary key,
  user_id uuid not null unique references auth."user" (id) on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default false,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);

-- The token itself is nowhere: `token_hash` is its SHA-256.
create table auth.personal_token (
  id uuid primary key,
  user_id uuid not null references auth."user" (id) on delete cascade,
  name text not null,
  token_hash bytea not null unique check (length(token_hash) = 32),
  created_at timestamptz not null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index personal_token_user on auth.personal_token (user_id);

-- Tries to sign in, counted in a window that begins with the first. `key` is a keyed hash of an account or an address.
create table auth.attempt (
  key text primary key,
  count integer not null,
  began_at timestamptz not null
);
create index attempt_began on auth.attempt (began_at);

grant usage on schema auth to heartwood_auth;
grant select, insert, update, delete on all tables in schema auth to heartwood_auth;
