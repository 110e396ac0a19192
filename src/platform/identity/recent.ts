// What was looked up a moment ago, kept in this process for a few seconds. Anything revoked here is forgotten here at once;
// another process forgets it when the seconds are over.

interface Recent<Found> {
  /** The remembered answer, or the one `look` gives. "Nothing" is never remembered, so that a new session or token works at once. */
  find(key: string, look: () => Promise<Found | undefined>): Promise<Found | undefined>;
  forget(): void;
}

const mostKept = 10_000;

export function recent<Found>(keepMilliseconds: number, now: () => number = Date.now): Recent<Found> {
  const kept = new Map<string, { found: Found; until: number }>();
  // A look-up that was under way while something was revoked must not bring the old answer back.
  let generation = 0;
  return {
    async find(key, look) {
      const known = kept.get(key);
      if (known && known.until > now()) return known.found;
      const begun = generation;
      const found = await look();
      kept.delete(key);
      if (found !== undefined && begun === generation) {
        if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
        kept.set(key, { found, until: now() + keepMilliseconds });
      }
      return found;
    },
    forget() {
      generation += 1;
      kept.clear();
    },
  };
}
