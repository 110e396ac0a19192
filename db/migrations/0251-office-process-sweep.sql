-- The nightly look at processes reads what is under way in the order of its identifiers, page by page, and nothing that is over.
create index process_run_live on office.process_run (tenant_id, id) where state in ('open', 'unwinding');
