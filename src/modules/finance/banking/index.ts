// Banking's door within finance: what the module lists, and nothing else.
import { bankLineRegister, bankStatementRegister } from "./bank.registers.ts";
import { listCandidates, matchBankLine } from "./bank-line.operations.ts";
import {
  bankRuleRegister,
  changeBankRule,
  createBankRule,
  disableBankRule,
  enableBankRule,
  retireBankRule,
} from "./bank-rule.operations.ts";
import { holdBankLine, ignoreBankLine, resumeBankLine } from "./hold.operations.ts";
import { importBankStatement } from "./import.operations.ts";
import { createStatementMapping, detectStatementMapping, retireStatementMapping, statementMappingRegister } from "./mapping.operations.ts";
import { matchAllBankLines } from "./match-all.operations.ts";
import { matchManyBankLines, setMatchOrder } from "./match-many.operations.ts";
import { proposeMatches } from "./proposal.operations.ts";
import { printBankReconciliation, reportBankReconciliation } from "./reconciliation-report.operations.ts";
import { getBankReconciliation } from "./reconciliation.operations.ts";
import { bookByRules, runBankRules, tryBankRule } from "./rule-run.operations.ts";
import { unmatchBankLine } from "./unmatch.operations.ts";

export { bankingLaws } from "./laws.ts";

export const bankingRegisters = [bankStatementRegister, bankLineRegister, statementMappingRegister, bankRuleRegister];

export const bankingOperations = [
  importBankStatement,
  listCandidates,
  matchBankLine,
  unmatchBankLine,
  ignoreBankLine,
  holdBankLine,
  resumeBankLine,
  matchAllBankLines,
  proposeMatches,
  matchManyBankLines,
  setMatchOrder,
  getBankReconciliation,
  reportBankReconciliation,
  printBankReconciliation,
  detectStatementMapping,
  createStatementMapping,
  retireStatementMapping,
  createBankRule,
  changeBankRule,
  tryBankRule,
  enableBankRule,
  disableBankRule,
  retireBankRule,
  runBankRules,
];

export const bankingSchedules = [
  {
    name: "finance.bankRules",
    says: "Books bank lines that fit an enabled rule, a batch at a time.",
    cron: "*/10 * * * *",
    does: bookByRules,
  },
];
