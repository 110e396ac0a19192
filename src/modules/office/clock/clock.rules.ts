// What follows from the segments of a clock: working time used, when it is due, and when each stage of warning is reached. A pause
// costs exactly the working time in it; a change of calendar or target counts all segments anew.
import { instantOf } from "../../../kernel/instant.ts";
import type { BusinessCalendar } from "../../directory/index.ts";
import { addBusinessDays, addBusinessTime, businessTimeBetween } from "./business-time.rules.ts";

export interface Segment {
  readonly state: "running" | "paused" | "stopped";
  /** Milliseconds since 1970; it lasts until the next begins. */
  readonly from: number;
}

export interface Promised {
  readonly amount: number;
  readonly unit: "minutes" | "days";
}

export interface Stage {
  /** Of the time allowed: 75 warns, 100 is the deadline, more escalates after it. */
  readonly percent: number;
  readonly tell: "holder" | "line" | "answerable";
}

export interface Standing {
  /** Working time allowed, in milliseconds. */
  readonly budget: number;
  /** Used in the segments that have ended. */
  readonly used: number;
  /** When the time is used up, or was; unknown while it stands still before that. */
  readonly dueAt: number | null;
  readonly stageAt: readonly (number | null)[];
}

export function standingOf(
  calendar: BusinessCalendar,
  promised: Promised,
  segments: readonly Segment[],
  percents: readonly number[],
): Standing {
  const budget = budgetOf(calendar, promised, segments[0]!.from);
  const last = segments.at(-1)!;
  const ended = segments.slice(0, -1).map((segment, index) => {
    const until = segments[index + 1]!.from;
    return { from: segment.from, worked: segment.state === "running" ? businessTimeBetween(calendar, segment.from, until) : 0 };
  });
  const reached = (time: number): number | null => {
    let before = 0;
    for (const { from, worked } of ended) {
      if (worked > 0 && before + worked >= time) return addBusinessTime(calendar, from, time - before);
      before += worked;
    }
    return last.state === "running" ? addBusinessTime(calendar, last.from, time - before) : null;
  };
  return {
    budget,
    used: ended.reduce((sum, { worked }) => sum + worked, 0),
    dueAt: reached(budget),
    stageAt: percents.map((percent) => reached(Math.round((budget * percent) / 100))),
  };
}

/** A promise in days is worth the working time until the same time of day so many worked days later, never 24 hours each. */
function budgetOf(calendar: BusinessCalendar, { amount, unit }: Promised, start: number): number {
  if (unit === "minutes") return amount * 60_000;
  // What comes in outside of working time counts as come in when work begins.
  const begins = addBusinessTime(calendar, start, 1) - 1;
  return businessTimeBetween(calendar, begins, addBusinessDays(calendar, instantOf(begins), amount).getTime());
}

/** Stopping at the very moment it is due is in time. */
export const outcomeOf = (standing: Standing, stopped: number): "met" | "missed" =>
  standing.dueAt !== null && stopped > standing.dueAt ? "missed" : "met";

/** How many stages of a new list count as told already, when the old list was told so far: none is told twice. */
export function toldOf(before: readonly number[], told: number, percents: readonly number[]): number {
  const highest = told > 0 ? before[told - 1]! : 0;
  return percents.filter((percent) => percent <= highest).length;
}
