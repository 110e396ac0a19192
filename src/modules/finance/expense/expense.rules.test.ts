// Distances, days away and amounts abroad, against the published rates of two countries.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { flagsOf, foreignAmount, perDiemAmount, type PerDiemRate, taxWithin } from "./expense.rules.ts";
import { bandsOn, lowestFree, mileageAmount, type MileageRate, yearBegan } from "./mileage.rules.ts";

const eur = (amount: string): Money => Money.parse(amount, "EUR");

describe("mileage in the United Kingdom: 45p up to 10,000 miles in a tax year, 25p above (HMRC approved mileage rates)", () => {
  const band = (above: string, perUnit: string, fromDay = "2011-04-06"): MileageRate => ({
    vehicle: "car",
    fromDay: day(fromDay),
    above,
    perUnit,
    unit: "mi",
    yearBegins: "04-06",
  });
  // Before 6 April 2011 it was 40p.
  const rates = [band("10000", "0.25"), band("0", "0.45"), band("0", "0.40", "2002-04-06"), band("10000", "0.25", "2002-04-06")];
  const worth = (distance: string, before: string, on = "2026-05-01"): string | undefined =>
    mileageAmount(bandsOn(rates, day(on)), lowestFree(distance, [{ from: "0", until: before }]), "GBP")?.amount.amount;

  test.each([
    ["100", "0", "45.00"],
    ["11500", "0", "4875.00"],
    ["100", "9950", "35.00"],
    ["100", "10000", "25.00"],
  ])("%s miles after %s are %s pounds", (distance, before, expected) => {
    expect(worth(distance, before)).toBe(expected);
  });

  test("a distance goes by the rates of its own day", () => {
    expect(worth("100", "0", "2011-04-05")).toBe("40.00");
    expect(worth("100", "0", "2002-04-05")).toBeUndefined();
  });

  test("what was taken off is free again: the lowest miles first, then those after the last", () => {
    const taken = [
      { from: "9000", until: "9950" },
      { from: "0", until: "8900.5" },
    ];
    expect(lowestFree("99.5", taken)).toEqual([{ from: "8900.5", until: "9000" }]);
    // 99.5 and 50 miles at 45p, 100 at 25p: 44.775 + 22.50 + 25.00 = 92.275.
    const free = lowestFree("249.5", taken);
    expect(mileageAmount(bandsOn(rates, day("2026-05-01")), free, "GBP")).toMatchObject({
      amount: Money.parse("92.28", "GBP"),
      says: "149.5 mi × 0.45 + 100 mi × 0.25",
    });
  });

  test("the year begins on 6 April", () => {
    expect(yearBegan(day("2026-04-05"), "04-06")).toBe("2025-04-06");
    expect(yearBegan(day("2026-04-06"), "04-06")).toBe("2026-04-06");
  });
});

describe("days away in Germany: 28 whole, 14 part, breakfast 20 and other meals 40 percent (§ 9 Abs. 4a EStG)", () => {
  const rate = (wholeDay: string, partDay: string, fromDay: string): PerDiemRate => ({
    fromDay: day(fromDay),
    wholeDay: eur(wholeDay),
    partDay: eur(partDay),
    breakfastPercent: "20",
    lunchPercent: "40",
    dinnerPercent: "40",
  });
  const rates = [rate("24", "12", "2014-01-01"), rate("28", "14", "2020-01-01")];
  const none = { breakfasts: 0, lunches: 0, dinners: 0 };

  test.each([
    ["2026-03-02", "2026-03-02", none, "14.00"],
    ["2026-03-02", "2026-03-04", none, "56.00"],
    ["2026-03-02", "2026-03-04", { ...none, breakfasts: 2 }, "44.80"],
    ["2026-03-02", "2026-03-03", { breakfasts: 1, lunches: 1, dinners: 1 }, "0.00"],
    ["2019-12-31", "2020-01-02", none, "54.00"],
  ])("from %s until %s", (from, until, meals, expected) => {
    expect(perDiemAmount(rates, day(from), day(until), meals)?.amount.amount).toBe(expected);
  });

  test("without a rate nothing is known", () => {
    expect(perDiemAmount(rates, day("2013-12-31"), day("2014-01-01"), none)).toBeUndefined();
  });
});

describe("amounts", () => {
  test("abroad: by the rate typed in, from and to currencies of other decimals", () => {
    expect(foreignAmount(Money.parse("100.00", "USD"), "0.9217", "EUR").amount).toBe("92.17");
    expect(foreignAmount(Money.parse("12345", "JPY"), "0.006125", "EUR").amount).toBe("75.61");
    expect(foreignAmount(Money.parse("1.500", "KWD"), "3.0333", "EUR").amount).toBe("4.55");
  });

  test("the tax within 119.00 at 19 percent is 19.00, within 10.00 at 7 percent 0.65", () => {
    expect([taxWithin(eur("119"), "19").amount, taxWithin(eur("10"), "7").amount, taxWithin(eur("10"), "0").amount]).toEqual([
      "19.00",
      "0.65",
      "0.00",
    ]);
  });

  test("flags say what to look at", () => {
    const line = { amount: eur("50"), limit: eur("50"), wantsReceipt: true, hasReceipt: true, isAlike: false, day: day("2026-08-23") };
    expect(flagsOf(line, day("2026-11-21"))).toEqual([]);
    const odd = { ...line, amount: eur("50.01"), hasReceipt: false, isAlike: true, day: day("2026-08-22") };
    expect(flagsOf(odd, day("2026-11-21"))).toEqual(["overLimit", "receiptMissing", "alike", "old"]);
  });
});
