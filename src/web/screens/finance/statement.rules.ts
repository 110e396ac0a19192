// Statements as they are read: a tree of accounts that folds, groups that add up, and what changed. Amounts stay exact.
import { Money, type MoneyText } from "../../../kernel/money.ts";

export type Amount = MoneyText;

export interface StatementLine {
  readonly key: string;
  /** Of an account that takes postings; its amounts lead to its ledger. */
  readonly code?: string;
  readonly name: string;
  readonly level: number;
  readonly isGroup: boolean;
  /** A line that closes what stands above it. */
  readonly isTotal?: boolean;
  /** Where its first amount leads when it is no account. */
  readonly to?: string;
  /** Which total of the statement it is, so that it can be explained. */
  readonly part?: string;
  readonly amounts: readonly (Amount | null)[];
}

export const moneyOf = (amount: Amount): Money => Money.parse(amount.amount, amount.currency);

export const sumOf = (amounts: readonly Amount[], currency: string): Amount =>
  amounts.reduce<Money>((sum, amount) => sum.plus(moneyOf(amount)), Money.zero(currency)).toJSON();

export const differenceOf = (now: Amount, before: Amount): Amount => moneyOf(now).minus(moneyOf(before)).toJSON();
export const negativeOf = (amount: Amount): Amount => moneyOf(amount).negated().toJSON();
export const isNothing = (amount: Amount): boolean => moneyOf(amount).minor === 0n;
export const isNegative = (amount: Amount): boolean => amount.amount.startsWith("-");

/** By how much it changed, in per cent with one decimal, rounded half away from zero; nothing where there was nothing before. */
export function percentOf(now: Amount, before: Amount): string | null {
  const [to, from] = [moneyOf(now).minor, moneyOf(before).minor];
  if (from === 0n) return null;
  const size = from < 0n ? -from : from;
  const twice = ((to - from) * 2000n) / size;
  const tenths = (twice + (twice < 0n ? -1n : 1n)) / 2n;
  const whole = (tenths < 0n ? -tenths : tenths).toString().padStart(2, "0");
  return `${tenths < 0n ? "-" : ""}${whole.slice(0, -1)}.${whole.slice(-1)}`;
}

interface TreeAccount {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly isGroup: boolean;
}

/** Puts amounts by account under the groups of the chart, each group with the sum of what is below; empty groups are left out. */
export function treeOf(
  accounts: readonly TreeAccount[],
  amounts: ReadonlyMap<string, readonly Amount[]>,
  currency: string,
): readonly StatementLine[] {
  const known = new Set(accounts.map((account) => account.id));
  const children = new Map<string | null, TreeAccount[]>();
  for (const account of accounts) {
    const parent = account.parentId !== null && known.has(account.parentId) ? account.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), account]);
  }
  const walk = (account: TreeAccount, level: number): StatementLine[] => {
    const own = amounts.get(account.id);
    const below = (children.get(account.id) ?? []).flatMap((child) => walk(child, level + 1));
    if (!own && below.length === 0) return [];
    const direct = [
      ...(own ? [own] : []),
      ...below.filter((line) => line.level === level + 1).map((line) => line.amounts as readonly Amount[]),
    ];
    const columns = direct[0]?.length ?? 0;
    const sums = Array.from({ length: columns }, (_, column) =>
      sumOf(
        direct.map((line) => line[column]!),
        currency,
      ),
    );
    const { id: key, code, name, isGroup } = account;
    return [{ key, code, name, level, isGroup, amounts: sums }, ...below];
  };
  return (children.get(null) ?? []).flatMap((account) => walk(account, 0));
}

/** Without what lies below folded groups. */
export function unfolded(lines: readonly StatementLine[], folded: ReadonlySet<string>): readonly StatementLine[] {
  let hiddenBelow = Infinity;
  return lines.filter((line) => {
    if (line.level > hiddenBelow && !line.isTotal) return false;
    hiddenBelow = folded.has(line.key) ? line.level : Infinity;
    return true;
  });
}
