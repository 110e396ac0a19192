-- A revaluation is taken back the next day, whatever its day, and no longer stands until the end of its period: what was settled in between
-- counted twice. So a period may have several; no two of one set of books stand on the same day.

drop index finance.revaluation_once;
alter table finance.revaluation
  drop column period_id,
  add constraint revaluation_once exclude using gist (tenant_id with =, book_id with =, daterange(day, back_day) with &&)
    where (state = 'posted');
