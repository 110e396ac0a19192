// Work orders among all work of the house, for its figures: reported, begun and done, with the minutes that were written down.
import { sql } from "../../platform/database/sql.ts";
import { countsAsWork } from "../office/index.ts";

countsAsWork(
  "facilities.workOrder",
  (context, which) => sql`
  select w.id, 'workOrder', w.id, 'workOrder', 'facilities.maintenance', w.number || ' ' || w.title, 'facilities.workOrder', w.id,
    w.assignee_id, w.reported_at, w.started_at, coalesce(w.done_at, w.closed_at), w.state = 'cancelled', 0, false, true, l.minutes, w.due,
    case when w.done_at is not null then w.done_at::date <= w.due end
  from facilities.work_order w
  left join lateral (select sum(x.minutes)::int as minutes from facilities.labour x
    where x.tenant_id = ${context.tenantId} and x.work_order_id = w.id) l on true
  where w.tenant_id = ${context.tenantId} and ${which(sql`w.reported_at`, sql`coalesce(w.done_at, w.closed_at)`)}`,
);
