// What must hold of the close of every month.
import type { Law } from "../../../platform/operation/module.ts";
import { sql } from "../../../platform/database/sql.ts";
import { law } from "../ledger/laws.ts";

export const closeLaws: readonly Law[] = [
  law(
    "finance.closeTasks",
    "No closing task is done while one that comes before it is open.",
    (tenantId) => sql`
    select 'Task ' || t.title || ' is done, but ' || b.title || ' before it is open' as says
    from finance.close_task t
    join finance.close_task b on b.tenant_id = ${tenantId} and b.period_id = t.period_id and b.key = any(t.requires) and b.state = 'open'
    where t.tenant_id = ${tenantId} and t.state = 'done'`,
  ),
  law(
    "finance.closedWithTasks",
    "A month that was closed from its list has only the tick for the closing itself left.",
    (tenantId) => sql`
    select 'Period ' || p.code || ' is closed, but ' || t.title || ' is open' as says
    from finance.period p
    join finance.close_task t on t.tenant_id = ${tenantId} and t.period_id = p.id and t.state = 'open'
      and t.fact is distinct from 'periodIsClosed'
    where p.tenant_id = ${tenantId} and p.state = 'closed'`,
  ),
];
