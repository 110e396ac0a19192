// How reliable a thing is: mean time between failures, mean time to repair, and the share of time it could be used. Pure.

export interface Outage {
  readonly from: number;
  /** Undefined while it lasts. */
  readonly until: number | undefined;
  /** Planned service costs time but is no failure. */
  readonly isFailure: boolean;
}

export interface Reliability {
  readonly failures: number;
  readonly downHours: number;
  /** Hours in use for each failure; null when it never failed. */
  readonly betweenFailuresHours: number | null;
  /** Hours from failing to being back, of failures that are over; null when there was none. */
  readonly toRepairHours: number | null;
  /** Of the time looked at, from 0 to 1. */
  readonly availability: number;
}

const hour = 3_600_000;

/** Looked at from a moment to another, in milliseconds. A failure counts in the span in which it began. */
export function reliabilityOf(outages: readonly Outage[], from: number, until: number): Reliability {
  const within = outages.filter((outage) => outage.from < until && (outage.until ?? until) > from);
  const down = within.reduce((sum, outage) => sum + Math.min(outage.until ?? until, until) - Math.max(outage.from, from), 0);
  const failures = within.filter((outage) => outage.isFailure && outage.from >= from);
  const repaired = failures.filter((outage) => outage.until !== undefined && outage.until <= until);
  const repairing = repaired.reduce((sum, outage) => sum + outage.until! - outage.from, 0);
  const span = until - from;
  return {
    failures: failures.length,
    downHours: round(down / hour),
    betweenFailuresHours: failures.length === 0 ? null : round((span - down) / failures.length / hour),
    toRepairHours: repaired.length === 0 ? null : round(repairing / repaired.length / hour),
    availability: span <= 0 ? 1 : Math.round((1 - down / span) * 10_000) / 10_000,
  };
}

const round = (hours: number): number => Math.round(hours * 10) / 10;
