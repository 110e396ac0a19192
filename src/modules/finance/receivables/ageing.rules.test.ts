// Ageing at the edges of its buckets.
import { expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { aged, bucketOf } from "./ageing.rules.ts";

test.each([
  ["2026-12-01", "notDue"],
  ["2026-11-21", "notDue"],
  ["2026-11-20", "upTo30"],
  ["2026-10-22", "upTo30"],
  ["2026-10-21", "upTo60"],
  ["2026-09-22", "upTo60"],
  ["2026-09-21", "upTo90"],
  ["2026-08-23", "upTo90"],
  ["2026-08-22", "over90"],
])("due on %s is %s on 21 November", (due, bucket) => {
  expect(bucketOf(day(due), day("2026-11-21"))).toBe(bucket);
});

test("buckets add up to the balance, credits included", () => {
  const items = [
    { dueDay: day("2026-12-01"), open: 100n },
    { dueDay: day("2026-11-01"), open: 50n },
    { dueDay: day("2026-11-10"), open: -20n },
  ];
  expect(aged(items, day("2026-11-21"))).toEqual({ notDue: 100n, upTo30: 30n, upTo60: 0n, upTo90: 0n, over90: 0n, total: 130n });
});
