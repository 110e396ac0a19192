// When someone hears of something: expectations are wall times worked out by hand, daylight saving included.
import { describe, expect, test } from "vitest";
import { channelsOf, mailDue, type Rhythm } from "./notice.rules.ts";

const berlin: Rhythm = { zone: "Europe/Berlin", digestAt: "07:30", digestWeekday: 1, quietFrom: "20:00", quietUntil: "06:30" };
const due = (mail: "now" | "daily" | "weekly", at: string, rhythm = berlin, always = false) =>
  new Date(mailDue(mail, rhythm, new Date(at), always)).toISOString();

describe("a mail is due", () => {
  test.each([
    ["now", "2026-01-14T12:00:00Z", "2026-01-14T12:00:00.000Z", "at once in the day"],
    ["now", "2026-01-14T19:00:00Z", "2026-01-15T05:30:00.000Z", "20:00 sharp is quiet already"],
    ["now", "2026-01-14T18:59:00Z", "2026-01-14T18:59:00.000Z", "19:59 is not"],
    ["now", "2026-01-14T03:00:00Z", "2026-01-14T05:30:00.000Z", "after midnight: the same morning"],
    ["now", "2026-01-14T05:30:00Z", "2026-01-14T05:30:00.000Z", "06:30 is no longer quiet"],
    ["daily", "2026-01-14T06:00:00Z", "2026-01-14T06:30:00.000Z", "07:00: today's summary"],
    ["daily", "2026-01-14T06:30:00Z", "2026-01-15T06:30:00.000Z", "07:30 sharp: tomorrow's"],
    // Clocks go forward on Sunday 29 March 2026: 07:30 is 06:30 UTC on Saturday and 05:30 UTC on Sunday.
    ["daily", "2026-03-28T12:00:00Z", "2026-03-29T05:30:00.000Z", "a day of 23 hours"],
    // And back on Sunday 25 October 2026.
    ["daily", "2026-10-24T12:00:00Z", "2026-10-25T06:30:00.000Z", "a day of 25 hours"],
    ["now", "2026-03-28T22:00:00Z", "2026-03-29T04:30:00.000Z", "quiet hours over the change end at 06:30 on the wall"],
    // 14 January 2026 is a Wednesday.
    ["weekly", "2026-01-14T12:00:00Z", "2026-01-19T06:30:00.000Z", "next Monday"],
    ["weekly", "2026-01-19T06:00:00Z", "2026-01-19T06:30:00.000Z", "this very Monday"],
    ["weekly", "2026-01-19T07:00:00Z", "2026-01-26T06:30:00.000Z", "Monday, too late"],
  ] as const)("%s at %s → %s (%s)", (mail, at, expected, _why) => expect(due(mail, at)).toBe(expected));

  test("in another zone at its own wall time, and what must be heard even at night", () => {
    expect(due("daily", "2026-01-14T12:00:00Z", { ...berlin, zone: "Asia/Kathmandu" })).toBe("2026-01-15T01:45:00.000Z");
    expect(due("now", "2026-01-14T23:00:00Z", berlin, true)).toBe("2026-01-14T23:00:00.000Z");
    expect(due("now", "2026-01-14T11:30:00Z", { ...berlin, quietFrom: "12:00", quietUntil: "13:00" })).toBe("2026-01-14T12:00:00.000Z");
  });
});

describe("what is heard where", () => {
  const kind = { title: "T", says: "S", mail: "daily" as const };
  const asked = { kind, wantsMail: false, own: undefined, company: undefined, muted: false };
  test("the person's wish, then the company's, then what is usual", () => {
    const [own, company] = [
      { app: false, mail: "off" as const },
      { app: true, mail: "now" as const },
    ];
    expect(channelsOf({ ...asked, own, company })).toEqual(own);
    expect(channelsOf({ ...asked, company })).toEqual(company);
    expect(channelsOf(asked)).toEqual({ app: true, mail: "daily" });
    expect(channelsOf({ ...asked, kind: { ...kind, mail: "off" }, wantsMail: true })).toEqual({ app: true, mail: "now" });
  });
  test("muted is silent, unless it must be heard", () => {
    expect(channelsOf({ ...asked, muted: true })).toEqual({ app: false, mail: "off" });
    const always = { ...kind, always: true };
    expect(channelsOf({ ...asked, kind: always, muted: true, own: { app: false, mail: "off" } })).toEqual({ app: true, mail: "now" });
  });
});
