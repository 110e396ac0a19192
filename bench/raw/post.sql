-- The limit: header, two lines and running balances of one entry in one hand-written call, with the foreign keys a careful hand would set.
create table account (id int primary key, name text not null);
create table period (id int primary key, from_day date not null, until_day date not null);
create table entry (id bigint generated always as identity primary key, period_id int not null references period, day date not null,
  text text not null, posted_at timestamptz not null);
create table line (entry_id bigint not null references entry, line_no int not null, account_id int not null references account,
  day date not null, amount bigint not null, primary key (entry_id, line_no));
create index line_account on line (account_id, day);
create table balance (account_id int not null, period_id int not null, debit bigint not null, credit bigint not null,
  primary key (account_id, period_id)) with (fillfactor = 50);
insert into account select i, 'Account ' || i from generate_series(1, 500) i;
insert into period select i, make_date(2026, i, 1), make_date(2026, i, 1) + interval '1 month - 1 day' from generate_series(1, 12) i;

create function post(p_debit int, p_credit int, p_amount bigint, p_day date, p_text text) returns bigint language plpgsql as $$
declare
  made bigint;
  month int := extract(month from p_day);
begin
  insert into entry (period_id, day, text, posted_at) values (month, p_day, p_text, now()) returning id into made;
  insert into line values (made, 1, p_debit, p_day, p_amount), (made, 2, p_credit, p_day, -p_amount);
  insert into balance as b values (least(p_debit, p_credit), month, case when p_debit < p_credit then p_amount else 0 end,
      case when p_debit < p_credit then 0 else p_amount end)
    on conflict (account_id, period_id) do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
  insert into balance as b values (greatest(p_debit, p_credit), month, case when p_debit < p_credit then 0 else p_amount end,
      case when p_debit < p_credit then p_amount else 0 end)
    on conflict (account_id, period_id) do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
  return made;
end $$;
