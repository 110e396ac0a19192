// Tax due on payment, in parts: by hand from 19.00 on 100.00 with 119.00 to pay.
import { expect, test } from "vitest";
import { duePart } from "./cash-tax.rules.ts";

test.each([
  { says: "a third of it", settled: 3967n, baseBefore: 0n, taxBefore: 0n, base: 3334n, tax: 633n },
  { says: "the next third", settled: 7934n, baseBefore: 3334n, taxBefore: 633n, base: 3333n, tax: 634n },
  { says: "the rest", settled: 11900n, baseBefore: 6667n, taxBefore: 1267n, base: 3333n, tax: 633n },
  { says: "nothing new", settled: 11900n, baseBefore: 10000n, taxBefore: 1900n, base: 0n, tax: 0n },
  { says: "the last part undone", settled: 7934n, baseBefore: 10000n, taxBefore: 1900n, base: -3333n, tax: -633n },
])("$says", ({ settled, baseBefore, taxBefore, base, tax }) => {
  expect(duePart({ base: 10000n, tax: 1900n, whole: 11900n, settled, baseBefore, taxBefore })).toEqual({ base, tax });
});

test("a credit note takes it back", () => {
  const note = { base: -10000n, tax: -1900n, whole: 11900n, settled: 5950n, baseBefore: 0n, taxBefore: 0n };
  expect(duePart(note)).toEqual({ base: -5000n, tax: -950n });
});
