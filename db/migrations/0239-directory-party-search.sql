-- Search as one types over a million people and organisations: by trigrams, of every text that the lists search in.
create index party_search on directory.party using gin (name gin_trgm_ops, email gin_trgm_ops, tax_number gin_trgm_ops, city gin_trgm_ops);

-- Behind the fence PostgreSQL uses an index only for comparisons that cannot tell of rows that are not to be seen. ILIKE is one: it
-- answers yes or no, and its only error is about the pattern, which is ours. Only a superuser may say so; without one, search reads on.
do $$ begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    alter function pg_catalog.texticlike(text, text) leakproof;
  end if;
end $$;
