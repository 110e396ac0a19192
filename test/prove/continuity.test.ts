// The short forms of three proofs, on a real server in a process of its own: a newer database, a rolling restart, people at work.
import { expect, test } from "vitest";
import { load } from "../../prove/load.ts";
import { rolling } from "../../prove/rolling.ts";
import { upgrade } from "../../prove/upgrade.ts";

test.each([upgrade, rolling, load])("$name: $says", { timeout: 900_000 }, async ({ prove }) => {
  const seed = Math.floor(Math.random() * 1_000_000);
  const verdicts = await prove({ scale: "quick", seed, say: () => undefined, given: {} });
  expect(
    verdicts.flatMap(({ breaks = [] }) => breaks),
    `seed ${seed}`,
  ).toEqual([]);
});
