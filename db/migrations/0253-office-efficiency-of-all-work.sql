-- Work orders count among all work; requests and work orders are read by the days they came and went, through indexes of their own.
create index work_request_filed on office.request (tenant_id, filed_at);
create index work_request_closed on office.request (tenant_id, closed_at) where closed_at is not null;
create index work_order_reported on facilities.work_order (tenant_id, reported_at);
create index work_order_over on facilities.work_order (tenant_id, coalesce(done_at, closed_at))
  where coalesce(done_at, closed_at) is not null;

alter table office.work_daily drop constraint work_daily_source_check;
alter table office.work_daily add constraint work_daily_source_check
  check (source in ('task', 'step', 'run', 'approval', 'request', 'workOrder'));

-- The rows a day are made anew from the source in the next night; until then every window is read from the source itself.
alter table office.work_rolled no force row level security;
update office.work_rolled set until_day = date '1970-01-01';
alter table office.work_rolled force row level security;
