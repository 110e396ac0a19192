-- Who did what that a rule about conflicting duties names, so that looking back some days reads these few rows and not the whole trail.
create table office.duty_deed (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  operation text not null,
  at timestamptz not null,
  primary key (tenant_id, id)
);
create index duty_deed_person on office.duty_deed (tenant_id, person_id, operation, at desc);
select platform.fence('office.duty_deed', kept => true);
