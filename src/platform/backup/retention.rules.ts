// Which backups are kept: the newest of each of the last days that have one, and the newest of each of the last weeks that have one.
import { addDays, day, weekdayOf } from "../../kernel/day.ts";

export interface Aged {
  readonly folder: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** Folders to remove. The newest backup is never among them. */
export function outlived(backups: readonly Aged[], keep: { readonly days: number; readonly weeks: number }): string[] {
  const newestFirst = backups.toSorted((a, b) => b.at.localeCompare(a.at));
  const kept = new Set([
    ...newestOfEach(newestFirst, (at) => at.slice(0, 10), keep.days),
    ...newestOfEach(newestFirst, weekOf, keep.weeks),
    ...newestFirst.slice(0, 1).map(({ folder }) => folder),
  ]);
  return newestFirst.filter(({ folder }) => !kept.has(folder)).map(({ folder }) => folder);
}

function newestOfEach(newestFirst: readonly Aged[], spanOf: (at: string) => string, most: number): string[] {
  const spans = new Map<string, string>();
  for (const { at, folder } of newestFirst) {
    const span = spanOf(at);
    if (!spans.has(span) && spans.size < most) spans.set(span, folder);
  }
  return [...spans.values()];
}

/** The Monday on which a moment's week begins. */
function weekOf(at: string): string {
  const then = day(at.slice(0, 10));
  return addDays(then, 1 - weekdayOf(then));
}
