-- What the bank tells: its statements, their lines, and which entry of the books each line was matched with.
-- Why: the key keeps a line from being imported twice while two equal payments stay two; the unique indexes on what is live keep one
-- bank line from being posted twice, and one posting from standing for two bank lines, however many people work at once.

create table finance.bank_statement (
  tenant_id uuid not null,
  id uuid not null,
  bank_account_id uuid not null,
  -- Digest of everything it tells: the same statement once more is known by it.
  key text not null,
  format text not null,
  statement_id text not null,
  sequence text,
  message_id text,
  file_id uuid not null,
  -- Its place in the file.
  position integer not null,
  -- First and last day it tells about.
  from_day date not null,
  until_day date not null,
  -- In minor units of the bank account's currency; a bank may leave a balance out.
  opening bigint,
  opening_day date,
  entries_sum bigint not null,
  closing bigint,
  closing_day date,
  proven boolean not null,
  -- Told during the day, ahead of the statement: nothing of it is posted.
  is_advice boolean not null,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  constraint bank_statement_once unique (tenant_id, bank_account_id, key),
  foreign key (tenant_id, bank_account_id) references finance.bank_account (tenant_id, id),
  check (from_day <= until_day),
  check ((opening is null) = (opening_day is null)),
  check ((closing is null) = (closing_day is null)),
  constraint bank_statement_adds_up check (not proven or closing = opening + entries_sum)
);
create index bank_statement_closing on finance.bank_statement (tenant_id, bank_account_id, closing_day, id) where closing is not null;
select platform.fence('finance.bank_statement', kept => true);

create table finance.bank_line (
  tenant_id uuid not null,
  id uuid not null,
  bank_account_id uuid not null,
  statement_id uuid not null,
  position integer not null,
  -- Digest of what makes it this entry and no other, its occurrence among equal ones included; `alike` leaves the occurrence out.
  key text not null,
  alike text not null,
  state text not null check (state in ('advised', 'unmatched', 'matched', 'posted', 'ignored')),
  day date not null,
  value_day date,
  -- A credit is positive, a debit negative.
  amount bigint not null,
  counterparty_name text,
  counterparty_account text,
  text text not null,
  structured_reference text,
  end_to_end_id text,
  customer_reference text,
  bank_reference text,
  transaction_code text,
  -- The payments that a batch booking stands for: amount in minor units, name, account, text, references.
  payments jsonb not null,
  -- Why it is not to be posted.
  ignore_reason text,
  primary key (tenant_id, id),
  constraint bank_line_once unique (tenant_id, bank_account_id, key),
  foreign key (tenant_id, bank_account_id) references finance.bank_account (tenant_id, id),
  foreign key (tenant_id, statement_id) references finance.bank_statement (tenant_id, id),
  check ((state = 'ignored') = (ignore_reason is not null))
);
create index bank_line_day on finance.bank_line (tenant_id, bank_account_id, day, id);
create index bank_line_open on finance.bank_line (tenant_id, bank_account_id, day, id) where state = 'unmatched';
create index bank_line_alike on finance.bank_line (tenant_id, bank_account_id, alike);
create index bank_line_statement on finance.bank_line (tenant_id, statement_id);
create index bank_line_counterparty on finance.bank_line (tenant_id, counterparty_account) where counterparty_account is not null;
select platform.fence('finance.bank_line');

-- That a bank line is settled, by what evidence and by whom. Ended by unmatching, never removed.
create table finance.bank_match (
  tenant_id uuid not null,
  id uuid not null,
  bank_line_id uuid not null,
  kind text not null check (kind in ('party', 'account', 'booked')),
  party_id uuid,
  reasons text[] not null,
  -- Found and posted by the house itself.
  is_automatic boolean not null,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  ended_at timestamptz,
  ended_by_name text,
  primary key (tenant_id, id),
  foreign key (tenant_id, bank_line_id) references finance.bank_line (tenant_id, id),
  check ((ended_at is null) = (ended_by_name is null))
);
create unique index bank_match_once on finance.bank_match (tenant_id, bank_line_id) where ended_at is null;
create index bank_match_party on finance.bank_match (tenant_id, party_id) where ended_at is null and party_id is not null;
select platform.fence('finance.bank_match');

-- The lines in the books, on the ledger account of the bank account, that together are the bank line.
create table finance.bank_match_part (
  tenant_id uuid not null,
  match_id uuid not null,
  journal_line_id uuid not null,
  entry_id uuid not null,
  -- Null for a part that was booked straight to an account.
  payment_id uuid,
  -- Booked by this match, so unmatching takes it back; otherwise it stood in the books before.
  is_own boolean not null,
  is_live boolean not null,
  primary key (tenant_id, match_id, journal_line_id),
  foreign key (tenant_id, match_id) references finance.bank_match (tenant_id, id),
  foreign key (tenant_id, journal_line_id) references finance.journal_line (tenant_id, id),
  foreign key (tenant_id, payment_id) references finance.payment (tenant_id, id)
);
create unique index bank_match_part_once on finance.bank_match_part (tenant_id, journal_line_id) where is_live;
create index bank_match_part_entry on finance.bank_match_part (tenant_id, entry_id);
select platform.fence('finance.bank_match_part');
