// The reports: statements, ledger, what stands behind a figure, and cash.
import { getCashForecast } from "./cash.operations.ts";
import { getCashFlow, placeInCashFlow } from "./cash-flow.operations.ts";
import { getEquity } from "./equity.operations.ts";
import { explainFigure, explainLine } from "./explain.operations.ts";
import { exportLedger, getLedger } from "./ledger.operations.ts";
import { getBalanceSheet, getProfitAndLoss } from "./statement.operations.ts";
import { getTrialBalance } from "./trial-balance.operations.ts";

export { reportSchedules } from "./day-turnover.ts";
export { reportLaws } from "./laws.ts";

export const reportOperations = [
  getTrialBalance,
  getLedger,
  exportLedger,
  getProfitAndLoss,
  getBalanceSheet,
  getCashFlow,
  placeInCashFlow,
  getEquity,
  getCashForecast,
  explainFigure,
  explainLine,
];
