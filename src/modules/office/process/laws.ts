// What must always hold of processes under way, and how many are late.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Process } from "./process.ts";
import { lookingIn } from "./survey.ts";
import type { Figure, Law } from "../../../platform/operation/module.ts";

export const processLaws: readonly Law[] = [
  {
    name: "process.stepHasOwner",
    says: "Every open step of a process under way is with a person.",
    breaks: (context) =>
      broken(
        context,
        sql`
          select x.title || ': nobody sees to ' || s.title as words from office.process_step s
          join office.process_run x on x.tenant_id = s.tenant_id and x.id = s.run_id
          left join office.task t on t.tenant_id = s.tenant_id and t.id = s.task_id and t.state = 'open'
          where s.tenant_id = ${context.tenantId} and x.state = 'open' and s.state = 'open' and t.person_id is null`,
      ),
  },
  {
    name: "process.closedRunLeavesNoTask",
    says: "A process that is over leaves no open task behind.",
    breaks: (context) =>
      broken(
        context,
        sql`
          select 'open although the process is over: ' || t.title as words from office.task t
          join office.process_run x on x.tenant_id = t.tenant_id and x.id = t.about_id and t.about_subject = 'process.run'
          where t.tenant_id = ${context.tenantId} and t.state = 'open' and t.kind = 'step' and x.state in ('done', 'ended')`,
      ),
  },
  {
    name: "process.runGoesOn",
    says: "No process is held up by a fault.",
    breaks: (context) =>
      broken(
        context,
        sql`
          select title || ': ' || problem as words from office.process_run
          where tenant_id = ${context.tenantId} and state in ('open', 'unwinding') and problem is not null`,
      ),
  },
];

/** A fact that looked into an identifier would be true of a stand-in and of nobody else; until it is written anew each run is asked. */
export const factsOnlyHandOn = (definitions: ReadonlyMap<string, Process>): Law => ({
  name: "process.factsOnlyHandOn",
  says: "What a process asks of its records hands identifiers on and never looks into one.",
  breaks: async (context) =>
    (await lookingIn(definitions, context)).map(
      (name) =>
        `${name}: looks into an identifier. Hand it to SQL as it is, compare it there or by ===, and take order, parts and text from ` +
        "what the records say.",
    ),
});

export const processFigures: readonly Figure[] = [
  {
    name: "process.stuck",
    title: "Processes that are stuck",
    roles: ["office.manager"],
    to: "/r/process/run?filter[state]=open&sort=-late",
    value: (context) =>
      count(
        context,
        sql`select id from office.process_run
          where tenant_id = ${context.tenantId} and state in ('open', 'unwinding') and problem is not null`,
      ),
  },
  {
    name: "process.cycleDays",
    title: "Days a process takes, last 90 days",
    roles: ["office.manager"],
    to: "/r/process/run?filter[state]=done",
    value: async (context) => {
      const { days } = await context.db.row<{ days: string | null }>(sql`
        select round(avg(closed_on - started_on), 1)::text as days from office.process_run
        where tenant_id = ${context.tenantId} and state = 'done' and closed_on > ${context.today}::date - 90`);
      return days ?? "–";
    },
  },
  {
    name: "process.openRuns",
    title: "Processes under way",
    roles: ["office.manager"],
    to: "/r/process/run?filter[state]=open",
    value: (context) =>
      count(context, sql`select id from office.process_run where tenant_id = ${context.tenantId} and state in ('open', 'unwinding')`),
  },
  {
    name: "process.lateSteps",
    title: "Late steps of processes",
    roles: ["office.manager"],
    to: "/r/process/step?filter[late]=true",
    value: (context) =>
      count(
        context,
        sql`
          select s.id from office.process_step s
          join office.process_run x on x.tenant_id = s.tenant_id and x.id = s.run_id
          where s.tenant_id = ${context.tenantId} and x.state = 'open' and s.state in ('open', 'waiting')
            and s.due < ${context.today}::date`,
      ),
  },
];

async function broken(context: ReadContext, rows: Sql): Promise<string[]> {
  return (await context.db.rows<{ words: string }>(rows)).map((row) => row.words);
}

async function count(context: ReadContext, rows: Sql): Promise<number> {
  return (await context.db.row<{ count: number }>(sql`select count(*)::int as count from (${rows}) r`)).count;
}
