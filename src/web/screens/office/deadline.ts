// Deadlines as the register tells them, and how the calendar groups them: by day, and by week with what is overdue first.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Row } from "../../kit/index.ts";
import { startOfWeek } from "../calendar.ts";
import { groupBy } from "../group.ts";

export interface Deadline extends Row {
  readonly title: string;
  readonly due: Day;
  readonly late: boolean;
  readonly state: "open" | "extended" | "paused" | "missed" | "submitted" | "met" | "cancelled";
  /** To the minute, where hours matter. */
  readonly dueAt: string | null;
  readonly source: "deadline" | "task" | "step" | "occurrence" | "document";
  readonly personId: string | null;
  readonly person: string | null;
  readonly activity: string | null;
  readonly aboutSubject: string | null;
  readonly aboutId: string | null;
  /** The rule of a law or contract that set it: it is kept on its own record. */
  readonly ruleId: string | null;
}

export interface Week {
  readonly from: Day;
  readonly until: Day;
  readonly days: readonly { readonly day: Day; readonly deadlines: readonly Deadline[] }[];
}

const openStates = ["open", "extended", "paused", "missed"] as const;

/** What a list of open deadlines is filtered by. */
export const openFilter = openStates.join("|");

export const isClosed = (deadline: Deadline): boolean => !openStates.some((state) => state === deadline.state);
export const isKept = (deadline: Deadline): boolean => deadline.state === "met" || deadline.state === "submitted";

/** The weeks that have something due, each with its days. */
export function weeksOf(deadlines: readonly Deadline[]): readonly Week[] {
  const byWeek = groupBy(deadlines, (one) => startOfWeek(one.due));
  return [...byWeek]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, some]) => {
      const byDay = [...groupBy(some, (one) => one.due)].toSorted(([a], [b]) => (a < b ? -1 : 1));
      return { from, until: addDays(from, 6), days: byDay.map(([day, list]) => ({ day, deadlines: list })) };
    });
}

export const within = (deadlines: readonly Deadline[], from: Day, until: Day): readonly Deadline[] =>
  deadlines.filter((one) => one.due >= from && one.due <= until);

/** The record that a deadline is about, else its own; one of a law is submitted on its own. */
export function recordOf(
  deadline: Deadline,
  isKnown: (register: string) => boolean,
): { readonly register: string; readonly id: string } | undefined {
  const { aboutSubject, aboutId } = deadline;
  if (!deadline.ruleId && aboutSubject && aboutId && isKnown(aboutSubject)) return { register: aboutSubject, id: aboutId };
  const own = deadline.source === "task" ? "office.task" : "office.deadline";
  return isKnown(own) ? { register: own, id: deadline.id } : undefined;
}
