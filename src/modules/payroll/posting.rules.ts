// The entry of a run in the books.
//
// | Dr                                    | Cr                                              |
// |---------------------------------------|-------------------------------------------------|
// | salaries (gross), by unit             | net pay payable                                 |
// | social insurance, employer, by unit   | wage tax and social insurance payable: deductions and employer's part |
import type { Id } from "../../kernel/id.ts";
import { type Money, sumMoney } from "../../kernel/money.ts";
import type { JournalLineDraft } from "../finance/index.ts";

export interface UnitSums {
  readonly unitId: Id | null;
  readonly gross: Money;
  readonly deductions: Money;
  readonly net: Money;
  readonly employer: Money;
}

/** Lines that balance because gross less deductions is net on every slip; lines of nothing are left out. */
export function entryLines(units: readonly UnitSums[]): JournalLineDraft[] {
  const currency = units[0]?.gross.currency;
  if (currency === undefined) return [];
  const costs = units.flatMap(({ unitId, gross, employer }): JournalLineDraft[] => [
    { account: { role: "payrollGross" }, amount: gross, unitId: unitId ?? undefined },
    { account: { role: "payrollEmployer" }, amount: employer, unitId: unitId ?? undefined },
  ]);
  const owed = (of: (unit: UnitSums) => Money): Money => sumMoney(units.map(of), currency).negated();
  const debts: JournalLineDraft[] = [
    { account: { role: "payrollPayable" }, amount: owed((unit) => unit.net) },
    { account: { role: "payrollDeductions" }, amount: owed((unit) => unit.deductions.plus(unit.employer)) },
  ];
  return [...costs, ...debts].filter((line) => line.amount.minor !== 0n);
}
