-- Business calendars: which weekdays are worked and which days are holidays, by region; a site follows one.
create table directory.calendar (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  -- ISO weekdays that are worked, 1 is Monday.
  weekdays integer[] not null default '{1,2,3,4,5}' check (weekdays <@ '{1,2,3,4,5,6,7}' and cardinality(weekdays) > 0),
  primary key (tenant_id, id),
  unique (tenant_id, code)
);
select platform.fence('directory.calendar');

create table directory.holiday (
  tenant_id uuid not null,
  id uuid not null,
  calendar_id uuid not null,
  day date not null,
  name text not null,
  primary key (tenant_id, id),
  unique (tenant_id, calendar_id, day),
  foreign key (tenant_id, calendar_id) references directory.calendar (tenant_id, id)
);
select platform.fence('directory.holiday');

alter table directory.place add column calendar_id uuid;
alter table directory.place add foreign key (tenant_id, calendar_id) references directory.calendar (tenant_id, id);
