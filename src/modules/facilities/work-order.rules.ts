// Work orders: which step follows which, by when urgency wants a thing done, and what a fault is called. Pure.
import { addDays, type Day } from "../../kernel/day.ts";

export const urgencies = ["low", "normal", "high", "critical"] as const;
export type Urgency = (typeof urgencies)[number];

export const states = ["open", "assigned", "inProgress", "onHold", "done", "closed", "cancelled"] as const;
export type State = (typeof states)[number];

/** What work waits for. */
export const holdReasons = ["material", "contractor", "access", "plant", "other"] as const;

export type Step = "assign" | "start" | "hold" | "resume" | "work" | "complete" | "close" | "reopen" | "cancel";

/**
 * The moves that Maximo allows, in our words: WAPPR open, APPR assigned, INPRG inProgress, WMATL and WPCOND onHold, COMP done,
 * CLOSE closed, CAN cancelled. What has begun cannot be cancelled, closed is for good. Ours alone: whoever reported it may send
 * back what is done.
 */
const allowed: Readonly<Record<Step, readonly State[]>> = {
  assign: ["open", "assigned", "inProgress", "onHold"],
  start: ["assigned"],
  hold: ["assigned", "inProgress"],
  resume: ["onHold"],
  work: ["assigned", "inProgress", "onHold"],
  complete: ["assigned", "inProgress"],
  close: ["done"],
  reopen: ["done"],
  cancel: ["open", "assigned"],
};

const hints: Readonly<Record<State, string>> = {
  open: "Assign it to someone first.",
  assigned: "It has not been done yet.",
  inProgress: "Somebody is working on it.",
  onHold: "It waits. Resume it first.",
  done: "Close it, or reopen it when it is not right.",
  closed: "Report a new fault when something is wrong again.",
  cancelled: "Report a new fault when something is wrong.",
};

export const mayFollow = (state: State, step: Step): boolean => allowed[step].includes(state);

export const hintFor = (state: State): string => hints[state];

const daysGiven: Readonly<Record<Urgency, number>> = { critical: 0, high: 1, normal: 7, low: 30 };

export const dueFor = (urgency: Urgency, today: Day): Day => addDays(today, daysGiven[urgency]);

const titleMax = 80;

/** The first line of what was reported, shortened at a word. */
export function titleOf(text: string): string {
  const line = text.trim().split(/\r?\n/, 1)[0]!.trim();
  const signs = [...line];
  if (signs.length <= titleMax) return line;
  const cut = signs.slice(0, titleMax - 1).join("");
  const word = cut.lastIndexOf(" ");
  return `${(word > titleMax / 2 ? cut.slice(0, word) : cut).trimEnd()}…`;
}
