// How many things are walked through without holding up everyone else.
import { setImmediate } from "node:timers";
import { expect, test } from "vitest";
import { inTurns } from "./batches.ts";

test("whoever waits has their turn after each batch, and all things are asked for", async () => {
  let asked = 0;
  function* things(): Generator<number> {
    for (; asked < 1000; asked += 1) yield asked;
  }
  const seen: number[] = [];
  const look = (): void => {
    seen.push(asked);
    if (asked < 1000) setImmediate(look);
  };
  setImmediate(look);
  const sizes: number[] = [];
  for await (const batch of inTurns(things(), 300)) sizes.push(batch.length);
  expect(sizes).toEqual([300, 300, 300, 100]);
  expect(asked).toBe(1000);
  // The generator goes on behind a thing only when the next is asked for.
  expect(seen.slice(0, 3)).toEqual([299, 599, 899]);
});
