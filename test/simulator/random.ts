// Chance from a seed: the same seed always lives the same year.

export interface Random {
  /** A whole number from 0 up to, but not including, `below`. */
  upTo(below: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32: small, well mixed, and enough to choose what people do. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const upTo = (below: number): number => next() % below;
  return { upTo, pick: (from) => from[upTo(from.length)]! };
}
