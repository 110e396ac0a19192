-- Open items are found by the number a payer writes, whatever spaces, dashes and case they use: INV-2026-00012, inv 2026/00012, 202600012.
create index open_item_reference_key on finance.open_item
  (tenant_id, (upper(regexp_replace(reference, '[^A-Za-z0-9]+', '', 'g')))) where open_amount <> 0;
create index open_item_reference_digits on finance.open_item
  (tenant_id, (regexp_replace(reference, '[^0-9]+', '', 'g'))) where open_amount <> 0;
create index open_item_amount on finance.open_item (tenant_id, open_amount) where open_amount <> 0;
