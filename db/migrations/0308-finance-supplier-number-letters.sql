-- A supplier's number compares by its letters and digits, whatever the alphabet.
-- Why: the keys kept only a to z, so that the bills А-12 and Б-12 of a supplier in Sofia, or Α-7 and Β-7 of one in Athens, were one bill
-- entered twice. What is kept already is worked out anew where a number has other letters; a key only grows, so none meets another.
alter table finance.bill drop constraint bill_supplier_number_key_check;

alter table finance.bill no force row level security;
do $$
declare
  -- Which letters there are and how they look small, the database knows by a collation; the oldest servers have only the C library's.
  knowing text := (select c.collname from pg_collation c where c.collname in ('pg_c_utf8', 'und-x-icu', 'C.utf8')
    order by array_position(array['pg_c_utf8', 'und-x-icu', 'C.utf8'], c.collname::text) limit 1);
begin
  execute format(
    $update$update finance.bill
      set supplier_number_key = replace(
        lower(regexp_replace(normalize(supplier_number, nfkc) collate %1$I, '[^[:alnum:]]', '', 'g') collate %1$I), 'ς', 'σ')
      where supplier_number ~ '[^\x01-\x7f]'$update$,
    coalesce(knowing, 'default'));
end $$;
alter table finance.bill force row level security;

alter table finance.bill
  add constraint bill_supplier_number_key_check
    check (supplier_number_key <> '' and supplier_number_key !~ '[\x01-\x2f\x3a-\x60\x7b-\x7f]');
