-- The limit for a month's end, by sets: what assets lose, accruals and their mirrors, every item in another currency valued anew and
-- taken back, the month shut, and the proof that balances are what the lines add up to. Entries are posted by the call of post.sql.
create table depreciation (asset_id int not null, month int not null, amount bigint not null, entry_id bigint,
  primary key (asset_id, month));
create index depreciation_due on depreciation (month) where entry_id is null;
create table foreign_item (id int primary key, day date not null, currency_amount bigint not null, carrying bigint not null);
create table revalued (month int not null, item_id int not null, currency_amount bigint not null, carrying bigint not null,
  rate numeric not null, value bigint not null, primary key (month, item_id));
create table closed_month (month int primary key, entries bigint not null, debit bigint not null);

create function month_end(p_month int, p_accruals int, p_rate numeric) returns boolean language plpgsql as $$
declare
  until date := make_date(2026, p_month, 1) + interval '1 month - 1 day';
  made bigint;
  gain bigint;
  loss bigint;
begin
  made := post(1, 2, (select sum(amount) from depreciation where month = p_month and entry_id is null)::bigint, until, 'Depreciation');
  update depreciation set entry_id = made where month = p_month and entry_id is null;
  for place in 1..p_accruals loop
    perform post(3, 4, 1000 + place, until, 'Accrual'), post(4, 3, 1000 + place, until + 1, 'Accrual back');
  end loop;
  insert into revalued
  select p_month, id, currency_amount, carrying, p_rate, round(currency_amount * p_rate)::bigint from foreign_item where day <= until;
  select sum(greatest(value - carrying, 0)), sum(greatest(carrying - value, 0)) into gain, loss from revalued where month = p_month;
  if gain > 0 then
    perform post(5, 6, gain, until, 'Gain'), post(6, 5, gain, until + 1, 'Gain back');
  end if;
  if loss > 0 then
    perform post(7, 5, loss, until, 'Loss'), post(5, 7, loss, until + 1, 'Loss back');
  end if;
  insert into closed_month
  select p_month, count(distinct e.id), sum(greatest(l.amount, 0)) from entry e join line l on l.entry_id = e.id
  where e.period_id = p_month;
  return not exists (
    select from (select account_id, sum(debit - credit) as amount from balance group by 1) b
    full join (select account_id, sum(amount) as amount from line group by 1) l using (account_id)
    where b.amount is distinct from l.amount);
end $$;
