// Work that comes round by itself, run by graphile-worker on the same database: the modules' schedules for every company, events that
// were left waiting by a crash, and mail.
import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { Logger, run, type TaskList, type WorkerEvents } from "graphile-worker";
import type { Id } from "../../kernel/id.ts";
import { rowsOn, sql } from "../database/sql.ts";
import type { Pool } from "../database/pool.ts";
import type { Funnel } from "../funnel/funnel.ts";
import { type LinkFor, type SendMail, sendWaitingMail } from "../notify/mail.ts";
import { settleEvents } from "./events.ts";

/** Work of the house as a whole, not of one company. */
export interface HouseWork {
  readonly name: string;
  /** Five fields of cron, in UTC. */
  readonly cron: string;
  readonly does: () => Promise<void>;
}

export interface JobParts {
  readonly funnel: Funnel;
  /** The application's pool, fenced by tenant. */
  readonly pool: Pool;
  /** The owner's pool: the queue is the worker's own schema. */
  readonly owner: Pool;
  /** Undefined when no mail server is set: mail then waits in the outbox, where it can be read. */
  readonly sendMail: SendMail | undefined;
  /** Where a reader stops mails of a kind. */
  readonly unsubscribeLink?: LinkFor;
  readonly houseWork?: readonly HouseWork[];
  readonly log: (line: string, error?: unknown) => void;
}

export async function allTenants(pool: Pool): Promise<Id[]> {
  const rows = await rowsOn(pool as never).rows<{ tenantId: Id }>(
    sql`select tenant_id from platform.tenant_account where ready_at is not null order by tenant_id`,
  );
  return rows.map((row) => row.tenantId);
}

export interface Jobs {
  /** Lets what is running come to its end. */
  stop(): Promise<void>;
}

const restartMilliseconds = 2_000;

/**
 * Starts the worker, and starts it again when it gave up because the database was away for long. A failing company or schedule is logged
 * and never keeps the others from running.
 */
export async function startJobs(parts: JobParts): Promise<Jobs> {
  const { taskList, crontab } = workOf(parts);
  const own: string[] = [];
  const begin = async () => {
    await freeOrphans(parts.owner, own);
    const events: WorkerEvents = new EventEmitter();
    events.on("pool:create", ({ workerPool }) => own.push(workerPool.id));
    return run({ pgPool: parts.owner, taskList, crontab, concurrency: 2, noHandleSignals: true, logger: quiet, events, preset });
  };
  const over = new AbortController();
  let runner = await begin();
  const keep = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await runner.promise.catch((error: unknown) => parts.log("the worker stopped", error));
      await pause(restartMilliseconds, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
      if (over.signal.aborted) return;
      runner = await begin().catch((error: unknown) => {
        parts.log("the worker does not start yet", error);
        return runner;
      });
    }
  };
  const kept = keep();
  return {
    stop: async () => {
      over.abort();
      // It may have given up by itself just now.
      await runner.stop().catch(() => undefined);
      await kept;
    },
  };
}

/**
 * The worker says in the background that a job is done or failed, and by default nobody waits for that word: without a connection it would
 * be a promise that nobody catches, and a stop could overtake it. Sent in batches, even of one, its failure ends the worker, which we start
 * again, and a stop waits for it.
 */
const preset = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };

/**
 * A worker that was killed leaves its jobs locked, and nobody would take them up for hours. What this process's own earlier workers locked
 * is free, and when no other server listens for jobs, whoever locked any is dead.
 */
async function freeOrphans(owner: Pool, own: readonly string[]): Promise<void> {
  const { known } = await rowsOn(owner).row<{ known: boolean }>(
    sql`select to_regclass('graphile_worker._private_jobs') is not null as known`,
  );
  if (!known) return;
  await rowsOn(owner).run(sql`
    select graphile_worker.force_unlock_workers(
      array(select distinct locked_by from graphile_worker._private_jobs
            where locked_by is not null
              and (locked_by = any(${own}::text[]) or not exists (
                select from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and query like 'LISTEN "jobs:insert"%'))))`);
}

function workOf(parts: JobParts): { taskList: TaskList; crontab: string } {
  const taskList: TaskList = {};
  const crontab: string[] = [];
  const add = (name: string, cron: string, does: (tenantId: Id) => Promise<unknown>): void => {
    // A crontab line takes no dots in a name.
    const task = name.replaceAll(".", ":");
    taskList[task] = async (payload, { addJob }) => {
      const { tenantId: only } = payload as { tenantId?: Id };
      if (only) return void (await does(only));
      for (const tenantId of await allTenants(parts.pool)) {
        await does(tenantId).catch(async (error: unknown) => {
          parts.log(`${name} failed for company ${tenantId}`, error);
          // What does not come round soon is tried again for this company alone, with growing pauses.
          if (isDaily(cron)) await addJob(task, { tenantId }, { jobKey: `${task}:${tenantId}`, maxAttempts: 12 });
        });
      }
    };
    crontab.push(`${cron} ${task}${isDaily(cron) ? missedOnce(task) : ""}`);
  };
  const { sendMail } = parts;
  add("platform.events", "* * * * *", (tenantId) => settleEvents(parts.funnel, tenantId));
  if (sendMail) add("platform.mail", "* * * * *", (tenantId) => sendWaitingMail(parts.funnel, tenantId, sendMail, parts.unsubscribeLink));
  for (const schedule of parts.funnel.registry.schedules) {
    add(schedule.name, schedule.cron, async (tenantId) => {
      await parts.funnel.work(tenantId, schedule.does);
      await settleEvents(parts.funnel, tenantId);
    });
  }
  for (const { name, cron, does } of parts.houseWork ?? []) {
    const task = name.replaceAll(".", ":");
    taskList[task] = () =>
      does().catch((error: unknown) => {
        parts.log(`${name} failed`, error);
        // The worker tries again, with growing pauses.
        throw error;
      });
    crontab.push(`${cron} ${task}${missedOnce(task)}`);
  }
  return { taskList, crontab: crontab.join("\n") };
}

/** Comes round once a day or more rarely. */
const isDaily = (cron: string): boolean => /^\d+ \d+ /.test(cron);

// What a house that was switched off at night has missed is done once when it is back.
const missedOnce = (task: string): string => ` ?fill=1d&jobKey=${task}&jobKeyMode=replace`;

// The worker tells of every job it starts; what fails is logged by us, with the company it failed for.
const quiet = new Logger(() => () => undefined);
