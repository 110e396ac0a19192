// Chasing what is late: whoever has the task is reminded, and from the second time on their line knows too.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { Notice, WriteContext } from "../../../platform/operation/context.ts";
import { managersOf } from "../../directory/index.ts";

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

/** Reminds of every late task once, then every three days; approvals remind by their own days. Returns how many were chased. */
export async function chaseLateTasks(context: WriteContext): Promise<number> {
  const late = await context.db.rows<Late>(sql`
    select t.id, t.title, t.due, t.person_id, p.name as person, t.is_confidential, t.chased_on from office.task t
    join directory.party p on p.tenant_id = t.tenant_id and p.id = t.person_id
    where t.tenant_id = ${context.tenantId} and t.state = 'open' and t.due < ${context.today}::date
      and t.about_subject is distinct from 'office.approval'
      and (t.chased_on is null or t.chased_on <= ${addDays(context.today, -everyDays)}::date)
    order by t.id`);
  if (late.length === 0) return 0;
  const again = late.filter((task) => task.chasedOn !== null && !task.isConfidential);
  const above = await managersOf(context, [...new Set(again.map((task) => task.personId))], context.today);
  await context.notifyAll([
    ...late.map((task) => noticeOf(task, task.personId, `Late: ${task.title}`)),
    ...again.flatMap((task) => {
      const manager = above.get(task.personId);
      return manager ? [noticeOf(task, manager, `Still late with ${task.person}: ${task.title}`)] : [];
    }),
  ]);
  await context.db.run(sql`
    update office.task set chased_on = ${context.today}
    where tenant_id = ${context.tenantId} and id = any(${late.map((task) => task.id)}::uuid[])`);
  return late.length;

  function noticeOf(task: Late, personId: Id, title: string): Notice {
    // Said once on a day, should the chase itself be run twice.
    const key = `late:${task.id}:${context.today}`;
    const event = personId === task.personId ? "office.task.late" : "office.task.lateBelow";
    return { personId, title, text: `It was due on ${task.due}.`, about: { subject: "office.task", id: task.id }, event, key };
  }
}
