// Side by side: ours and the same work by hand, A B A B, at least five pairs, and the median of the pairwise ratios. Timings on a shared
// machine drift; a pair is taken within seconds, so what drifts is in both.

export interface Pair {
  /** What the two sides are measured in, e.g. `entries/s` or `ms`. */
  readonly unit: string;
  /** True when more is better: the ratio is then ours over theirs, of which the bound is the least; else the most. */
  readonly moreIsBetter: boolean;
  readonly bound: number;
  ours(round: number): Promise<number>;
  theirs(round: number): Promise<number>;
}

export interface Measured {
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
  readonly pairs: readonly number[];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export async function measure(pair: Pair, rounds = 5): Promise<Measured> {
  // One round of each first: plans, caches and compiled code are warm on both sides.
  await pair.ours(0);
  await pair.theirs(0);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    ours.push(await pair.ours(round));
    theirs.push(await pair.theirs(round));
  }
  const pairs = ours.map((value, index) => value / theirs[index]!);
  return { ours: median(ours), theirs: median(theirs), ratio: median(pairs), pairs };
}

/** Milliseconds that some work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
