-- Processes as one would write them by hand for this one purpose: runs, their steps, what is true of whom, and the tasks that are open.
create table run (id bigint primary key, person_id bigint not null, anchor date not null, started_on date not null);
create table step (
  run_id bigint not null,
  key text not null,
  place integer not null,
  days integer not null,
  state text not null,
  due date not null,
  task_id bigint,
  primary key (run_id, key)
);
create table fact (person_id bigint not null, name text not null, primary key (person_id, name));
create table task (id bigint primary key, person_id bigint not null, says text not null, input jsonb not null, state text not null);
