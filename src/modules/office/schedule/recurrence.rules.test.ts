// When something comes round, against the published vectors of libical (`../shared/samples/10-facilities`), ical.js, and by hand.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { isRule, monthsRule, occurrencesOf, readRule } from "./recurrence.rules.ts";
import { instantOf, wallAt } from "./wall.rules.ts";

const samples = resolve(import.meta.dirname, "../../../../../shared/samples/10-facilities");
const vectorFile = `${samples}/dev/rrule-dev.json`;

interface Vector {
  readonly RRULE: string;
  readonly DTSTART: string;
  readonly INSTANCES: readonly string[];
  readonly desc?: string;
}

const plain = (stamp: string): string =>
  stamp
    .replace(/Z$/, "")
    .replace(/^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2}))?$/, (_, y, m, d, h?: string, min?: string, s?: string) =>
      h === undefined ? `${y}-${m}-${d}` : `${y}-${m}-${d}T${h}:${min}:${s}`,
    );

describe.skipIf(!existsSync(vectorFile))("the vectors of libical", () => {
  const vectors = existsSync(vectorFile) ? (JSON.parse(readFileSync(vectorFile, "utf8")) as Vector[]) : [];
  // That one says what libical cannot do, not what the rule means; RFC 5545 lets BYMONTH, BYWEEKNO and BYMONTHDAY narrow each other.
  const open = vectors.filter((vector) => vector.INSTANCES[0]!.includes("UNIMPLEMENTED"));
  test("all but one say what comes out", () => {
    expect(vectors).toHaveLength(98);
    expect(open.map((vector) => vector.RRULE)).toEqual(["FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;BYWEEKNO=1;UNTIL=20320101"]);
  });
  test.each(vectors.filter((vector) => !open.includes(vector)))("$RRULE from $DTSTART", ({ RRULE, DTSTART, INSTANCES }) => {
    const ends = /COUNT=|UNTIL=/.test(RRULE);
    const found = occurrencesOf({ start: plain(DTSTART), rule: RRULE }, { limit: INSTANCES.length + (ends ? 5 : 0) });
    expect(found).toEqual(INSTANCES.map(plain));
  });
});

test("30 December in the first week of the year: weeks 1 of 2025, 2026, 2031 and 2032 begin on 30, 29, 30 and 29 December", () => {
  const rule = "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;BYWEEKNO=1;UNTIL=20320101";
  expect(occurrencesOf({ start: "2024-12-30", rule }, { limit: 9 })).toEqual(["2024-12-30", "2025-12-30", "2030-12-30", "2031-12-30"]);
});

// RFC 5545 3.3.10, the rules of the iCalendar files of libical (2446.ics) and ical.js with what their DTSTART makes of them.
test.each([
  [
    "2446.ics: the first of the month until September",
    "1998-01-01T14:00:00",
    "FREQ=MONTHLY;BYMONTHDAY=1;UNTIL=19980901T210000Z",
    9,
    "1998-09-01",
  ],
  ["2446.ics: the first Friday ten times", "1997-09-05T09:00:00", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", 10, "1998-06-05"],
  ["2446.ics: every twentieth week", "1997-09-02T09:00:00", "FREQ=WEEKLY;INTERVAL=20;WKST=SU;BYDAY=TU;COUNT=3", 3, "1998-06-09"],
  [
    "recur_instances_finite.ics: the first Tuesday",
    "2012-10-02T10:00:00",
    "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TU;UNTIL=20121231T100000",
    3,
    "2012-12-04",
  ],
  ["day_long_recur_yearly.ics: the clocks of New York", "2007-03-11T02:00:00", "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU;COUNT=3", 3, "2009-03-08"],
] as const)("%s", (_, start, rule, count, last) => {
  const found = occurrencesOf({ start, rule }, { limit: 50 });
  expect(found).toHaveLength(count);
  expect(found.at(-1)).toBe(`${last}${start.slice(10)}`);
});

test("further times and times left out: recur_instances_finite.ics, recur_instances.ics and rdate_exdate.ics of ical.js", () => {
  const monthly = { start: "2012-10-02T10:00:00", zone: "America/Los_Angeles" };
  const finite = {
    ...monthly,
    rule: "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TU;UNTIL=20121231T100000",
    also: ["2012-11-10T10:00:00", "2012-11-05T10:00:00"],
  };
  expect(occurrencesOf(finite, { limit: 9 })).toEqual(
    ["2012-10-02", "2012-11-05", "2012-11-06", "2012-11-10", "2012-12-04"].map((day) => `${day}T10:00:00`),
  );
  const endless = {
    ...monthly,
    rule: "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TU",
    except: ["2013-04-02T10:00:00", "2012-12-04T10:00:00", "2013-02-05T10:00:00"],
  };
  expect(occurrencesOf(endless, { limit: 5 }).map((wall) => wall.slice(0, 10))).toEqual([
    "2012-10-02",
    "2012-11-06",
    "2013-01-01",
    "2013-03-05",
    "2013-05-07",
  ]);
  const four = { start: "2024-06-09T03:00:00", rule: "FREQ=DAILY;INTERVAL=1;COUNT=4", except: ["2024-06-11"] };
  expect(occurrencesOf(four, { limit: 9 }).map((wall) => wall.slice(8, 10))).toEqual(["09", "10", "12"]);
});

describe("in a zone", () => {
  const instants = (start: string, rule: string, zone: string, limit = 9) =>
    occurrencesOf({ start, rule, zone }, { limit }).map((wall) => new Date(instantOf(wall, zone)).toISOString().slice(0, 16));

  test("ten in the morning in Berlin stays ten when the clocks go back on 27 October 2024, and forward on 31 March", () => {
    expect(instants("2024-10-26T10:00:00", "FREQ=DAILY;COUNT=3", "Europe/Berlin")).toEqual([
      "2024-10-26T08:00",
      "2024-10-27T09:00",
      "2024-10-28T09:00",
    ]);
    expect(instants("2024-03-30T10:00:00", "FREQ=DAILY;COUNT=3", "Europe/Berlin")).toEqual([
      "2024-03-30T09:00",
      "2024-03-31T08:00",
      "2024-04-01T08:00",
    ]);
  });
  test("midnight in Eucla is 15:15 in Greenwich, whatever the clock of the machine", () => {
    expect(instants("2018-10-27T00:00:00", "FREQ=DAILY;COUNT=5", "Australia/Eucla")).toEqual(
      ["26", "27", "28", "29", "30"].map((date) => `2018-10-${date}T15:15`),
    );
  });
  test("half past two, which the clock jumps over on one night, is half past three on that night and half past two on the next", () => {
    expect(instants("2026-03-28T02:30:00", "FREQ=DAILY;COUNT=3", "Europe/Berlin")).toEqual([
      "2026-03-28T01:30",
      "2026-03-29T01:30",
      "2026-03-30T00:30",
    ]);
  });
  test("half past two, which comes twice on one night, is the first of the two", () => {
    expect(instants("2026-10-25T02:30:00", "FREQ=DAILY;COUNT=2", "Europe/Berlin")).toEqual(["2026-10-25T00:30", "2026-10-26T01:30"]);
  });
  test("the Los Angeles evening of a UNTIL in UTC is still within", () => {
    // 2012-12-05T02:00Z is 4 December 18:00 in Los Angeles: the fourth at ten is in, the fifth is not.
    expect(instants("2012-12-03T10:00:00", "FREQ=DAILY;UNTIL=20121205T020000Z", "America/Los_Angeles")).toEqual([
      "2012-12-03T18:00",
      "2012-12-04T18:00",
    ]);
  });
  test("what the wall shows", () => {
    expect(wallAt(Date.parse("2026-07-01T22:30:00Z"), "Europe/Berlin")).toBe("2026-07-02T00:30:00");
  });
});

test.each([
  ["2026-01-31", 1, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]],
  ["2026-01-30", 1, ["2026-01-30", "2026-02-28", "2026-03-30"]],
  ["2024-01-29", 1, ["2024-01-29", "2024-02-29", "2024-03-29"]],
  ["2024-02-29", 12, ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]],
  ["2026-11-30", 3, ["2026-11-30", "2027-02-28", "2027-05-30"]],
  ["2026-11-05", 6, ["2026-11-05", "2027-05-05"]],
])("from %s every %i months", (start, months, days) => {
  expect(occurrencesOf({ start, rule: monthsRule(start, months) }, { limit: days.length })).toEqual(days);
});

test("a span is found without walking there from the start", () => {
  const daily = { start: "1980-01-01T08:00:00", rule: "FREQ=DAILY" };
  expect(occurrencesOf(daily, { after: "2026-11-22T08:00:00", limit: 2 })).toEqual(["2026-11-23T08:00:00", "2026-11-24T08:00:00"]);
  expect(occurrencesOf(daily, { from: "2026-11-22T08:00:00", until: "2026-11-23T07:00:00", limit: 9 })).toEqual(["2026-11-22T08:00:00"]);
  expect(occurrencesOf({ start: "2026-11-22T08:00:00", rule: null, also: ["2026-12-24T08:00:00"] }, { limit: 9 })).toEqual([
    "2026-11-22T08:00:00",
    "2026-12-24T08:00:00",
  ]);
});

test.each([
  ["FREQ=WEEKLY;BYDAY=MO", true],
  ["RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", true],
  ["freq=yearly;byweekno=20;byday=mo", true],
  ["FREQ=HOURLY", false],
  ["FREQ=DAILY\nDTSTART:20200101T000000Z", false],
  ["FREQ=DAILY;WHAT", false],
  ["FREQ=DAILY;COUNT=3;UNTIL=20270101", false],
  ["FREQ=DAILY;UNTIL=soon", false],
  ["FREQ=WEEKLY;BYDAY=XX", false],
  ["FREQ=MONTHLY;BYMONTHDAY=32", false],
  ["FREQ=DAILY;INTERVAL=0", false],
  ["FREQ=DAILY;COUNT=0", false],
  ["every monday", false],
])("%s can be followed: %s", (rule, fits) => expect(isRule(rule)).toBe(fits));

test("a day that no year has never comes round", () => {
  expect(readRule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")).toBeDefined();
  expect(occurrencesOf({ start: "2026-01-01", rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }, { limit: 1 })).toEqual([]);
});
