-- What a depreciation schedule was at an earlier moment.
-- Why: lines to come are planned anew with every revision, and lines that were booked become plans again when that is taken back. To show a
-- schedule as it read then, a line says since when it has been so, and what it was before stays here. Nothing said: since ever.

alter table finance.depreciation_line
  add column made_at timestamptz,
  add column booked_at timestamptz;

create table finance.depreciation_line_before (
  tenant_id uuid not null,
  -- The line that it was.
  id uuid not null,
  plan_id uuid not null,
  from_day date not null,
  until_day date not null,
  amount bigint not null,
  kind text not null,
  units numeric(18, 6),
  entry_id uuid,
  made_at timestamptz,
  -- Null for a line that was only planned.
  booked_at timestamptz,
  -- Known from then until it was planned otherwise or taken back.
  until_at timestamptz not null,
  primary key (tenant_id, id, until_at)
);
create index depreciation_line_before_plan on finance.depreciation_line_before (tenant_id, plan_id, until_at);
select platform.fence('finance.depreciation_line_before', kept => true);

alter table finance.asset_revision
  add column start_before date,
  -- Of a disposal that was taken back.
  add column disposed_before date,
  add column disposal_entry_before uuid;
