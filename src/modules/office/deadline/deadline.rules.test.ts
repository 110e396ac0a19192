// When periods end: the examples of the European Data Protection Board, dates worked out by hand from Regulation 1182/71, Art. 3, and
// the regimes of the laws.
import { describe, expect, test } from "vitest";
import { day, type Day } from "../../../kernel/day.ts";
import { type BusinessCalendar, plainWeek } from "../../directory/index.ts";
import { dueOf, type Period, warningsOf } from "./deadline.rules.ts";
import { regimeRules } from "./regime.rules.ts";

const brussels = (...holidays: string[]): BusinessCalendar => ({
  zone: "Europe/Brussels",
  weeks: [plainWeek([1, 2, 3, 4, 5])],
  holidays: new Set(holidays.map(day)),
  exceptions: new Map(),
});

const period = (amount: number | null, unit: Period["unit"], isPutOff = true): Period => ({ amount, unit, isPutOff });
const end = (wanted: Period, at: string, calendar = brussels(), pauses: string[] = [], extension = 0): [Day, string | undefined] => {
  const due = dueOf(wanted, { at: new Date(at), pauses: pauses.map((text) => new Date(text)), extension }, calendar);
  return [due.day, due.at?.toISOString()];
};

describe("EDPB Guidelines 01/2022 on the right of access, 157 to 160", () => {
  test.each([
    ["received on 5 March: until and including 5 April", "2024-03-05T10:00:00+01:00", "2024-04-05"],
    ["received on 31 August: the last day of the following month", "2026-08-31T10:00:00+02:00", "2026-09-30"],
    ["the last day is a Saturday: the next working day", "2023-08-31T10:00:00+02:00", "2023-10-02"],
  ])("%s", (_says, received, due) => {
    expect(end(period(1, "months"), received)[0]).toBe(due);
  });

  test("extended by two further months, three in all, counted from the receipt", () => {
    expect(end(period(1, "months"), "2026-01-31T12:00:00+01:00", brussels(), [], 2)[0]).toBe("2026-04-30");
  });
});

describe("Regulation 1182/71, Art. 3", () => {
  test("hours run through nights, weekends and the change of clocks", () => {
    expect(end(period(72, "hours"), "2026-03-27T16:30:00+01:00")).toEqual(["2026-03-30", "2026-03-30T15:30:00.000Z"]);
    expect(end(period(24, "hours"), "2026-12-24T23:00:00+01:00", brussels("2026-12-25"))[1]).toBe("2026-12-25T22:00:00.000Z");
  });

  test("the day it begins on does not count, and it ends with the last hour of its last day (Art. 3(1), 3(2)(b))", () => {
    expect(end(period(7, "days"), "2026-03-02T00:05:00+01:00")).toEqual(["2026-03-09", "2026-03-09T22:59:00.000Z"]);
    expect(end(period(7, "days"), "2026-03-02T23:55:00+01:00")[0]).toBe("2026-03-09");
  });

  test("a last day that is a holiday, Sunday or Saturday is put off to the next working day (Art. 3(4))", () => {
    // Good Friday 2026 is 3 April and Easter Monday the 6th; ten days after 24 March is 3 April.
    expect(end(period(10, "days"), "2026-03-24T09:00:00+01:00", brussels("2026-04-03", "2026-04-06"))[0]).toBe("2026-04-07");
    expect(end(period(10, "days", false), "2026-03-24T09:00:00+01:00", brussels("2026-04-03", "2026-04-06"))[0]).toBe("2026-04-03");
  });

  test("two days or more hold at least two working days (Art. 3(5))", () => {
    // From Friday two days end on Sunday: put off to Monday, the first working day, so Tuesday is the second.
    expect(end(period(2, "days"), "2026-03-06T09:00:00+01:00")[0]).toBe("2026-03-10");
    expect(end(period(2, "days"), "2026-03-03T09:00:00+01:00")[0]).toBe("2026-03-05");
  });

  test("working days skip weekends and holidays", () => {
    expect(end(period(5, "businessDays"), "2026-03-31T09:00:00+02:00", brussels("2026-04-03", "2026-04-06"))[0]).toBe("2026-04-09");
  });

  test("a pause gives back its hours, or its days", () => {
    const pauses = ["2026-03-03T10:00:00Z", "2026-03-05T10:00:00Z"];
    expect(end(period(72, "hours"), "2026-03-02T10:00:00Z", brussels(), pauses)[1]).toBe("2026-03-07T10:00:00.000Z");
    expect(end(period(1, "months"), "2026-03-02T10:00:00Z", brussels("2026-04-06"), pauses)[0]).toBe("2026-04-07");
  });

  test("without undue delay has no end, and nothing to warn of", () => {
    const due = dueOf(period(null, "promptly"), { at: new Date("2026-03-02T10:00:00Z"), pauses: [], extension: 0 }, brussels());
    expect(due).toEqual({ day: "2026-03-02", at: null });
    expect(warningsOf(due, new Date("2026-03-02T10:00:00Z"), [24])).toEqual([]);
  });
});

test("warnings that would lie before the beginning are left out, the deadline itself comes last", () => {
  const begun = new Date("2026-03-02T10:00:00Z");
  const due = { day: day("2026-03-03"), at: new Date("2026-03-03T10:00:00Z") };
  expect(warningsOf(due, begun, [6, 48, 12]).map((at) => at.toISOString())).toEqual([
    "2026-03-02T22:00:00.000Z",
    "2026-03-03T04:00:00.000Z",
    "2026-03-03T10:00:00.000Z",
  ]);
});

describe("the regimes, as their articles say", () => {
  test.each([
    ["gdpr-33", 72, "hours"],
    ["gdpr-34", null, "promptly"],
    ["gdpr-12-3", 1, "months"],
    ["nis2-23-warning", 24, "hours"],
    ["nis2-23-notification", 72, "hours"],
    ["nis2-23-final", 1, "months"],
    ["dora-19-initial", 4, "hours"],
    ["dora-19-intermediate", 72, "hours"],
    ["dora-19-final", 1, "months"],
    ["ai-73-serious", 15, "days"],
    ["ai-73-widespread", 2, "days"],
    ["ai-73-death", 10, "days"],
    ["whistle-acknowledge", 7, "days"],
    ["whistle-feedback", 3, "months"],
  ])("%s: %s %s", (code, amount, unit) => {
    expect(regimeRules.find((rule) => rule.code === code)).toMatchObject({ amount, unit });
  });

  test("what follows a rule names one that is there, and each code stands once", () => {
    const codes = regimeRules.map((rule) => rule.code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(regimeRules.filter((rule) => rule.follows && !codes.includes(rule.follows))).toEqual([]);
    expect(regimeRules.find((rule) => rule.code === "gdpr-12-3")?.extension?.amount).toBe(2);
  });
});
