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

test("the day of an instant agrees with Temporal, however often and in whatever order it is asked", () => {
  const zones = fc.constantFrom("Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Monrovia", "Pacific/Apia", "UTC");
  // From 1880, when most places still kept their own seconds, and close together around the ends of days.
  const start = fc.integer({ min: -47_000, max: 40_000 }).map((days) => days * 86_400_000);
  fc.assert(
    fc.property(zones, start, fc.array(fc.integer({ min: -50_000_000, max: 50_000_000 }), { maxLength: 8 }), (zone, from, steps) => {
      for (const step of steps.flatMap((one) => [one, one + 1000, one + 59_000])) {
        const instant = new Date(from + step);
        const there = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString();
        expect(dayAt(instant, zone)).toBe(there);
      }
    }),
  );
});
