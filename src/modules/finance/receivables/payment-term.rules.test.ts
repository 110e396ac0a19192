// Payment terms by the calendar and to the cent; the days were counted by hand.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { discountsOf, dueDayOf, type InstalmentRule, instalmentsOf, netDays, termMistake, type TermRule } from "./payment-term.rules.ts";

const rule = (more: Partial<InstalmentRule> = {}): InstalmentRule => ({
  months: 0,
  days: 0,
  monthEnd: "none",
  notOnWeekend: false,
  ...more,
});
const euro = (amount: string): Money => Money.parse(amount, "EUR");

describe("when it falls due", () => {
  test.each([
    ["net 30", { days: 30 }, "2026-01-31", "2026-03-02"],
    ["a month later, where the month is shorter", { months: 1 }, "2026-01-31", "2026-02-28"],
    ["10 days after the end of the month", { days: 10, monthEnd: "beforeDays" }, "2026-02-03", "2026-03-10"],
    ["the end of the month in 30 days", { days: 30, monthEnd: "afterDays" }, "2026-01-05", "2026-02-28"],
    ["the 15th after next month", { months: 1, onDate: 15 }, "2026-01-20", "2026-03-15"],
    ["the 15th, already there", { months: 1, onDate: 15 }, "2026-01-15", "2026-02-15"],
    ["the 31st of a short month", { onDate: 31 }, "2026-04-02", "2026-04-30"],
    ["a date in the next year", { onDate: 5 }, "2026-12-20", "2027-01-05"],
    ["the next Friday", { onWeekday: 5 }, "2026-11-21", "2026-11-27"],
    ["a Friday that it is", { onWeekday: 5 }, "2026-11-20", "2026-11-20"],
    ["a Saturday becomes Monday", { days: 1, notOnWeekend: true }, "2026-11-20", "2026-11-23"],
    ["a Sunday becomes Monday", { days: 2, notOnWeekend: true }, "2026-11-20", "2026-11-23"],
  ] as const)("%s", (_, more, from, due) => {
    expect(dueDayOf(rule(more as Partial<InstalmentRule>), day(from))).toBe(due);
  });
});

describe("what falls due", () => {
  const shown = (term: TermRule, total: string) => instalmentsOf(term, euro(total), day("2026-11-01")).map((one) => one.amount.amount);
  const thirds: TermRule = {
    instalments: [rule({ percent: "33.33" }), rule({ percent: "33.33", days: 30 }), rule({ days: 60 })],
    discounts: [],
  };
  const fixedFirst: TermRule = {
    instalments: [rule({ amount: { amount: "100.00", currency: "EUR" } }), rule({ percent: "50", days: 30 }), rule({ days: 60 })],
    discounts: [],
  };

  test.each([
    ["the rest takes the rounding", thirds, "100.00", ["33.33", "33.33", "33.34"]],
    ["of one cent all is rest", thirds, "0.01", ["0.01"]],
    ["half a cent rounds up, the rest takes it back", thirds, "0.05", ["0.02", "0.02", "0.01"]],
    ["fixed, half, rest", fixedFirst, "1190.00", ["100.00", "595.00", "495.00"]],
    ["a small total is used up early", fixedFirst, "80.00", ["80.00"]],
    ["fixed and half are already all", fixedFirst, "150.00", ["100.00", "50.00"]],
    ["the plain term", netDays(14), "9.99", ["9.99"]],
  ])("%s", (_, term, total, amounts) => {
    expect(shown(term, total)).toEqual(amounts);
  });

  test("an amount in another currency is no part of this document", () => {
    expect(instalmentsOf(fixedFirst, Money.parse("200.00", "USD"), day("2026-11-01")).map((one) => one.amount.amount)).toEqual([
      "100.00",
      "100.00",
    ]);
  });

  test("two percent within ten days, one within twenty", () => {
    const term: TermRule = {
      ...netDays(30),
      discounts: [
        { percent: "2", days: 10 },
        { percent: "1", days: 20 },
      ],
    };
    expect(discountsOf(term, euro("1190.00"), day("2026-11-01")).map(({ untilDay, amount }) => [untilDay, amount.amount])).toEqual([
      ["2026-11-11", "23.80"],
      ["2026-11-21", "11.90"],
    ]);
    expect(discountsOf(term, euro("0.20"), day("2026-11-01"))).toEqual([]);
  });
});

describe("a rule that makes no sense", () => {
  const half = rule({ percent: "50" });
  test.each([
    ["no rest", { instalments: [half], discounts: [] }, "remainderMissing"],
    ["a rest before the end", { instalments: [rule(), half], discounts: [] }, "remainderMissing"],
    [
      "a share in both ways",
      { instalments: [{ ...half, amount: { amount: "1", currency: "EUR" } }, rule()], discounts: [] },
      "remainderMissing",
    ],
    ["more than the whole", { instalments: [rule({ percent: "60" }), rule({ percent: "50" }), rule()], discounts: [] }, "sharesTooHigh"],
    ["a share of nothing", { instalments: [rule({ percent: "0" }), rule()], discounts: [] }, "sharesTooHigh"],
    [
      "later and more",
      {
        ...netDays(30),
        discounts: [
          { percent: "1", days: 10 },
          { percent: "2", days: 20 },
        ],
      },
      "discountsUnordered",
    ],
    ["all of it", { ...netDays(30), discounts: [{ percent: "100", days: 10 }] }, "discountsUnordered"],
    [
      "thirds",
      {
        instalments: [half, rule()],
        discounts: [
          { percent: "3", days: 7 },
          { percent: "2", days: 14 },
        ],
      },
      undefined,
    ],
  ] as const)("%s", (_, term, mistake) => {
    expect(termMistake(term)).toBe(mistake);
  });
});
