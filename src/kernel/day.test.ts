// Days of the civil calendar, checked against the platform's own calendar arithmetic.
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { addDays, addMonths, day, dayAt, daysBetween, endOfMonth, isDay, startOfMonth, weekdayOf } from "./day.ts";

const anyDay = fc
  .integer({ min: -200_000, max: 200_000 })
  .map((offset) => day(Temporal.PlainDate.from("2026-11-21").add({ days: offset }).toString()));
const smallStep = fc.integer({ min: -5000, max: 5000 });

test("adding days and months agrees with Temporal", () => {
  fc.assert(
    fc.property(anyDay, smallStep, (start, step) => {
      const there = Temporal.PlainDate.from(start);
      expect(addDays(start, step)).toBe(there.add({ days: step }).toString());
      expect(addMonths(start, step % 600)).toBe(there.add({ months: step % 600 }).toString());
      expect(weekdayOf(start)).toBe(there.dayOfWeek);
      expect(endOfMonth(start)).toBe(there.with({ day: there.daysInMonth }).toString());
      expect(startOfMonth(start)).toBe(there.with({ day: 1 }).toString());
    }),
  );
});

test("the days between are the days added", () => {
  fc.assert(
    fc.property(anyDay, smallStep, (start, step) => {
      expect(daysBetween(start, addDays(start, step))).toBe(step);
    }),
  );
});

test.each(["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-01-01", "2026-1-1", "2026-01-01T00:00", "", "1900-02-29"])(
  "%s is no day",
  (text) => expect(isDay(text)).toBe(false),
);

test.each(["2024-02-29", "2000-02-29", "2026-12-31"])("%s is a day", (text) => expect(isDay(text)).toBe(true));

test("the day at an instant follows the zone", () => {
  const instant = new Date("2026-03-28T23:30:00Z");
  expect(dayAt(instant, "Europe/Berlin")).toBe("2026-03-29");
  expect(dayAt(instant, "UTC")).toBe("2026-03-28");
  expect(dayAt(instant, "America/New_York")).toBe("2026-03-28");
});
