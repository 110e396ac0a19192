// What the close board tells, and how its tasks fall into now, later and done.

export interface BoardTask {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly says: string | null;
  readonly state: "open" | "done";
  readonly owner: string | null;
  readonly ownerId: string | null;
  readonly blockedBy: readonly string[];
  readonly fact: string | null;
  readonly factHolds: boolean | null;
  readonly factMissing: string | null;
  readonly place: string | null;
  readonly doneAt: string | null;
  readonly doneBy: string | null;
  readonly note: string | null;
}

export interface Board {
  readonly periodId: string;
  readonly period: string;
  readonly fromDay: string;
  readonly untilDay: string;
  readonly state: "open" | "closed";
  readonly lockedAreas: readonly string[];
  readonly done: number;
  readonly tasks: readonly BoardTask[];
}

export const areaNames = ["sales", "purchase", "payroll", "tax", "ledger"] as const;

export const nowOf = (board: Board): readonly BoardTask[] =>
  board.tasks.filter((task) => task.state === "open" && task.blockedBy.length === 0);
export const laterOf = (board: Board): readonly BoardTask[] =>
  board.tasks.filter((task) => task.state === "open" && task.blockedBy.length > 0);
export const doneOf = (board: Board): readonly BoardTask[] => board.tasks.filter((task) => task.state === "done");

/** Where a task is done: a form that opens over the board, or another screen. */
export type Place = { readonly operation: string; readonly fields: Readonly<Record<string, string>> } | { readonly path: string };

export function placeOf(place: string): Place {
  const [path = "", query = ""] = place.split("?");
  const form = /^\/do\/(.+)$/.exec(path);
  return form ? { operation: form[1]!.replaceAll("/", "."), fields: Object.fromEntries(new URLSearchParams(query)) } : { path: place };
}
