-- A mail may belong to a thread: it carries its own Message-ID and those before it (RFC 5322, 3.6.4).
-- Why: an answer to it is then known by what it answers.
alter table platform.mail add column message_id text;
alter table platform.mail add column reference_ids text[];
