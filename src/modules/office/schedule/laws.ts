// What must always hold of schedules.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Law } from "../../../platform/operation/module.ts";

const listed = async (context: ReadContext, statement: Sql): Promise<string[]> =>
  (await context.db.rows<{ says: string }>(statement)).map((row) => row.says);

export const scheduleLaws: readonly Law[] = [
  {
    name: "office.scheduleIsNotBehind",
    says: "What is due by a schedule is open two days after it was to open at the latest.",
    // What was planned into the past just now waits for the next look, which is due; a look that does not come is late itself.
    breaks: (context) =>
      listed(
        context,
        sql`select s.title || ' is due on ' || min(o.due) || ' and was not opened' as says from office.schedule s
          join office.occurrence o on o.tenant_id = s.tenant_id and o.schedule_id = s.id and o.state = 'planned'
            and o.opens_at < ${context.now}::timestamptz - interval '2 days'
          where s.tenant_id = ${context.tenantId} and s.state = 'running' and s.meter_combine is distinct from 'and'
            and (s.look_at between ${context.now}::timestamptz - interval '2 days' and ${context.now}::timestamptz) is not true
            and not (s.meter_id is not null and exists (select from office.occurrence x
              where x.tenant_id = s.tenant_id and x.schedule_id = s.id and x.state = 'open'))
          group by s.id, s.title order by s.title`,
      ),
  },
  {
    name: "office.endedScheduleIsQuiet",
    says: "A schedule that is paused or has ended plans nothing.",
    breaks: (context) =>
      listed(
        context,
        sql`select distinct s.title || ' is ' || s.state || ' and still plans' as says from office.schedule s
          join office.occurrence o on o.tenant_id = s.tenant_id and o.schedule_id = s.id and o.state = 'planned'
          where s.tenant_id = ${context.tenantId} and s.state <> 'running'`,
      ),
  },
  {
    name: "office.openOccurrenceHasWork",
    says: "What a schedule opened by a task is open as long as the task is.",
    breaks: (context) =>
      listed(
        context,
        sql`select s.title || ' of ' || o.due || ' waits for a task that is ' || t.state as says from office.occurrence o
          join office.schedule s on s.tenant_id = o.tenant_id and s.id = o.schedule_id
          join office.task t on t.tenant_id = o.tenant_id and t.id = o.result_id and t.state <> 'open'
            and t.closed_at < ${context.now}::timestamptz - interval '1 day'
          where o.tenant_id = ${context.tenantId} and o.state = 'open' and o.result_subject = 'office.task'`,
      ),
  },
];
