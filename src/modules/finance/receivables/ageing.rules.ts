// Ageing: what is open, by how long it has been due.
import { type Day, daysBetween } from "../../../kernel/day.ts";

export const ageBuckets = ["notDue", "upTo30", "upTo60", "upTo90", "over90"] as const;
export type AgeBucket = (typeof ageBuckets)[number];

/** The bucket of an item on a day; due today is not yet overdue. */
export function bucketOf(dueDay: Day, asOf: Day): AgeBucket {
  const overdue = daysBetween(dueDay, asOf);
  if (overdue <= 0) return "notDue";
  if (overdue <= 30) return "upTo30";
  if (overdue <= 60) return "upTo60";
  return overdue <= 90 ? "upTo90" : "over90";
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
