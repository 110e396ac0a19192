-- Matching at scale: the keys a bank line can be found by, lines that wait for an answer, twins that a booked line replaces, and rules.
-- Why: keys are made once at import, so that a hundred thousand lines meet their open items in one join; a line on hold has a person
-- and a day; what was only told ahead is never dropped silently; a rule posts nothing before it was tried on what happened.

alter table finance.bank_line drop constraint bank_line_state_check;
alter table finance.bank_line
  add constraint bank_line_state_check check (state in ('advised', 'unmatched', 'held', 'matched', 'posted', 'ignored', 'replaced')),
  -- Numbers that stand in its texts, as matching compares them; null until they were made.
  add column reference_keys text[],
  -- Why it waits, until when, and the task of whoever was asked.
  add column held_reason text,
  add column held_task_id uuid,
  add column held_until date,
  -- The booked line that took the place of this one, which was only told ahead.
  add column replaced_by_id uuid,
  add column replaced_reason text,
  add constraint bank_line_held check ((state = 'held') = (held_reason is not null and held_until is not null)),
  add constraint bank_line_replaced check ((state = 'replaced') = (replaced_by_id is not null and replaced_reason is not null)),
  add constraint bank_line_replaced_by foreign key (tenant_id, replaced_by_id) references finance.bank_line (tenant_id, id);
drop index finance.bank_line_open;
drop index finance.bank_line_counterparty;
create index bank_line_open on finance.bank_line (tenant_id, bank_account_id, day, id) where state in ('unmatched', 'held');
create index bank_line_advised on finance.bank_line (tenant_id, bank_account_id, day) where state = 'advised';
alter table finance.bank_line
  add column counterparty_number text generated always as (upper(regexp_replace(counterparty_account, '[^A-Za-z0-9]+', '', 'g'))) stored;
create index bank_line_counterparty_number on finance.bank_line (tenant_id, counterparty_number) where counterparty_number is not null;

-- Numbers as they compare, in columns of their own: an index on an expression is not used behind row-level security.
drop index finance.open_item_reference_key;
drop index finance.open_item_reference_digits;
alter table finance.open_item
  add column reference_key text generated always as (upper(regexp_replace(reference, '[^A-Za-z0-9]+', '', 'g'))) stored,
  add column reference_digits text generated always as (regexp_replace(reference, '[^0-9]+', '', 'g')) stored;
create index open_item_reference_key on finance.open_item (tenant_id, reference_key) where open_amount <> 0;
create index open_item_reference_digits on finance.open_item (tenant_id, reference_digits) where open_amount <> 0;
create index party_bank_account on directory.party (tenant_id, bank_account) where bank_account is not null;

create table finance.bank_rule (
  tenant_id uuid not null,
  id uuid not null,
  name text not null check (name <> ''),
  state text not null check (state in ('draft', 'tried', 'enabled', 'retired')),
  -- The first rule that fits a line is the one that counts.
  position integer not null,
  -- Null for every bank account.
  bank_account_id uuid,
  direction text check (direction in ('in', 'out')),
  -- All of these words stand in the text; any of them in the name.
  text_words text[] not null,
  name_words text[] not null,
  account_number text,
  -- Without sign, in minor units of the bank account's currency.
  amount_from bigint,
  amount_until bigint,
  account_id uuid not null,
  unit_id uuid,
  party_id uuid,
  tax_code_id uuid,
  dimensions jsonb not null,
  text text,
  tried_at timestamptz,
  tried_by_name text,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  constraint bank_rule_name unique (tenant_id, name),
  foreign key (tenant_id, bank_account_id) references finance.bank_account (tenant_id, id),
  foreign key (tenant_id, account_id) references finance.account (tenant_id, id),
  check (cardinality(text_words) > 0 or cardinality(name_words) > 0 or account_number is not null),
  check (amount_from is null or amount_until is null or amount_from <= amount_until),
  constraint bank_rule_tried check (state <> 'enabled' or tried_at is not null)
);
select platform.fence('finance.bank_rule');

alter table finance.bank_match
  add column rule_id uuid,
  add constraint bank_match_rule foreign key (tenant_id, rule_id) references finance.bank_rule (tenant_id, id);

-- Which evidence goes first for a bank account; without a row the usual order holds.
create table finance.bank_match_order (
  tenant_id uuid not null,
  bank_account_id uuid not null,
  kinds text[] not null,
  primary key (tenant_id, bank_account_id),
  foreign key (tenant_id, bank_account_id) references finance.bank_account (tenant_id, id)
);
select platform.fence('finance.bank_match_order');

-- Matches are written by the ten thousand; what they name is read in the same statement, and a law verifies it.
alter table finance.bank_match_part
  drop constraint bank_match_part_tenant_id_match_id_fkey,
  drop constraint bank_match_part_tenant_id_journal_line_id_fkey,
  drop constraint bank_match_part_tenant_id_payment_id_fkey;
