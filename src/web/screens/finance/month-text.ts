// A month by its short name and year, and spans of days by their months where they are whole ones.
import { addDays, type Day } from "../../../kernel/day.ts";
import { dayText, locale } from "../../kit/format.ts";

const monthFormat = new Intl.DateTimeFormat(locale, { month: "short", year: "2-digit", timeZone: "UTC" });

const dateOf = (day: string): Date => new Date(`${day}T00:00:00Z`);

export const monthText = (day: Day): string => monthFormat.format(dateOf(day));

const monthsFormat = new Intl.DateTimeFormat(locale, { month: "short", year: "numeric", timeZone: "UTC" });

/** "Oct 2026", "Jul – Sept 2026"; "15 Oct 2026 – 31 Oct 2026" where a month is cut. */
export function spanText(from: string, until: string): string {
  const isWhole = from.endsWith("-01") && addDays(until as Day, 1).endsWith("-01");
  return isWhole ? monthsFormat.formatRange(dateOf(from), dateOf(until)) : `${dayText(from)} – ${dayText(until)}`;
}
