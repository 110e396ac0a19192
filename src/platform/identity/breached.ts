// Passwords that were in a breach: a list of SHA-1 sums in their order, one a line (`SUM` or `SUM:times`), as haveibeenpwned.com gives it
// out. It may have tens of gigabytes; it lies where the operator put it, is searched by halves, and no other server is asked.
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

export type IsBreached = (password: string) => Promise<boolean>;

const sumLength = 40;
const looks = 100;
/** More than any line has. */
const lineMost = 80;

/** @throws Error with words for the operator when the file cannot be read or is no such list. */
export async function breachedIn(path: string): Promise<IsBreached> {
  await reading(path, isInOrder).catch((error: unknown) => {
    throw new Error(
      `HEARTWOOD_BREACHED_PASSWORDS names ${path}, which cannot be used: ${(error as Error).message}. ` +
        "It must hold SHA-1 sums in order, one a line; docs/security.md says where to get it.",
    );
  });
  return (password) => reading(path, (file) => holds(file, createHash("sha1").update(password).digest("hex").toUpperCase()));
}

/** As far as a look at some lines tells. @throws Error when it is not. */
async function isInOrder(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  let before = "";
  for (let look = 0; look < looks; look++) {
    const line = await lineFrom(file, Math.floor((size * look) / looks));
    if (!line) {
      if (look === 0) throw new Error("it has no line");
      return;
    }
    if (line.sum < before) throw new Error("its lines are not in order");
    before = line.sum;
  }
}

/** Opened for each search: a newer list in its place counts at once. */
async function reading<T>(path: string, does: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "r");
  try {
    return await does(file);
  } finally {
    await file.close();
  }
}

async function holds(file: FileHandle, sum: string): Promise<boolean> {
  let [low, high] = [0, (await file.stat()).size];
  // The sought line, if there is one, begins at or after `low` and before `high`.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const line = await lineFrom(file, middle);
    if (line?.sum === sum) return true;
    if (!line || line.sum > sum) high = middle;
    else low = line.end;
  }
  return false;
}

/** The first whole line that begins at a place or after it. */
async function lineFrom(file: FileHandle, place: number): Promise<{ readonly sum: string; readonly end: number } | undefined> {
  // A line begins where the one before it ended.
  const from = Math.max(0, place - 1);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2 * lineMost), 0, 2 * lineMost, from);
  const text = buffer.toString("latin1", 0, bytesRead);
  const start = place === 0 ? 0 : text.indexOf("\n") + 1;
  if (place > 0 && start === 0) return ended(text);
  const line = /^([0-9A-Fa-f]{40})(?::\d+)?\r?(?:\n|$)/.exec(text.slice(start));
  if (!line) return ended(text.slice(start));
  return { sum: line[1]!.toUpperCase(), end: from + start + line[0].length };
}

function ended(rest: string): undefined {
  if (rest.length < lineMost && /^[0-9A-Fa-f:\r\n]*$/.test(rest)) return undefined;
  throw new Error(`«${rest.slice(0, sumLength)}» is no line of such a list`);
}
