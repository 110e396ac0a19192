// What becomes of the steps of a run, from the facts alone: which wait, which are open, done or fall away, and by which day each is due.
import { addDays, type Day, later } from "../../../kernel/day.ts";

export type StepState = "waiting" | "open" | "done" | "skipped" | "undone";

export interface StepFacts {
  readonly key: string;
  readonly after: readonly string[];
  /** What it was when last looked at. */
  readonly was: StepState;
  readonly isDone: boolean;
  readonly fallsAway: boolean;
}

/** The state of each step. A step that has been opened stays open although one before it opens again: people are at it. */
export function judge(steps: readonly StepFacts[]): ReadonlyMap<string, StepState> {
  const states = new Map<string, StepState>();
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const stateOf = (step: StepFacts): StepState => {
    const known = states.get(step.key);
    if (known) return known;
    const state = judgeOne(step, (key) => {
      const earlier = byKey.get(key);
      // A step that a later release took out holds nobody up.
      return earlier === undefined || isSettled(stateOf(earlier));
    });
    states.set(step.key, state);
    return state;
  };
  for (const step of steps) stateOf(step);
  return states;
}

function judgeOne(step: StepFacts, settled: (key: string) => boolean): StepState {
  if (step.isDone) return "done";
  if (step.fallsAway) return "skipped";
  if (step.was === "open" || step.was === "done") return "open";
  return step.after.every(settled) ? "open" : "waiting";
}

export const isSettled = (state: StepState): boolean => state === "done" || state === "skipped";

/** Nothing was due before the run began: a late start makes short days, not late people. */
export const dueDay = (anchor: Day, offset: number, startedOn: Day): Day => later(addDays(anchor, offset), startedOn);
