// A month by its short name and year.
import type { Day } from "../../../kernel/day.ts";
import { locale } from "../../kit/format.ts";

const monthFormat = new Intl.DateTimeFormat(locale, { month: "short", year: "2-digit", timeZone: "UTC" });

export const monthText = (day: Day): string => monthFormat.format(new Date(`${day}T00:00:00Z`));
