-- What is taken off what is owed without being paid: discounts offered or given by hand, on both sides, and debts written off. Tax that
-- waits for the payment never falls due for it.
-- Why one table: each is an entry that settles an item, holds as long as its settlement, and takes its tax back with it.

alter table finance.discount_taken
  add column kind text not null default 'discount' check (kind in ('discount', 'writeOff')),
  -- Tax that waited was dropped with it.
  add column drops_tax boolean not null default false,
  -- Why a debt was written off.
  add column reason text,
  add constraint discount_taken_reason check (kind <> 'writeOff' or reason is not null);
alter table finance.discount_taken alter column kind drop default, alter column drops_tax drop default;

-- So much of the document, in its currency, was taken off and will not be paid: its share of the tax never falls due.
alter table finance.tax_pending add column dropped bigint not null default 0 check (dropped >= 0);
