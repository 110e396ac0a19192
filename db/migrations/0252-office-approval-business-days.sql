-- How long a decision may wait is counted in worked days of whoever is asked: each seat has its own day of a reminder and of going up the
-- line, and is marked once. What waits now keeps the days it was promised.
alter table office.approval_seat
  add column remind_on date,
  add column escalate_on date,
  add column reminded_on date,
  add column escalated_on date;

alter table office.approval_seat no force row level security;
alter table office.approval_step no force row level security;
update office.approval_seat t
set remind_on = s.opened_on + s.remind_days, escalate_on = s.opened_on + s.escalate_days, reminded_on = s.reminded_on,
  escalated_on = s.escalated_on
from office.approval_step s
where s.tenant_id = t.tenant_id and s.approval_id = t.approval_id and s.number = t.number and t.state = 'open';
alter table office.approval_seat force row level security;
alter table office.approval_step force row level security;

create index approval_seat_remind on office.approval_seat (tenant_id, remind_on) where state = 'open' and reminded_on is null;
create index approval_seat_escalate on office.approval_seat (tenant_id, escalate_on) where state = 'open' and escalated_on is null;

alter table office.approval_step drop column reminded_on, drop column escalated_on;
