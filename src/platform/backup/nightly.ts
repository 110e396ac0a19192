// What a house with the embedded database does by itself: puts its log by, and takes a backup every night.
import type { HouseWork } from "../jobs/runner.ts";
import type { Pool } from "../database/pool.ts";
import type { HouseDatabase } from "../database/open.ts";
import { keepLog } from "./log-keeper.ts";
import { backupsIn } from "./manifest.ts";
import { type BackupPlan, logFolderOf } from "./place.ts";
import { backUp } from "./record.ts";
import { clearAway } from "./retention.ts";
import type { Source } from "./take.ts";

interface Parts {
  /** Undefined when the house is not to back itself up. */
  readonly plan: BackupPlan | undefined;
  readonly database: HouseDatabase;
  readonly owner: Pool;
  readonly secretFile: string;
  readonly log: (line: string) => void;
}

export interface OwnBackups {
  readonly work: readonly HouseWork[];
  /** Soon after the first start, so that not a whole day passes without one. */
  first(): void;
  /** To be called when the database has stopped: what it wrote last is put by too. */
  stop(): Promise<void>;
}

const firstMilliseconds = 10 * 60_000;

export function keepBackups({ plan, database, owner, secretFile, log }: Parts): OwnBackups {
  const { embedded } = database;
  if (!plan || !embedded?.log) return { work: [], first: () => undefined, stop: async () => undefined };
  const { spool, lineage } = embedded.log;
  const keeper = keepLog({ spool, folder: logFolderOf(plan.place, lineage), key: plan.key, log });
  const source: Source = { connection: database.owner, cluster: embedded.cluster, lineage, secretFile };
  const backup = async (): Promise<void> => {
    await backUp(source, plan.place, plan.key, owner);
    await clearAway(plan.place, plan);
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    work: [{ name: "platform.backup", cron: plan.cron, does: backup }],
    first: () => {
      timer = setTimeout(() => {
        backupsIn(plan.place)
          .then((known) => (known.some(({ manifest }) => manifest.lineage === lineage) ? undefined : backup()))
          .catch((error: unknown) => log(`The first backup failed: ${(error as Error).message}`));
      }, firstMilliseconds).unref();
    },
    stop: () => {
      clearTimeout(timer);
      return keeper.stop();
    },
  };
}
