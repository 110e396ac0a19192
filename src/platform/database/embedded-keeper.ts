// Keeps the embedded PostgreSQL alive for as long as the house runs: one that dies by itself is started again, and when it died because
// the disk was full, a ballast file makes way so that it can get up and what was acknowledged can be read.
import { rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "./embedded.ts";

export interface KeptDatabase extends Pick<EmbeddedDatabase, "connection" | "stop" | "cluster" | "log"> {
  /** Whether so little room is left that nothing should be written. */
  isDiskFull(): boolean;
}

const mebibyte = 2 ** 20;
const ballastBytes = 48 * mebibyte;
// A segment of the write-ahead log has 16 MB, and recovery may need a new one.
const fullBelow = 32 * mebibyte;
// Room must be there for the ballast and for work before the disk no longer counts as full.
const roomyAbove = ballastBytes + 2 * fullBelow;
const lookMilliseconds = 1_000;
const patienceMostMilliseconds = 5_000;

/** Starts the embedded PostgreSQL of a folder and keeps it running until it is stopped. */
export async function keepEmbeddedDatabase(
  folder: string,
  log: (line: string) => void = () => undefined,
  logSeconds?: number,
): Promise<KeptDatabase> {
  const ballast = join(folder, "ballast");
  const over = new AbortController();
  let full = false;
  let current = await startEmbeddedDatabase({ folder, logSeconds }).catch(async (failure: unknown) => {
    if ((await freeBytes(folder)) > fullBelow || !(await makeWay(ballast))) throw failure;
    return startEmbeddedDatabase({ folder, logSeconds });
  });

  const look = async (): Promise<void> => {
    const free = await freeBytes(folder);
    if (free < fullBelow && !full) log("The disk of the database is full: nothing is written until there is room.");
    full = free < fullBelow || (full && free < roomyAbove - ballastBytes);
    if (free > roomyAbove) await makeBallast(ballast);
  };
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await look().catch(() => undefined);
      await pause(lookMilliseconds, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    }
  };

  /** A crash is over in a second; whatever else keeps it from starting may be put right by somebody meanwhile. */
  const startAgain = async (): Promise<void> => {
    for (let patience = 100; !over.signal.aborted; patience = Math.min(2 * patience, patienceMostMilliseconds)) {
      try {
        if ((await freeBytes(folder)) < fullBelow) await makeWay(ballast);
        current = await startEmbeddedDatabase({ folder, logSeconds });
        return log("The database is back.");
      } catch (failure) {
        log(`The database does not start yet: ${(failure as Error).message}`);
        await pause(patience, undefined, { signal: over.signal }).catch(() => undefined);
      }
    }
  };
  const keep = async (): Promise<void> => {
    for (;;) {
      await current.ended;
      if (over.signal.aborted) return;
      log("The database ended by itself and is started again.");
      await startAgain();
    }
  };
  await look();
  const watching = watch();
  const keeping = keep();
  return {
    cluster: current.cluster,
    log: current.log,
    connection: (database, user) => current.connection(database, user),
    isDiskFull: () => full,
    stop: async () => {
      over.abort();
      await current.stop();
      await Promise.all([watching, keeping]);
      // It may have been on its way up when it was told to stop.
      await current.stop();
    },
  };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function makeBallast(ballast: string): Promise<void> {
  const there = await stat(ballast).catch(() => undefined);
  if (there?.size !== ballastBytes) await writeFile(ballast, Buffer.alloc(ballastBytes, "ballast "));
}

/** True when there was a ballast to give up. */
async function makeWay(ballast: string): Promise<boolean> {
  const there = await stat(ballast).catch(() => undefined);
  await rm(ballast, { force: true });
  return there !== undefined;
}
