// The entry of a run balances and knows its units.
import { expect, test } from "vitest";
import type { Id } from "../../kernel/id.ts";
import { Money } from "../../kernel/money.ts";
import { entryLines } from "./posting.rules.ts";

const eur = (amount: string) => Money.parse(amount, "EUR");

test("costs go to their units, debts to whom they are owed, and the entry balances", () => {
  const unit = "00000000-0000-7000-8000-000000000001" as Id;
  const lines = entryLines([
    { unitId: unit, gross: eur("5000"), deductions: eur("1500"), net: eur("3500"), employer: eur("900") },
    { unitId: null, gross: eur("1000"), deductions: eur("0"), net: eur("1000"), employer: eur("0") },
  ]);
  expect(lines.map((line) => [line.account, line.amount.amount, line.unitId])).toEqual([
    [{ role: "payrollGross" }, "5000.00", unit],
    [{ role: "payrollEmployer" }, "900.00", unit],
    [{ role: "payrollGross" }, "1000.00", undefined],
    [{ role: "payrollPayable" }, "-4500.00", undefined],
    [{ role: "payrollDeductions" }, "-2400.00", undefined],
  ]);
  expect(lines.reduce((sum, line) => sum + line.amount.minor, 0n)).toBe(0n);
  expect(entryLines([])).toEqual([]);
});
