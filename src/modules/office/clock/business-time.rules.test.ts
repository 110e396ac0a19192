// Business time: the vectors of Frappe Helpdesk's own tests (10:00 to 18:00, Monday to Friday), days on which clocks are changed, shifts
// past midnight, and laws that must hold for any calendar.
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { addDays, type Day, day } from "../../../kernel/day.ts";
import { type BusinessCalendar, roundTheClock } from "../../directory/index.ts";
import {
  addBusinessDays,
  addBusinessMinutes,
  addBusinessTime,
  businessMinutesBetween,
  businessTimeBetween,
} from "./business-time.rules.ts";
import { type Segment, standingOf } from "./clock.rules.ts";

interface Made {
  readonly zone?: string;
  readonly hours?: readonly { from: number; until: number }[];
  readonly weekdays?: readonly number[];
  readonly holidays?: readonly string[];
}

const calendar = ({
  zone = "Europe/Berlin",
  hours = [{ from: 600, until: 1080 }],
  weekdays = [1, 2, 3, 4, 5],
  holidays = [],
}: Made = {}): BusinessCalendar => ({
  zone,
  weeks: [{ from: day("2020-01-01"), days: [1, 2, 3, 4, 5, 6, 7].map((weekday) => (weekdays.includes(weekday) ? hours : [])) }],
  holidays: new Set(holidays.map(day)),
  exceptions: new Map(),
});

/** 2 to 8 March 2026 is a week from Monday to Sunday; the Monday after is the 9th. */
const week: Readonly<Record<string, string>> = {
  Mon: "2026-03-02",
  Tue: "2026-03-03",
  Wed: "2026-03-04",
  Thu: "2026-03-05",
  Fri: "2026-03-06",
  Sat: "2026-03-07",
  "next Mon": "2026-03-09",
  "next Wed": "2026-03-11",
  "Thu in 12 days": "2026-03-19",
};

const at = (text: string, zone = "Europe/Berlin"): Date =>
  new Date(Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds);
const when = (text: string): Date => {
  const [, name, time] = /^(.*) (\d\d:\d\d(?::\d\d)?)$/.exec(text)!;
  return at(`${week[name!]}T${time}`);
};

describe("vectors of frappe/helpdesk, test_hd_ticket.py", () => {
  test.each([
    ["Mon 11:00", 60, "Mon 12:00", 240, "Mon 15:00", []],
    ["Mon 08:00", 60, "Mon 11:00", 240, "Mon 14:00", []],
    ["Mon 20:00", 30, "Tue 10:30", 120, "Tue 12:00", []],
    ["Fri 17:00", 30, "Fri 17:30", 120, "next Mon 11:00", []],
    ["Fri 19:00", 60, "next Mon 11:00", 240, "next Mon 14:00", []],
    ["Sat 15:00", 24 * 60, "next Wed 18:00", 72 * 60, "Thu in 12 days 18:00", []],
    ["Thu 15:00", 30, "next Mon 10:30", 120, "next Mon 12:00", ["2026-03-05", "2026-03-06"]],
  ])("%s: %i minutes end %s, %i end %s", (from, response, responseDue, resolution, resolutionDue, holidays) => {
    const worked = calendar({ holidays });
    expect(addBusinessMinutes(worked, when(from), response)).toEqual(when(responseDue));
    expect(addBusinessMinutes(worked, when(from), resolution)).toEqual(when(resolutionDue));
  });

  test.each([
    [3600, "Thu 18:00"],
    [3601, "Fri 10:00:01"],
  ])("Thu 15:00, two hours, held for %i seconds: due %s", (held, due) => {
    const from = when("Thu 15:00").getTime();
    const segments: Segment[] = [
      { state: "running", from },
      { state: "paused", from },
      { state: "running", from: from + held * 1000 },
    ];
    const standing = standingOf(calendar(), { amount: 120, unit: "minutes" }, segments, []);
    expect(new Date(standing.dueAt!)).toEqual(when(due));
  });
});

describe("wall time where clocks are changed", () => {
  const night = calendar({ hours: [{ from: 22 * 60, until: 30 * 60 }], weekdays: [6] });

  test("a night shift lasts seven hours when clocks go forward and nine when they go back", () => {
    // Europe/Berlin: forward on Sunday 29 March 2026, back on Sunday 25 October 2026, each in the night.
    expect(businessMinutesBetween(night, at("2026-03-28T12:00"), at("2026-03-29T12:00"))).toBe(7 * 60);
    expect(businessMinutesBetween(night, at("2026-10-24T12:00"), at("2026-10-25T12:00"))).toBe(9 * 60);
    expect(addBusinessMinutes(night, at("2026-03-28T22:00"), 7 * 60)).toEqual(at("2026-03-29T06:00"));
  });

  test("hours that a day lacks are not worked; of hours that come twice the first counts", () => {
    const early = calendar({ hours: [{ from: 120, until: 180 }], weekdays: [7] });
    expect(businessMinutesBetween(early, at("2026-03-29T00:00"), at("2026-03-30T00:00"))).toBe(0);
    expect(businessMinutesBetween(early, at("2026-10-25T00:00"), at("2026-10-26T00:00"))).toBe(120);
    const half = calendar({ hours: [{ from: 60, until: 150 }], weekdays: [7] });
    expect(businessMinutesBetween(half, at("2026-03-29T00:00"), at("2026-03-30T00:00"))).toBe(60);
  });

  test("nine in the morning stays nine in the morning", () => {
    const daily = calendar({ hours: [{ from: 540, until: 1020 }] });
    expect(addBusinessMinutes(daily, at("2026-03-27T16:30"), 60)).toEqual(at("2026-03-30T09:30"));
    expect(addBusinessDays(daily, at("2026-03-27T16:30"), 1)).toEqual(at("2026-03-30T16:30"));
  });

  test("round the clock, 72 hours are 72 hours, whatever the wall shows", () => {
    expect(addBusinessMinutes(roundTheClock, at("2026-03-27T16:30"), 72 * 60)).toEqual(at("2026-03-30T17:30"));
  });
});

describe("a working day of several parts", () => {
  const lunch = calendar({ hours: [{ from: 540, until: 750 }, { from: 810, until: 1080 }] }); // prettier-ignore

  test("the break costs nothing", () => {
    expect(addBusinessMinutes(lunch, when("Mon 12:00"), 60)).toEqual(when("Mon 14:00"));
    expect(businessMinutesBetween(lunch, when("Mon 12:35"), when("Mon 13:25"))).toBe(0);
  });

  test("an exception replaces the hours of one day, and opens a closed one", () => {
    const exceptions = new Map<Day, readonly { from: number; until: number }[]>([
      [day("2026-03-07"), [{ from: 600, until: 720 }]],
      [day("2026-03-09"), []],
    ]);
    const open = { ...lunch, exceptions };
    expect(addBusinessMinutes(open, when("Fri 17:00"), 120)).toEqual(when("Sat 11:00"));
    expect(addBusinessMinutes(open, when("Sat 11:00"), 120)).toEqual(at("2026-03-10T10:00"));
  });

  test("hours of the version in force on the day", () => {
    const longer = calendar({ hours: [{ from: 480, until: 1200 }] }).weeks[0]!;
    const changed = { ...lunch, weeks: [...lunch.weeks, { ...longer, from: day("2026-03-04") }] };
    expect(businessMinutesBetween(changed, when("Tue 00:00"), when("Thu 00:00"))).toBe(480 + 720);
  });

  test("a calendar that never works is a fault, not an endless search", () => {
    expect(() => addBusinessMinutes(calendar({ weekdays: [] }), when("Mon 12:00"), 1)).toThrow(RangeError);
  });
});

describe("laws of any calendar", () => {
  const spans = fc
    .uniqueArray(fc.integer({ min: 0, max: 95 }), { minLength: 2, maxLength: 6 })
    .map((quarters) => quarters.toSorted((a, b) => a - b))
    .map((quarters) =>
      quarters.flatMap((quarter, index) => (index % 2 === 1 ? [{ from: quarters[index - 1]! * 15, until: quarter * 15 }] : [])),
    );
  const anyCalendar = fc.record({
    zone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Eucla", "Pacific/Auckland"),
    hours: fc.oneof(spans, fc.constant([{ from: 22 * 60, until: 30 * 60 }])),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
    holidays: fc.array(
      fc.integer({ min: 0, max: 400 }).map((days) => addDays(day("2026-01-01"), days)),
      { maxLength: 20 },
    ),
  });
  const instant = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) });
  const span = fc.integer({ min: 1, max: 200 * 3_600_000 });

  test("what is added is what lies between, to the millisecond", () => {
    fc.assert(
      fc.property(anyCalendar, instant, span, (made, from, time) => {
        const worked = calendar(made);
        const due = addBusinessTime(worked, from, time);
        expect(businessTimeBetween(worked, from, due)).toBe(time);
        expect(businessTimeBetween(worked, from, due - 1)).toBe(time - 1);
      }),
      { numRuns: 300 },
    );
  });

  test("later begins never end earlier, and more time never ends earlier", () => {
    fc.assert(
      fc.property(anyCalendar, instant, span, span, (made, from, time, more) => {
        const worked = calendar(made);
        expect(addBusinessTime(worked, from + more, time)).toBeGreaterThanOrEqual(addBusinessTime(worked, from, time));
        expect(addBusinessTime(worked, from, time + more)).toBeGreaterThan(addBusinessTime(worked, from, time));
      }),
      { numRuns: 200 },
    );
  });

  test("time between adds up over any point", () => {
    fc.assert(
      fc.property(anyCalendar, instant, span, span, (made, from, first, second) => {
        const worked = calendar(made);
        const [middle, end] = [from + first, from + first + second];
        expect(businessTimeBetween(worked, from, middle) + businessTimeBetween(worked, middle, end)).toBe(
          businessTimeBetween(worked, from, end),
        );
      }),
      { numRuns: 200 },
    );
  });

  test("a pause puts the deadline off by the working time in it, and one outside of hours by nothing", () => {
    fc.assert(
      fc.property(anyCalendar, instant, span, span, span, (made, from, time, until, length) => {
        const worked = calendar(made);
        const [paused, resumed] = [from + until, from + until + length];
        const plain = standingOf(worked, { amount: 60_000, unit: "minutes" }, [{ state: "running", from }], []);
        const held = standingOf(
          worked,
          { amount: 60_000, unit: "minutes" },
          [{ state: "running", from }, { state: "paused", from: paused }, { state: "running", from: resumed }], // prettier-ignore
          [],
        );
        expect(businessTimeBetween(worked, plain.dueAt!, held.dueAt!)).toBe(businessTimeBetween(worked, paused, resumed));
        if (businessTimeBetween(worked, paused, resumed) === 0) expect(held.dueAt).toBe(plain.dueAt);
        void time;
      }),
      { numRuns: 150 },
    );
  });
});
