// Makes a failing list as short as it gets: leaves out halves, then quarters, then single ones, as long as what is left still fails
// (delta debugging after Zeller and Hildebrandt, 2002).

/** `fails` says whether a list still fails; `tries` is how often it may be asked. */
export async function shrink<T>(
  list: readonly T[],
  fails: (shorter: readonly T[]) => Promise<boolean>,
  tries = 100,
): Promise<readonly T[]> {
  let shortest = list;
  let parts = 2;
  let left = tries;
  while (shortest.length > 1 && left > 0) {
    const size = Math.ceil(shortest.length / parts);
    let found: readonly T[] | undefined;
    for (let from = 0; from < shortest.length && !found && left > 0; from += size) {
      const without = [...shortest.slice(0, from), ...shortest.slice(from + size)];
      left -= 1;
      if (without.length > 0 && (await fails(without))) found = without;
    }
    if (found) {
      shortest = found;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) return shortest;
    else parts = Math.min(shortest.length, parts * 2);
  }
  return shortest;
}
