-- The limit for matching a bank's lines with open items, by sets: one item whose reference stands in the line and of which as much is
-- open, paid by no other line. A payment for each, its entry, two lines and their balances; the item closed, the line marked.
create table bank_line (id bigint primary key, round int not null, day date not null, amount bigint not null, keys text[] not null,
  item_id bigint, entry_id bigint);
create index on bank_line (round) where entry_id is null;
create table payment (id bigint generated always as identity primary key, bank_line_id bigint not null, party_id int not null,
  day date not null, amount bigint not null, entry_id bigint not null);

create function matched(p_round int) returns table (line_id bigint, item_id bigint, party_id int, day date, amount bigint)
language sql as $$
  with wish as (
    select l.id as line_id, i.id as item_id, i.party_id, l.day, l.amount, count(*) over (partition by l.id) as items,
      count(*) over (partition by i.id) as lines
    from (select id, l.day, l.amount, unnest(keys) as key from bank_line l where round = p_round and entry_id is null) l
    join item i on i.reference = l.key and i.open_amount = l.amount and i.open_amount <> 0
  )
  select line_id, item_id, party_id, day, amount from wish where items = 1 and lines = 1
$$;

create function match_all(p_round int) returns bigint language plpgsql as $$
declare
  found bigint;
begin
  create temp table made on commit drop as
    select m.*, 3000000000 + m.line_id as entry_id from matched(p_round) m;
  analyze made;
  insert into entry (id, period_id, day, text, posted_at) overriding system value
    select entry_id, extract(month from day)::int, day, 'Payment', now() from made;
  insert into line
    select m.entry_id, s.n, s.n, m.day, case s.n when 1 then m.amount else -m.amount end
    from made m cross join generate_series(1, 2) as s (n);
  insert into balance as b
    select s.n, extract(month from m.day)::int, sum(case s.n when 1 then m.amount else 0 end), sum(case s.n when 2 then m.amount else 0 end)
    from made m cross join generate_series(1, 2) as s (n) group by 1, 2
    on conflict (account_id, period_id) do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
  insert into payment (bank_line_id, party_id, day, amount, entry_id) select line_id, party_id, day, amount, entry_id from made;
  insert into settled (item_id, day, amount) select item_id, day, amount from made;
  update item i set open_amount = 0 from made m where i.id = m.item_id;
  update bank_line l set item_id = m.item_id, entry_id = m.entry_id from made m where l.id = m.line_id;
  get diagnostics found = row_count;
  return found;
end $$;
