// What the first statement's opening balance holds of the books: all that was booked until its day, but for what the bank had not told yet.
import type { Id } from "../../../kernel/id.ts";

export interface BookedAmount {
  readonly id: Id;
  /** As it moves the account. */
  readonly amount: bigint;
}

const partsMax = 3;
const searchedMax = 30;

/**
 * Of lines booked until the first opening that no bank line stands for, the newest first: those that the opening balance does not hold.
 * They are what was booked last, by its day or else by when it was recorded; or, among the newest, up to three that are exactly what the
 * books have more. Where nothing of the kind explains it, the difference is none of what is under way, and stays one.
 */
export function notInOpening(newestFirst: readonly BookedAmount[], more: bigint): BookedAmount[] {
  if (more === 0n) return [];
  const byRecord = newestFirst.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  return lastThatAre(newestFirst, more) ?? lastThatAre(byRecord, more) ?? fewThatAre(newestFirst.slice(0, searchedMax), more) ?? [];
}

function lastThatAre(newestFirst: readonly BookedAmount[], more: bigint): BookedAmount[] | undefined {
  let sum = 0n;
  const place = newestFirst.findIndex((line) => (sum += line.amount) === more);
  return place < 0 ? undefined : newestFirst.slice(0, place + 1);
}

function fewThatAre(newestFirst: readonly BookedAmount[], more: bigint): BookedAmount[] | undefined {
  const search = (from: number, left: bigint, parts: number): BookedAmount[] | undefined => {
    for (let at = from; at < newestFirst.length; at++) {
      const line = newestFirst[at]!;
      if (parts === 1 && line.amount === left) return [line];
      const others = parts > 1 ? search(at + 1, left - line.amount, parts - 1) : undefined;
      if (others) return [line, ...others];
    }
    return undefined;
  };
  for (let parts = 1; parts <= partsMax; parts++) {
    const found = search(0, more, parts);
    if (found) return found;
  }
  return undefined;
}
