-- What an exchange rate was before it was corrected, so that a revaluation shown as known at an earlier moment uses the rate of then.

create table finance.exchange_rate_before (
  tenant_id uuid not null,
  id uuid not null,
  base text not null,
  currency text not null,
  kind text not null,
  day date not null,
  rate numeric(30, 12) not null,
  source text not null,
  -- Known from then until it was corrected.
  at timestamptz not null,
  until_at timestamptz not null,
  primary key (tenant_id, id)
);
create index exchange_rate_before_day on finance.exchange_rate_before (tenant_id, day);
select platform.fence('finance.exchange_rate_before', kept => true);
