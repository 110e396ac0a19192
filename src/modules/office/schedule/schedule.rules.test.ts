// What a schedule has to do by a moment, as tables; the expectations are by hand from the calendar.
import { expect, test } from "vitest";
import { type Day, day, weekdayOf } from "../../../kernel/day.ts";
import { monthsRule } from "./recurrence.rules.ts";
import { look, nextTimes, type Shift, shiftDay, type Standing, type Terms } from "./schedule.rules.ts";

const isWorked = (one: Day): boolean => weekdayOf(one) <= 5 && one !== "2026-12-25";
const always = () => true;
const daily: Terms = {
  start: "2026-11-16T08:00:00",
  rule: "FREQ=DAILY",
  zone: "Europe/Berlin",
  anchor: "fixed",
  leadDays: 0,
  horizonDays: 2,
  missed: "once",
  missedMax: 1,
  shift: "none",
  lastDay: null,
  meter: null,
};
const fresh: Standing = { planned: [], openCount: 0, after: undefined };
const days = (times: readonly { scheduled: string }[]) => times.map((time) => time.scheduled.slice(0, 10));

// 2026-10-31 is a Saturday, 2026-12-25 a Friday and a holiday, 2026-11-21 a Saturday.
test.each([
  ["2026-11-20", "forward", "2026-11-20"],
  ["2026-11-21", "none", "2026-11-21"],
  ["2026-11-21", "forward", "2026-11-23"],
  ["2026-11-21", "back", "2026-11-20"],
  ["2026-10-31", "forward", "2026-11-02"],
  ["2026-10-31", "modifiedFollowing", "2026-10-30"],
  ["2026-11-21", "modifiedFollowing", "2026-11-23"],
  ["2026-12-25", "forward", "2026-12-28"],
  ["2026-12-25", "back", "2026-12-24"],
] as [string, Shift, string][])("%s shifted %s is %s", (from, shift, to) => expect(shiftDay(day(from), shift, isWorked)).toBe(to));

test("a year without work does not move a day for ever", () => {
  expect(shiftDay(day("2026-11-21"), "forward", () => false)).toBe("2026-11-21");
});

test("the first look writes down the horizon and opens what is due; told again it does nothing", () => {
  // Friday 20 November 2026, nine in Greenwich, ten in Berlin; begun on the 16th, so four were missed.
  const now = Date.parse("2026-11-20T09:00:00Z");
  const first = look(daily, fresh, now, always);
  expect(days(first.add)).toEqual(["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"]);
  expect(first.open).toMatchObject([{ scheduled: "2026-11-20T08:00:00", servesFor: 4 }]);
  expect(first.skipped).toHaveLength(4);
  // The next to open is Saturday at eight in Berlin, seven in Greenwich; the 23rd comes within the horizon at midnight before, 23:00Z.
  expect(new Date(first.lookAt!).toISOString()).toBe("2026-11-20T23:00:00.000Z");
  const left = first.add.filter((time) => time.scheduled > "2026-11-20T08:00:00");
  const again = look(daily, { planned: left, openCount: 1, after: first.after }, now, always);
  expect([again.add, again.open, again.skipped, again.missed]).toEqual([[], [], [], []]);
});

test.each([
  ["skip", 1, ["2026-11-20"], 4],
  ["once", 1, ["2026-11-20"], 0],
  ["all", 2, ["2026-11-18", "2026-11-19", "2026-11-20"], 2],
  ["all", 9, ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"], 0],
] as const)("missed are dealt with by %s, at most %i", (missed, missedMax, opened, lost) => {
  const found = look({ ...daily, missed, missedMax }, fresh, Date.parse("2026-11-20T09:00:00Z"), always);
  expect(days(found.open)).toEqual(opened);
  expect(found.missed).toHaveLength(lost);
});

test("lead opens before it is due, on the day it falls when it is not worked", () => {
  const terms: Terms = { ...daily, start: "2026-12-25", rule: "FREQ=YEARLY", shift: "forward", leadDays: 7, zone: "UTC" };
  // Due on Monday the 28th, opens on the 21st.
  expect(look(terms, fresh, Date.parse("2026-12-20T23:59:00Z"), isWorked).open).toEqual([]);
  expect(look(terms, fresh, Date.parse("2026-12-21T00:00:00Z"), isWorked).open).toMatchObject([
    { scheduled: "2026-12-25", due: "2026-12-28" },
  ]);
});

test("a completion anchor waits for what is open, and counts from when it was done", () => {
  const terms: Terms = { ...daily, start: "2026-01-31", rule: monthsRule("2026-01-31", 1), anchor: "completion", zone: "UTC" };
  const begun = look(terms, fresh, Date.parse("2026-02-03T09:00:00Z"), always);
  expect(days(begun.add)).toEqual(["2026-01-31"]);
  expect(look(terms, { planned: [], openCount: 1, after: "2026-01-31" }, Date.parse("2026-06-01T09:00:00Z"), always)).toMatchObject({
    add: [],
    open: [],
    lookAt: null,
    isEnded: false,
  });
  // Done on 30 March: the next is 30 April, not 30 March and not 31 March.
  expect(days(look(terms, { planned: [], openCount: 0, after: "2026-03-30" }, Date.parse("2026-03-30T09:00:00Z"), always).add)).toEqual([
    "2026-04-30",
  ]);
  expect(days(nextTimes(terms, undefined, 3, always))).toEqual(["2026-01-31", "2026-02-28", "2026-03-28"]);
});

test("a rule that runs out ends its schedule, whatever is still open", () => {
  const terms: Terms = { ...daily, rule: "FREQ=DAILY;COUNT=1", start: "2026-11-20", zone: "UTC" };
  const now = Date.parse("2026-11-20T09:00:00Z");
  expect(look(terms, fresh, now, always)).toMatchObject({ open: [{ due: "2026-11-20" }], isEnded: true, lookAt: null });
  expect(look(terms, fresh, Date.parse("2026-11-19T09:00:00Z"), always)).toMatchObject({ open: [], isEnded: false });
  expect(days(look({ ...daily, lastDay: day("2026-11-17") }, fresh, Date.parse("2026-11-16T07:00:00Z"), always).add)).toEqual([
    "2026-11-16",
    "2026-11-17",
  ]);
});

const yearly: Terms = { ...daily, start: "2027-03-01", rule: "FREQ=YEARLY", horizonDays: 400, leadDays: 5, zone: "UTC" };
const planned = [{ scheduled: "2027-03-01", due: day("2027-03-01"), opensAt: Date.parse("2027-02-24T00:00:00Z") }];
const meter = { every: 500, combine: "or", base: 1000, total: 1499 } as const;

test.each([
  ["or", 1499, "2026-11-20", 0, []],
  ["or", 1500, "2026-11-20", 0, ["2026-11-25"]],
  ["or", 1100, "2027-02-24", 0, ["2027-03-01"]],
  ["or", 1500, "2026-11-20", 1, []],
  ["and", 1500, "2026-11-20", 0, []],
  ["and", 1499, "2027-02-24", 0, []],
  ["and", 1500, "2027-02-24", 0, ["2027-03-01"]],
] as const)("date %s meter: at %i on %s with %i open, due is %j", (combine, total, on, openCount, due) => {
  const standing = { planned, openCount, after: "2027-03-01" };
  const found = look({ ...yearly, meter: { ...meter, combine, total } }, standing, Date.parse(`${on}T09:00:00Z`), always);
  expect(found.open.map((time) => time.due)).toEqual(due);
});

test("by the meter alone, the moment it is reached is its time", () => {
  const terms: Terms = { ...daily, rule: null, meter: { ...meter, total: 1500 }, leadDays: 3, zone: "UTC" };
  const found = look(terms, fresh, Date.parse("2026-11-20T09:30:00Z"), always);
  expect(found.add).toMatchObject([{ scheduled: "2026-11-20T09:30:00", due: "2026-11-23" }]);
  expect(found.open).toHaveLength(1);
  expect(look({ ...terms, meter }, fresh, Date.parse("2026-11-20T09:30:00Z"), always)).toMatchObject({
    add: [],
    isEnded: false,
    lookAt: null,
  });
});
