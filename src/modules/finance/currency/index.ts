// The currencies' door within finance: what the module lists, and what other folders ask for.
import { exchangeRateRegister, getExchangeRate, importExchangeRates, setExchangeRate, setRateDays } from "./rate.operations.ts";
import {
  previewRevaluation,
  reverseRevaluation,
  revaluationItemRegister,
  revaluationRegister,
  runRevaluation,
} from "./revaluation.operations.ts";

export { currencyLaws } from "./laws.ts";

export const currencyRegisters = [exchangeRateRegister, revaluationRegister, revaluationItemRegister];

export const currencyOperations = [
  setExchangeRate,
  importExchangeRates,
  getExchangeRate,
  setRateDays,
  previewRevaluation,
  runRevaluation,
  reverseRevaluation,
];
