// What comes round, by the calendar.
import { expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { dayNumber, dueFrom, type Every } from "./recurrence.rules.ts";

test.each([
  ["month", 1, "2026-02-28"],
  ["month", 2, "2026-03-31"],
  ["quarter", 1, "2026-04-30"],
  ["halfYear", 1, "2026-07-31"],
  ["year", 1, "2027-01-31"],
  ["week", 2, "2026-02-14"],
] as [Every, number, string][])("every %s, number %i after 31 January is %s", (every, number, expected) => {
  expect(dayNumber({ start: day("2026-01-31"), every, until: null }, number)).toBe(expected);
});

test.each([
  ["the first, on its day", 0, "2026-01-31", null, ["2026-01-31"], "2026-02-28"],
  ["nothing yet", 0, "2026-01-30", null, [], "2026-01-31"],
  ["what was missed, too", 1, "2026-04-01", null, ["2026-02-28", "2026-03-31"], "2026-04-30"],
  ["until its end", 1, "2026-04-01", "2026-03-30", ["2026-02-28"], null],
  ["no more than asked for at once", 0, "2027-01-01", null, ["2026-01-31", "2026-02-28", "2026-03-31"], "2026-04-30"],
])("%s", (_, number, today, until, due, next) => {
  const recurrence = { start: day("2026-01-31"), every: "month" as const, until: until === null ? null : day(until) };
  expect(dueFrom(recurrence, number, day(today), 3)).toEqual({ due, next });
});

test("on a date of its own it begins on the first such date from the start on", () => {
  const recurrence = { start: day("2026-02-15"), every: "month" as const, date: 31, until: null };
  expect(dueFrom(recurrence, 0, day("2026-04-01"), 9)).toEqual({ due: ["2026-02-28", "2026-03-31"], next: "2026-04-30" });
  expect(dueFrom({ ...recurrence, date: 10 }, 0, day("2026-04-01"), 9)).toEqual({ due: ["2026-03-10"], next: "2026-04-10" });
});
