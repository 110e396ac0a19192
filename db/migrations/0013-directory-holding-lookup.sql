-- Who sits in a seat and where a person sits is asked with every list; the exclusion indexes answer it, but slowly.
create index holding_position on directory.holding (tenant_id, position_id);
create index holding_person on directory.holding (tenant_id, person_id);
