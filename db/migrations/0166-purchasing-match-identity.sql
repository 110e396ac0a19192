-- Nothing is erased by a reference: a line that leaves a bill is let go of by purchasing itself, when it looks at the bill anew.
alter table purchasing.bill_match drop constraint bill_match_tenant_id_bill_line_id_fkey;
