// The short form of the restore drill: a house is killed while it is written to, and brought back from its backups.
import { expect, test } from "vitest";
import { restore } from "../../prove/restore.ts";

test(restore.says, { timeout: 900_000 }, async () => {
  const seed = Math.floor(Math.random() * 1_000_000);
  const verdicts = await restore.prove({ scale: "quick", seed, say: () => undefined, given: {} });
  expect(verdicts).toHaveLength(3);
  expect(
    verdicts.flatMap(({ breaks = [] }) => breaks),
    `seed ${seed}`,
  ).toEqual([]);
});
