// Rates as they are read.
import { expect, test } from "vitest";
import { compareRates, shownRate, turned } from "./rates.rules.ts";

test.each([
  ["1.0815", "1.0815"],
  ["162.4", "162.4000"],
  ["0.924641701341", "0.924642"],
  ["94.125", "94.1250"],
  ["0.00615763546798", "0.00615764"],
])("%s is read as %s", (rate, text) => {
  expect(shownRate(rate)).toBe(text);
});

test("turned round, and ranked by size", () => {
  // 1 / 1.25
  expect(turned("1.25")).toBe("0.8");
  expect(["10", "9", "0.5"].toSorted(compareRates)).toEqual(["0.5", "9", "10"]);
});
