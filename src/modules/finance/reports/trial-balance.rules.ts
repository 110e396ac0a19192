// The trial balance as rows: balance sheet accounts since the beginning, income and expense since the fiscal year began, and what
// earlier years earned carried on retained earnings. It always adds up to nothing.
import type { Id } from "../../../kernel/id.ts";
import type { AccountType } from "../ledger/chart.ts";

export interface AccountTurnover {
  readonly id: Id;
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  readonly isRetainedEarnings: boolean;
  /** What it stood at before the fiscal year, debit positive, in minor units. */
  readonly earlier: bigint;
  /** In the fiscal year until the day asked for. */
  readonly debit: bigint;
  readonly credit: bigint;
}

export interface TrialBalanceRow {
  readonly accountId: Id;
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  /** Debit positive. */
  readonly opening: bigint;
  readonly debit: bigint;
  readonly credit: bigint;
  readonly closing: bigint;
}

export const isResultType = (type: AccountType): boolean => type === "income" || type === "expense";

export function trialBalanceRows(accounts: readonly AccountTurnover[]): TrialBalanceRow[] {
  const carried = accounts.filter((account) => isResultType(account.type)).reduce((sum, account) => sum + account.earlier, 0n);
  return accounts
    .map((account): TrialBalanceRow => {
      const own = isResultType(account.type) ? 0n : account.earlier;
      const opening = account.isRetainedEarnings ? own + carried : own;
      const { id: accountId, code, name, type, debit, credit } = account;
      return { accountId, code, name, type, opening, debit, credit, closing: opening + debit - credit };
    })
    .filter((row) => row.opening !== 0n || row.debit !== 0n || row.credit !== 0n);
}
