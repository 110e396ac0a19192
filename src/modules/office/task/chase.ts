// Chasing what is late: whoever has the task is reminded, and from the second time on their line knows too.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { managerOf } from "../../directory/index.ts";

const everyDays = 3;

interface Late {
  readonly id: Id;
  readonly title: string;
  readonly due: Day;
  readonly personId: Id;
  readonly person: string;
  readonly isConfidential: boolean;
  readonly chasedOn: Day | null;
}

/** Reminds of every late task once, then every three days. Returns how many were chased. */
export async function chaseLateTasks(context: WriteContext): Promise<number> {
  const late = await context.db.rows<Late>(sql`
    select t.id, t.title, t.due, t.person_id, p.name as person, t.is_confidential, t.chased_on from office.task t
    join directory.party p on p.tenant_id = t.tenant_id and p.id = t.person_id
    where t.tenant_id = ${context.tenantId} and t.state = 'open' and t.due < ${context.today}::date
      and (t.chased_on is null or t.chased_on <= ${addDays(context.today, -everyDays)}::date)
    order by t.id`);
  for (const task of late) await chase(context, task);
  await context.db.run(sql`
    update office.task set chased_on = ${context.today}
    where tenant_id = ${context.tenantId} and id = any(${late.map((task) => task.id)}::uuid[])`);
  return late.length;
}

async function chase(context: WriteContext, task: Late): Promise<void> {
  const about = { subject: "office.task", id: task.id };
  const text = `It was due on ${task.due}.`;
  await context.notify({ personId: task.personId, title: `Late: ${task.title}`, text, about, mail: true });
  if (task.chasedOn === null || task.isConfidential) return;
  const above = await managerOf(context, task.personId, context.today);
  if (above) await context.notify({ personId: above, title: `Still late with ${task.person}: ${task.title}`, text, about });
}
