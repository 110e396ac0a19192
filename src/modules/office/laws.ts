// What must always hold in the office, and the figures that everyone's Today begins with.
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import type { Figure, Law } from "../../platform/operation/module.ts";
import { mine } from "./approval/approval.register.ts";

export const officeLaws: readonly Law[] = [
  {
    name: "office.taskIsWithSomeone",
    says: "Every open task is with a person.",
    breaks: (context) => broken(context, openTasks(context, sql`person_id is null`)),
  },
  {
    name: "office.fourEyes",
    says: "Whoever decides is neither the one who wishes nor whoever acted for them.",
    breaks: (context) =>
      broken(context, approvals(context, sql`a.state in ('approved', 'declined') and a.decided_by in (a.requested_by, a.acted_by)`)),
  },
];

export const officeFigures: readonly Figure[] = [
  {
    name: "office.myOpenTasks",
    title: "My open tasks",
    roles: ["anyone"],
    to: "/r/office/task?filter[state]=open&filter[mine]=true",
    value: (context) => count(context, openTasks(context, sql`person_id = ${context.actor.personId}`)),
  },
  {
    name: "office.myLateTasks",
    title: "Late",
    roles: ["anyone"],
    to: "/r/office/task?filter[late]=true&filter[mine]=true",
    value: (context) => count(context, openTasks(context, sql`person_id = ${context.actor.personId} and due < ${context.today}::date`)),
  },
  {
    name: "office.waitingForMyDecision",
    title: "Waiting for my decision",
    roles: ["anyone"],
    to: "/r/office/approval?filter[mine]=true",
    value: (context) => count(context, approvals(context, mine(context))),
  },
  {
    name: "office.allOpenTasks",
    title: "Open in the whole company",
    roles: ["office.manager"],
    to: "/r/office/task?filter[state]=open&sort=due",
    value: (context) => count(context, openTasks(context, sql`true`)),
  },
  {
    name: "office.allLateTasks",
    title: "Late in the whole company",
    roles: ["owner", "office.manager"],
    to: "/r/office/task?filter[late]=true",
    value: (context) => count(context, openTasks(context, sql`due < ${context.today}::date`)),
  },
];

const openTasks = (context: ReadContext, which: Sql): Sql =>
  sql`select title from office.task where tenant_id = ${context.tenantId} and state = 'open' and ${which}`;

const approvals = (context: ReadContext, which: Sql): Sql =>
  sql`select a.title from office.approval a where a.tenant_id = ${context.tenantId} and ${which}`;

async function broken(context: ReadContext, rows: Sql): Promise<string[]> {
  return (await context.db.rows<{ title: string }>(rows)).map((row) => row.title);
}

async function count(context: ReadContext, rows: Sql): Promise<number> {
  return (await context.db.row<{ count: number }>(sql`select count(*)::int as count from (${rows}) r`)).count;
}
