// Puts the write-ahead log by, segment after segment: PostgreSQL lays each full one into a spool (with its own `basic_archive`, which
// forces it to the disk and never overwrites), and from there it goes compressed, and encrypted when there is a key, to the backups.
import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { BackupKey } from "./cipher.ts";
import { no } from "./no.ts";
import { pack, packedName, readInLarge, unpack } from "./pack.ts";
import { isSegment } from "./segment.rules.ts";

export interface LogKeeper {
  /** Puts by what is left; to be called when the database has stopped. */
  stop(): Promise<void>;
}

const lookMilliseconds = 1_000;

interface Keeping {
  /** Where PostgreSQL lays full segments. */
  readonly spool: string;
  /** Where this lineage's log is kept. */
  readonly folder: string;
  readonly key: BackupKey | undefined;
  readonly log: (line: string) => void;
}

export function keepLog(keeping: Keeping): LogKeeper {
  const over = new AbortController();
  let complaint = "";
  const look = async (): Promise<void> => {
    try {
      await putBy(keeping);
      complaint = "";
    } catch (error) {
      const said = `The log cannot be put by in ${keeping.folder}: ${(error as Error).message}`;
      if (said !== complaint) keeping.log(said);
      complaint = said;
    }
  };
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await look();
      await pause(lookMilliseconds, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    }
  };
  const watching = watch();
  return {
    stop: async () => {
      over.abort();
      await watching;
      await look();
    },
  };
}

async function putBy({ spool, folder, key }: Keeping): Promise<void> {
  // What is being written there has another name until it is whole.
  const names = (await readdir(spool)).filter((name) => isSegment(name) || /^[0-9A-F]{8}\.history$/.test(name)).toSorted();
  if (names.length === 0) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of names) {
    const from = join(spool, name);
    const to = join(folder, packedName(name, key));
    if (await stat(to).catch(() => undefined)) await refuseOther(from, to, key);
    else await pack(readInLarge(from), to, key);
    await rm(from);
  }
}

/** After a crash PostgreSQL may hand the same segment over again; another content under its name is somebody else's. */
async function refuseOther(from: string, to: string, key: BackupKey | undefined): Promise<void> {
  const [ours, theirs] = [await hashOf(readInLarge(from)), await hashOf(unpack(to, key))];
  if (ours !== theirs)
    throw no("logTaken", `${to} holds another content than this house wrote. Nothing was overwritten; find out whose it is.`);
}

async function hashOf(source: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of source) hash.update(part);
  return hash.digest("hex");
}
