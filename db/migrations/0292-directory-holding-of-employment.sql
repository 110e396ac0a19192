-- A seat that an employment brought with it follows that employment: nobody changes it by hand behind the employment's back.
alter table directory.holding add column of_employment boolean not null default false;

alter table directory.holding no force row level security;
alter table people.assignment no force row level security;
update directory.holding h set of_employment = true
where exists (select from people.assignment a where a.tenant_id = h.tenant_id and a.holding_id = h.id);
alter table directory.holding force row level security;
alter table people.assignment force row level security;
