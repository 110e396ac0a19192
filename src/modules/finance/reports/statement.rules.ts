// Profit and loss and balance sheet as rows of the account tree: every account stands in exactly one place, groups add up what is below.
import { groupedBy } from "../../../kernel/group.ts";
import type { Id } from "../../../kernel/id.ts";
import type { AccountType } from "../ledger/chart.ts";

export interface TreeAccount {
  readonly id: Id;
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  readonly parentId: Id | null;
  readonly isGroup: boolean;
}

export interface StatementRow {
  readonly accountId: Id;
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  /** 0 for the main groups. */
  readonly level: number;
  readonly isGroup: boolean;
  /** One for each column, positive in the sense of its type: assets and expenses in debit, all else in credit. */
  readonly amounts: readonly bigint[];
}

/** 1 for what grows in debit, -1 for what grows in credit. */
export const naturalSide = (type: AccountType): 1n | -1n => (type === "asset" || type === "expense" ? 1n : -1n);

/**
 * The accounts of these types in the order of the tree, with groups summed; what is zero in every column is left out.
 * `columns` gives the debit-positive balance of an account in each column.
 */
export function statementRows(
  accounts: readonly TreeAccount[],
  types: readonly AccountType[],
  columns: readonly ReadonlyMap<Id, bigint>[],
): StatementRow[] {
  const children = groupedBy(accounts, (account) => account.parentId);
  const walk = (account: TreeAccount, level: number): StatementRow[] => {
    const below = (children.get(account.id) ?? []).flatMap((child) => walk(child, level + 1));
    const direct = below.filter((row) => row.level === level + 1);
    const side = naturalSide(account.type);
    const amounts = columns.map((column, index) =>
      direct.reduce((sum, row) => sum + row.amounts[index]!, side * (column.get(account.id) ?? 0n)),
    );
    if (below.length === 0 && amounts.every((amount) => amount === 0n)) return [];
    const { id: accountId, code, name, type, isGroup } = account;
    return [{ accountId, code, name, type, level, isGroup, amounts }, ...below];
  };
  return types.flatMap((type) =>
    (children.get(null) ?? []).filter((account) => account.type === type).flatMap((account) => walk(account, 0)),
  );
}

/** The sum of the main groups of some types, one for each column. */
export function sectionTotal(rows: readonly StatementRow[], type: AccountType, columns: number): bigint[] {
  const top = rows.filter((row) => row.level === 0 && row.type === type);
  return Array.from({ length: columns }, (_, index) => top.reduce((sum, row) => sum + row.amounts[index]!, 0n));
}
