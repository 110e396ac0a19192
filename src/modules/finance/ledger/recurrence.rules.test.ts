// What comes round, by the calendar.
import { expect, test } from "vitest";
import { addDays, day } from "../../../kernel/day.ts";
import { type Charging, dayNumber, daysCharged, dueFrom, type Every } from "./recurrence.rules.ts";

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

// 2026 has a February of 28 days, 2028 one of 29.
test.each([
  ["2026-01-31", "month", 0, "inAdvance", "2026-01-31", "2026-02-27"],
  ["2026-01-31", "month", 1, "inAdvance", "2026-02-28", "2026-03-30"],
  ["2026-01-31", "month", 2, "inAdvance", "2026-03-31", "2026-04-29"],
  ["2026-01-31", "month", 0, "inArrears", "2025-12-31", "2026-01-30"],
  ["2026-01-31", "month", 1, "inArrears", "2026-01-31", "2026-02-27"],
  ["2028-01-31", "month", 1, "inArrears", "2028-01-31", "2028-02-28"],
  ["2026-01-01", "month", 1, "inAdvance", "2026-02-01", "2026-02-28"],
  ["2026-11-30", "quarter", 0, "inAdvance", "2026-11-30", "2027-02-27"],
  ["2026-11-30", "quarter", 1, "inArrears", "2026-11-30", "2027-02-27"],
  ["2028-02-29", "year", 0, "inAdvance", "2028-02-29", "2029-02-27"],
  ["2026-08-31", "halfYear", 0, "inArrears", "2026-02-28", "2026-08-30"],
  ["2026-03-02", "week", 0, "inArrears", "2026-02-23", "2026-03-01"],
] as [string, Every, number, Charging, string, string][])(
  "from %s every %s, number %i %s is for %s until %s",
  (start, every, number, charging, serviceFrom, serviceUntil) => {
    expect(daysCharged({ start: day(start), every, until: null }, number, charging)).toEqual({ serviceFrom, serviceUntil });
  },
);

test.each(["inAdvance", "inArrears"] as Charging[])("%s no day is left out and none is charged twice, for ten years", (charging) => {
  for (const date of ["2026-01-28", "2026-01-29", "2026-01-30", "2026-01-31"]) {
    for (let number = 0; number < 120; number += 1) {
      const of = (at: number) => daysCharged({ start: day(date), every: "month", until: null }, at, charging);
      expect(of(number + 1).serviceFrom).toBe(addDays(of(number).serviceUntil, 1));
    }
  }
});
