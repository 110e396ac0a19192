// The matrix as a table: bands, faults, and which risk stands in which cell.
import fc from "fast-check";
import { expect, test } from "vitest";
import { bandOf, faultOf, heatMapOf, isOnMatrix, type Matrix, usualMatrix } from "./risk.rules.ts";

// The matrix of ISO/IEC 27005:2022, table A.4, as it is often used: a high impact weighs more than a high likelihood.
const lopsided: Matrix = {
  likelihoods: ["Unlikely", "Likely", "Certain"],
  impacts: ["Minor", "Major"],
  bands: ["Low", "High"],
  grid: [1, 2, 1, 2, 1, 2],
};

test.each([
  [1, 1, "Low"],
  [2, 2, "Low"],
  [1, 5, "Medium"],
  [3, 3, "Medium"],
  [2, 5, "High"],
  [4, 4, "High"],
  [4, 5, "Critical"],
  [5, 5, "Critical"],
])("likelihood %i and impact %i is %s on the usual matrix", (likelihood, impact, name) => {
  expect(usualMatrix.bands[bandOf(usualMatrix, { likelihood, impact }) - 1]).toBe(name);
});

test("likelihood comes first: a matrix that is not symmetric is not read transposed", () => {
  expect(bandOf(lopsided, { likelihood: 1, impact: 2 })).toBe(2);
  expect(bandOf(lopsided, { likelihood: 2, impact: 1 })).toBe(1);
});

test.each([
  ["a whole one", {}, undefined],
  ["a cell too few", { grid: [1, 2, 1, 2, 1] }, "gridIncomplete"],
  ["a band that is not named", { grid: [1, 2, 1, 2, 1, 3] }, "bandUnknown"],
  ["a band of zero", { grid: [0, 2, 1, 2, 1, 2] }, "bandUnknown"],
  ["a better band for a worse impact", { grid: [2, 1, 2, 2, 2, 2] }, "gridFalls"],
  ["a better band for a worse likelihood", { grid: [1, 2, 1, 1, 1, 2] }, "gridFalls"],
])("the check of a matrix: %s", (_says, change, fault) => {
  expect(faultOf({ ...lopsided, ...change })).toBe(fault);
});

test("a score beside the matrix has no band", () => {
  expect(isOnMatrix(usualMatrix, { likelihood: 6, impact: 1 })).toBe(false);
  expect(() => bandOf(usualMatrix, { likelihood: 0, impact: 1 })).toThrow(RangeError);
});

test("the heat map holds every cell once and every risk once", () => {
  const score = fc.record({ likelihood: fc.integer({ min: 1, max: 5 }), impact: fc.integer({ min: 1, max: 5 }) });
  fc.assert(
    fc.property(fc.array(score, { maxLength: 40 }), (scores) => {
      const risks = scores.map((one, index) => ({ ...one, id: String(index), code: `R-${index}`, title: "A risk" }));
      const cells = heatMapOf(usualMatrix, risks);
      expect(cells).toHaveLength(25);
      expect(
        cells
          .flatMap((cell) => cell.risks)
          .map((risk) => risk.id)
          .toSorted(),
      ).toEqual(risks.map((risk) => risk.id).toSorted());
      for (const cell of cells) for (const risk of cell.risks) expect(bandOf(usualMatrix, risk)).toBe(cell.band);
    }),
  );
});
