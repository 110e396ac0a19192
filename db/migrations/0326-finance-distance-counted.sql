-- Which units of its year a distance counts as: [0,100) are the first hundred. Why kept: what was sent keeps the rate it was sent at, and
-- what a distance that was taken off had counted as is free again for the next. A multirange cannot overlap itself.

alter table finance.expense_line add column counted nummultirange;

alter table finance.expense_line no force row level security;
alter table finance.expense_claim no force row level security;
alter table finance.mileage_rate no force row level security;
-- What was entered before counts in the order of its entering, as it was worked out.
update finance.expense_line l set counted = nummultirange(numrange(trim_scale(k.until - l.distance), trim_scale(k.until)))
from (
  select l.tenant_id, l.id, sum(l.distance) over (
    partition by l.tenant_id, l.person_id, l.vehicle,
      extract(year from l.day) - (to_char(l.day, 'MM-DD') < coalesce(r.year_begins, '01-01'))::int
    order by l.id) as until
  from finance.expense_line l
  join finance.expense_claim c on c.tenant_id = l.tenant_id and c.id = l.claim_id
  left join lateral (
    select m.year_begins from finance.mileage_rate m
    where m.tenant_id = l.tenant_id and m.book_id = c.book_id and m.vehicle = l.vehicle and m.from_day <= l.day
    order by m.from_day desc, m.above limit 1) r on true
  where l.kind = 'mileage') k
where l.tenant_id = k.tenant_id and l.id = k.id;
alter table finance.mileage_rate force row level security;
alter table finance.expense_claim force row level security;
alter table finance.expense_line force row level security;

alter table finance.expense_line add check ((kind = 'mileage') = (counted is not null));
