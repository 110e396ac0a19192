// Checklists, meters and reliability, as tables worked out by hand.
import { expect, test } from "vitest";
import { type Answer, fits, isFine, type Item } from "./checklist.rules.ts";
import { totalAfter } from "./meter.rules.ts";
import { type Outage, reliabilityOf } from "./reliability.rules.ts";

const item = (kind: Item["kind"], minimum: number | null = null, maximum: number | null = null): Item => ({ kind, minimum, maximum });

test.each([
  [item("yesNo"), { yes: true }, true, true],
  [item("yesNo"), { yes: false }, true, false],
  [item("yesNo"), { number: 1 }, false, undefined],
  [item("number", 2, 4), { number: 2 }, true, true],
  [item("number", 2, 4), { number: 4.1 }, true, false],
  [item("number", null, 4), { number: -10 }, true, true],
  [item("text"), { text: "All well" }, true, true],
  [item("photo"), { fileId: "x" }, true, true],
  [item("photo"), { fileId: "x", text: "y" }, false, undefined],
  [item("text"), {}, false, undefined],
] as [Item, Answer, boolean, boolean | undefined][])("%j answered %j fits: %s, is fine: %s", (asked, answer, itFits, fine) => {
  expect(fits(asked, answer)).toBe(itFits);
  if (fine !== undefined) expect(isFine(asked, answer)).toBe(fine);
});

test.each([
  [{ lastReading: 1200, total: 1200 }, 1350.5, false, 1350.5],
  [{ lastReading: 1200, total: 1200 }, 1200, false, 1200],
  [{ lastReading: 1200, total: 1200 }, 1199, false, undefined],
  // Changed for a new one that shows 30 now: 1200 before and 30 since.
  [{ lastReading: 1200, total: 1200 }, 30, true, 1230],
  [{ lastReading: 30, total: 1230 }, 130, false, 1330],
] as const)("a meter at %j that shows %s (set back: %s) has counted %s", (meter, reading, isReset, total) =>
  expect(totalAfter(meter, reading, isReset)).toBe(total),
);

const at = (text: string): number => Date.parse(`${text}:00Z`);
const outage = (from: string, until: string | undefined, isFailure = true): Outage => ({
  from: at(from),
  until: until === undefined ? undefined : at(until),
  isFailure,
});
// November 2026 has 720 hours.
const november = [at("2026-11-01T00:00"), at("2026-12-01T00:00")] as const;

test("two failures of six and ten hours and four hours of service in a month", () => {
  const outages = [
    outage("2026-11-05T06:00", "2026-11-05T12:00"),
    outage("2026-11-10T08:00", "2026-11-10T12:00", false),
    outage("2026-11-20T20:00", "2026-11-21T06:00"),
  ];
  // 720 - 20 = 700 hours in use, for two failures 350 each; (6 + 10) / 2 = 8 to repair; 700 / 720 = 0.9722.
  expect(reliabilityOf(outages, ...november)).toEqual({
    failures: 2,
    downHours: 20,
    betweenFailuresHours: 350,
    toRepairHours: 8,
    availability: 0.9722,
  });
});

test("what began before counts as time and not as a failure; what still lasts counts until now and has no repair yet", () => {
  const outages = [outage("2026-10-31T12:00", "2026-11-01T12:00"), outage("2026-11-30T12:00", undefined)];
  expect(reliabilityOf(outages, ...november)).toEqual({
    failures: 1,
    downHours: 24,
    betweenFailuresHours: 696,
    toRepairHours: null,
    availability: 0.9667,
  });
  expect(reliabilityOf([], ...november)).toMatchObject({ failures: 0, betweenFailuresHours: null, toRepairHours: null, availability: 1 });
});
