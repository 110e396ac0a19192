// Payslips worked out by hand, and that they add up whatever the amounts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { Money } from "../../kernel/money.ts";
import { payslip, type PayslipInput } from "./payslip.rules.ts";

const eur = (amount: string) => Money.parse(amount, "EUR");
const november: Omit<PayslipInput, "spans"> = { month: day("2026-11-01"), currency: "EUR", unpaidDays: "0", extras: [], elements: [] };
const span = (pay: string, from = "2026-11-01", until = "2026-11-30", more: object = {}) => ({
  firstDay: day(from),
  lastDay: day(until),
  pay: eur(pay),
  payPeriod: "month" as const,
  hoursWeekly: "40",
  ...more,
});
const element = (code: string, percent: string, more: object = {}) => ({
  code,
  name: code,
  kind: "deduction" as const,
  basis: "gross" as const,
  lowersTax: false,
  percent,
  allowance: eur("0"),
  ceiling: null,
  ...more,
});
const slip = (input: Partial<PayslipInput>) => payslip({ ...november, spans: [], ...input });

describe("gross pay", () => {
  test.each([
    ["a whole month", [span("3000")], "3000.00"],
    ["a joiner on the 16th: 15 of 30 days", [span("3000", "2026-11-16")], "1500.00"],
    ["a leaver on the 10th: a third", [span("1000", "2026-11-01", "2026-11-10")], "333.33"],
    ["a rise on the 21st: two lines", [span("3000", "2026-11-01", "2026-11-20"), span("3600", "2026-11-21")], "3200.00"],
    ["a yearly salary", [span("50000", "2026-11-01", "2026-11-30", { payPeriod: "year" })], "4166.67"],
    ["an hourly wage, 20 hours a week", [span("15", "2026-11-01", "2026-11-30", { payPeriod: "hour", hoursWeekly: "20.00" })], "1300.00"],
    ["nothing", [], "0.00"],
  ])("%s", (_says, spans, gross) => {
    expect(slip({ spans }).gross.amount).toBe(gross);
  });

  test("one-off amounts and unpaid leave", () => {
    const bonus = { kind: "earning" as const, name: "Bonus", amount: eur("500") };
    const advance = { kind: "deduction" as const, name: "Advance", amount: eur("100") };
    const made = slip({ spans: [span("3000")], extras: [bonus, advance], unpaidDays: "3" });
    expect(made.lines.map(({ code, amount }) => [code, amount.amount])).toEqual([
      ["PAY", "3000.00"],
      ["UNPAID", "-300.00"],
      ["EXTRA", "500.00"],
      ["EXTRA", "100.00"],
    ]);
    expect(made.net.amount).toBe("3100.00");
    expect(slip({ spans: [span("3000", "2026-11-29")], unpaidDays: "30" }).gross.amount).toBe("0.00");
  });
});

test("deductions of the gross lower the tax only where they may; ceilings and allowances count by the month", () => {
  const elements = [
    element("PENSION", "9.3", { lowersTax: true, ceiling: eur("4000") }),
    element("HEALTH", "7.3"),
    element("TAX", "20", { basis: "taxable", allowance: eur("1000") }),
    element("ER-PENSION", "9.3", { kind: "employer", ceiling: eur("4000") }),
  ];
  const made = slip({ spans: [span("5000")], elements });
  expect(made.lines.map(({ code, amount, says }) => [code, amount.amount, says])).toEqual([
    ["PAY", "5000.00", "5000.00 EUR a month"],
    ["PENSION", "372.00", "9.3 % of 4000.00 EUR, of the gross pay, at most 4000.00 EUR counts"],
    ["HEALTH", "365.00", "7.3 % of 5000.00 EUR, of the gross pay"],
    ["TAX", "725.60", "20 % of 3628.00 EUR, of the taxable pay, 1000.00 EUR left free"],
    ["ER-PENSION", "372.00", "9.3 % of 4000.00 EUR, of the gross pay, at most 4000.00 EUR counts"],
  ]);
  expect([made.gross, made.deductions, made.net, made.employer].map((money) => money.amount)).toEqual([
    "5000.00",
    "1462.60",
    "3537.40",
    "372.00",
  ]);
});

test("gross less deductions is net, and lines add up, whatever the amounts", () => {
  const amount = fc.bigInt(0n, 10_000_000n).map((minor) => new Money(minor, "EUR"));
  const percent = fc.integer({ min: 0, max: 100_000 }).map((number) => String(number / 1000));
  const last = fc.integer({ min: 1, max: 30 });
  fc.assert(
    fc.property(amount, amount, percent, percent, last, (pay, allowance, first, second, days) => {
      const spans = [{ ...span("1", "2026-11-01", `2026-11-${String(days).padStart(2, "0")}`), pay }];
      const elements = [element("A", first, { lowersTax: true }), element("B", second, { basis: "taxable", allowance })];
      const made = slip({ spans, elements });
      expect(made.gross.minus(made.deductions).equals(made.net)).toBe(true);
      const sum = (kind: string) => made.lines.filter((line) => line.kind === kind).reduce((all, line) => all + line.amount.minor, 0n);
      expect([sum("earning"), sum("deduction")]).toEqual([made.gross.minor, made.deductions.minor]);
      expect(made.net.minor >= 0n).toBe(true);
    }),
  );
});
