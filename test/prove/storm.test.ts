// The short forms of three proofs, on a real server in a process of its own: sudden death, cut wires, a full disk.
import { expect, test } from "vitest";
import { crash } from "../../prove/crash.ts";
import { cut } from "../../prove/cut.ts";
import { disk } from "../../prove/disk.ts";

test.each([crash, cut, disk])("$name: $says", { timeout: 900_000 }, async ({ prove }) => {
  const seed = Math.floor(Math.random() * 1_000_000);
  const verdicts = await prove({ scale: "quick", seed, say: () => undefined, given: {} });
  expect(
    verdicts.flatMap(({ breaks = [] }) => breaks),
    `seed ${seed}`,
  ).toEqual([]);
});
