// Schedules against published truth: the tables of IRS Publication 946, and the vectors of Tryton and ERPNext.
import { describe, expect, test } from "vitest";
import { addDays, day, daysBetween } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { depreciationLines, type DepreciationPlan, unitsAmount } from "./depreciation.rules.ts";
import { disposalResult, lineUntilDisposal } from "./disposal.rules.ts";
import { type Convention, isYearly, yearStartOf } from "./life.rules.ts";

const usd = (amount: string): Money => Money.parse(amount, "USD");
const plan = (more: Partial<DepreciationPlan> = {}): DepreciationPlan => ({
  cost: usd("1000.00"),
  residual: usd("0"),
  method: "straightLine",
  convention: "fullMonth",
  rhythm: "month",
  lifeMonths: 24,
  startDay: day("2026-01-01"),
  yearStartMonth: 1,
  factor: "2",
  percentDecimals: null,
  ...more,
});
const amounts = (of: DepreciationPlan): string[] => depreciationLines(of).map((line) => line.amount.amount);
const spaced = (text: string): string[] => text.split(" ");

/** A cost of 100.00 shows percentages of two decimals, a cost of 1000.00 those of three in units of a tenth of a percent. */
const macrs = (years: number, convention: Convention, more: Partial<DepreciationPlan> = {}): string[] =>
  amounts(
    plan({
      cost: usd("100.00"),
      method: "decliningBalance",
      factor: years > 10 ? "1.5" : "2",
      rhythm: "year",
      lifeMonths: Math.round(years * 12),
      convention,
      startDay: day("2026-02-10"),
      ...more,
    }),
  );

describe("IRS Publication 946, Appendix A", () => {
  test.each([
    [3, "33.33 44.45 14.81 7.41"],
    [5, "20.00 32.00 19.20 11.52 11.52 5.76"],
    [7, "14.29 24.49 17.49 12.49 8.93 8.92 8.93 4.46"],
    [10, "10.00 18.00 14.40 11.52 9.22 7.37 6.55 6.55 6.56 6.55 3.28"],
    [15, "5.00 9.50 8.55 7.70 6.93 6.23 5.90 5.90 5.91 5.90 5.91 5.90 5.91 5.90 5.91 2.95"],
  ])("Table A-1, half-year convention, %i years", (years, expected) => {
    expect(macrs(years, "halfYear")).toEqual(spaced(expected));
  });

  test("Table A-1, 20 years, printed with three decimals", () => {
    const expected =
      "37.50 72.19 66.77 61.77 57.13 52.85 48.88 45.22 44.62 44.61 44.62 44.61 44.62 44.61 44.62 44.61 44.62 44.61 44.62 44.61 22.31";
    expect(macrs(20, "halfYear", { cost: usd("1000.00") })).toEqual(spaced(expected));
  });

  test.each([
    [5, "2026-02-10", "35.00 26.00 15.60 11.01 11.01 1.38"],
    [5, "2026-05-10", "25.00 30.00 18.00 11.37 11.37 4.26"],
    [5, "2026-08-10", "15.00 34.00 20.40 12.24 11.30 7.06"],
    [5, "2026-12-31", "5.00 38.00 22.80 13.68 10.94 9.58"],
    [7, "2026-01-01", "25.00 21.43 15.31 10.93 8.75 8.74 8.75 1.09"],
    [7, "2026-10-01", "3.57 27.55 19.68 14.06 10.04 8.73 8.73 7.64"],
  ])("Tables A-2 to A-5, mid-quarter convention, %i years from %s", (years, start, expected) => {
    expect(macrs(years, "midQuarter", { startDay: day(start) })).toEqual(spaced(expected));
  });

  /**
   * The tables by their own rule, in fractions and apart from our code: the declining rate on what is left, or what is left over the years
   * that remain when that is more; each year rounded to the decimals of the table, the last one the rest.
   */
  function byRule(years: number, monthsOfFirst: number): string[] {
    const scale = years === 20 ? 100_000n : 10_000n;
    const [above, below] = years > 10 ? [3n, 2n * BigInt(years)] : [2n, BigInt(years)];
    const round = (top: bigint, bottom: bigint): bigint => (2n * top + bottom) / (2n * bottom);
    let left = scale;
    // In twenty-fourths of a year, as the middle of a quarter falls within a month.
    let remaining = BigInt(years) * 24n;
    const found: bigint[] = [];
    for (let part = BigInt(monthsOfFirst * 2); remaining > 0n; part = remaining < 24n ? remaining : 24n) {
      const declining = round(left * above * part, below * 24n);
      const straight = round(left * part, remaining);
      const amount = remaining <= part ? left : declining > straight ? declining : straight;
      found.push(amount);
      left -= amount;
      remaining -= part;
    }
    return found.map((amount) => `${amount / 100n}.${String(amount % 100n).padStart(2, "0")}`);
  }

  const conventionsOfTables: [string, Convention, string, number][] = [
    ["A-1, half a year", "halfYear", "2026-06-30", 6],
    ["A-2, first quarter", "midQuarter", "2026-03-31", 10.5],
    ["A-3, second quarter", "midQuarter", "2026-04-01", 7.5],
    ["A-4, third quarter", "midQuarter", "2026-09-30", 4.5],
    ["A-5, fourth quarter", "midQuarter", "2026-12-31", 1.5],
  ];
  test.each(conventionsOfTables)(
    "Table %s: every recovery period by the rule, and all of it is 100 percent",
    (_, convention, start, months) => {
      for (const years of [3, 5, 7, 10, 15, 20]) {
        const cost = usd(years === 20 ? "1000.00" : "100.00");
        const lines = macrs(years, convention, { cost, startDay: day(start) });
        expect([years, ...lines]).toEqual([years, ...byRule(years, months)]);
        expect(lines).toHaveLength(years + 1);
        expect(lines.reduce((sum, line) => sum.plus(usd(line)), usd("0"))).toEqual(cost);
      }
    },
  );

  test("the rule gives what is printed: rows of Tables A-2 to A-5 for 3 and 10 years", () => {
    expect(byRule(3, 10.5)).toEqual(spaced("58.33 27.78 12.35 1.54"));
    expect(byRule(3, 7.5)).toEqual(spaced("41.67 38.89 14.14 5.30"));
    expect(byRule(3, 4.5)).toEqual(spaced("25.00 50.00 16.67 8.33"));
    expect(byRule(3, 1.5)).toEqual(spaced("8.33 61.11 20.37 10.19"));
    expect(byRule(10, 10.5)).toEqual(spaced("17.50 16.50 13.20 10.56 8.45 6.76 6.55 6.55 6.56 6.55 0.82"));
    expect(byRule(10, 7.5)).toEqual(spaced("12.50 17.50 14.00 11.20 8.96 7.17 6.55 6.55 6.56 6.55 2.46"));
  });

  const real = (lifeMonths: number, month: number): string[] =>
    amounts(
      plan({
        // 100 percent in units of a thousandth of a percent.
        cost: usd("1000.00"),
        rhythm: "year",
        convention: "midMonth",
        lifeMonths,
        startDay: day(`2026-${String(month).padStart(2, "0")}-17`),
      }),
    );
  const shifted = (text: string): string[] => spaced(text).map((percent) => `${Number(percent.replace(".", "")) / 100}`);
  const firstYears = (lifeMonths: number): string[] =>
    Array.from({ length: 12 }, (_, index) => `${Number(real(lifeMonths, index + 1)[0]!.replace(".", "")) / 100}`);

  test("Table A-6, residential rental property over 27.5 years, first year by month", () => {
    expect(firstYears(330)).toEqual(shifted("3.485 3.182 2.879 2.576 2.273 1.970 1.667 1.364 1.061 0.758 0.455 0.152"));
    expect(real(330, 1).slice(1, 12)).toEqual(spaced("36.36 36.36 36.36 36.36 36.36 36.36 36.36 36.36 36.37 36.36 36.37"));
  });

  test("Table A-7a, nonresidential real property over 39 years: first, full and last years by month", () => {
    expect(firstYears(468)).toEqual(shifted("2.461 2.247 2.033 1.819 1.605 1.391 1.177 0.963 0.749 0.535 0.321 0.107"));
    for (const month of [1, 7, 12]) expect(new Set(real(468, month).slice(1, 39))).toEqual(new Set(["25.64"]));
    expect([1, 7, 12].map((month) => real(468, month).at(-1))).toEqual(["1.07", "13.91", "24.61"]);
  });

  test("two printed rows leave their own rule, and percentages are as printed", () => {
    const seven = macrs(7, "midQuarter", { startDay: day("2026-04-01"), percentDecimals: 2 });
    expect(seven).toEqual(spaced("17.85 23.47 16.76 11.97 8.87 8.87 8.87 3.34"));
    const twenty = macrs(20, "midQuarter", { startDay: day("2026-01-01"), percentDecimals: 3, cost: usd("1000.00") });
    const printed =
      "65.63 70.00 64.82 59.96 55.46 51.30 47.46 44.59 44.59 44.59 44.59 44.60 44.59 44.60 44.59 44.60 44.59 44.60 44.59 44.60 5.65";
    expect(twenty).toEqual(spaced(printed));
    // The row above, of another quarter, follows the rule.
    expect(macrs(7, "midQuarter", { startDay: day("2026-01-01"), percentDecimals: 2 }).at(-1)).toBe("1.09");
  });

  test("percentages as printed, applied to a cost: 14.29 percent of 53,000, not one seventh", () => {
    const shown = macrs(7, "halfYear", { cost: usd("53000.00"), percentDecimals: 2 });
    expect(shown).toEqual(spaced("7573.70 12979.70 9269.70 6619.70 4732.90 4727.60 4732.90 2363.80"));
  });
});

describe("Tryton, scenario_account_asset", () => {
  const asset = plan({ residual: usd("100.00") });

  test("1,000 less 100 over 24 months is 37.50 a month, and 550 is left after a year", () => {
    const lines = depreciationLines(asset);
    expect(lines.map((line) => line.amount.amount)).toEqual(Array(24).fill("37.50"));
    const year = lines.slice(0, 12).reduce((sum, line) => sum.plus(line.amount), usd("0"));
    expect(asset.cost.minus(year).amount).toBe("550.00");
  });

  const revised = depreciationLines(
    { ...asset, cost: usd("1100.00") },
    { untilDay: day("2026-03-31"), accumulated: usd("112.50"), inYear: usd("112.50") },
  );

  test("revised to 1,100 after three months, the other 21 carry 42.26 and the last one 42.30", () => {
    expect(revised.map((line) => line.amount.amount)).toEqual([...Array<string>(20).fill("42.26"), "42.30"]);
    expect(revised[0]!.untilDay).toBe("2026-04-30");
  });

  test("sold for 600 after six months, when 860.72 is left: a loss of 260.72", () => {
    const accumulated = revised.slice(0, 3).reduce((sum, line) => sum.plus(line.amount), usd("112.50"));
    const sold = disposalResult(usd("1100.00"), accumulated, usd("600.00"));
    expect([sold.bookValue.amount, sold.result.amount]).toEqual(["860.72", "-260.72"]);
  });
});

describe("ERPNext, test_asset", () => {
  test("100,000 less 10,000 in three years is 30,000 each", () => {
    const lines = depreciationLines(plan({ cost: usd("100000"), residual: usd("10000"), rhythm: "year", lifeMonths: 36 }));
    expect(lines.map((line) => [line.untilDay, line.amount.amount])).toEqual([
      ["2026-12-31", "30000.00"],
      ["2027-12-31", "30000.00"],
      ["2028-12-31", "30000.00"],
    ]);
  });

  test("each month ends on its own last day", () => {
    const lines = depreciationLines(plan({ startDay: day("2024-02-29"), lifeMonths: 3 }));
    expect(lines.map((line) => line.untilDay)).toEqual(["2024-02-29", "2024-03-31", "2024-04-30"]);
  });
});

describe("methods by hand", () => {
  test("sum of years' digits: 5/15, 4/15, 3/15, 2/15, 1/15", () => {
    expect(amounts(plan({ cost: usd("1500"), method: "sumOfYears", rhythm: "year", lifeMonths: 60 }))).toEqual(
      spaced("500.00 400.00 300.00 200.00 100.00"),
    );
  });

  test("sum of years' digits from October: a quarter of the first year, three quarters of it in the next", () => {
    // 500/4; 500*3/4 + 400/4; 400*3/4 + 300/4; …; 100*3/4
    expect(amounts(plan({ cost: usd("1500"), method: "sumOfYears", rhythm: "year", lifeMonths: 60, startDay: day("2026-10-05") }))).toEqual(
      spaced("125.00 475.00 375.00 275.00 175.00 75.00"),
    );
  });

  test("daily: 366 days of two unequal halves", () => {
    const lines = depreciationLines(plan({ cost: usd("366"), convention: "daily", lifeMonths: 12, startDay: day("2024-01-16") }));
    expect(lines[0]!.amount.amount).toBe("16.00");
    expect(lines[1]!.amount.amount).toBe("29.00");
    expect(lines.at(-1)).toMatchObject({ untilDay: "2025-01-15", amount: usd("15.00") });
  });

  test("declining balance by the month: the year's amount in twelve parts, then on in straight line", () => {
    const lines = amounts(plan({ cost: usd("1200"), method: "decliningBalance", lifeMonths: 60 }));
    expect(lines.slice(0, 12)).toEqual(Array(12).fill("40.00"));
    expect(lines.slice(12, 24)).toEqual(Array(12).fill("24.00"));
    expect(lines).toHaveLength(60);
  });

  test("declining balance never goes below what is left at the end", () => {
    const of = plan({ cost: usd("1000"), residual: usd("300"), method: "decliningBalance", rhythm: "year", lifeMonths: 48 });
    expect(amounts(of)).toEqual(spaced("500.00 200.00"));
  });

  test("half-year by the month: half a year's amount lies on the months since it came", () => {
    const lines = amounts(plan({ cost: usd("1200"), convention: "halfYear", lifeMonths: 12, startDay: day("2026-10-01") }));
    expect(lines).toEqual([...Array<string>(3).fill("200.00"), ...Array<string>(6).fill("100.00")]);
  });

  test("units of production: 2,500 of 10,000 pieces are a quarter, and the last ones never take more than is left", () => {
    const of = plan({ cost: usd("9000"), residual: usd("1000") });
    expect(unitsAmount(of, 2500n, 10_000n, usd("0")).amount).toBe("2000.00");
    expect(unitsAmount(of, 9000n, 10_000n, usd("2000")).amount).toBe("6000.00");
  });

  test("whatever the plan, the lines add up to cost less residual", () => {
    for (const method of ["straightLine", "decliningBalance", "sumOfYears"] as const) {
      for (const convention of ["fullMonth", "daily", "halfYear", "midQuarter", "midMonth"] as const) {
        for (const rhythm of ["month", "year"] as const) {
          for (const lifeMonths of [1, 7, 36, 61, 330]) {
            for (const start of ["2026-01-01", "2027-03-31", "2028-11-17"]) {
              const of = plan({
                cost: usd("9999.97"),
                residual: usd("3.33"),
                method,
                convention,
                rhythm,
                lifeMonths,
                startDay: day(start),
              });
              const lines = depreciationLines(of);
              const sum = lines.reduce((total, line) => total.plus(line.amount), usd("0"));
              expect([method, convention, rhythm, lifeMonths, start, sum.amount].join(" ")).toBe(
                [method, convention, rhythm, lifeMonths, start, "9996.64"].join(" "),
              );
              expect(lines.every((line) => line.amount.minor > 0n)).toBe(true);
            }
          }
        }
      }
    }
  });

  test("nothing revised is nothing changed", () => {
    const whole = depreciationLines(plan({ cost: usd("1350"), method: "decliningBalance", lifeMonths: 60, startDay: day("2026-04-01") }));
    const done = whole.slice(0, 5).reduce((sum, line) => sum.plus(line.amount), usd("0"));
    const again = depreciationLines(plan({ cost: usd("1350"), method: "decliningBalance", lifeMonths: 60, startDay: day("2026-04-01") }), {
      untilDay: whole[4]!.untilDay,
      accumulated: done,
      inYear: done,
    });
    expect(again.map((line) => line.amount.amount)).toEqual(whole.slice(5).map((line) => line.amount.amount));
  });
});

describe("on the day of a disposal", () => {
  const until = (of: DepreciationPlan, on: string): string | undefined =>
    lineUntilDisposal(of, depreciationLines(of), day(on))?.amount.amount;

  test.each([
    ["full month", { convention: "fullMonth" } as const, undefined],
    // 14 of the 31 days of a month of 31 days in a life of 731.
    ["daily", { convention: "daily", cost: usd("731") } as const, "14.00"],
    ["mid-month", { convention: "midMonth", cost: usd("2400"), startDay: day("2025-06-01") } as const, "50.00"],
  ])("%s, in the middle of October", (_, more, expected) => {
    expect(until(plan({ lifeMonths: 24, startDay: day("2026-10-01"), ...more } as never), "2026-10-15")).toBe(
      more.convention === "daily" ? "14.00" : expected,
    );
  });

  test("half-year and mid-quarter count of the year what the law lets them", () => {
    const five = { cost: usd("100"), method: "decliningBalance", rhythm: "year", lifeMonths: 60, startDay: day("2024-02-10") } as const;
    // Half of the 19.20 of the third year; of the second quarter's middle 4.5 of 12 months of 15.60.
    expect(until(plan({ ...five, convention: "halfYear" }), "2026-05-05")).toBe("9.60");
    expect(until(plan({ ...five, convention: "midQuarter" }), "2026-05-05")).toBe("5.85");
    expect(until(plan({ ...five, convention: "halfYear" }), "2024-05-05")).toBeUndefined();
    // What goes in the year it came in is excluded (26 CFR 1.168(d)-1(b)(3)(ii)), but for the real property of mid-month.
    expect(until(plan({ ...five, convention: "midQuarter" }), "2024-11-20")).toBeUndefined();
    const building = { convention: "midMonth", cost: usd("2400"), lifeMonths: 24, startDay: day("2026-02-10") } as const;
    expect(until(plan(building), "2026-11-20")).toBe("50.00");
  });

  test("on the last day of a year or month its middle still counts (26 CFR 1.168(d)-1(b)(3)); by the month and the day it is over", () => {
    const five = { cost: usd("100"), method: "decliningBalance", rhythm: "year", lifeMonths: 60, startDay: day("2024-02-10") } as const;
    expect(until(plan({ ...five, convention: "halfYear" }), "2026-12-31")).toBe("9.60");
    // To the middle of the fourth quarter: 10.5 of 12 months of 15.60.
    expect(until(plan({ ...five, convention: "midQuarter" }), "2026-12-31")).toBe("13.65");
    const monthly = { cost: usd("2400"), lifeMonths: 24, startDay: day("2025-06-01") } as const;
    expect(until(plan({ ...monthly, convention: "midMonth" }), "2026-10-31")).toBe("50.00");
    expect(until(plan({ ...monthly, convention: "fullMonth" }), "2026-10-31")).toBeUndefined();
    expect(until(plan({ ...monthly, convention: "daily" }), "2026-10-31")).toBeUndefined();
  });
});

describe("by property", () => {
  const each = function* (): Generator<DepreciationPlan> {
    for (const method of ["straightLine", "decliningBalance", "sumOfYears"] as const)
      for (const convention of ["fullMonth", "daily", "halfYear", "midQuarter", "midMonth"] as const)
        for (const rhythm of ["month", "year"] as const)
          for (const yearStartMonth of [1, 4, 10])
            for (const lifeMonths of [1, 13, 61])
              for (const [start, residual] of [
                ["2026-01-31", "0"],
                ["2024-02-29", "777.77"],
                ["2028-11-17", "5000"],
              ] as const)
                yield plan({
                  method,
                  convention,
                  rhythm,
                  yearStartMonth,
                  lifeMonths,
                  startDay: day(start),
                  cost: usd("9999.97"),
                  residual: usd(residual),
                });
  };
  const named = ({ cost: _, residual, ...of }: DepreciationPlan): string => JSON.stringify({ ...of, residual: residual.amount });
  const sumOf = (lines: readonly { amount: Money }[]): Money => lines.reduce((sum, line) => sum.plus(line.amount), usd("0"));

  test("whatever the fiscal year, the lines end at the residual value exactly, follow one another and never take anything back", () => {
    const wrong: string[] = [];
    for (const of of each()) {
      const lines = depreciationLines(of);
      const isInOrder = lines.every(
        ({ fromDay, untilDay, amount }, place) =>
          fromDay <= untilDay && amount.minor > 0n && (place === 0 || lines[place - 1]!.untilDay < fromDay),
      );
      const isWhole = sumOf(lines).minor === of.cost.minus(of.residual).minor;
      if (!isInOrder || !isWhole || lines[0]!.fromDay !== of.startDay) wrong.push(named(of));
    }
    expect(wrong).toEqual([]);
  });

  test("a life that is changed in its middle still ends at the residual value, with nothing before the change touched", () => {
    const wrong: string[] = [];
    for (const of of each()) {
      const lines = depreciationLines(of);
      const booked = lines.slice(0, Math.floor(lines.length / 2));
      const last = booked.at(-1);
      if (!last) continue;
      const yearStart = yearStartOf(lines[booked.length]!.untilDay, of.yearStartMonth);
      const done = {
        untilDay: last.untilDay,
        accumulated: sumOf(booked),
        inYear: sumOf(booked.filter((line) => line.untilDay >= yearStart)),
      };
      for (const more of [{ lifeMonths: of.lifeMonths + 5 }, { lifeMonths: of.lifeMonths * 2 }]) {
        const again = depreciationLines({ ...of, ...more }, done);
        const prospective = { ...of, ...more, revisedAfter: last.untilDay };
        const spread = depreciationLines(prospective, { ...done, inYear: usd("0") });
        if (sumOf([...booked, ...spread]).minor !== of.cost.minus(of.residual).minor) wrong.push(`${named(prospective)}`);
        if (spread.some((line) => line.untilDay <= last.untilDay || line.amount.minor <= 0n)) wrong.push(`${named(prospective)} order`);
        const isAfter = again.every((line) => line.untilDay > last.untilDay && line.amount.minor > 0n);
        const isWhole = sumOf([...booked, ...again]).minor === of.cost.minus(of.residual).minor;
        if (!isAfter || !isWhole) wrong.push(`${named(of)} now ${more.lifeMonths}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("a disposal in the middle of any line takes no more than the line, or than the year where the convention speaks of years", () => {
    const wrong: string[] = [];
    for (const of of each()) {
      const lines = depreciationLines(of);
      for (const line of lines.slice(0, 8)) {
        const middle = addDays(line.fromDay, Math.floor(daysBetween(line.fromDay, line.untilDay) / 2));
        const cut = lineUntilDisposal(of, lines, middle);
        const yearStart = yearStartOf(middle, of.yearStartMonth);
        const ofYear = lines.filter((one) => one.untilDay >= line.untilDay && yearStartOf(one.fromDay, of.yearStartMonth) === yearStart);
        const most = isYearly(of.convention) ? sumOf(ofYear) : line.amount;
        if (cut && (cut.amount.minor <= 0n || cut.amount.minor > most.minor || cut.untilDay !== middle))
          wrong.push(`${named(of)} ${middle}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
