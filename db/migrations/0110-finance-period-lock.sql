-- Locks of a period for one area, and exceptions from them that are for one person, until one instant, with a reason.
-- Why: sales, purchase and payroll are done with a month on different days. What is locked stands on the period's own row, which every
-- posting reads `for share`, so that a lock waits for the postings under way; what entered in spite of a lock names its exception for good.

alter table finance.journal add column area text not null default 'ledger' check (area in ('sales', 'purchase', 'payroll', 'ledger'));
alter table finance.period add column locked_areas text[] not null default '{}'
  check (locked_areas <@ array['sales', 'purchase', 'payroll', 'tax', 'ledger']);

-- Books that were opened before get what new ones begin with; the fence steps aside for this one statement.
alter table finance.book no force row level security;
alter table finance.journal no force row level security;
update finance.journal set area = case code when 'SAL' then 'sales' when 'PUR' then 'purchase' when 'PAY' then 'payroll' else 'ledger' end;
insert into finance.journal (tenant_id, id, book_id, code, name, area)
select b.tenant_id, md5(b.id::text || j.code)::uuid, b.id, j.code, j.name, 'ledger'
from finance.book b cross join (values ('OPN', 'Opening balances'), ('CLS', 'Closing of the year')) as j (code, name)
on conflict (tenant_id, book_id, code) do nothing;
alter table finance.book force row level security;
alter table finance.journal force row level security;

create table finance.period_lock (
  tenant_id uuid not null,
  id uuid not null,
  period_id uuid not null,
  area text not null check (area in ('sales', 'purchase', 'payroll', 'tax', 'ledger')),
  -- What stood in the area when it was locked: a law compares, so that nothing enters it unseen.
  locked_entries bigint not null,
  locked_debit bigint not null,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  unlocked_at timestamptz,
  unlocked_by_id uuid,
  unlocked_by_name text,
  unlock_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, period_id) references finance.period (tenant_id, id),
  check ((unlocked_at is null) = (unlock_reason is null) and (unlocked_at is null) = (unlocked_by_name is null))
);
create unique index period_lock_once on finance.period_lock (tenant_id, period_id, area) where unlocked_at is null;
create index period_lock_period on finance.period_lock (tenant_id, period_id, id);
select platform.fence('finance.period_lock');

create table finance.lock_exception (
  tenant_id uuid not null,
  id uuid not null,
  period_id uuid not null,
  area text not null check (area in ('sales', 'purchase', 'payroll', 'tax', 'ledger')),
  person_id uuid not null,
  until timestamptz not null,
  reason text not null,
  granted_by_id uuid,
  granted_by_name text not null,
  granted_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by_name text,
  revoke_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, period_id) references finance.period (tenant_id, id),
  foreign key (tenant_id, person_id) references directory.party (tenant_id, id),
  check ((revoked_at is null) = (revoked_by_name is null))
);
create index lock_exception_person on finance.lock_exception (tenant_id, person_id, period_id) where revoked_at is null;
create index lock_exception_period on finance.lock_exception (tenant_id, period_id);
select platform.fence('finance.lock_exception');

-- That an entry was posted into a locked area, through which lock and by which exception.
create table finance.lock_exception_use (
  tenant_id uuid not null,
  id uuid not null,
  lock_id uuid not null,
  entry_id uuid not null,
  exception_id uuid not null,
  primary key (tenant_id, id),
  constraint lock_exception_use_once unique (tenant_id, lock_id, entry_id),
  foreign key (tenant_id, lock_id) references finance.period_lock (tenant_id, id),
  foreign key (tenant_id, exception_id) references finance.lock_exception (tenant_id, id),
  foreign key (tenant_id, entry_id) references finance.journal_entry (tenant_id, id)
);
create index lock_exception_use_exception on finance.lock_exception_use (tenant_id, exception_id, entry_id);
create index lock_exception_use_entry on finance.lock_exception_use (tenant_id, entry_id);
select platform.fence('finance.lock_exception_use', kept => true);
