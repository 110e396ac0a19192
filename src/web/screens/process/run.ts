// A run of a process and its steps as the server tells them, and what the screen makes of them.
import type { Day } from "../../../kernel/day.ts";
import { addDays, earlier, later } from "../../../kernel/day.ts";
import type { Row } from "../../kit/index.ts";

export interface RunRow extends Row {
  readonly title: string;
  readonly process: string;
  readonly state: "open" | "done" | "unwinding" | "ended";
  readonly startedOn: Day;
  readonly closedOn: Day | null;
  readonly personId: string | null;
  readonly person: string | null;
  readonly steps: number;
  readonly settled: number;
  readonly late: number;
  readonly nextDue: Day | null;
  readonly problem: string | null;
}

export interface Step {
  readonly key: string;
  readonly title: string;
  readonly says: string;
  readonly state: "waiting" | "open" | "done" | "skipped" | "undone";
  readonly after: readonly string[];
  readonly activity: string | null;
  readonly ownerId: string | null;
  readonly owner: string | null;
  readonly via: string | null;
  readonly due: Day;
  readonly late: boolean;
  readonly lateSince: Day | null;
  readonly doneAt: string | null;
  readonly doneOn: Day | null;
  readonly taskId: string | null;
  readonly asks: Asked | null;
  readonly problem: string | null;
}

interface Asked {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface RunTimeline {
  readonly run: {
    readonly id: string;
    readonly title: string;
    readonly process: string;
    readonly processTitle: string;
    readonly says: string;
    readonly state: RunRow["state"];
    readonly anchor: Day;
    readonly startedOn: Day;
    readonly closedOn: Day | null;
    readonly personId: string | null;
    readonly person: string | null;
    readonly problem: string | null;
    readonly about: { readonly subject: string; readonly id: string } | null;
  };
  readonly steps: readonly Step[];
}

/** A step's task, where this person may see it: since when it is with whom, also after it was done. */
export interface StepTask extends Row {
  readonly title: string;
  readonly personId: string | null;
  readonly person: string | null;
  readonly via: string;
  readonly openedAt: string;
  readonly asks: Asked | null;
}

export type ShownState = Step["state"] | "late";

export const shownStateOf = (step: Step): ShownState => (step.late ? "late" : step.state);

export const isSettled = (step: Step): boolean => step.state === "done" || step.state === "skipped" || step.state === "undone";

/** The latest task of a step; its title begins with the step's. */
export const taskOf = (step: Step, tasks: readonly StepTask[]): StepTask | undefined =>
  tasks.find((task) => task.id === step.taskId) ?? tasks.findLast((task) => task.title.startsWith(`${step.title} – `));

/** The titles of the steps that must come first and have not. */
export const waitedFor = (step: Step, steps: readonly Step[]): readonly string[] =>
  step.state === "waiting" ? steps.filter((one) => step.after.includes(one.key) && !isSettled(one)).map((one) => one.title) : [];

export interface Span {
  readonly from: Day;
  readonly until: Day;
}

/** From the earliest day of the run to the last, with a little room at both ends. */
export function spanOf({ run, steps }: RunTimeline, today: Day): Span {
  const running = run.closedOn === null;
  const days = [
    run.anchor,
    run.startedOn,
    ...(running ? [today] : [run.closedOn]),
    ...steps.flatMap((step) => [step.due, step.doneOn ?? step.due]),
  ];
  const from = days.reduce(earlier);
  const until = days.reduce(later);
  const room = Math.max(1, Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000 / 24));
  return { from: addDays(from, -room), until: addDays(until, room) };
}
