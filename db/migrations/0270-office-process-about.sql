-- The record that a run is about, so that its timeline leads there and the record tells which run is under way for it.
alter table office.process_run
  add column about_subject text,
  add column about_id uuid,
  add check ((about_subject is null) = (about_id is null));
create index process_run_about on office.process_run (tenant_id, about_id) where about_id is not null;
update office.process_run set
  about_subject = case process
    when 'hire' then 'people.employment'
    when 'leave' then 'people.employment'
    when 'purchase' then 'purchasing.request'
    when 'broken-lift' then 'facilities.workOrder'
    when 'breach' then 'governance.breach' end,
  about_id = case process
    when 'hire' then subject ->> 'employmentId'
    when 'leave' then subject ->> 'employmentId'
    when 'purchase' then subject ->> 'requestId'
    when 'broken-lift' then subject ->> 'workOrderId'
    when 'breach' then subject ->> 'breachId' end::uuid
where process in ('hire', 'leave', 'purchase', 'broken-lift', 'breach');
