// Days as people and programs write them: 21.11.2026 · 11/21/26 · 2026-11-21 · 1/15'04 · 20261121 · 21 Nov 2026.
import { type Day, isDay } from "../../../kernel/day.ts";
import { refusalAt, shown } from "./statement-text.rules.ts";

/** Year, month and day in the order they stand. */
export type DayOrder = "ymd" | "dmy" | "mdy";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

type Parts = readonly [string, string, string];

function partsOf(text: string): Parts | undefined {
  const plain = text
    .trim()
    .replace(/\s*'\s*/, "/")
    .replace(/[T ]\d{1,2}:\d{2}.*$/, "");
  const solid = /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  const found = solid ?? /^(\d{1,4})\s*[-/. ]\s*(\d{1,2}|[A-Za-z]{3})[a-z]*\s*[-/. ,]\s*(\d{1,4})\.?$/.exec(plain);
  return found ? [found[1]!, found[2]!, found[3]!] : undefined;
}

/** With points nobody writes the month first. */
const dayWithPoints = /^\d{1,2}\.\d{1,2}\.\d{4}\b/;

interface WrittenDay {
  readonly text: string;
  readonly line: number;
}

/** The order in which all of these are days; undefined when there are none to tell by. @throws Refusal when two orders fit, or none. */
export function dayOrderOf(days: readonly WrittenDay[]): DayOrder | undefined {
  if (days.length === 0) return undefined;
  const fitting = (["ymd", "dmy", "mdy"] as const).filter((order) => days.every(({ text }) => dayBy(text, order) !== undefined));
  if (fitting.length === 1) return fitting[0];
  if (fitting.includes("dmy") && days.every(({ text }) => dayWithPoints.test(text.trim()))) return "dmy";
  const { text, line } = days[0]!;
  if (fitting.length > 1 && days.every((one) => new Set(fitting.map((order) => dayBy(one.text, order))).size === 1)) return fitting[0];
  if (fitting.length > 1) {
    throw refusalAt(
      "dayAmbiguous",
      line,
      `${shown(text)} may be day before month or month before day, as all days of the file. Say which.`,
    );
  }
  const broken = days.find((one) => (["ymd", "dmy", "mdy"] as const).every((order) => dayBy(one.text, order) === undefined)) ?? days[0]!;
  throw refusalAt("dayMalformed", broken.line, `${shown(broken.text)} is not a day of the calendar as the others of the file are.`);
}

/** @throws Refusal when it is no day in that order. */
export function readWrittenDay(text: string, order: DayOrder | undefined, line: number): Day {
  const day = order && dayBy(text, order);
  if (!day) throw refusalAt("dayMalformed", line, `${shown(text)} is not a day of the calendar.`);
  return day;
}

function dayBy(text: string, order: DayOrder): Day | undefined {
  const parts = partsOf(text);
  if (!parts) return undefined;
  const [year, month, day] = [order.indexOf("y"), order.indexOf("m"), order.indexOf("d")].map((place) => parts[place]!);
  const named = months.indexOf(month!.toLowerCase().slice(0, 3)) + 1;
  if (year!.length === 3 || day!.length > 2) return undefined;
  const whole = year!.length === 4 ? year! : `${Number(year) < 80 ? "20" : "19"}${year!.padStart(2, "0")}`;
  const written = `${whole}-${String(named || Number(month)).padStart(2, "0")}-${day!.padStart(2, "0")}`;
  return isDay(written) ? written : undefined;
}
