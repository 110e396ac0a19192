// Where backups are kept and for how long, as the environment says.
import { join, resolve } from "node:path";
import { type BackupKey, backupKeyFrom } from "./cipher.ts";
import { no } from "./no.ts";

export interface BackupPlan {
  /** The folder of the backups. */
  readonly place: string;
  readonly key: BackupKey | undefined;
  /** How many backups are kept: the newest of each of so many days, and of so many weeks. */
  readonly days: number;
  readonly weeks: number;
  /** When the nightly backup is made, as cron has it, in UTC. */
  readonly cron: string;
  /** The write-ahead log is put by at least so often while something is written. */
  readonly logSeconds: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where backups go by default. Better is another disk. */
export const placeIn = (environment: Environment, dataFolder: string): string =>
  resolve(
    environment["HEARTWOOD_BACKUP"] && environment["HEARTWOOD_BACKUP"] !== "off"
      ? environment["HEARTWOOD_BACKUP"]
      : join(dataFolder, "backup"),
  );

/** The plan of a house, or undefined when `HEARTWOOD_BACKUP=off`. */
export function backupPlanFrom(environment: Environment, dataFolder: string): BackupPlan | undefined {
  if (environment["HEARTWOOD_BACKUP"] === "off") return undefined;
  const [, days = "", weeks = ""] = /^(\d{1,3}),(\d{1,3})$/.exec(environment["HEARTWOOD_BACKUP_KEEP"] ?? "7,4") ?? [];
  if (Number(days) < 1 || weeks === "")
    throw no("backupKeepMalformed", "HEARTWOOD_BACKUP_KEEP is how many days and weeks to keep, like 7,4");
  const [, hour = "", minute = ""] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(environment["HEARTWOOD_BACKUP_TIME"] ?? "02:30") ?? [];
  if (hour === "") throw no("backupTimeMalformed", "HEARTWOOD_BACKUP_TIME is an hour of the day in UTC, like 02:30");
  const logSeconds = Number(environment["HEARTWOOD_BACKUP_LOG_SECONDS"] ?? 60);
  if (!Number.isInteger(logSeconds) || logSeconds < 1 || logSeconds > 3600) {
    throw no("backupLogMalformed", "HEARTWOOD_BACKUP_LOG_SECONDS is a whole number of seconds from 1 to 3600");
  }
  return {
    place: placeIn(environment, dataFolder),
    key: backupKeyFrom(environment["HEARTWOOD_BACKUP_KEY"]),
    days: Number(days),
    weeks: Number(weeks),
    cron: `${Number(minute)} ${Number(hour)} * * *`,
    logSeconds,
  };
}

/** Where the log of one lineage is put by: the unbroken log of one database folder, from its first start on. */
export const logFolderOf = (place: string, lineage: string): string => join(place, "log", lineage);
