// A day of the civil calendar: no clock, no zone. Written as ISO 8601, `2026-11-21`, which also sorts.

declare const dayBrand: unique symbol;
export type Day = string & { readonly [dayBrand]: true };

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const millisecondsPerDay = 86_400_000;

export function isDay(text: string): text is Day {
  const parts = pattern.exec(text);
  if (!parts) return false;
  const [year, month, date] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return year >= 1 && month >= 1 && month <= 12 && date >= 1 && date <= lastDateOf(year, month);
}

/** @throws RangeError when the text is not a real day, such as `2026-02-30`. */
export function day(text: string): Day {
  if (!isDay(text)) throw new RangeError(`"${text}" is not a day like 2026-11-21`);
  return text;
}

export function dayOf(year: number, month: number, date: number): Day {
  return day(`${String(year).padStart(4, "0")}-${pad(month)}-${pad(date)}`);
}

export const yearOf = (value: Day): number => Number(value.slice(0, 4));
export const monthOf = (value: Day): number => Number(value.slice(5, 7));
export const dateOf = (value: Day): number => Number(value.slice(8, 10));

/** 1 is Monday and 7 is Sunday, as in ISO 8601. */
export function weekdayOf(value: Day): number {
  const sundayFirst = new Date(toMilliseconds(value)).getUTCDay();
  return sundayFirst === 0 ? 7 : sundayFirst;
}

export function addDays(value: Day, count: number): Day {
  return new Date(toMilliseconds(value) + count * millisecondsPerDay).toISOString().slice(0, 10) as Day;
}

/** The same date in a later or earlier month; a date that month lacks becomes its last: 31 January + 1 = 28 February. */
export function addMonths(value: Day, count: number): Day {
  const months = yearOf(value) * 12 + (monthOf(value) - 1) + count;
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  return dayOf(year, month, Math.min(dateOf(value), lastDateOf(year, month)));
}

export const startOfMonth = (value: Day): Day => dayOf(yearOf(value), monthOf(value), 1);
export const endOfMonth = (value: Day): Day => dayOf(yearOf(value), monthOf(value), lastDateOf(yearOf(value), monthOf(value)));
export const startOfYear = (value: Day): Day => dayOf(yearOf(value), 1, 1);

/** Whole days from `from` until `until`; negative when `until` is earlier. */
export function daysBetween(from: Day, until: Day): number {
  return Math.round((toMilliseconds(until) - toMilliseconds(from)) / millisecondsPerDay);
}

/** The day it is at an instant in a zone, e.g. `Europe/Berlin`. */
export function dayAt(instant: Date, zone: string): Day {
  const minute = Math.floor(instant.getTime() / 60_000);
  const known = askedLast.get(zone);
  if (known?.minute === minute) return known.day;
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
    formats.set(zone, format);
  }
  const found = day(format.format(instant));
  if (minute >= wholeMinutesFrom) askedLast.set(zone, { minute, day: found });
  return found;
}

// Every request asks for its day. No day begins within a minute since the last zone gave up its odd seconds (Liberia, in January 1972).
const askedLast = new Map<string, { readonly minute: number; readonly day: Day }>();
const wholeMinutesFrom = Date.UTC(1973, 0) / 60_000;

// Making one costs more than most requests do; there are only so many zones.
const formats = new Map<string, Intl.DateTimeFormat>();

export const earlier = (a: Day, b: Day): Day => (a < b ? a : b);
export const later = (a: Day, b: Day): Day => (a > b ? a : b);

function lastDateOf(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const pad = (value: number): string => String(value).padStart(2, "0");
const toMilliseconds = (value: Day): number => Date.parse(`${value}T00:00:00Z`);
