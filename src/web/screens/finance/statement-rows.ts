// The rows of the profit and loss and the balance sheet as the server gives them, made into lines of a statement.
import type { Amount, StatementLine } from "./statement.rules.ts";

export interface StatementRow {
  readonly accountId: string;
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly level: number;
  readonly isGroup: boolean;
  readonly amount: Amount;
  readonly compared: Amount | null;
}

/** The lines of one type of account; a group without anything below is left out. */
export const statementLines = (rows: readonly StatementRow[], type: string): readonly StatementLine[] =>
  rows
    .filter((row, index) => row.type === type && (!row.isGroup || (rows[index + 1]?.level ?? 0) > row.level))
    .map(({ accountId, code, name, level, isGroup, amount, compared }) => ({
      key: accountId,
      code,
      name,
      level,
      isGroup,
      amounts: [amount, compared],
    }));

/** The amounts of the main groups in one column. */
export const topSum = (rows: readonly StatementRow[], column: "amount" | "compared"): readonly Amount[] =>
  rows.flatMap((row) => (row.level === 0 ? (row[column] ?? []) : []));
