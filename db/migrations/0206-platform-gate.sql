-- Which state of its rules a company's gate is in. Read with the beginning of every write, so that companies without rules pay nothing:
-- no row means that nothing is held back, and the same stamp that what was read before still holds.
create table platform.gate (
  tenant_id uuid primary key,
  stamp uuid not null
);
select platform.fence('platform.gate');
