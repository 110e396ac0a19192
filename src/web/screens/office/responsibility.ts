// The responsibility map as the server tells it, and the lines it is shown in: one for each kind of work at each scope.

export const parts = ["accountable", "responsible", "consulted", "informed"] as const;
export type Part = (typeof parts)[number];

interface Assigned {
  readonly id: string;
  readonly part: Part;
  readonly scopeKind: "everywhere" | "entity" | "unit" | "place";
  readonly scope: string;
  readonly personId: string | null;
  readonly person: string | null;
  readonly position: string | null;
}

export interface Work {
  readonly activity: string;
  readonly title: string;
  readonly personId: string | null;
  readonly person: string | null;
  readonly standInId: string | null;
  readonly standIn: string | null;
  readonly via: string;
  readonly roles: readonly string[];
  readonly assigned: readonly Assigned[];
  readonly openTasks: number;
}

export interface ResponsibilityMap {
  readonly size: string;
  readonly inForce: string;
  readonly asOf: string;
  readonly sizes: readonly { readonly size: string; readonly title: string; readonly says: string }[];
  readonly rows: readonly Work[];
}

export interface Line {
  readonly work: Work;
  /** Null for the whole company. */
  readonly scope: string | null;
  readonly byPart: Readonly<Record<Part, readonly Assigned[]>>;
  readonly first: boolean;
}

export const departmentOf = (activity: string): string => activity.split(".")[0] ?? "";

/** The line of the whole company comes first, then each place that has its own. */
export function linesOf(work: Work): readonly Line[] {
  const narrow = [...new Set(work.assigned.filter((one) => one.scopeKind !== "everywhere").map((one) => one.scope))].toSorted();
  return [null, ...narrow].map((scope, index) => {
    const here = work.assigned.filter((one) =>
      scope === null ? one.scopeKind === "everywhere" : one.scopeKind !== "everywhere" && one.scope === scope,
    );
    const byPart = Object.fromEntries(parts.map((part) => [part, here.filter((one) => one.part === part)])) as unknown as Line["byPart"];
    return { work, scope, byPart, first: index === 0 };
  });
}

/** Kinds of work that someone else would answer for. */
export function changesBetween(
  now: readonly Work[],
  then: readonly Work[],
): readonly { readonly work: Work; readonly from: string | null }[] {
  const before = new Map(now.map((work) => [work.activity, work]));
  return then.flatMap((work) => {
    const was = before.get(work.activity);
    return was && was.personId !== work.personId ? [{ work, from: was.person }] : [];
  });
}

export function fitting(rows: readonly Work[], wish: { search: string; department: string; personId: string | null }): readonly Work[] {
  const sought = wish.search.trim().toLowerCase();
  return rows.filter((work) => {
    if (wish.department && departmentOf(work.activity) !== wish.department) return false;
    const people = [work, ...work.assigned];
    if (wish.personId && !people.some((one) => one.personId === wish.personId)) return false;
    const said = [work.title, work.activity, ...people.map((one) => one.person ?? ""), ...work.assigned.map((one) => one.scope)].join(" ");
    return !sought || said.toLowerCase().includes(sought);
  });
}
