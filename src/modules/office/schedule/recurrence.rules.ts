// When something comes round: rules of RFC 5545 (RRULE, RDATE, EXDATE) followed on the wall clock of a zone. Pure.
// The rule is followed without a zone, and only what comes out is placed in the zone: daily at ten stays ten, summer and winter.
import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import { isDay } from "../../../kernel/day.ts";
import { fullOf, wallOfUtc } from "./wall.rules.ts";
import { isByWeekNumber, type RuleParts, type Wall, weekYearly } from "./week-year.rules.ts";

export interface Recurrence {
  /** DTSTART. Times of day follow from it where the rule names none. */
  readonly start: Wall;
  /** Such as `FREQ=MONTHLY;BYDAY=1MO`; without one only the start and `also` come round. */
  readonly rule: string | null;
  /** RDATE: further times. */
  readonly also?: readonly Wall[];
  /** EXDATE: times left out; a whole day leaves out what falls on it. */
  readonly except?: readonly Wall[];
  /** For an UNTIL in UTC, and for placing times; without one times float. */
  readonly zone?: string;
}

const list = (one: string): RegExp => new RegExp(`^(?:${one})(?:,(?:${one}))*$`);
const sign = "[+-]?0?";
const number = /^0*[1-9]\d{0,5}$/;
const untilPattern = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/;

/** What each part may hold, RFC 5545 3.3.10. */
const values: Readonly<Record<string, RegExp>> = {
  FREQ: /^(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  UNTIL: untilPattern,
  COUNT: number,
  INTERVAL: number,
  BYSECOND: list("[0-5]?\\d|60"),
  BYMINUTE: list("[0-5]?\\d"),
  BYHOUR: list("[01]?\\d|2[0-3]"),
  BYDAY: list("(?:[+-]?\\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)"),
  BYMONTHDAY: list(`${sign}(?:[1-9]|[12]\\d|3[01])`),
  BYYEARDAY: list(`${sign}0?(?:[1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])`),
  BYWEEKNO: list(`${sign}(?:[1-9]|[1-4]\\d|5[0-3])`),
  BYMONTH: list("0?[1-9]|1[0-2]"),
  BYSETPOS: list(`${sign}0?(?:[1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])`),
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

/** The parts of a rule by name; undefined when it is none, or holds both UNTIL and COUNT, which RFC 5545 3.3.10 forbids. */
export function readRule(text: string): RuleParts | undefined {
  const parts = new Map<string, string>();
  for (const part of text
    .replace(/^RRULE:/i, "")
    .replace(/;$/, "")
    .toUpperCase()
    .split(";")) {
    const [name = "", value = "", ...more] = part.split("=");
    if (!Object.hasOwn(values, name) || !values[name]!.test(value) || more.length > 0 || parts.has(name)) return undefined;
    parts.set(name, value);
  }
  return parts.has("FREQ") && !(parts.has("UNTIL") && parts.has("COUNT")) ? parts : undefined;
}

/** Whether the house can follow a rule: understood, by days or slower. */
export const isRule = (rule: string): boolean => /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(readRule(rule)?.get("FREQ") ?? "");

export interface Span {
  /** From this time on, itself included. */
  readonly from?: Wall;
  /** Later than this time. */
  readonly after?: Wall;
  /** Until this time, itself included. */
  readonly until?: Wall;
  readonly limit: number;
}

/** The times in a span, in order, each once. The times of a recurrence whose start is a whole day are whole days. */
export function occurrencesOf(recurrence: Recurrence, span: Span): Wall[] {
  const wholeDays = isDay(recurrence.start);
  const fits = (wall: Wall): boolean =>
    (span.from === undefined || wall >= span.from) && (span.after === undefined || wall > span.after) && !isLeftOut(recurrence, wall);
  const found = new Set<Wall>();
  const further = [...(recurrence.also ?? []), ...(recurrence.rule === null ? [recurrence.start] : [])];
  for (const wall of further) if (fits(wall) && (span.until === undefined || wall <= span.until)) found.add(wall);
  if (recurrence.rule !== null) {
    let left = span.limit;
    for (const full of byRule(recurrence, span.from ?? span.after)) {
      const wall = wholeDays ? full.slice(0, 10) : full;
      if (span.until !== undefined && wall > span.until) break;
      if (!fits(wall)) continue;
      found.add(wall);
      if (--left === 0) break;
    }
  }
  return [...found].toSorted().slice(0, span.limit);
}

const isLeftOut = (recurrence: Recurrence, wall: Wall): boolean =>
  (recurrence.except ?? []).some((left) => left === wall || (isDay(left) && wall.startsWith(left)));

function* byRule(recurrence: Recurrence, near: Wall | undefined): Generator<Wall> {
  const parts = mended(recurrence);
  const last = lastOf(parts.get("UNTIL"), recurrence);
  for (const wall of isByWeekNumber(parts) ? weekYearly(parts, fullOf(recurrence.start)) : byLibrary(parts, recurrence.start, near)) {
    if (last !== undefined && wall > last) return;
    yield wall;
  }
}

/** RFC 5545 3.3.10: what is not in the rule comes from DTSTART, and times of day are ignored when that is a whole day. */
function mended({ rule, start }: Recurrence): RuleParts {
  const parts = new Map(readRule(rule!) ?? fail(rule!));
  if (isDay(start)) for (const name of ["BYHOUR", "BYMINUTE", "BYSECOND"]) parts.delete(name);
  // Yearly on the 29th, begun in February, is the 29th of February (so libical and ical.js); the library takes every month.
  const alone = ["BYMONTH", "BYDAY", "BYWEEKNO", "BYYEARDAY"].every((name) => !parts.has(name));
  if (parts.get("FREQ") === "YEARLY" && parts.has("BYMONTHDAY") && alone) parts.set("BYMONTH", String(Number(start.slice(5, 7))));
  return parts;
}

function fail(rule: string): never {
  throw new RangeError(`"${rule}" is not a recurrence rule`);
}

/** The library takes an UNTIL only in UTC and only beside a zone; here it is a wall time like the others. */
function* byLibrary(parts: RuleParts, start: Wall, near: Wall | undefined): Generator<Wall> {
  const text = [...parts].filter(([name]) => name !== "UNTIL").map(([name, value]) => `${name}=${value}`);
  const rule = new RRuleTemporal({ rruleString: `DTSTART;TZID=UTC:${stamp(start)}\nRRULE:${text.join(";")}` });
  const from = near !== undefined && near > start ? near : start;
  let next = nextOf(rule, Temporal.ZonedDateTime.from(`${fullOf(from)}[UTC]`), true);
  while (next) {
    yield next.toPlainDateTime().toString({ smallestUnit: "second" });
    next = nextOf(rule, next, false);
  }
}

/** A rule that nothing has fitted for ten thousand of its periods never comes round again: the library gives up with an error then. */
function nextOf(rule: RRuleTemporal, after: Temporal.ZonedDateTime, inclusive: boolean): Temporal.ZonedDateTime | null {
  try {
    return rule.next(after, inclusive);
  } catch {
    return null;
  }
}

/** UNTIL as a wall time: in UTC it is turned to the zone (3.3.10); a day alone holds to its end. */
function lastOf(until: string | undefined, { zone }: Recurrence): Wall | undefined {
  const [, year, month, date, hour, minute, second, utc] = untilPattern.exec(until ?? "") ?? [];
  if (year === undefined) return undefined;
  const wall = `${year}-${month}-${date}T${hour ?? "23"}:${minute ?? "59"}:${second ?? "59"}`;
  return utc && zone ? wallOfUtc(wall, zone) : wall;
}

const stamp = (wall: Wall): string => fullOf(wall).replace(/[-:]/g, "");

/** Every so many months on the date of a day; a month that lacks the date has its last: the 31st, then the 28th, then the 31st. */
export function monthsRule(day: Wall, months: number): string {
  const date = Number(day.slice(8, 10));
  // A date that not every month has is the last of those up to it (3.3.10: BYSETPOS picks from the month's set).
  const dates = Array.from({ length: Math.max(date - 27, 1) }, (_, index) => date - index).toReversed();
  return `FREQ=MONTHLY;INTERVAL=${months};BYMONTHDAY=${dates.join(",")}${dates.length > 1 ? ";BYSETPOS=-1" : ""}`;
}
