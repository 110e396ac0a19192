// Arithmetic in business time: instants in, instants out, counted in real minutes while a calendar works. Hours are wall time in the
// calendar's zone, so that on the days clocks are changed a shift is as long as people really worked it.
import { instantOf } from "../../../kernel/instant.ts";
import { Temporal } from "temporal-polyfill";
import { addDays, type Day, dayAt } from "../../../kernel/day.ts";
import { addWorkedDays, type BusinessCalendar, hoursOn } from "../../directory/index.ts";

const minute = 60_000;
const minutesOfDay = 1440;
const idleDays = 3660;

/** The first instant by which so many minutes were worked since `from`. */
export const addBusinessMinutes = (calendar: BusinessCalendar, from: Date, minutes: number): Date =>
  instantOf(addBusinessTime(calendar, from.getTime(), minutes * minute));

/** Minutes worked from one instant to another; none when `until` is earlier. */
export const businessMinutesBetween = (calendar: BusinessCalendar, from: Date, until: Date): number =>
  businessTimeBetween(calendar, from.getTime(), until.getTime()) / minute;

/** So many worked days later at the same time of day; the day it begins on does not count. */
export function addBusinessDays(calendar: BusinessCalendar, from: Date, days: number): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(calendar.zone);
  const day = addWorkedDays(calendar, local.toPlainDate().toString() as Day, days);
  return instantOf(instantAt(calendar.zone, Temporal.PlainDate.from(day).toPlainDateTime(local.toPlainTime())));
}

/** The same in milliseconds since 1970. @throws RangeError when the calendar never works. */
export function addBusinessTime(calendar: BusinessCalendar, from: number, milliseconds: number): number {
  let left = milliseconds;
  if (left <= 0) return from;
  let cursor = from;
  let day = addDays(dayAt(instantOf(from), calendar.zone), -1);
  for (let idle = 0; idle < idleDays; idle++, day = addDays(day, 1)) {
    for (const shift of shiftsOf(calendar, day)) {
      const begin = Math.max(shift.from, cursor);
      if (shift.until <= begin) continue;
      if (shift.until - begin >= left) return begin + left;
      left -= shift.until - begin;
      cursor = shift.until;
      idle = 0;
    }
  }
  throw new RangeError("This calendar works at no time in ten years");
}

export function businessTimeBetween(calendar: BusinessCalendar, from: number, until: number): number {
  let worked = 0;
  let cursor = from;
  if (until <= from) return 0;
  const last = dayAt(instantOf(until), calendar.zone);
  for (let day = addDays(dayAt(instantOf(from), calendar.zone), -1); day <= last; day = addDays(day, 1)) {
    for (const shift of shiftsOf(calendar, day)) {
      const [begin, end] = [Math.max(shift.from, cursor), Math.min(shift.until, until)];
      if (end <= begin) continue;
      worked += end - begin;
      cursor = end;
    }
  }
  return worked;
}

interface Shift {
  readonly from: number;
  readonly until: number;
}

// What a calendar works on a day never changes: working it out for every clock of a company again is what makes restating slow.
const known = new WeakMap<BusinessCalendar, Map<Day, readonly Shift[]>>();

/** The shifts that begin on a day, in order, as instants. */
function shiftsOf(calendar: BusinessCalendar, day: Day): readonly Shift[] {
  let days = known.get(calendar);
  if (!days) known.set(calendar, (days = new Map()));
  let shifts = days.get(day);
  if (!shifts) {
    shifts = hoursOn(calendar, day)
      .toSorted((a, b) => a.from - b.from)
      .map((hours) => ({ from: wallInstant(calendar.zone, day, hours.from), until: wallInstant(calendar.zone, day, hours.until) }));
    days.set(day, shifts);
  }
  return shifts;
}

function wallInstant(zone: string, day: Day, minutes: number): number {
  const [date, within] = minutes >= minutesOfDay ? [addDays(day, 1), minutes - minutesOfDay] : [day, minutes];
  // Two whole days is midnight after the next day.
  if (within === minutesOfDay) return wallInstant(zone, addDays(date, 1), 0);
  return instantAt(zone, Temporal.PlainDate.from(date).toPlainDateTime({ hour: Math.floor(within / 60), minute: within % 60 }));
}

/** The instant of a wall time: the first of two, and where clocks skip it the moment they are put forward, so that order is kept. */
export function instantAt(zone: string, wall: Temporal.PlainDateTime): number {
  const first = wall.toZonedDateTime(zone, { disambiguation: "earlier" });
  if (first.toPlainDateTime().equals(wall)) return first.epochMilliseconds;
  return first.getTimeZoneTransition("next")?.epochMilliseconds ?? first.epochMilliseconds;
}
