// How old the newest backup is: what a status page shows, and an alarm asks.
import type { Id } from "../../kernel/id.ts";
import { type Rows, sql } from "../database/sql.ts";

export interface LastBackup {
  /** The newest backup that was made, or undefined when there is none yet. */
  readonly made: MadeBackup | undefined;
  /** Set when a later one failed. */
  readonly failed: { readonly at: Date; readonly failure: string } | undefined;
  /** Until when the write-ahead log is put by, so that the house can be brought back to any moment; undefined where it is not. */
  readonly logAt: Date | undefined;
  /** Whether putting the log by does not succeed at present. */
  readonly isLogFailing: boolean;
}

export interface MadeBackup {
  readonly at: Date;
  readonly place: string;
  readonly seconds: number;
  readonly bytes: bigint;
  readonly isVerified: boolean;
  readonly isEncrypted: boolean;
}

/** What is known of a company's backups. */
export async function lastBackup(db: Rows, tenantId: Id): Promise<LastBackup> {
  const newest = (isMade: boolean) => sql`
    (select at, place, seconds, bytes, is_verified, is_encrypted, failure from platform.backup
      where tenant_id = ${tenantId} and (failure is null) = ${isMade} order by at desc, id desc limit 1)`;
  const rows = await db.rows<MadeBackup & { failure: string | null }>(sql`${newest(true)} union all ${newest(false)}`);
  const made = rows.find((row) => row.failure === null);
  const failed = rows.find((row) => row.failure !== null);
  const log = await db.row<{ archivedAt: Date | null; failing: boolean }>(sql`
    select last_archived_time as archived_at, coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as failing
    from pg_stat_archiver`);
  return {
    made: made && { ...made },
    failed: failed?.failure && (!made || failed.at > made.at) ? { at: failed.at, failure: failed.failure } : undefined,
    logAt: log.archivedAt ?? undefined,
    isLogFailing: log.failing,
  };
}
