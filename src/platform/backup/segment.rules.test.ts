// The order of the log's segments, and gaps in it.
import { describe, expect, test } from "vitest";
import { isSegment, segmentAfter, segmentsBetween, unbroken } from "./segment.rules.ts";

test.each([
  ["000000010000000000000001", "000000010000000000000002"],
  ["0000000100000000000000FE", "0000000100000000000000FF"],
  // With 16 MB a file of 4 GB is full after FF.
  ["0000000100000000000000FF", "000000010000000100000000"],
  ["00000002000000FF000000FF", "000000020000010000000000"],
])("after %s comes %s", (name, after) => expect(segmentAfter(name)).toBe(after));

test("all from the first to the last", () => {
  expect(segmentsBetween("0000000100000000000000FE", "000000010000000100000001")).toEqual([
    "0000000100000000000000FE",
    "0000000100000000000000FF",
    "000000010000000100000000",
    "000000010000000100000001",
  ]);
});

test.each([
  ["000000010000000000000001", true],
  ["00000002.history", false],
  ["000000010000000000000001.partial", false],
  ["archtemp.000000010000000000000001.77.1", false],
])("%s is a segment: %s", (name, is) => expect(isSegment(name)).toBe(is));

describe("a gap", () => {
  const first = "000000010000000000000003";
  const named = (...places: number[]) => new Set(places.map((place) => `00000001000000000000000${place}`));

  test("is named when later segments are there", () => {
    expect(unbroken(first, named(1, 3, 4, 6, 7))).toEqual({ names: [...named(3, 4)], missing: "000000010000000000000005" });
  });

  test("is none at the end, nor before the first", () => {
    expect(unbroken(first, named(1, 3, 4, 5))).toEqual({ names: [...named(3, 4, 5)], missing: undefined });
  });
});
