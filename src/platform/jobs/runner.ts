// Work that comes round by itself, run by graphile-worker on the same database: the modules' schedules for every company, events that
// were left waiting by a crash, and mail.
import { Logger, run, type Runner, type TaskList } from "graphile-worker";
import type { Id } from "../../kernel/id.ts";
import { rowsOn, sql } from "../database/sql.ts";
import type { Pool } from "../database/pool.ts";
import type { Funnel } from "../funnel/funnel.ts";
import { type SendMail, sendWaitingMail } from "../notify/mail.ts";
import { settleEvents } from "./events.ts";

export interface JobParts {
  readonly funnel: Funnel;
  /** The application's pool, fenced by tenant. */
  readonly pool: Pool;
  /** The owner's pool: the queue is the worker's own schema. */
  readonly owner: Pool;
  /** Undefined when no mail server is set: mail then waits in the outbox, where it can be read. */
  readonly sendMail: SendMail | undefined;
  readonly log: (line: string, error?: unknown) => void;
}

export async function allTenants(pool: Pool): Promise<Id[]> {
  const rows = await rowsOn(pool as never).rows<{ tenantId: Id }>(
    sql`select tenant_id from platform.tenant_account where ready_at is not null order by tenant_id`,
  );
  return rows.map((row) => row.tenantId);
}

/** Starts the worker. A failing company or schedule is logged and never keeps the others from running. */
export async function startJobs(parts: JobParts): Promise<Runner> {
  const tasks: TaskList = {};
  const crontab: string[] = [];
  const add = (name: string, cron: string, does: (tenantId: Id) => Promise<unknown>): void => {
    // A crontab line takes no dots in a name.
    const task = name.replaceAll(".", ":");
    tasks[task] = async () => {
      for (const tenantId of await allTenants(parts.pool)) {
        await does(tenantId).catch((error: unknown) => parts.log(`${name} failed for company ${tenantId}`, error));
      }
    };
    crontab.push(`${cron} ${task}`);
  };
  const { sendMail } = parts;
  add("platform.events", "* * * * *", (tenantId) => settleEvents(parts.funnel, tenantId));
  if (sendMail) add("platform.mail", "* * * * *", (tenantId) => sendWaitingMail(parts.funnel, tenantId, sendMail));
  for (const schedule of parts.funnel.registry.schedules) {
    add(schedule.name, schedule.cron, async (tenantId) => {
      await parts.funnel.work(tenantId, schedule.does);
      await settleEvents(parts.funnel, tenantId);
    });
  }
  return run({ pgPool: parts.owner, taskList: tasks, crontab: crontab.join("\n"), concurrency: 2, noHandleSignals: true, logger: quiet });
}

// The worker tells of every job it starts; what fails is logged by us, with the company it failed for.
const quiet = new Logger(() => () => undefined);
