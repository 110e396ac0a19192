-- Working hours: what a calendar works each weekday, from which day on; other hours for one day; and who follows which calendar.
-- Hours are minutes since midnight of the day a shift begins on; past 1440 they run into the next day. A multirange cannot overlap itself.
alter table directory.calendar add column zone text;
alter table directory.calendar add column is_company boolean not null default false;
-- One calendar holds for the company where no nearer one does.
create unique index calendar_company on directory.calendar (tenant_id) where is_company;

create table directory.calendar_week (
  tenant_id uuid not null,
  calendar_id uuid not null,
  from_day date not null,
  weekday integer not null check (weekday between 1 and 7),
  hours int4multirange not null check (not isempty(hours) and lower(hours) between 0 and 1439 and upper(hours) <= 2880),
  primary key (tenant_id, calendar_id, from_day, weekday),
  foreign key (tenant_id, calendar_id) references directory.calendar (tenant_id, id)
);
select platform.fence('directory.calendar_week');

-- A day that is unlike its weekday: closed when it has no hours, whatever weekday or holiday it is.
create table directory.calendar_exception (
  tenant_id uuid not null,
  id uuid not null,
  calendar_id uuid not null,
  day date not null,
  name text not null check (name <> ''),
  hours int4multirange not null check (isempty(hours) or lower(hours) between 0 and 1439 and upper(hours) <= 2880),
  primary key (tenant_id, id),
  unique (tenant_id, calendar_id, day),
  foreign key (tenant_id, calendar_id) references directory.calendar (tenant_id, id)
);
select platform.fence('directory.calendar_exception');

alter table directory.unit add column calendar_id uuid;
alter table directory.unit add foreign key (tenant_id, calendar_id) references directory.calendar (tenant_id, id);
alter table directory.legal_entity add column calendar_id uuid;
alter table directory.legal_entity add foreign key (tenant_id, calendar_id) references directory.calendar (tenant_id, id);
