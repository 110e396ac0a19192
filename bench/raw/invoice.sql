-- The limit for a whole invoice: gapless number from a locked row, header, line, tax, open item, three ledger lines and their balances.
create table series (id int primary key, last bigint not null);
insert into series values (1, 0);
create table invoice (id bigint generated always as identity primary key, number bigint not null unique, customer_id int not null,
  day date not null, due_day date not null, net bigint not null, tax bigint not null, entry_id bigint not null);
create table invoice_line (invoice_id bigint not null, line_no int not null, description text not null, quantity numeric(18, 6) not null,
  unit_price bigint not null, net bigint not null, account_id int not null, primary key (invoice_id, line_no));
create table tax_line (invoice_id bigint not null, tax_code int not null, base bigint not null, tax bigint not null,
  primary key (invoice_id, tax_code));
create table open_item (id bigint generated always as identity primary key, invoice_id bigint not null, customer_id int not null,
  due_day date not null, amount bigint not null, open bigint not null);
create index open_item_customer on open_item (customer_id, due_day) where open <> 0;

create function issue(p_customer int, p_day date, p_price bigint, p_quantity numeric, p_text text) returns bigint language plpgsql as $$
declare
  drawn bigint;
  entry_made bigint;
  invoice_made bigint;
  month int := extract(month from p_day);
  net bigint := round(p_price * p_quantity);
  tax bigint := round(net * 0.19);
begin
  insert into entry (period_id, day, text, posted_at) values (month, p_day, p_text, now()) returning id into entry_made;
  insert into line values (entry_made, 1, 1, p_day, net + tax), (entry_made, 2, 2, p_day, -net), (entry_made, 3, 3, p_day, -tax);
  insert into balance as b values (1, month, net + tax, 0), (2, month, 0, net), (3, month, 0, tax)
    on conflict (account_id, period_id) do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
  update series set last = last + 1 where id = 1 returning last into drawn;
  insert into invoice (number, customer_id, day, due_day, net, tax, entry_id)
    values (drawn, p_customer, p_day, p_day + 30, net, tax, entry_made) returning id into invoice_made;
  insert into invoice_line values (invoice_made, 1, p_text, p_quantity, p_price, net, 2);
  insert into tax_line values (invoice_made, 1, net, tax);
  insert into open_item (invoice_id, customer_id, due_day, amount, open) values (invoice_made, p_customer, p_day + 30, net + tax,
    net + tax);
  return invoice_made;
end $$;
