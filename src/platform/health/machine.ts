// The machine this server stands on: the folder it keeps its database in, and the room on that disk.
import { statfs } from "node:fs/promises";

let home: string | undefined;

/** Said once at the start, when the database lives in a folder of ours. */
export function liveIn(folder: string): void {
  home = folder;
}

/** Room in bytes, or undefined when the database lives on another machine. */
export async function diskRoom(): Promise<{ free: number; total: number } | undefined> {
  if (home === undefined) return undefined;
  const { bavail, blocks, bsize } = await statfs(home);
  return { free: bavail * bsize, total: blocks * bsize };
}
