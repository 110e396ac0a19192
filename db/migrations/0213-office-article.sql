-- What is known already: articles in their versions, and how often one spared a request.
create table office.article (
  tenant_id uuid not null,
  id uuid not null,
  state text not null check (state in ('draft', 'published', 'retired')),
  audience text not null check (audience in ('everyone', 'roles', 'units', 'entities')),
  audience_roles text[] not null,
  audience_ids uuid[] not null,
  version integer not null check (version > 0),
  -- The published words, ready to be found: no language is assumed.
  title text not null check (title <> ''),
  text text not null check (text <> ''),
  words tsvector not null generated always as
    (setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', text), 'C')) stored,
  department text check (department ~ '^[a-z][a-zA-Z]*$'),
  changed_at timestamptz not null,
  primary key (tenant_id, id)
);
create index article_published on office.article (tenant_id) where state = 'published';
select platform.fence('office.article');

create table office.article_version (
  tenant_id uuid not null,
  id uuid not null,
  article_id uuid not null,
  version integer not null check (version > 0),
  title text not null,
  text text not null,
  author_id uuid,
  author text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, article_id, version),
  foreign key (tenant_id, article_id) references office.article (tenant_id, id)
);
select platform.fence('office.article_version', kept => true);

create table office.article_solved (
  tenant_id uuid not null,
  article_id uuid not null,
  person_id uuid not null,
  on_day date not null,
  sought text,
  primary key (tenant_id, article_id, person_id, on_day),
  foreign key (tenant_id, article_id) references office.article (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id)
);
select platform.fence('office.article_solved');
