-- A block keeps which rows it was sealed over, each with its own hash: 16 bytes of identifier and 32 of SHA-256, in the order of the seal.
-- Why: the hash of a block says that something was bent; with its rows it says which one, also offline. Null in blocks sealed before.
alter table platform.audit_block add column sealed_rows bytea;
