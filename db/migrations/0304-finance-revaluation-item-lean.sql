-- Items of a revaluation come by tens of thousands in one statement with their run, and neither is ever taken away: one key is enough, in
-- the order in which open items are read. That every item has its run is a law (finance.revaluationItems).
drop index finance.revaluation_item_run;
drop index finance.revaluation_item_subject;
alter table finance.revaluation_item
  drop constraint revaluation_item_pkey,
  drop constraint revaluation_item_tenant_id_revaluation_id_fkey,
  drop column id,
  add primary key (tenant_id, revaluation_id, subject_id);
