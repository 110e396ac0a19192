-- What was brought over from the old books is looked through whenever a bill is entered, so that it is not owed twice. It belongs to no
-- document, as little else does, so that this stays small beside all the items of a supplier.
create index open_item_brought on finance.open_item (tenant_id, party_id) where document_id is null;
