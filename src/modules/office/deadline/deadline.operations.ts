// Every day that must not pass in one list: deadlines of the departments, open tasks, and steps of processes still to come.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { Day, Id, ref } from "../../../platform/operation/field.ts";
import { anyone } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";

export const deadlineRegister = register({
  name: "office.deadline",
  title: "Deadlines",
  does: "Everything that is due: deadlines, tasks and steps of processes. Everyone sees their own; the office manager sees all.",
  may: ["office.manager", anyone],
  row: z.object({
    id: Id,
    title: z.string(),
    due: Day,
    late: z.boolean(),
    state: z.enum(["open", "met", "cancelled"]),
    source: z.enum(["deadline", "task", "step"]),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    activity: z.string().nullable(),
    aboutSubject: z.string().nullable(),
    aboutId: Id.nullable(),
  }),
  label: "title",
  search: ["title"],
  sort: "due",
  sees: (context) => sql`r.person_id = ${context.actor.personId}`,
  from: (context) => sql`
    select d.id, d.title, d.due, d.state = 'open' and d.due < ${context.today}::date as late, d.state, d.source, d.person_id,
      p.name as person, d.activity, d.about_subject, d.about_id
    from (
      select id, title, due, state, 'deadline' as source, person_id, activity, about_subject, about_id
      from office.deadline where tenant_id = ${context.tenantId}
      union all
      select id, title, due, 'open', 'task', person_id, activity, coalesce(about_subject, 'office.task'), coalesce(about_id, id)
      from office.task where tenant_id = ${context.tenantId} and state = 'open'
        and (not is_confidential or person_id = ${context.actor.personId} or ${context.holds("owner")})
      union all
      select s.id, s.title || ' – ' || x.title, s.due, 'open', 'step', case when s.activity is null then x.person_id end, s.activity,
        'process.run', x.id
      from office.process_step s
      join office.process_run x on x.tenant_id = s.tenant_id and x.id = s.run_id
      where s.tenant_id = ${context.tenantId} and x.state = 'open' and s.state = 'waiting'
    ) d
    left join directory.party p on p.tenant_id = ${context.tenantId} and p.id = d.person_id`,
});
