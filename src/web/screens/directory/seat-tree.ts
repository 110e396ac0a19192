// The org chart as a tree: seats under the seats they report to, and the walk through those that are open to view.
import type { Day } from "../../../kernel/day.ts";
import { groupBy } from "../group.ts";

export interface SeatNode {
  readonly positionId: string;
  readonly code: string;
  readonly title: string;
  readonly job: string;
  readonly unitId: string;
  readonly unit: string;
  readonly site: string | null;
  readonly reportsToId: string | null;
  readonly personId: string | null;
  readonly person: string | null;
  readonly since: Day | null;
}

interface UnitNode {
  readonly unitId: string;
  readonly code: string;
  readonly name: string;
  readonly parentId: string | null;
}

export interface OrgChart {
  readonly asOf: Day;
  readonly nodes: readonly SeatNode[];
  readonly units: readonly UnitNode[];
}

export interface Branch {
  readonly seat: SeatNode;
  readonly children: readonly Branch[];
  readonly parent: string | null;
  readonly level: number;
  /** Seats anywhere below. */
  readonly below: number;
}

export interface SeatTree {
  readonly roots: readonly Branch[];
  readonly byId: ReadonlyMap<string, Branch>;
}

/** Whoever leads the most stands first; a seat that reports to none on that day, or round in a circle, is a root. */
export function treeOf(nodes: readonly SeatNode[]): SeatTree {
  const known = new Set(nodes.map((node) => node.positionId));
  const under = groupBy(nodes, (node) => (node.reportsToId && known.has(node.reportsToId) ? node.reportsToId : ""));
  const byId = new Map<string, Branch>();
  const grow = (seat: SeatNode, parent: string | null, level: number): Branch => {
    byId.set(seat.positionId, { seat, children: [], parent, level, below: 0 });
    const children = (under.get(seat.positionId) ?? [])
      .filter((child) => !byId.has(child.positionId))
      .map((child) => grow(child, seat.positionId, level + 1))
      .toSorted((a, b) => b.below - a.below || a.seat.code.localeCompare(b.seat.code));
    const branch = { seat, children, parent, level, below: children.reduce((sum, child) => sum + 1 + child.below, 0) };
    byId.set(seat.positionId, branch);
    return branch;
  };
  const roots = (under.get("") ?? []).map((seat) => grow(seat, null, 1));
  const circled = nodes
    .filter((node) => !byId.has(node.positionId))
    .flatMap((node) => (byId.has(node.positionId) ? [] : [grow(node, null, 1)]));
  return { roots: [...roots, ...circled].toSorted((a, b) => b.below - a.below), byId };
}

/** The branches to be seen, in reading order. */
export function walk(branches: readonly Branch[], open: ReadonlySet<string>): readonly Branch[] {
  return branches.flatMap((branch) => [branch, ...(open.has(branch.seat.positionId) ? walk(branch.children, open) : [])]);
}

export function above(tree: SeatTree, id: string): readonly string[] {
  const parent = tree.byId.get(id)?.parent;
  return parent ? [...above(tree, parent), parent] : [];
}

const plain = (said: string): string => said.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Seats whose person, title, unit or code has all the words asked for, in reading order. */
export function matching(tree: SeatTree, asked: string): readonly string[] {
  const sought = plain(asked).split(/\s+/).filter(Boolean);
  if (sought.length === 0) return [];
  const all = walk(tree.roots, new Set(tree.byId.keys()));
  return all.flatMap(({ seat }) => {
    const has = plain(`${seat.person ?? "vacant"} ${seat.title} ${seat.unit} ${seat.code} ${seat.site ?? ""}`);
    return sought.every((word) => has.includes(word)) ? [seat.positionId] : [];
  });
}

/** The colour of a unit: that of the unit just under the company it belongs to. */
export function coloursOf(units: OrgChart["units"]): ReadonlyMap<string, number> {
  const byId = new Map(units.map((unit) => [unit.unitId, unit]));
  const roots = new Set(units.filter((unit) => !unit.parentId || !byId.has(unit.parentId)).map((unit) => unit.unitId));
  const single = roots.size === 1;
  const topOf = (id: string, depth = 0): string => {
    const parent = byId.get(id)?.parentId;
    if (!parent || !byId.has(parent) || depth > 50 || (single && roots.has(parent))) return id;
    return topOf(parent, depth + 1);
  };
  const tops = [...new Set(units.map((unit) => topOf(unit.unitId)))];
  return new Map(units.map((unit) => [unit.unitId, tops.indexOf(topOf(unit.unitId)) % 8]));
}

/** Units with their parents before them, as they stand under each other. */
export function unitsInOrder(units: OrgChart["units"]): OrgChart["units"] {
  const known = new Set(units.map((unit) => unit.unitId));
  const under = groupBy(units, (unit) => (unit.parentId && known.has(unit.parentId) ? unit.parentId : ""));
  const below = (id: string): OrgChart["units"] => (under.get(id) ?? []).flatMap((unit) => [unit, ...below(unit.unitId)]);
  return below("");
}
