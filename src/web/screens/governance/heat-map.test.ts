// The heat map: where the edge of the appetite runs, and whose appetite counts.
import { expect, test } from "vitest";
import { type AppetiteRow, appetiteOn, type Cell, edgesOf, keyOf, ownAppetites, toneOfBand } from "./heat-map.ts";

const cell = (likelihood: number, impact: number, band: number): Cell => ({ likelihood, impact, band, bandName: String(band), risks: [] });
const cells = new Map([cell(1, 1, 1), cell(1, 2, 2), cell(2, 1, 2), cell(2, 2, 3)].map((one) => [keyOf(one), one]));

test("the edge runs where the next cell up or to the right is above the appetite", () => {
  expect(edgesOf(cells.get("1x1")!, cells, 1)).toBe("top right");
  expect(edgesOf(cells.get("1x2")!, cells, 2)).toBe("top");
  expect(edgesOf(cells.get("2x1")!, cells, 2)).toBe("right");
  expect(edgesOf(cells.get("2x2")!, cells, 2)).toBe("");
  expect([...cells.values()].map((one) => edgesOf(one, cells, 3))).toEqual(["", "", "", ""]);
});

test("a category's own appetite comes before the one for all, and only once it is in force", () => {
  const row = (category: string | null, band: number, fromDay: string): AppetiteRow => ({
    id: `${category}${fromDay}`,
    riskMatrixId: "m",
    category,
    band,
    bandName: String(band),
    fromDay,
  });
  const rows = [row("safety", 1, "2026-11-10"), row(null, 3, "2026-11-01"), row(null, 2, "2026-01-01")];
  expect(appetiteOn(rows, "m", "safety", "2026-11-21")?.band).toBe(1);
  expect(appetiteOn(rows, "m", "safety", "2026-11-05")?.band).toBe(3);
  expect(appetiteOn(rows, "m", "", "2026-06-01")?.band).toBe(2);
  expect(appetiteOn(rows, "other", "", "2026-06-01")).toBeUndefined();
  expect(ownAppetites(rows, "m", "2026-11-21").map((one) => one.category)).toEqual(["safety"]);
});

test("tones run from calm to grave whatever the number of bands", () => {
  expect([1, 2, 3, 4].map((band) => toneOfBand(band, 4))).toEqual([1, 3, 4, 6]);
  expect([1, 2].map((band) => toneOfBand(band, 2))).toEqual([1, 6]);
  expect(toneOfBand(1, 1)).toBe(1);
});
