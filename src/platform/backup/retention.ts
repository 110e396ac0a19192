// Clears away backups that are no longer kept, and the log that no kept backup needs.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { backupsIn } from "./manifest.ts";
import { logFolderOf } from "./place.ts";
import { outlived } from "./retention.rules.ts";

/** Removes what outlived its days and weeks; says which folders. */
export async function clearAway(place: string, keep: { readonly days: number; readonly weeks: number }): Promise<string[]> {
  const backups = await backupsIn(place);
  const removed = outlived(
    backups.map(({ folder, manifest }) => ({ folder, at: manifest.at })),
    keep,
  );
  for (const folder of removed) await rm(folder, { recursive: true, force: true });
  const oldest = new Map<string, string>();
  for (const { folder, manifest } of backups) {
    if (!removed.includes(folder) && !oldest.has(manifest.lineage)) oldest.set(manifest.lineage, manifest.firstSegment);
  }
  for (const { manifest } of backups) {
    if (!oldest.has(manifest.lineage)) await rm(logFolderOf(place, manifest.lineage), { recursive: true, force: true });
  }
  for (const [lineage, first] of oldest) {
    const folder = logFolderOf(place, lineage);
    for (const name of await readdir(folder).catch(() => [] as string[])) {
      if (/^[0-9A-F]{24}\./.test(name) && name.slice(0, 24) < first) await rm(join(folder, name), { force: true });
    }
  }
  return removed;
}
