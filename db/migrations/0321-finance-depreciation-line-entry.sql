-- From an entry to the lines of depreciation it booked: who asks what stands behind a figure does not read those of all assets.

create index depreciation_line_entry on finance.depreciation_line (tenant_id, entry_id) where entry_id is not null;
