// What the person who runs the system does by hand, beside the house: `heartwood backup`, `restore` and `key`. It works on files and on
// the database itself, as whoever may read the data folder; the house need not run.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { PoolConfig } from "pg";
import { backupsIn, bytesOf, type Manifest } from "./platform/backup/manifest.ts";
import { no } from "./platform/backup/no.ts";
import { placeIn } from "./platform/backup/place.ts";
import { backupKeyFrom } from "./platform/backup/cipher.ts";
import { backUp } from "./platform/backup/record.ts";
import { restore } from "./platform/backup/restore.ts";
import { withDatabaseOf } from "./platform/backup/running.ts";
import { verifyBackup } from "./platform/backup/verify.ts";
import { readTyped } from "./platform/cli/arguments.ts";
import { wishesIn, type Wishes } from "./platform/cli/terminal.ts";
import { migrationsFolder } from "./platform/database/migrate.ts";
import { openDatabase } from "./platform/database/open.ts";
import { openPool } from "./platform/database/pool.ts";
import { rowsOn, sql } from "./platform/database/sql.ts";
import { system } from "./platform/funnel/frame.ts";
import { createFunnel } from "./platform/funnel/funnel.ts";
import { allTenants } from "./platform/jobs/runner.ts";
import { type HouseSecret, makeKey, noticeSeconds, openRing } from "./platform/secret/data-key.ts";
import { reseal } from "./platform/secret/reseal.ts";

const environment = process.env;
const root = resolve(environment["HEARTWOOD_ROOT"] ?? process.cwd());
const dataFolder = resolve(environment["HEARTWOOD_DATA"] ?? join(root, ".heartwood"));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tell = (line: string): void => void process.stderr.write(`${line}\n`);

const usage = `heartwood backup [--to FOLDER]                         takes a backup, while the house runs or not
heartwood backup list [--to FOLDER]                    what there is
heartwood backup verify BACKUP                         reads it again, every byte, without any house
heartwood restore BACKUP --data NEW-FOLDER             brings the newest moment back that is known
  --at 2026-11-22T09:30:00Z                            or another one
  --tail OLD-FOLDER                                    with the last of the log of the house that is gone
  --without-log                                        or only what is in the backup itself
heartwood key rotate                                   a new key for what is stored encrypted
BACKUP is a backup's folder, or a folder of several. Encrypted: HEARTWOOD_BACKUP_KEY.`;

const elsewhere = `This house uses the server of DATABASE_URL, whose files are not here to be copied. Back it up where it runs:
  pgBackRest or WAL-G   full backups with a continuous log, to go back to any moment: what a company should have
  pg_basebackup         a copy of the whole server, while it runs
  pg_dump               this one database as of one moment; keeps no log, so everything after it is lost with the server
Tell the house when one was made, so that its age is shown: heartwood platform backup record --help`;

async function run(wishes: Wishes): Promise<void> {
  const [command, first, second] = wishes.typed.words;
  if (wishes.has("help")) return say(usage);
  if (command === "backup" && first === "verify" && second) return verify(second);
  if (command === "backup" && first === "list") return list(wishes);
  if (command === "backup" && first === undefined) return take(wishes);
  if (command === "key" && first === "rotate") return rotate();
  const target = wishes.last("data");
  if (command === "restore" && first && target) return bringBack(first, resolve(target), wishes);
  throw no("misuse", usage);
}

const megabytes = (bytes: bigint): string => `${(Number(bytes) / 1_000_000).toFixed(1)} MB`;

const wordsFor = (manifest: Manifest): string =>
  `${megabytes(bytesOf(manifest))} in ${manifest.seconds} s, ${manifest.cluster.length} files of the database, ` +
  (manifest.keyId ? `encrypted with key ${manifest.keyId}` : "not encrypted");

async function take(wishes: Wishes): Promise<void> {
  if (environment["DATABASE_URL"]) throw no("databaseElsewhere", elsewhere);
  const key = backupKeyFrom(environment["HEARTWOOD_BACKUP_KEY"]);
  const place = resolve(wishes.last("to") ?? placeIn(environment, dataFolder));
  await withDatabaseOf(dataFolder, async (source) => {
    const owner = openPool(source.connection, 1);
    try {
      const { folder, manifest } = await backUp(source, place, key, owner);
      say(`${folder}\nAs of ${manifest.at}: ${wordsFor(manifest)}. Read again and found whole.`);
      if (!manifest.files.some(({ path }) => path.startsWith("secret"))) {
        say("HEARTWOOD_SECRET is not in it. Keep it elsewhere: without it second factors and what is encrypted cannot be read.");
      }
    } finally {
      await owner.end();
    }
  });
}

async function list(wishes: Wishes): Promise<void> {
  const place = resolve(wishes.last("to") ?? placeIn(environment, dataFolder));
  const backups = await backupsIn(place);
  if (wishes.has("json"))
    return say(
      JSON.stringify(
        backups.map(({ folder, manifest }) => ({ folder, at: manifest.at })),
        undefined,
        2,
      ),
    );
  if (backups.length === 0) say(`There is no backup in ${place}.`);
  for (const { folder, manifest } of backups) say(`${folder}\n  as of ${manifest.at}: ${wordsFor(manifest)}`);
}

async function verify(folder: string): Promise<void> {
  const manifest = await verifyBackup(resolve(folder), backupKeyFrom(environment["HEARTWOOD_BACKUP_KEY"]));
  say(`Whole: ${resolve(folder)}\nAs of ${manifest.at}, by Heartwood ${manifest.release}: ${wordsFor(manifest)}.`);
}

async function bringBack(from: string, target: string, wishes: Wishes): Promise<void> {
  const key = backupKeyFrom(environment["HEARTWOOD_BACKUP_KEY"]);
  const tail = wishes.last("tail");
  const restored = await restore({
    from,
    dataFolder: target,
    at: wishes.last("at"),
    tail: tail === undefined ? undefined : resolve(tail),
    withoutLog: wishes.has("without-log"),
    key,
    migrationsFolder: migrationsFolder(root),
    say: tell,
  });
  const { lastCommitted, segments, seconds, backup } = restored;
  say(`Brought back into ${target} in ${seconds.toFixed(1)} s: the backup of ${backup.manifest.at} and ${segments} pieces of the log.`);
  say(`Last committed write: ${lastCommitted ? lastCommitted.toISOString() : `none after the backup of ${backup.manifest.at}`}`);
  const broken = await checkLaws(target);
  if (broken > 0) throw no("lawsBroken", `${broken} laws are broken. What was brought back is left in ${target} to be looked at.`);
  say(`Every law holds. Start it with: HEARTWOOD_DATA=${target} npm start`);
}

/** The secret of the house in a data folder: from the environment, or as the house made it. */
async function secretIn(folder: string): Promise<HouseSecret> {
  const kept = await readFile(join(folder, "secret"), "utf8").catch(() => undefined);
  const current = environment["HEARTWOOD_SECRET"] ?? kept;
  if (current === undefined) throw no("secretMissing", `There is no secret in ${folder}. Give it as HEARTWOOD_SECRET.`);
  return { current, previous: environment["HEARTWOOD_SECRET_PREVIOUS"] };
}

async function rotate(): Promise<void> {
  const secret = await secretIn(dataFolder);
  const url = environment["DATABASE_URL"];
  const anew = async (connection: PoolConfig): Promise<void> => {
    const owner = openPool(connection, 1);
    try {
      await openRing(owner, secret);
      const id = await makeKey(owner, secret, new Date(Date.now() + noticeSeconds * 1000));
      tell(`Key ${id} is made. It is used in ${noticeSeconds} seconds, when every server has read it …`);
      await pause(noticeSeconds * 1000 + 1000);
      const count = await reseal(owner, await openRing(owner, secret));
      say(`Key ${id} is in use, and ${count} values were encrypted with it. Older keys are kept only to read what the trail holds.`);
    } finally {
      await owner.end();
    }
  };
  await (url ? anew({ connectionString: url }) : withDatabaseOf(dataFolder, ({ connection }) => anew(connection)));
}

/** Every law of every company, on what was brought back, after the migrations that it has not had yet. */
async function checkLaws(folder: string): Promise<number> {
  const secret = await secretIn(folder).catch(() => undefined);
  const current = secret?.current ?? "not known";
  const database = await openDatabase({ dataFolder: folder, migrationsFolder: migrationsFolder(root), url: undefined, secret: current });
  const [pool, owner] = [openPool(database.app, 2), openPool(database.owner, 1)];
  try {
    // With another secret what is encrypted could not be read, and the house would not start.
    if (secret) await openRing(owner, secret);
    else say("The house's secret is not in the backup: start with the HEARTWOOD_SECRET that it had.");
    // Nothing else here needs the departments.
    const { registry } = await import("./registry.ts");
    const funnel = createFunnel({ pool, registry, clock: () => new Date(), zoneOf: async () => "UTC" });
    let broken = 0;
    for (const tenantId of await allTenants(pool)) {
      const { laws } = (await funnel.run("platform.law.check", {}, { tenantId, actor: system })) as CheckedLaws;
      const held = laws.filter(({ holds }) => holds).length;
      say(`${await nameOf(tenantId)}: ${held} of ${laws.length} laws hold.`);
      for (const law of laws.filter(({ holds }) => !holds)) say(`  BROKEN ${law.name}: ${law.breaks[0]}`);
      broken += laws.length - held;
    }
    return broken;
  } finally {
    await Promise.all([pool.end(), owner.end()]);
    await database.stop();
  }

  async function nameOf(tenantId: string): Promise<string> {
    const { name } = await rowsOn(pool).row<{ name: string }>(sql`select name from platform.tenant_account where tenant_id = ${tenantId}`);
    return name;
  }
}

interface CheckedLaws {
  readonly laws: readonly { readonly name: string; readonly holds: boolean; readonly breaks: readonly string[] }[];
}

run(wishesIn(readTyped(process.argv.slice(2), (name) => name === "without-log"))).catch((error: unknown) => {
  const isSaid = error instanceof Error && error.name === "Refusal";
  tell(isSaid ? error.message : `Something went wrong: ${String((error as Error).stack ?? error)}`);
  process.exitCode = isSaid ? 2 : 1;
});
