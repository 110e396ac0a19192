// The processes of the house as a module: their runs, their steps, and the engine that looks after them.
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { module, type Module } from "../../../platform/operation/module.ts";
import { react, sweep } from "./engine.ts";
import type { Process } from "./process.ts";
import { runRegister, stepRegister, timelineOf } from "./process.operations.ts";

/** @throws Error at start when two processes share a name. */
export function processModule(processes: readonly Process[]): Module {
  const definitions = new Map(processes.map((one) => [one.name, one]));
  if (definitions.size < processes.length) throw new Error("two processes share a name");
  return module({
    name: "process",
    title: "Processes",
    needs: ["office", "directory"],
    roles: {},
    activities: { "office.process": "Processes that lost their owner" },
    registers: [runRegister, stepRegister],
    operations: [timelineOf(definitions)],
    reactions: [{ to: "*", does: (event, context) => react(definitions, event, context) }],
    schedules: [
      {
        name: "process.sweep",
        says: "Looks at every process under way, because days pass without an event.",
        cron: "30 2 * * *",
        does: (context) => sweep(definitions, context),
      },
    ],
    laws: [
      {
        name: "process.stepHasOwner",
        says: "Every open step of a process under way is with a person.",
        breaks: async (context) => {
          const broken = await context.db.rows<{ title: string; run: string }>(sql`
            select s.title, x.title as run from office.process_step s
            join office.process_run x on x.tenant_id = s.tenant_id and x.id = s.run_id
            left join office.task t on t.tenant_id = s.tenant_id and t.id = s.task_id and t.state = 'open'
            where s.tenant_id = ${context.tenantId} and x.state = 'open' and s.state = 'open' and t.person_id is null`);
          return broken.map((row) => `${row.run}: nobody sees to ${row.title}`);
        },
      },
      {
        name: "process.closedRunLeavesNoTask",
        says: "A process that is over leaves no open task behind.",
        breaks: async (context) => {
          const broken = await context.db.rows<{ title: string }>(sql`
            select t.title from office.task t
            join office.process_run x on x.tenant_id = t.tenant_id and x.id = t.about_id and t.about_subject = 'process.run'
            where t.tenant_id = ${context.tenantId} and t.state = 'open' and t.kind = 'step' and x.state in ('done', 'ended')`);
          return broken.map((row) => `open although the process is over: ${row.title}`);
        },
      },
      {
        name: "process.runGoesOn",
        says: "No process is held up by a fault.",
        breaks: async (context) => {
          const broken = await context.db.rows<{ title: string; problem: string }>(sql`
            select title, problem from office.process_run
            where tenant_id = ${context.tenantId} and state in ('open', 'unwinding') and problem is not null`);
          return broken.map((row) => `${row.title}: ${row.problem}`);
        },
      },
    ],
    figures: [
      {
        name: "process.lateSteps",
        title: "Late steps of processes",
        roles: ["office.manager"],
        to: "/process/step?filter[late]=true",
        value: lateSteps,
      },
      {
        name: "process.openRuns",
        title: "Processes under way",
        roles: ["office.manager"],
        to: "/process/run?filter[state]=open",
        value: async (context) =>
          (await context.db.row<{ count: number }>(sql`
            select count(*)::int as count from office.process_run where tenant_id = ${context.tenantId} and state in ('open', 'unwinding')`)).count,
      },
    ],
  });
}

async function lateSteps(context: ReadContext): Promise<number> {
  const { count } = await context.db.row<{ count: number }>(sql`
    select count(*)::int as count from office.process_step s
    join office.process_run x on x.tenant_id = s.tenant_id and x.id = s.run_id
    where s.tenant_id = ${context.tenantId} and x.state = 'open' and s.state in ('open', 'waiting') and s.due < ${context.today}::date`);
  return count;
}
