// Due days and lines of templates as tables; days by the calendar, cents by hand.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { dueDays, linesOfTemplate, nextDueDay, type Rhythm, templateBalances, type TemplateLine } from "./template.rules.ts";

const recurrence = (rhythm: Rhythm, onDate: number, from: string, until?: string) => ({
  rhythm,
  onDate,
  fromDay: day(from),
  untilDay: until === undefined ? null : day(until),
});

describe("due days", () => {
  test.each([
    { wish: recurrence("monthly", 31, "2028-01-15"), until: "2028-04-30", days: ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"] },
    { wish: recurrence("monthly", 10, "2026-01-15"), until: "2026-03-31", days: ["2026-02-10", "2026-03-10"] },
    { wish: recurrence("monthly", 30, "2026-01-30"), until: "2026-03-30", days: ["2026-01-30", "2026-02-28", "2026-03-30"] },
    { wish: recurrence("quarterly", 1, "2026-01-01"), until: "2026-12-31", days: ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"] },
    { wish: recurrence("yearly", 29, "2024-02-01"), until: "2026-12-31", days: ["2024-02-29", "2025-02-28", "2026-02-28"] },
    { wish: recurrence("monthly", 1, "2026-01-01", "2026-02-28"), until: "2026-12-31", days: ["2026-01-01", "2026-02-01"] },
    { wish: recurrence("monthly", 1, "2026-01-02", "2026-01-31"), until: "2026-12-31", days: [] },
  ])("$wish.rhythm on $wish.onDate from $wish.fromDay", ({ wish, until, days }) => {
    expect(dueDays(wish, null, day(until))).toEqual(days);
  });

  test("go on where they were left, in order", () => {
    const wish = recurrence("monthly", 31, "2026-01-01", "2026-06-30");
    expect(dueDays(wish, day("2026-03-31"), day("2026-05-31"))).toEqual(["2026-03-31", "2026-04-30", "2026-05-31"]);
    expect(nextDueDay(wish, null)).toBe("2026-01-31");
    expect(nextDueDay(wish, day("2026-01-31"))).toBe("2026-02-28");
    expect(nextDueDay(wish, day("2026-06-30"))).toBe(null);
    expect(nextDueDay(recurrence("yearly", 15, "2026-03-20"), null)).toBe("2027-03-15");
    expect(nextDueDay(recurrence("monthly", 10, "2026-01-15"), null)).toBe("2026-02-10");
  });
});

describe("lines", () => {
  const line = (amount: bigint | null, percent: string | null, takesParty = false): TemplateLine => ({
    accountId: "a" as Id,
    amount,
    percent,
    takesParty,
    unitId: null,
    dimensions: null,
    text: null,
  });
  const cents = (lines: readonly TemplateLine[], amount?: string) =>
    linesOfTemplate(lines, { amount: amount === undefined ? undefined : Money.parse(amount, "EUR"), partyId: undefined }, "EUR").map(
      (one) => one.amount.minor,
    );

  test("thirds of 100.00 on both sides stay equal to the cent", () => {
    const lines = [line(null, "33.333333"), line(null, "33.333333"), line(null, "33.333334"), line(null, "-50"), line(null, "-50")];
    expect(templateBalances(lines)).toBe(true);
    expect(cents(lines, "100.00")).toEqual([3333n, 3333n, 3334n, -5000n, -5000n]);
    expect(cents(lines, "0.05").reduce((sum, minor) => sum + minor, 0n)).toBe(0n);
  });

  test("a fixed amount stands beside shares", () => {
    const lines = [line(10000n, null), line(-10000n, null), line(null, "19"), line(null, "-19")];
    expect(cents(lines, "50.00")).toEqual([10000n, -10000n, 950n, -950n]);
    expect(templateBalances([line(1n, null), line(null, "-1")])).toBe(false);
    expect(templateBalances([line(null, "1"), line(null, "-2")])).toBe(false);
  });

  test("the party stands only where the line takes one", () => {
    const partyId = "p" as Id;
    const drafts = linesOfTemplate([line(5n, null, true), line(-5n, null)], { amount: undefined, partyId }, "EUR");
    expect(drafts.map((one) => one.partyId)).toEqual([partyId, undefined]);
  });
});
