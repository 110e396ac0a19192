// What an opening balance does not hold of the books: found by day, by when it was recorded, among the newest, or not at all.
import { expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { notInOpening } from "./outstanding.rules.ts";

/** The newest first by day; ids grow as lines are recorded. */
const lines = (...told: readonly [id: string, amount: bigint][]) => told.map(([id, amount]) => ({ id: id as Id, amount }));
const found = (told: ReturnType<typeof lines>, more: bigint): string[] => notInOpening(told, more).map((line) => line.id);

test.each([
  ["nothing where the balances agree", lines(["b", -200n], ["a", 1000n]), 0n, []],
  ["what was booked last", lines(["c", -200n], ["b", -50n], ["a", 1000n]), -250n, ["c", "b"]],
  ["what was recorded last, whatever its day", lines(["b", 300n], ["d", -70n], ["a", 1000n], ["c", -7n]), -77n, ["d", "c"]],
  ["one of the newest between others", lines(["c", 500n], ["b", -200n], ["a", 1000n]), -200n, ["b"]],
  ["two of the newest between others", lines(["e", 500n], ["d", -20n], ["c", 300n], ["b", -70n], ["a", 1000n]), -90n, ["d", "b"]],
  ["nothing where no lines are the difference", lines(["b", -200n], ["a", 1000n]), -500n, []],
  ["nothing where nothing is booked", lines(), -500n, []],
])("%s", (_says, told, more, ids) => {
  expect(found(told, more)).toEqual(ids);
});
