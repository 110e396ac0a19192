// Days as the hand-made screens write and lay them out: short, by the week and the month of the reader's locale.
import { addDays, addMonths, type Day, daysBetween, monthOf, startOfMonth, weekdayOf } from "../../kernel/day.ts";
import { locale } from "../kit/format.ts";

const written = (options: Intl.DateTimeFormatOptions): ((day: Day) => string) => {
  const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  return (day) => format.format(new Date(`${day}T00:00:00Z`));
};

/** "9 Nov" */
export const shortDayText = written({ day: "numeric", month: "short" });
/** "Friday, 27 November" */
export const longDayText = written({ weekday: "long", day: "numeric", month: "long" });
/** "November 2026" */
export const monthText = written({ month: "long", year: "numeric" });
const weekdayShort = written({ weekday: "short" });
const weekdayLong = written({ weekday: "long" });

interface WeekOfLocale {
  readonly firstDay: number;
}

/** 1 is Monday, 7 is Sunday: where the reader's week begins. Browsers that do not say begin on Monday. */
function firstWeekday(): number {
  const said = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => WeekOfLocale; weekInfo?: WeekOfLocale };
  return (said.getWeekInfo?.() ?? said.weekInfo)?.firstDay ?? 1;
}

const weekBegins = firstWeekday();

export const startOfWeek = (day: Day): Day => addDays(day, -((weekdayOf(day) - weekBegins + 7) % 7));

/** The seven names at the head of a calendar, in the reader's order. */
export function weekdayNames(): readonly { readonly short: string; readonly long: string }[] {
  const first = startOfWeek("2026-11-18" as Day);
  return [0, 1, 2, 3, 4, 5, 6].map((count) => ({ short: weekdayShort(addDays(first, count)), long: weekdayLong(addDays(first, count)) }));
}

/** The weeks that a month touches, each with its seven days. */
export function weeksOfMonth(anyDay: Day): readonly (readonly Day[])[] {
  const first = startOfMonth(anyDay);
  const weeks: Day[][] = [];
  for (let start = startOfWeek(first); start === startOfWeek(first) || monthOf(start) === monthOf(first); start = addDays(start, 7)) {
    weeks.push([0, 1, 2, 3, 4, 5, 6].map((count) => addDays(start, count)));
  }
  return weeks;
}

/** Where a day stands between two others, in hundredths. */
export function placeOf(day: Day, from: Day, until: Day): number {
  const whole = daysBetween(from, until);
  return whole === 0 ? 50 : (daysBetween(from, day) / whole) * 100;
}

/** Days to write along an axis: weeks for a short time, months or quarters for a long one; never more than about eight. */
export function ticksBetween(from: Day, until: Day): readonly Day[] {
  const whole = daysBetween(from, until);
  const ticks: Day[] = [];
  if (whole <= 112) {
    const step = whole <= 16 ? 2 : 7 * Math.max(1, Math.ceil(whole / 56));
    for (let day = whole <= 16 ? from : startOfWeek(addDays(from, 6)); day <= until; day = addDays(day, step)) ticks.push(day);
    return ticks;
  }
  const step = Math.ceil(whole / 30 / 8);
  for (let day = startOfMonth(addMonths(from, 1)); day <= until; day = addMonths(day, step)) ticks.push(day);
  return ticks;
}
