// Takes a backup of the running embedded database: PostgreSQL is told when it begins and ends, and every file is copied meanwhile. What
// changes under the copying hand is put right by the piece of write-ahead log that is copied with it.
import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import type { BackupKey } from "./cipher.ts";
import { type KeptFile, type Manifest, manifestFile, manifestText } from "./manifest.ts";
import { no } from "./no.ts";
import { pack, packedName, readInLarge, settle } from "./pack.ts";
import { release } from "../release.ts";
import { segmentsBetween } from "./segment.rules.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar.ts";

export interface Source {
  /** As the owner of the database, who may do everything there. */
  readonly connection: pg.PoolConfig;
  /** The folder of PostgreSQL's own files. */
  readonly cluster: string;
  readonly lineage: string;
  /** The secret that the house made for itself, when it did. */
  readonly secretFile: string;
}

export interface Taken {
  readonly folder: string;
  readonly manifest: Manifest;
}

interface Window {
  readonly client: pg.Client;
  readonly firstSegment: string;
}

/** Takes a backup into a new folder under `place`. */
export async function takeBackup(source: Source, place: string, key: BackupKey | undefined): Promise<Taken> {
  const began = new Date();
  const name = `${began.toISOString().replace(/[-:]|\.\d+/g, "")}-${randomBytes(3).toString("hex")}`;
  await mkdir(place, { recursive: true, mode: 0o700 });
  await removeUnfinished(place);
  const folder = join(place, name);
  const draft = `${folder}.new`;
  await mkdir(join(draft, "log"), { recursive: true, mode: 0o700 });
  const client = new pg.Client({ ...source.connection, options: "-c statement_timeout=0 -c timezone=UTC" });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; segment: string; bytes: string; names: string[] }>(`
      select current_setting('server_version_num') as version, current_setting('wal_segment_size') as segment,
        (select sum(pg_database_size(oid)) from pg_database)::text as bytes,
        array(select name::text from public.migration order by id) as names`);
    const { version, segment, bytes, names } = rows[0]!;
    if (segment !== "16MB")
      throw no("segmentsUnusual", `The log of this database has segments of ${segment}. Back it up with pg_basebackup.`);
    await refuseFull(place, BigInt(bytes));
    const copied = await copy(source, client, draft, key);
    const secret = await readFile(source.secretFile).catch(() => undefined);
    if (secret) copied.files.push(await pack([secret], join(draft, packedName("secret", key)), key));
    const manifest: Manifest = {
      format: 1,
      release,
      migrations: names,
      postgres: String(Math.floor(Number(version) / 10_000)),
      lineage: source.lineage,
      began: began.toISOString(),
      at: copied.at.toISOString(),
      seconds: Math.round((Date.now() - began.getTime()) / 1000),
      firstSegment: copied.firstSegment,
      lastSegment: copied.lastSegment,
      keyId: key?.id ?? null,
      files: copied.files,
      cluster: copied.cluster,
    };
    await writeFile(join(draft, manifestFile), manifestText(manifest, key), { mode: 0o600, flush: true });
    await settle(draft);
    await rename(draft, folder);
    await settle(place);
    return { folder, manifest };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const dayMilliseconds = 86_400_000;

/** What a backup that was killed left behind; a younger one may still be at work. */
async function removeUnfinished(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const [, when] = /^(\d{8}T\d{6})Z-[0-9a-f]+\.new$/.exec(name) ?? [];
    if (!when) continue;
    const began = Date.parse(when.replace(/^(....)(..)(..T..)(..)(..)$/, "$1-$2-$3:$4:$5Z"));
    if (Date.now() - began > dayMilliseconds) await rm(join(place, name), { recursive: true, force: true });
  }
}

/** A backup must not be what fills the disk. Compressed it takes less than half of the database. */
async function refuseFull(place: string, bytes: bigint): Promise<void> {
  const { bavail, bsize } = await statfs(place, { bigint: true });
  if (bavail * bsize >= bytes / 2n) return;
  const megabytes = (count: bigint) => `${count / 1_000_000n} MB`;
  throw no(
    "backupPlaceFull",
    `There are ${megabytes(bavail * bsize)} left in ${place}; a database of ${megabytes(bytes)} wants half of that. Make room, or name ` +
      "another folder in HEARTWOOD_BACKUP.",
  );
}

interface Copied {
  readonly at: Date;
  readonly firstSegment: string;
  readonly lastSegment: string;
  readonly files: KeptFile[];
  readonly cluster: KeptFile[];
}

async function copy(source: Source, client: pg.Client, draft: string, key: BackupKey | undefined): Promise<Copied> {
  // A slot of this session keeps the log that is written meanwhile from being cleared away.
  await client.query("select pg_create_physical_replication_slot($1, true, true)", [`heartwood_${process.pid}_${Date.now()}`]);
  const { rows } = await client.query<{ segment: string }>("select pg_walfile_name(pg_backup_start('heartwood', true)) as segment");
  const firstSegment = rows[0]!.segment;
  const cluster: KeptFile[] = [];
  const end: { lastSegment?: string; at?: Date } = {};
  const tar = await pack(
    clusterTar(source.cluster, { client, firstSegment }, cluster, end),
    join(draft, packedName("cluster.tar", key)),
    key,
  );
  const lastSegment = end.lastSegment!;
  const files = [tar];
  for (const name of segmentsBetween(firstSegment, lastSegment)) {
    const kept = await pack(readInLarge(join(source.cluster, "pg_wal", name)), join(draft, "log", packedName(name, key)), key);
    files.push({ ...kept, path: `log/${kept.path}` });
  }
  return { at: end.at!, firstSegment, lastSegment, files, cluster };
}

/** The files as one stream; when the last is through, PostgreSQL is told, and what it says then goes in too. */
async function* clusterTar(
  folder: string,
  { client }: Window,
  cluster: KeptFile[],
  end: { lastSegment?: string; at?: Date },
): AsyncGenerator<Buffer> {
  for await (const entry of entriesOf(folder, "")) {
    if (entry.isFolder) yield tarHeader({ path: entry.path, isFolder: true, size: 0 });
    else yield* fileInTar(folder, entry.path, cluster);
  }
  // The control file says where recovery begins when there is no label; it goes last, as in pg_basebackup.
  yield* fileInTar(folder, "global/pg_control", cluster);
  const { rows } = await client.query<{ segment: string; label: string; spaces: string; at: Date }>(`
    select pg_walfile_name(lsn) as segment, labelfile as label, spcmapfile as spaces, clock_timestamp() as at from pg_backup_stop(false)`);
  const { segment, label, at } = rows[0]!;
  const text = Buffer.from(label);
  yield tarHeader({ path: "backup_label", isFolder: false, size: text.length });
  yield text;
  yield tarPadding(text.length);
  yield tarEnd;
  cluster.push({ path: "backup_label", size: text.length, sha256: createHash("sha256").update(text).digest("hex") });
  end.lastSegment = segment;
  // The clock of the database has microseconds, ours do not.
  end.at = new Date(at.getTime() + 1);
}

// What PostgreSQL makes anew at each start, or must not find (manual, 25.3.4 "Backing Up the Data Directory").
const emptied = new Set(["pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"]);
const leftOut =
  /(^|\/)(postmaster\.(pid|opts)|pg_internal\.init.*|pgsql_tmp.*|backup_label(\.old)?|tablespace_map(\.old)?|recovery\.signal)$/;

async function* entriesOf(folder: string, below: string): AsyncGenerator<{ path: string; isFolder: boolean }> {
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (leftOut.test(path) || path === "global/pg_control") continue;
    if (entry.isSymbolicLink()) throw no("tablespaces", `${join(folder, path)} leads elsewhere. Back this database up with pg_basebackup.`);
    if (entry.isFile()) yield { path, isFolder: false };
    if (!entry.isDirectory()) continue;
    yield { path, isFolder: true };
    if (emptied.has(path)) {
      if (path === "pg_wal") yield { path: "pg_wal/archive_status", isFolder: true };
    } else yield* entriesOf(folder, path);
  }
}

const partBytes = 2 ** 20;

/** As many bytes as the file had when it was opened: what is cut off meanwhile is zero, what is added comes with the log. */
async function* fileInTar(folder: string, path: string, cluster: KeptFile[]): AsyncGenerator<Buffer> {
  const file = await open(join(folder, path), "r").catch((error: NodeJS.ErrnoException) => {
    // A table may be dropped while its neighbours are copied; the log knows.
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return;
  try {
    const { size } = await file.stat();
    yield tarHeader({ path, isFolder: false, size });
    const hash = createHash("sha256");
    for (let at = 0; at < size;) {
      const part = Buffer.allocUnsafe(Math.min(partBytes, size - at));
      const { bytesRead } = await file.read(part, 0, part.length, at);
      if (bytesRead === 0) part.fill(0);
      const read = bytesRead === 0 ? part : part.subarray(0, bytesRead);
      hash.update(read);
      at += read.length;
      yield read;
    }
    yield tarPadding(size);
    cluster.push({ path, size, sha256: hash.digest("hex") });
  } finally {
    await file.close();
  }
}
