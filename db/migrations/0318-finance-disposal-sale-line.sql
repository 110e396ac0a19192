-- The line of the invoice that an asset was sold with.
-- Why: the same sale brought the proceeds of any number of disposals, each a gain that was never made. A line serves one disposal at a
-- time; one that is taken back frees it. Nothing said: scrapped, sold without an invoice of ours, or disposed of before this was kept.

alter table finance.fixed_asset
  add column disposal_invoice_line_id uuid,
  add constraint fixed_asset_disposal_line_of foreign key (tenant_id, disposal_invoice_line_id)
    references finance.invoice_line (tenant_id, id),
  add constraint fixed_asset_disposal_line_when check (disposal_invoice_line_id is null or disposed_on is not null);
create unique index fixed_asset_disposal_line on finance.fixed_asset (tenant_id, disposal_invoice_line_id)
  where disposal_invoice_line_id is not null;
