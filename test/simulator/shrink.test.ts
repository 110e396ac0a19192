// Shrinking a list of steps that fails to the few that it takes to fail.
import { expect, test } from "vitest";
import { shrink } from "./shrink.ts";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test("what is not needed to fail is left out", async () => {
  const needs = (wanted: readonly number[]) => async (list: readonly number[]) => wanted.every((one) => list.includes(one));
  expect(await shrink(upTo(200), needs([3, 117]))).toEqual([3, 117]);
  expect(await shrink(upTo(64), needs([63]))).toEqual([63]);
  expect(await shrink([5, 6], needs([5, 6]))).toEqual([5, 6]);
});

test("it gives up after so many tries with the shortest it has found", async () => {
  let asked = 0;
  const list = await shrink(upTo(100), async (shorter) => ++asked > 0 && shorter.includes(99), 3);
  expect(asked).toBe(3);
  expect(list.at(-1)).toBe(99);
  expect(list.length).toBeLessThan(100);
});
