// Which open items of one customer or supplier together are exactly an amount: bounded, so that a thousand open items cost no more time.

/** How many items of a party sets are made of. */
export const combinedMax = 30;
const partsMax = 8;
const stepsMax = 20_000;

/**
 * Sets of two or more places whose amounts add up to the total, at most `wanted` of them. The amounts are above zero; of more than
 * thirty the first count, so give the earliest due first.
 */
export function combinations(amounts: readonly bigint[], total: bigint, wanted: number): number[][] {
  const places = amounts
    .slice(0, combinedMax)
    .map((amount, place) => ({ amount, place }))
    .filter(({ amount }) => amount > 0n && amount < total)
    .toSorted((a, b) => (a.amount === b.amount ? a.place - b.place : a.amount > b.amount ? -1 : 1));
  // What all from here on amount to: where even that is too little, nothing needs to be tried.
  const rest: bigint[] = [0n];
  for (const { amount } of places.toReversed()) rest.unshift(rest[0]! + amount);
  const found: number[][] = [];
  let steps = 0;
  const search = (from: number, left: bigint, chosen: readonly number[]): void => {
    if (left === 0n && chosen.length > 1) found.push(chosen.toSorted((a, b) => a - b));
    if (left === 0n || chosen.length === partsMax) return;
    for (let at = from; at < places.length; at++) {
      if (found.length >= wanted || ++steps > stepsMax || rest[at]! < left) return;
      const { amount, place } = places[at]!;
      if (amount <= left) search(at + 1, left - amount, [...chosen, place]);
    }
  };
  search(0, total, []);
  return found;
}
