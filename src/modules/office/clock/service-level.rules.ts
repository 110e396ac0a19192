// Which service level holds for a record: the first whose conditions its fields fit.
import type { Id } from "../../../kernel/id.ts";
import type { Promised, Stage } from "./clock.rules.ts";

export type Facts = Readonly<Record<string, string>>;

export interface Condition {
  readonly field: string;
  /** Any of these values. */
  readonly is: readonly string[];
}

export interface ServiceTarget extends Promised {
  readonly target: string;
  readonly stages: readonly Stage[];
}

export interface ServiceLevel {
  readonly id: Id;
  readonly subject: string;
  readonly rank: number;
  readonly version: number;
  readonly conditions: readonly Condition[];
  readonly targets: readonly ServiceTarget[];
  readonly pauseStates: readonly string[];
  readonly calendarId: Id | null;
  readonly isRoundTheClock: boolean;
}

/** @param levels those in force, in order of rank. */
export const levelFor = (levels: readonly ServiceLevel[], subject: string, facts: Facts): ServiceLevel | undefined =>
  levels.find((level) => level.subject === subject && level.conditions.every(({ field, is }) => is.includes(facts[field] ?? "")));

export const targetOf = (level: ServiceLevel | undefined, target: string): ServiceTarget | undefined =>
  level?.targets.find((one) => one.target === target);
