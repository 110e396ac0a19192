// The lines of a schedule gathered for the eye: by fiscal-calendar year, or each for itself. Amounts are added exactly.
import { type Amount, sumOf } from "../statement.rules.ts";

export interface ScheduleLine {
  readonly fromDay: string;
  readonly untilDay: string;
  readonly kind: "depreciation" | "impairment";
  readonly state: "planned" | "posted";
  readonly amount: Amount;
  readonly bookValue: Amount;
  readonly entryId: string | null;
  readonly entry: string | null;
}

export interface YearRow {
  readonly year: string;
  readonly amount: Amount;
  readonly bookValue: Amount;
  readonly booked: number;
  readonly lines: number;
}

export function byYear(lines: readonly ScheduleLine[], currency: string): YearRow[] {
  const years = [...new Set(lines.map((line) => line.untilDay.slice(0, 4)))];
  return years.map((year) => {
    const own = lines.filter((line) => line.untilDay.startsWith(year));
    return {
      year,
      amount: sumOf(
        own.map((line) => line.amount),
        currency,
      ),
      bookValue: own.at(-1)!.bookValue,
      booked: own.filter((line) => line.state === "posted").length,
      lines: own.length,
    };
  });
}

/** Why a schedule has no line. */
export function emptyBecause(schedule: { readonly method: string; readonly disposedOn: string | null }): "entered" | "disposed" | "lost" {
  if (schedule.disposedOn !== null) return "disposed";
  return schedule.method === "units" || schedule.method === "manual" ? "entered" : "lost";
}

export interface Step {
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly isBooked: boolean;
}

/** For drawing only: the book value after each line, in hundredths of the cost. */
export function stepsOf(lines: readonly ScheduleLine[], cost: Amount): Step[] {
  const whole = Math.max(Number(cost.amount), 0.01);
  const width = 100 / Math.max(lines.length, 1);
  return lines.map((line, index) => ({
    left: index * width,
    width,
    height: Math.max((Number(line.bookValue.amount) / whole) * 100, 0),
    isBooked: line.state === "posted",
  }));
}
