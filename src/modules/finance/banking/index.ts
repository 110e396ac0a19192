// Banking's door within finance: what the module lists, and nothing else.
import { bankLineRegister, bankStatementRegister } from "./bank.registers.ts";
import { ignoreBankLine, listCandidates, matchBankLine } from "./bank-line.operations.ts";
import { importBankStatement } from "./import.operations.ts";
import { matchAllBankLines } from "./match-all.operations.ts";
import { getBankReconciliation } from "./reconciliation.operations.ts";
import { unmatchBankLine } from "./unmatch.operations.ts";

export { bankingLaws } from "./laws.ts";

export const bankingRegisters = [bankStatementRegister, bankLineRegister];

export const bankingOperations = [
  importBankStatement,
  listCandidates,
  matchBankLine,
  unmatchBankLine,
  ignoreBankLine,
  matchAllBankLines,
  getBankReconciliation,
];
