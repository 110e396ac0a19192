// How long times are spread: counts in classes of hours, from which a share of them is read without keeping every single one.

/** Upper bounds of the classes in hours; the last class has none. Working steps of an hour, a day, a week, a month. */
export const spreadHours = [1, 2, 4, 8, 16, 24, 48, 72, 120, 240, 480, 960] as const;

/** The hours within which this share was finished: the upper bound of the class it falls into. Null when nothing was, or it took longer. */
export function withinHours(spread: readonly number[], share: number): number | null {
  const all = spread.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let below = 0;
  for (const [place, count] of spread.entries()) {
    below += count;
    if (below >= share * all) return spreadHours[place] ?? null;
  }
  return null;
}
