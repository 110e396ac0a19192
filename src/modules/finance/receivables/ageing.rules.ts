// Ageing: what is open, by how long it has been due.
import { type Day, daysBetween } from "../../../kernel/day.ts";

/** How many days past the due day a bucket ends at; due today is not yet overdue. */
export const bucketEnds = { notDue: 0, upTo30: 30, upTo60: 60, upTo90: 90, over90: null } as const;

export type AgeBucket = keyof typeof bucketEnds;
export const ageBuckets = Object.keys(bucketEnds) as [AgeBucket, ...AgeBucket[]];

/** The bucket of an item on a day. */
export function bucketOf(dueDay: Day, asOf: Day): AgeBucket {
  const overdue = daysBetween(dueDay, asOf);
  return ageBuckets.find((bucket) => overdue <= (bucketEnds[bucket] ?? Infinity))!;
}

export interface AgedItem {
  readonly dueDay: Day;
  /** Owed positive, a credit negative. */
  readonly open: bigint;
}

/** Sums by bucket; credits lie in the bucket of their own day, so that the sum is the balance. */
export function aged(items: readonly AgedItem[], asOf: Day): Record<AgeBucket, bigint> & { total: bigint } {
  const sums = { notDue: 0n, upTo30: 0n, upTo60: 0n, upTo90: 0n, over90: 0n, total: 0n };
  for (const item of items) {
    sums[bucketOf(item.dueDay, asOf)] += item.open;
    sums.total += item.open;
  }
  return sums;
}
