// The org chart as a tree: nobody is lost, circles do not trap, and searching finds by every word.
import { expect, test } from "vitest";
import { above, coloursOf, matching, type SeatNode, treeOf, unitsInOrder, walk } from "./seat-tree.ts";

const seat = (positionId: string, reportsToId: string | null, person: string | null = positionId): SeatNode => ({
  positionId,
  code: positionId,
  title: "Clerk",
  job: "Clerk",
  unitId: "u1",
  unit: "Finance",
  site: null,
  reportsToId,
  personId: person,
  person,
  since: null,
});

test("seats stand under the seat they report to, those who lead more first", () => {
  const tree = treeOf([seat("a", null), seat("b", "a"), seat("c", "a"), seat("d", "c"), seat("lost", "gone")]);
  expect(tree.roots.map((root) => root.seat.positionId)).toEqual(["a", "lost"]);
  expect(tree.roots[0]!.below).toBe(3);
  expect(tree.roots[0]!.children.map((child) => child.seat.positionId)).toEqual(["c", "b"]);
  expect(above(tree, "d")).toEqual(["a", "c"]);
  expect(walk(tree.roots, new Set(["a"])).map((one) => one.seat.positionId)).toEqual(["a", "c", "b", "lost"]);
});

test("a circle of reports still shows every seat once", () => {
  const tree = treeOf([seat("a", "b"), seat("b", "a"), seat("c", "b")]);
  const all = walk(tree.roots, new Set(tree.byId.keys())).map((one) => one.seat.positionId);
  expect(all.toSorted()).toEqual(["a", "b", "c"]);
});

test("every word asked for must be found, accents or not", () => {
  const tree = treeOf([seat("a", null, "José Müller"), seat("b", "a", null)]);
  expect(matching(tree, "muller jose")).toEqual(["a"]);
  expect(matching(tree, "vacant clerk")).toEqual(["b"]);
  expect(matching(tree, "  ")).toEqual([]);
});

test("units below one department share its colour, parents come before children", () => {
  const unit = (unitId: string, parentId: string | null) => ({ unitId, code: unitId, name: unitId, parentId });
  const units = unitsInOrder([
    unit("quality", "production"),
    unit("company", null),
    unit("production", "company"),
    unit("sales", "company"),
  ]);
  expect(units.map((one) => one.unitId)).toEqual(["company", "production", "quality", "sales"]);
  const colours = coloursOf(units);
  expect(colours.get("quality")).toBe(colours.get("production"));
  expect(colours.get("sales")).not.toBe(colours.get("production"));
});
