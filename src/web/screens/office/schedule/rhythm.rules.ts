// A rule of RFC 5545 put together from what someone chose: every so many weeks, on which days. Pure.
import { type Day, weekdayOf } from "../../../../kernel/day.ts";

export type Unit = "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";
export type Monthly = "sameDate" | "sameWeekday" | "lastDay";

export interface Rhythm {
  readonly unit: Unit;
  readonly every: number;
  /** Of weeks: MO, TU … */
  readonly days: readonly string[];
  /** Of months. */
  readonly monthly: Monthly;
}

export const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

export const weekdayOfDay = (day: string): (typeof weekdays)[number] => weekdays[weekdayOf(day as Day) - 1]!;

const dateOfDay = (day: string): number => Number(day.slice(8, 10));

/** Which weekday of its month a day is: 0 the first, 4 the last; the fifth counts as the last. */
export const placeInMonth = (day: string): number => Math.min(Math.floor((dateOfDay(day) - 1) / 7), 4);

export function ruleOf(rhythm: Rhythm, firstDay: string): string {
  const { unit, every } = rhythm;
  const start = `FREQ=${unit}${every > 1 ? `;INTERVAL=${every}` : ""}`;
  if (unit === "WEEKLY" && rhythm.days.length > 0) return `${start};BYDAY=${weekdays.filter((day) => rhythm.days.includes(day)).join(",")}`;
  if (unit !== "MONTHLY") return start;
  if (rhythm.monthly === "lastDay") return `${start};BYMONTHDAY=-1`;
  if (rhythm.monthly === "sameWeekday") {
    const place = placeInMonth(firstDay);
    return `${start};BYDAY=${place === 4 ? -1 : place + 1}${weekdayOfDay(firstDay)}`;
  }
  const date = dateOfDay(firstDay);
  if (date <= 28) return `${start};BYMONTHDAY=${date}`;
  const dates = Array.from({ length: date - 27 }, (_, index) => 28 + index);
  return `${start};BYMONTHDAY=${dates.join(",")};BYSETPOS=-1`;
}
