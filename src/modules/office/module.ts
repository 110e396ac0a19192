// Office: how work moves. Who answers for what, the inbox of tasks, decisions by a second person, every deadline in one list, and
// what people leave on records.
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { module } from "../../platform/operation/module.ts";
import { routeApprovals } from "./approval/approval.ts";
import { approvalRegister, decideApproval, withdrawApproval } from "./approval/approval.operations.ts";
import { limitRegister, setLimit } from "./approval/limit.operations.ts";
import { deadlineRegister } from "./deadline/deadline.operations.ts";
import { addAttachment, attachmentRegister, removeAttachment } from "./record/attachment.operations.ts";
import { addComment, commentRegister, removeComment } from "./record/comment.operations.ts";
import { applyPreset, responsibilityMap } from "./responsibility/preset.operations.ts";
import { assignResponsibility, endResponsibility, nameActivities, responsibilityRegister } from "./responsibility/responsibility.operations.ts";
import { routeTasks } from "./responsibility/route.ts";
import { chaseLateTasks } from "./task/chase.ts";
import { cancelTask, completeTask, createTask, reassignTask, taskRegister } from "./task/task.operations.ts";

export const office = module({
  name: "office",
  title: "Office",
  needs: ["directory"],
  roles: { "office.manager": "Office manager" },
  activities: { "office.supplies": "Supplies for the office", "office.process": "Processes that lost their owner" },
  registers: [taskRegister, approvalRegister, deadlineRegister, responsibilityRegister, limitRegister, commentRegister, attachmentRegister],
  operations: [
    createTask,
    completeTask,
    reassignTask,
    cancelTask,
    decideApproval,
    withdrawApproval,
    setLimit,
    responsibilityMap,
    assignResponsibility,
    endResponsibility,
    applyPreset,
    nameActivities,
    addComment,
    removeComment,
    addAttachment,
    removeAttachment,
  ],
  schedules: [
    {
      name: "office.route",
      says: "Gives open work to whoever answers for it today: people leave and seats change hands.",
      cron: "15 2 * * *",
      does: async (context) => {
        await routeTasks(context);
        await routeApprovals(context);
      },
    },
    {
      name: "office.chase",
      says: "Reminds of what is late, and from the second time on tells the line.",
      cron: "0 6 * * 1-5",
      does: async (context) => void (await chaseLateTasks(context)),
    },
  ],
  laws: [
    {
      name: "office.taskIsWithSomeone",
      says: "Every open task is with a person.",
      breaks: (context) => titles(context, sql`
        select 'with nobody: ' || title as title from office.task
        where tenant_id = ${context.tenantId} and state = 'open' and person_id is null`),
    },
    {
      name: "office.fourEyes",
      says: "Whoever decides is neither the one who wishes nor whoever acted for them.",
      breaks: (context) => titles(context, sql`
        select 'decided by the one who asked: ' || title as title from office.approval
        where tenant_id = ${context.tenantId} and state in ('approved', 'declined') and decided_by in (requested_by, acted_by)`),
    },
    {
      name: "office.openApprovalHasTask",
      says: "Every open approval waits in the approver's inbox.",
      breaks: (context) => titles(context, sql`
        select 'in nobody''s inbox: ' || a.title as title from office.approval a
        left join office.task t on t.tenant_id = a.tenant_id and t.key = 'approval:' || a.id::text and t.state = 'open'
          and t.person_id = a.approver_id
        where a.tenant_id = ${context.tenantId} and a.state = 'open' and t.id is null`),
    },
  ],
  figures: [
    {
      name: "office.myOpenTasks",
      title: "My open tasks",
      roles: ["anyone"],
      to: "/office/task?filter[state]=open",
      value: (context) => count(context, sql`office.task where tenant_id = ${context.tenantId} and state = 'open' and person_id = ${context.actor.personId}`),
    },
    {
      name: "office.myLateTasks",
      title: "Late",
      roles: ["anyone"],
      to: "/office/task?filter[late]=true",
      value: (context) => count(context, sql`
        office.task where tenant_id = ${context.tenantId} and state = 'open' and person_id = ${context.actor.personId} and due < ${context.today}::date`),
    },
    {
      name: "office.waitingForMyDecision",
      title: "Waiting for my decision",
      roles: ["anyone"],
      to: "/office/approval?filter[state]=open",
      value: (context) => count(context, sql`
        office.approval where tenant_id = ${context.tenantId} and state = 'open' and approver_id = ${context.actor.personId}`),
    },
    {
      name: "office.allLateTasks",
      title: "Late in the whole company",
      roles: ["office.manager"],
      to: "/office/task?filter[late]=true",
      value: (context) => count(context, sql`office.task where tenant_id = ${context.tenantId} and state = 'open' and due < ${context.today}::date`),
    },
  ],
});

async function titles(context: ReadContext, statement: Sql): Promise<string[]> {
  return (await context.db.rows<{ title: string }>(statement)).map((row) => row.title);
}

async function count(context: ReadContext, rows: Sql): Promise<number> {
  return (await context.db.row<{ count: number }>(sql`select count(*)::int as count from ${rows}`)).count;
}
