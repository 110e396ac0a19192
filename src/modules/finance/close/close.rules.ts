// The list of a month's close: what stands before what, and whether a template can be worked off at all.

export interface CloseStep {
  readonly key: string;
  readonly requires: readonly string[];
}

/** A key that stands in a circle of prerequisites, or one that is required but missing. */
export function brokenStep(steps: readonly CloseStep[]): { readonly key: string; readonly missing: string } | undefined {
  const known = new Map(steps.map((step) => [step.key, step]));
  for (const { key, requires } of steps) {
    const missing = requires.find((one) => !known.has(one));
    if (missing !== undefined) return { key, missing };
  }
  const left = new Map(known);
  for (let removed = true; removed;) {
    removed = false;
    for (const [key, { requires }] of left) {
      if (requires.some((one) => left.has(one))) continue;
      left.delete(key);
      removed = true;
    }
  }
  const [key] = left.keys();
  return key === undefined ? undefined : { key, missing: known.get(key)!.requires.find((one) => left.has(one))! };
}

/** The keys of the tasks still open that have to be done before this one. */
export const openPrerequisites = <Task extends CloseStep & { readonly state: "open" | "done" }>(
  task: CloseStep,
  tasks: readonly Task[],
): Task[] => tasks.filter((other) => task.requires.includes(other.key) && other.state === "open");

/** The done tasks that rest on this one. */
export const doneDependents = <Task extends CloseStep & { readonly state: "open" | "done" }>(
  task: CloseStep,
  tasks: readonly Task[],
): Task[] => tasks.filter((other) => other.requires.includes(task.key) && other.state === "done");
