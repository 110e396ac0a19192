// The jobs that accounts do. Other departments post to a job, never to an account number, so that every company keeps its own chart.

export const accountRoles = [
  "receivable",
  "payable",
  "bank",
  "cash",
  "transit",
  "sales",
  "purchase",
  "expense",
  "taxOutput",
  "taxInput",
  "taxSettlement",
  "retainedEarnings",
  "openingBalance",
  "suspense",
  "roundingDifference",
  "bankFee",
  "badDebt",
  "fixedAsset",
  "accumulatedDepreciation",
  "depreciation",
  "disposalResult",
  "payrollGross",
  "payrollEmployer",
  "payrollDeductions",
  "payrollPayable",
  "expenseClaim",
  "accrual",
  "prepaidExpense",
] as const;

export type AccountRole = (typeof accountRoles)[number];
