// What the page on how work fares is given, and how a change is judged.
import type { MoneyValue } from "../../../kit/index.ts";

export interface Figures {
  readonly name: string;
  readonly arrived: number;
  readonly finished: number;
  readonly leadHours: number | null;
  readonly leadHalf: number | null;
  readonly leadMost: number | null;
  readonly cycleHours: number | null;
  readonly waitHours: number | null;
  readonly rightFirstPercent: number | null;
  readonly onTimePercent: number | null;
  readonly automationPercent: number | null;
}

export interface Compared extends Figures {
  readonly leadHoursBefore: number | null;
}

export interface Shown {
  readonly from: string;
  readonly until: string;
  readonly rows: readonly Compared[];
  readonly costs: readonly {
    readonly process: string;
    readonly cost: MoneyValue;
    readonly costEach: MoneyValue;
    readonly rated: number;
    readonly assumed: number;
    readonly unrated: number;
  }[];
}

export interface Waiting {
  readonly source: string;
  readonly process: string;
  readonly activity: string;
  readonly open: number;
  readonly late: number;
  readonly ageDays: number;
  readonly oldestDays: number;
}

export interface Item {
  readonly id: string;
  readonly title: string;
  readonly subject: string;
  readonly recordId: string;
  readonly activity: string;
  readonly arrivedAt: string;
  readonly hours: number;
  readonly late: boolean;
}

/** By how many percent it became slower (positive) or faster; null when there is nothing to compare with. */
export function changePercent({ leadHours, leadHoursBefore }: Compared): number | null {
  if (leadHours === null || leadHoursBefore === null || leadHoursBefore === 0) return null;
  return Math.round(((leadHours - leadHoursBefore) / leadHoursBefore) * 100);
}

/** What became slower most comes first, what cannot be compared last. */
export const slowestFirst = (rows: readonly Compared[]): readonly Compared[] =>
  rows.toSorted((a, b) => (changePercent(b) ?? -Infinity) - (changePercent(a) ?? -Infinity) || b.finished - a.finished);
