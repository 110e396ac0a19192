// How the house is, part by part: what was seen is judged well, worth a look or broken, with what it means and what to do next. Pure.
import type { ScannerSeen } from "../files/scanner.ts";

export type Condition = "well" | "look" | "broken";

export interface Finding {
  readonly name: string;
  readonly title: string;
  readonly state: Condition;
  /** What was seen and what it means. */
  readonly says: string;
  /** What to do next; nothing while all is well. */
  readonly next: string | null;
  /** Where in the app it is seen or mended. */
  readonly to: string | null;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const gigabyte = 1024 ** 3;

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** "1 job waits", "2 jobs wait". */
const subject = (n: number, one: string, does: string, do_: string): string => `${count(n, one)} ${n === 1 ? does : do_}`;

/** How long ago in words, rounded down: "3 hours". */
export function ageText(milliseconds: number): string {
  if (milliseconds < 2 * minute) return "a moment";
  if (milliseconds < 2 * hour) return count(Math.floor(milliseconds / minute), "minute");
  if (milliseconds < 2 * day) return count(Math.floor(milliseconds / hour), "hour");
  return count(Math.floor(milliseconds / day), "day");
}

export function sizeText(bytes: number): string {
  const steps: readonly [number, string][] = [
    [gigabyte, "GB"],
    [1024 ** 2, "MB"],
    [1024, "kB"],
  ];
  const [size, unit] = steps.find(([step]) => Math.abs(bytes) >= step) ?? [1, "bytes"];
  const amount = bytes / size;
  return `${Math.abs(amount) < 10 && size > 1 ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}

type Judged = Pick<Finding, "state" | "says"> & { readonly next?: string };
const finding = (name: string, title: string, to: string | null, { state, says, next }: Judged): Finding => ({
  name,
  title,
  state,
  says,
  next: next ?? null,
  to,
});

export interface JobsSeen {
  readonly waiting: number;
  readonly failing: number;
  readonly failed: number;
  /** Of the job that has waited longest beyond its time. */
  readonly overdueMilliseconds: number;
  /** The newest failure. */
  readonly failure: { readonly task: string; readonly words: string } | undefined;
  /** Events that no department could be told of. */
  readonly untold: number;
}

export function jobsFinding(seen: JobsSeen): Finding {
  return finding("jobs", "Jobs", "/r/platform/job", judgedJobs(seen));
}

function judgedJobs({ waiting, failing, failed, overdueMilliseconds, failure, untold }: JobsSeen): Judged {
  const last = failure ? ` Last: ${failure.task}: ${failure.words}` : "";
  if (overdueMilliseconds > hour) {
    const late = ageText(overdueMilliseconds);
    const says = `${subject(waiting, "job", "waits", "wait")}, the oldest for ${late} beyond its time: nobody works them off.`;
    return { state: "broken", says, next: "Start Heartwood again; if that does not help, look into its log." };
  }
  if (failed > 0 || untold > 0) {
    const parts = [
      failed > 0 && `${count(failed, "job")} failed for good.${last}`,
      untold > 0 && `${count(untold, "event")} reached nobody.`,
    ];
    const next =
      failed > 0 ? "Open the job, mend what its last error names, then retry or discard it." : "Check the laws: they name the events.";
    return { state: "broken", says: parts.filter(Boolean).join(" "), next };
  }
  if (failing > 0) {
    const says = `${count(failing, "job")} failed and will be tried again.${last}`;
    return { state: "look", says, next: "Read the last error. What mends itself is tried again with growing pauses." };
  }
  return { state: "well", says: waiting > 0 ? `${subject(waiting, "job", "waits", "wait")} for the right time.` : "No job waits." };
}

export interface ScheduleSeen {
  readonly says: string;
  /** Five fields of cron. */
  readonly cron: string;
  /** When it was last asked for, or since when it is known. */
  readonly at: Date | undefined;
}

/** The longest pause between two rounds of a schedule. */
export function pauseMilliseconds(cron: string): number {
  const [, hours = "*", date = "*", month = "*", weekday = "*"] = cron.split(" ");
  if (month !== "*") return 366 * day;
  if (date !== "*") return 31 * day;
  if (weekday !== "*") return 7 * day;
  if (/^\d+(,\d+)*$/.test(hours)) return day;
  return hours === "*" && /^(\*|\*\/\d+)$/.test(cron.split(" ")[0]!) ? hour / 4 : day;
}

export function schedulesFinding(schedules: readonly ScheduleSeen[], now: Date): Finding {
  const known = schedules.filter(({ at }) => at !== undefined);
  const late = known.filter(({ at, cron }) => now.getTime() - at!.getTime() > 2 * pauseMilliseconds(cron));
  if (known.length === 0) {
    const next = "Start Heartwood as a server, not only its command line.";
    return finding("schedules", "Schedules", null, { state: "look", says: "No schedule has run yet.", next });
  }
  if (late.length > 0) {
    const says = `${late.length} of ${schedules.length} schedules are late, first: ${late[0]!.says}`;
    return finding("schedules", "Schedules", null, { state: "broken", says, next: "Start Heartwood again, and look into its log." });
  }
  const newest = Math.max(...known.map(({ at }) => at!.getTime()));
  const says = `${count(schedules.length, "schedule")} ran in time, the last ${ageText(now.getTime() - newest)} ago.`;
  return finding("schedules", "Schedules", null, { state: "well", says });
}

export interface MailSeen {
  /** Whether the house knows a mail server at all. */
  readonly isSent: boolean;
  readonly waiting: number;
  readonly failed: number;
  readonly unsure: number;
  readonly oldestMilliseconds: number;
  readonly failure: string | null;
}

export function mailFinding({ isSent, waiting, failed, unsure, oldestMilliseconds, failure }: MailSeen): Finding {
  const of = (judged: Judged): Finding => finding("mail", "Mail", "/r/platform/mail", judged);
  if (failed > 0) {
    const says = `The mail server declined ${count(failed, "mail")}.${failure ? ` It said: ${failure}` : ""}`;
    return of({ state: "broken", says, next: "Correct the address or the mail server, then send it again from its record." });
  }
  if (waiting > 0 && !isSent) {
    const says = `No mail server is set, so ${subject(waiting, "mail", "stays", "stay")} in the outbox.`;
    return of({ state: "look", says, next: "Name the mail server in SMTP_URL and start Heartwood again." });
  }
  if (waiting > 0 && oldestMilliseconds > hour) {
    const says = `${subject(waiting, "mail", "waits", "wait")} to leave, the oldest for ${ageText(oldestMilliseconds)}.`;
    return of({ state: "broken", says, next: "See whether the mail server answers, and look into the log of Heartwood." });
  }
  if (unsure > 0) {
    const says = `Of ${count(unsure, "mail")} nobody knows whether it left: something broke off while it was handed over.`;
    return of({ state: "look", says, next: "Ask a receiver, then send it again from its record or leave it." });
  }
  return of({ state: "well", says: waiting > 0 ? `${subject(waiting, "mail", "is", "are")} about to leave.` : "Every mail has left." });
}

export interface BackupSeen {
  readonly made: { readonly at: Date; readonly isVerified: boolean } | undefined;
  readonly failed: { readonly failure: string } | undefined;
  readonly isLogFailing: boolean;
  readonly isDemo: boolean;
}

export function backupFinding({ made, failed, isLogFailing, isDemo }: BackupSeen, now: Date): Finding {
  const of = (judged: Judged): Finding => finding("backup", "Backup", "/r/platform/backup", judged);
  const make = "Make one now: heartwood backup. Then let it be made every day.";
  if (!made) {
    const says = failed
      ? `There is no backup yet; the last try failed: ${failed.failure}`
      : "There is no backup yet: a lost disk loses it all.";
    return of({ state: isDemo ? "look" : "broken", says, next: make });
  }
  const age = now.getTime() - made.at.getTime();
  const says = `The newest backup is ${ageText(age)} old${made.isVerified ? " and was read again" : ""}.`;
  if (failed)
    return of({
      state: "broken",
      says: `${says} A later one failed: ${failed.failure}`,
      next: "Mend what it names, then: heartwood backup",
    });
  if (age > 7 * day) return of({ state: "broken", says, next: make });
  if (isLogFailing) {
    return of({
      state: "look",
      says: `${says} The log since then cannot be put by.`,
      next: "See whether the place for backups can be written.",
    });
  }
  if (age > 26 * hour) return of({ state: "look", says, next: make });
  if (!made.isVerified) return of({ state: "look", says: `${says} It was not read again.`, next: "Verify it: heartwood backup verify" });
  return of({ state: "well", says });
}

export interface DiskSeen {
  readonly free: number;
  readonly total: number;
}

export function diskFinding(disk: DiskSeen | undefined): Finding {
  const of = (judged: Judged): Finding => finding("disk", "Disk", null, judged);
  if (!disk) return of({ state: "well", says: "The database runs on a server of its own; its disk is watched there." });
  const share = Math.floor((disk.free / disk.total) * 100);
  const says = `${sizeText(disk.free)} of ${sizeText(disk.total)} are free, ${share} %.`;
  const next = "Make room on the server's disk or give it a larger one. When it is full, nothing can be written.";
  if (share < 5 || disk.free < gigabyte) return of({ state: "broken", says, next });
  return share < 15 ? of({ state: "look", says, next }) : of({ state: "well", says });
}

export function scannerFinding(seen: ScannerSeen | undefined, now: Date): Finding {
  const of = (judged: Judged): Finding => finding("scanner", "Virus scanner", null, judged);
  if (!seen) return of({ state: "well", says: "No virus scanner is set: files that people bring in are kept unscanned." });
  const { version, knownAt } = seen;
  if (version === undefined) {
    const next = "Start clamd again, or correct HEARTWOOD_CLAMD and start Heartwood again.";
    return of({ state: "broken", says: "The virus scanner does not answer, so no file is taken in.", next });
  }
  if (!knownAt) return of({ state: "well", says: `${version} looks through every file that is brought in.` });
  const age = now.getTime() - knownAt.getTime();
  const says = `${version} looks through every file that is brought in; what it knows is ${ageText(age)} old.`;
  return age > 7 * day ? of({ state: "look", says, next: "See why freshclam does not bring it up to date." }) : of({ state: "well", says });
}

export interface DatabaseSeen {
  readonly bytes: number;
  /** An earlier size, up to 30 days ago. */
  readonly earlier: { readonly bytes: number; readonly days: number } | undefined;
}

export function databaseFinding({ bytes, earlier }: DatabaseSeen, disk: DiskSeen | undefined): Finding {
  const of = (judged: Judged): Finding => finding("database", "Database", null, judged);
  const size = `The database takes ${sizeText(bytes)}`;
  if (!earlier) return of({ state: "well", says: `${size}. Its growth is known after a day.` });
  const daily = (bytes - earlier.bytes) / Math.max(1, earlier.days);
  const by = `${daily < 0 ? "shrank" : "grew"} by ${sizeText(Math.abs(bytes - earlier.bytes))}`;
  const says = `${size}; in ${count(earlier.days, "day")} it ${by}.`;
  const left = disk && daily > 0 ? Math.floor(disk.free / daily) : undefined;
  if (left === undefined || left > 90) return of({ state: "well", says });
  return of({ state: "look", says: `${says} So the disk is full in ${count(left, "day")}.`, next: "Plan a larger disk." });
}

export interface ReleaseSeen {
  readonly version: string;
  readonly migration: { readonly name: string; readonly runAt: Date } | undefined;
}

export function releaseFinding({ version, migration }: ReleaseSeen, now: Date): Finding {
  const schema = migration
    ? ` The database was last brought further ${ageText(now.getTime() - migration.runAt.getTime())} ago, by ${migration.name}.`
    : "";
  return finding("release", "Release", null, { state: "well", says: `Heartwood ${version} runs.${schema}` });
}

export interface TrailSeen {
  readonly blocks: number;
  readonly sealedAt: Date | undefined;
  readonly unsealed: number;
  readonly oldestUnsealedAt: Date | undefined;
}

export function trailFinding({ blocks, sealedAt, unsealed, oldestUnsealedAt }: TrailSeen, now: Date): Finding {
  const of = (judged: Judged): Finding => finding("trail", "Audit trail", "/report/platform/audit/verify", judged);
  const waits = oldestUnsealedAt ? now.getTime() - oldestUnsealedAt.getTime() : 0;
  const sealed = sealedAt
    ? `${subject(blocks, "block", "is", "are")} sealed, the last ${ageText(now.getTime() - sealedAt.getTime())} ago.`
    : "No block is sealed yet.";
  if (waits <= 15 * minute) return of({ state: "well", says: sealed });
  const entries = `${count(unsealed, "entry", "entries")} ${unsealed === 1 ? "has" : "have"}`;
  const says = `${sealed} ${entries} waited for the seal for up to ${ageText(waits)}.`;
  const next = "See whether jobs run, and whether something keeps a transaction of the database open.";
  return of({ state: waits > day ? "broken" : "look", says, next });
}

export interface LawsSeen {
  readonly laws: number;
  readonly broken: readonly string[];
  readonly unasked: readonly string[];
  /** When the one proved longest ago was proved. */
  readonly checkedAt: Date | undefined;
}

export function lawsFinding({ laws, broken, unasked, checkedAt }: LawsSeen, now: Date): Finding {
  const of = (judged: Judged): Finding => finding("laws", "Laws", "/report/platform/law/check", judged);
  const check = "Check them now: heartwood doctor";
  if (!checkedAt) return of({ state: "look", says: `The ${laws} laws of the house have not been checked yet.`, next: check });
  const age = now.getTime() - checkedAt.getTime();
  if (broken.length > 0) {
    const were = `${broken.length} of ${laws} laws ${broken.length === 1 ? "was" : "were"} broken`;
    const says = `${were} when last checked, ${ageText(age)} ago: ${broken.slice(0, 3).join(", ")}.`;
    return of({ state: "broken", says, next: "Check the laws: each break is named with its record." });
  }
  if (unasked.length > 0) {
    return of({
      state: "look",
      says: `${count(unasked.length, "law")} could not be asked: ${unasked.slice(0, 3).join(", ")}.`,
      next: check,
    });
  }
  const says = `All ${laws} laws held when last checked, ${ageText(age)} ago.`;
  return age > 2 * day ? of({ state: "look", says, next: check }) : of({ state: "well", says });
}

/** The house is as well as its worst part. */
export const worst = (findings: readonly Pick<Finding, "state">[]): Condition =>
  findings.some(({ state }) => state === "broken") ? "broken" : findings.some(({ state }) => state === "look") ? "look" : "well";
