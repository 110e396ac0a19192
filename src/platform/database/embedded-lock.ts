// One Heartwood per database folder: a lock file names the Node process that holds it. A process is known by its id and its
// time of birth, because process ids come round again, and in a container almost at once.

import { randomUUID } from "node:crypto";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { link, open, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../kernel/refusal.ts";

const heldHere = new Set<string>();

/** Takes the folder for this process and returns how to give it back. Refuses while another living Heartwood holds it. */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, "heartwood.lock");
  if (heldHere.has(lock)) throw alreadyRuns(folder, process.pid);
  heldHere.add(lock);
  try {
    await takeLock(folder, lock);
  } catch (failure) {
    heldHere.delete(lock);
    throw failure;
  }
  const giveBack = async () => {
    await unlink(lock).catch(() => undefined);
    heldHere.delete(lock);
  };
  let givenBack: Promise<void> | undefined;
  // Whoever asks second waits for the first: after it, the folder really is free.
  return () => (givenBack ??= giveBack());
}

async function takeLock(folder: string, lock: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const holder = await readHolder(lock);
    if (holder !== undefined) {
      if (lives(holder)) throw alreadyRuns(folder, holder.pid);
      await clearStale(lock, holder.text);
    }
    if (await writeLock(lock)) return;
  }
  throw new Error(`The lock file ${lock} keeps changing hands. Stop the other Heartwood processes on this folder and start again.`);
}

interface Holder {
  readonly pid: number;
  readonly birth: string;
  readonly text: string;
}

async function readHolder(lock: string): Promise<Holder | undefined> {
  const text = await readFile(lock, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const [pid = "", birth = ""] = text.split("\n");
  return { pid: Number(pid), birth, text };
}

/** Written aside and linked into place, so that nobody ever reads half a lock file. */
async function writeLock(lock: string): Promise<boolean> {
  const aside = `${lock}.${randomUUID()}`;
  const file = await open(aside, "wx", 0o644);
  await file.writeFile(`${process.pid}\n${birthOf(process.pid) ?? ""}\n`);
  await file.close();
  try {
    await link(aside, lock);
    return true;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw failure;
  } finally {
    await unlink(aside);
  }
}

/** Two starters may find the same stale lock; the slower one must not throw away the lock the faster one has just taken. */
async function clearStale(lock: string, staleText: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, "utf8")) !== staleText) await link(aside, lock).catch(() => undefined);
  await unlink(aside);
}

function alreadyRuns(folder: string, pid: number): Refusal {
  const sentence = `Heartwood already runs here (pid ${pid}, folder ${folder}). Stop it first, or start this one with another data folder.`;
  return new Refusal("alreadyRunning", sentence, { pid, folder });
}

function lives(holder: Holder): boolean {
  if (!Number.isSafeInteger(holder.pid) || holder.pid <= 0) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const birth = birthOf(holder.pid);
  if (birth === "") return false;
  return birth === undefined || holder.birth === "" || birth === holder.birth;
}

/** A text that differs for every process that ever has this id; "" for one that is dead but not yet reaped; undefined if unknown. */
function birthOf(pid: number): string | undefined {
  try {
    if (process.platform !== "linux") return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold spaces; after it come the state (field 3) and, as field 22, the start in ticks since boot (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return "";
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}
