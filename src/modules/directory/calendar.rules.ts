// What a business calendar works on a day: the hours of its weekday in the version in force, nothing on a holiday, and whatever an
// exception says of that day. A shift belongs to the day it begins on, also when it ends after midnight.
import { addDays, type Day, weekdayOf } from "../../kernel/day.ts";

/** Minutes since midnight of the day the shift begins on; `until` past 1440 is on the next day. */
export interface Hours {
  readonly from: number;
  readonly until: number;
}

export interface CalendarWeek {
  readonly from: Day;
  /** Seven, Monday first. */
  readonly days: readonly (readonly Hours[])[];
}

export interface BusinessCalendar {
  readonly zone: string;
  /** Versions by their first day, earliest first. */
  readonly weeks: readonly CalendarWeek[];
  readonly holidays: ReadonlySet<Day>;
  readonly exceptions: ReadonlyMap<Day, readonly Hours[]>;
}

const minutesOfDay = 1440;
const officeDay: readonly Hours[] = [{ from: 9 * 60, until: 17 * 60 }];
const firstDay = "0001-01-01" as Day;

/** A week that works nine to five on these weekdays: what a calendar means that says no hours. */
export const plainWeek = (weekdays: readonly number[]): CalendarWeek => ({
  from: firstDay,
  days: [1, 2, 3, 4, 5, 6, 7].map((weekday) => (weekdays.includes(weekday) ? officeDay : [])),
});

/** Every minute counts: for periods told in hours, which run through nights and weekends. */
export const roundTheClock: BusinessCalendar = {
  zone: "UTC",
  weeks: [{ from: firstDay, days: Array.from({ length: 7 }, () => [{ from: 0, until: minutesOfDay }]) }],
  holidays: new Set(),
  exceptions: new Map(),
};

export function hoursOn(calendar: BusinessCalendar, day: Day): readonly Hours[] {
  const exception = calendar.exceptions.get(day);
  if (exception) return exception;
  if (calendar.holidays.has(day)) return [];
  const week = calendar.weeks.findLast((version) => version.from <= day) ?? calendar.weeks[0]!;
  return week.days[weekdayOf(day) - 1]!;
}

export const isWorked = (calendar: BusinessCalendar, day: Day): boolean => hoursOn(calendar, day).length > 0;

/** The day itself when it is worked, else the next that is. */
export function workedFrom(calendar: BusinessCalendar, day: Day): Day {
  let found = day;
  for (let tried = 0; !isWorked(calendar, found); tried++) {
    if (tried > 3660) throw new RangeError(`No day is worked in the ten years after ${day}`);
    found = addDays(found, 1);
  }
  return found;
}

/** The count-th worked day after a day; the day itself does not count. */
export function addWorkedDays(calendar: BusinessCalendar, day: Day, count: number): Day {
  let found = day;
  for (let left = count; left > 0; left--) found = workedFrom(calendar, addDays(found, 1));
  return found;
}

const time = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** "22:00" to "06:00" as minutes; what ends no later than it begins ends the next day. Undefined when it is no time of day. */
export function hoursOf(from: string, until: string): Hours | undefined {
  const [begin, end] = [minutesOf(from), until === "24:00" ? minutesOfDay : minutesOf(until)];
  if (begin === undefined || end === undefined) return undefined;
  return { from: begin, until: end <= begin ? end + minutesOfDay : end };
}

function minutesOf(text: string): number | undefined {
  const found = time.exec(text);
  return found ? Number(found[1]) * 60 + Number(found[2]) : undefined;
}

/** "09:00–12:30, 13:30–18:00". */
export const hoursText = (hours: readonly Hours[]): string =>
  hours.map((span) => `${timeText(span.from)}–${timeText(span.until)}`).join(", ");

export const timeText = (minutes: number): string => {
  const within = minutes === minutesOfDay ? minutes : minutes % minutesOfDay;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
};

/** Hours of one day that lie upon others, the later ones; undefined when none do. */
export function overlapOf(hours: readonly Hours[]): Hours | undefined {
  const sorted = hours.toSorted((a, b) => a.from - b.from);
  return sorted.find((span, index) => index > 0 && span.from < sorted[index - 1]!.until);
}

/** The same in a week, Monday first, where a shift past midnight may lie upon the hours of the day after. */
export function weekOverlap(days: readonly (readonly Hours[])[]): { readonly weekday: number; readonly hours: Hours } | undefined {
  for (const [index, today] of days.entries()) {
    const yesterday = days[(index + 6) % 7]!.filter((span) => span.until > minutesOfDay);
    const late = yesterday.map((span) => ({ from: 0, until: span.until - minutesOfDay }));
    const hours = overlapOf([...late, ...today]);
    if (hours) return { weekday: index + 1, hours };
  }
  return undefined;
}

export function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
