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
  /** One for each of the columns asked for. */
  readonly amounts: readonly Amount[];
}

/** The amount of a column, or of the whole. */
const amountIn = (row: StatementRow, column: "amount" | "compared" | number): Amount | null | undefined =>
  typeof column === "number" ? row.amounts[column] : row[column];

/** The lines of one type of account; a group without anything below is left out. */
export const statementLines = (rows: readonly StatementRow[], type: string): readonly StatementLine[] =>
  rows
    .filter((row, index) => row.type === type && (!row.isGroup || (rows[index + 1]?.level ?? 0) > row.level))
    .map(({ accountId, code, name, level, isGroup, amount, compared, amounts }) => ({
      key: accountId,
      code,
      name,
      level,
      isGroup,
      amounts: amounts.length > 0 ? [...amounts, amount] : [amount, compared],
    }));

/** The amounts of the main groups in one column. */
export const topSum = (rows: readonly StatementRow[], column: "amount" | "compared" | number): readonly Amount[] =>
  rows.flatMap((row) => (row.level === 0 ? (amountIn(row, column) ?? []) : []));
