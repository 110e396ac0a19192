-- Clocks as one would write them by hand for this one purpose: due instants, how many were told, and what was told.
create table clock (
  id bigint primary key,
  title text not null,
  person_id bigint not null,
  running boolean not null,
  due_at timestamptz not null,
  stage_at timestamptz[] not null,
  told integer not null,
  warn_at timestamptz
);
create index clock_warn on clock (warn_at) where running and warn_at is not null;
create table clock_warning (clock_id bigint not null, stage integer not null, at timestamptz not null, primary key (clock_id, stage));
