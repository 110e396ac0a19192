-- The last day before the terms of a plan were changed.
-- Why: a revision is prospective (IAS 8.36): what was left then is spread over what remained then, and what was lost before stays. Whenever
-- the lines are planned anew, this day tells where that began. Nothing said: the terms are those from the start, or were changed before
-- this was kept.

alter table finance.asset_plan add column revised_after date;
