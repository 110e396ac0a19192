// The status of the house for whoever keeps it running: what was seen of each part, judged by the rules beside this file.
import { z } from "zod";
import { lastBackup } from "../backup/last.ts";
import { sql } from "../database/sql.ts";
import { scannerSeen } from "../files/scanner.ts";
import { mayAtAll } from "../funnel/permission.ts";
import { diskRoom } from "../health/machine.ts";
import { sureMinutes } from "../notify/mail.ts";
import type { ReadContext } from "../operation/context.ts";
import { Instant } from "../operation/field.ts";
import type { Figure, Schedule } from "../operation/module.ts";
import { operation } from "../operation/operation.ts";
import type { Registry } from "../operation/registry.ts";
import { keepers } from "./job.operations.ts";
import {
  backupFinding,
  count,
  databaseFinding,
  diskFinding,
  type Finding,
  jobsFinding,
  lawsFinding,
  mailFinding,
  releaseFinding,
  scannerFinding,
  schedulesFinding,
  trailFinding,
  worst,
} from "./status.rules.ts";
import { release } from "../release.ts";

const Condition = z.enum(["well", "look", "broken"]);

export const statusOperation = (house: () => Registry) =>
  operation({
    name: "platform.status.get",
    title: "Status of the house",
    does: "Tells how jobs, schedules, mail, backup, disk, database, release, audit trail and laws are, and what to do next.",
    kind: "read",
    may: keepers,
    input: z.strictObject({}),
    output: z.object({
      state: Condition,
      at: Instant,
      findings: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          state: Condition,
          says: z.string(),
          next: z.string().nullable(),
          to: z.string().nullable(),
        }),
      ),
    }),
    example: {},
    async run(_input, context) {
      const findings = await findingsOf(context, house());
      return { state: worst(findings), at: context.now, findings };
    },
  });

async function findingsOf(context: ReadContext, registry: Registry): Promise<Finding[]> {
  const { now } = context;
  const disk = await diskRoom();
  const findings = [
    jobsFinding(await jobsSeen(context)),
    schedulesFinding(await schedulesSeen(context, registry.schedules), now),
    mailFinding(await mailSeen(context)),
    backupFinding(await backupSeen(context), now),
    scannerFinding(await scannerSeen(), now),
    diskFinding(disk),
    databaseFinding(await databaseSeen(context), disk),
    releaseFinding({ version: release, migration: await lastMigration(context) }, now),
    trailFinding(await trailSeen(context), now),
    lawsFinding(await lawsSeen(context, registry), now),
  ];
  return findings.map((finding) => (finding.to && leadsTo(finding.to, context, registry) ? finding : { ...finding, to: null }));
}

/** Nobody is led where they may not go: the list of mails is not the office manager's. */
function leadsTo(to: string, { actor }: ReadContext, { operations }: Registry): boolean {
  const [, kind, ...name] = to.split("/");
  const operation_ = operations.get(kind === "r" ? `${name.join(".")}.list` : name.join("."));
  return operation_ !== undefined && mayAtAll(actor, operation_);
}

async function jobsSeen({ db, tenantId, now }: ReadContext) {
  const seen = await db.row<{
    waiting: number;
    failing: number;
    failed: number;
    overdue: Date | null;
    task: string | null;
    words: string | null;
  }>(sql`
    select count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'failing')::int as failing,
      count(*) filter (where state = 'failed')::int as failed, min(run_at) filter (where state in ('waiting', 'failing')) as overdue,
      (array_agg(replace(task, ':', '.') order by number desc) filter (where failure is not null))[1] as task,
      (array_agg(failure order by number desc) filter (where failure is not null))[1] as words
    from platform.open_jobs()`);
  const { untold } = await db.row<{ untold: number }>(sql`
    select count(*)::int as untold from platform.event where tenant_id = ${tenantId} and handled_at is null and attempts >= 5`);
  const { waiting, failing, failed, overdue, task, words } = seen;
  return {
    waiting,
    failing,
    failed,
    untold,
    overdueMilliseconds: overdue ? now.getTime() - overdue.getTime() : 0,
    failure: task === null || words === null ? undefined : { task, words: firstLine(words) },
  };
}

const firstLine = (text: string): string => text.split("\n")[0]!.slice(0, 200);

async function schedulesSeen({ db }: ReadContext, schedules: readonly Schedule[]) {
  const runs = await db.rows<{ task: string; at: Date }>(
    sql`select replace(task, ':', '.') as task, greatest(known_at, run_at) as at from platform.schedule_runs()`,
  );
  const at = new Map(runs.map((run) => [run.task, run.at]));
  return schedules.map(({ name, says, cron }) => ({ says, cron, at: at.get(name) }));
}

async function mailSeen({ db, tenantId, now }: ReadContext) {
  const sureSince = new Date(now.getTime() - sureMinutes * 60_000);
  const seen = await db.row<{ waiting: number; failed: number; unsure: number; oldest: Date | null; failure: string | null }>(sql`
    select count(*) filter (where claimed_at is null and attempts < 5)::int as waiting,
      count(*) filter (where claimed_at is null and attempts >= 5)::int as failed,
      count(*) filter (where claimed_at < ${sureSince})::int as unsure,
      min(at) filter (where claimed_at is null and attempts < 5) as oldest,
      (array_agg(failure order by id desc) filter (where claimed_at is null and attempts >= 5))[1] as failure
    from platform.mail where tenant_id = ${tenantId} and sent_at is null`);
  const { oldest, failure, ...counts } = seen;
  const { isSent } = await db.row<{ isSent: boolean }>(
    sql`select exists (select from platform.schedule_runs() where task = 'platform:mail') as is_sent`,
  );
  return { ...counts, isSent, failure: failure && firstLine(failure), oldestMilliseconds: oldest ? now.getTime() - oldest.getTime() : 0 };
}

async function backupSeen({ db, tenantId }: ReadContext) {
  const { made, failed, isLogFailing } = await lastBackup(db, tenantId);
  const { isDemo } = await db.row<{ isDemo: boolean }>(sql`select is_demo from platform.tenant_account where tenant_id = ${tenantId}`);
  return { made, failed: failed && { failure: firstLine(failed.failure) }, isLogFailing, isDemo };
}

async function databaseSeen({ db, tenantId, today }: ReadContext) {
  const { bytes } = await db.row<{ bytes: bigint }>(sql`select pg_database_size(current_database()) as bytes`);
  const earlier = await db.maybe<{ bytes: bigint; days: number }>(sql`
    select bytes, ${today}::date - day as days from platform.database_size
    where tenant_id = ${tenantId} and day < ${today}::date and day >= ${today}::date - 30 order by day limit 1`);
  return { bytes: Number(bytes), earlier: earlier && { bytes: Number(earlier.bytes), days: earlier.days } };
}

const lastMigration = ({ db }: ReadContext) =>
  db.maybe<{ name: string; runAt: Date }>(sql`select name, run_at from platform.last_migration()`);

async function trailSeen({ db, tenantId }: ReadContext) {
  const last = await db.maybe<{ number: bigint; sealedAt: Date; upToXact: bigint }>(sql`
    select number, sealed_at, up_to_xact from platform.audit_block where tenant_id = ${tenantId} order by number desc limit 1`);
  const open = await db.row<{ unsealed: number; oldest: Date | null }>(sql`
    select count(*)::int as unsealed, min(at) as oldest from platform.operation_log
    where tenant_id = ${tenantId} and xact > ${last?.upToXact ?? 0n}`);
  return {
    blocks: Number(last?.number ?? 0n),
    sealedAt: last?.sealedAt,
    unsealed: open.unsealed,
    oldestUnsealedAt: open.oldest ?? undefined,
  };
}

async function lawsSeen({ db, tenantId }: ReadContext, { laws }: Registry) {
  const checks = await db.rows<{ law: string; at: Date; breakCount: number; failure: string | null }>(sql`
    select law, at, break_count, failure from platform.law_check
    where tenant_id = ${tenantId} and law = any(${laws.map(({ name }) => name)}::text[]) order by at`);
  return {
    laws: laws.length,
    broken: checks.filter(({ breakCount }) => breakCount > 0).map(({ law }) => law),
    unasked: checks.filter(({ failure }) => failure !== null).map(({ law }) => law),
    checkedAt: checks[0]?.at,
  };
}

/** One line for the owner, and only while something is broken. */
export const brokenFigure = (house: () => Registry): Figure => ({
  name: "platform.broken",
  title: "The house needs you",
  roles: ["owner", "platform.operator"],
  first: true,
  to: "/platform/status",
  value: async (context) => {
    const broken = (await findingsOf(context, house())).filter(({ state }) => state === "broken");
    return broken.length === 0 ? null : broken.length === 1 ? broken[0]!.title : count(broken.length, "thing");
  },
});

const sizeDays = 400;

/** Notes the size of the database and proves every law, so that the status can say how it grows and when it was last sure. */
export const statusSchedules = (house: () => Registry): readonly Schedule[] => [
  {
    name: "platform.noteSize",
    says: "Notes how large the database is today.",
    cron: "20 2 * * *",
    does: async ({ db, tenantId, today }) => {
      await db.run(sql`
        insert into platform.database_size (tenant_id, day, bytes) select ${tenantId}, ${today}, pg_database_size(current_database())
        on conflict (tenant_id, day) do update set bytes = excluded.bytes`);
      await db.run(sql`delete from platform.database_size where tenant_id = ${tenantId} and day < ${today}::date - ${sizeDays}::integer`);
    },
  },
  {
    name: "platform.checkLaws",
    says: "Proves every law of the house once a night.",
    cron: "40 3 * * *",
    does: async (context) => {
      const { tenantId, now } = context;
      const checks: { law: string; breaks: number; failure: string | null }[] = [];
      for (const law of house().laws) {
        let breaks = 0;
        const failure = await context.attempt(async () => void (breaks = (await law.breaks(context)).length));
        checks.push({ law: law.name, breaks, failure: failure ? failure.message.slice(0, 200) : null });
      }
      await context.db.run(sql`
        insert into platform.law_check (tenant_id, law, at, break_count, failure)
        select ${tenantId}, c.law, ${now}, c.breaks, c.failure from unnest(${checks.map(({ law }) => law)}::text[],
          ${checks.map(({ breaks }) => breaks)}::int[], ${checks.map(({ failure }) => failure)}::text[]) as c (law, breaks, failure)
        on conflict (tenant_id, law) do update set at = excluded.at, break_count = excluded.break_count, failure = excluded.failure`);
    },
  },
];
