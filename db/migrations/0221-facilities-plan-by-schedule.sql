-- Maintenance plans come round by the office's schedules: one engine instead of two. A plan keeps what is serviced; its schedule, under the
-- same identifier, keeps when. The work orders made so far become the schedule's past. The fence steps aside, as for every statement over
-- all companies.
alter table facilities.maintenance_plan no force row level security;
alter table facilities.work_order no force row level security;
alter table directory.place no force row level security;
alter table office.schedule no force row level security;
alter table office.occurrence no force row level security;

insert into office.schedule (tenant_id, id, key, title, says, kind, operation, input, person_id, about_subject, about_id,
  start_at, whole_day,
  zone, rule, also, except_at, anchor, lead_days, horizon_days, missed, missed_max, shift, state, last_day, planned_until, look_at)
select p.tenant_id, p.id, 'facilities.maintenancePlan:' || p.id, p.title, p.says, 'workOrder', 'facilities.workOrder.openPlanned',
  jsonb_build_object('maintenancePlanId', p.id), p.person_id, 'facilities.maintenancePlan', p.id, p.first_day, true, t.zone,
  coalesce(regexp_replace(p.rule, '^RRULE:', ''), 'FREQ=MONTHLY;INTERVAL=' || p.every_months || ';BYMONTHDAY=' ||
    case extract(day from p.first_day)::int when 29 then '28,29;BYSETPOS=-1' when 30 then '28,29,30;BYSETPOS=-1'
      when 31 then '28,29,30,31;BYSETPOS=-1' else extract(day from p.first_day)::int::text end),
  '{}', '{}', 'fixed', least(p.lead_days, 365), greatest(least(p.lead_days, 365), 60), 'once', 1, 'none',
  case when p.next_due is null or p.next_due > p.last_day then 'ended' else 'running' end, p.last_day,
  case when p.next_due is not null then p.next_due - 1 + time '23:59:59' end,
  case when p.next_due is null or p.next_due > p.last_day then null else timestamptz '2026-01-01 00:00:00+00' end
from facilities.maintenance_plan p
join platform.tenant_account t on t.tenant_id = p.tenant_id;

insert into office.occurrence (tenant_id, id, schedule_id, scheduled, due, opens_at, state, opened_at, result_subject, result_id, closed_at,
  closed_on)
select w.tenant_id, md5(w.id::text || 'occurrence')::uuid, w.plan_id, w.occurrence, w.due, w.reported_at,
  case w.state when 'cancelled' then 'skipped' when 'done' then 'done' when 'closed' then 'done' else 'open' end, w.reported_at,
  'facilities.workOrder', w.id, coalesce(w.done_at, w.closed_at), coalesce(w.done_at, w.closed_at)::date
from facilities.work_order w where w.plan_id is not null;

alter table facilities.maintenance_plan force row level security;
alter table facilities.work_order force row level security;
alter table directory.place force row level security;
alter table office.schedule force row level security;
alter table office.occurrence force row level security;

drop index facilities.maintenance_plan_due;
alter table facilities.maintenance_plan
  drop column first_day, drop column every_months, drop column rule, drop column lead_days, drop column next_due, drop column last_day,
  add column checklist jsonb not null default '[]',
  -- An inspection that a law asks for, and which.
  add column is_statutory boolean not null default false,
  add column legal_basis text,
  add check (is_statutory or legal_basis is null);
