// Rules for what comes again and again, such as charges and rent: whether a bank line fits one, which one counts, and whether two conflict.
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";

export interface BankRule {
  readonly id: Id;
  readonly name: string;
  /** The first that fits counts. */
  readonly position: number;
  readonly direction: "in" | "out" | null;
  /** Each of these stands in the text. */
  readonly textWords: readonly string[];
  /** One of these stands in the name of the other side. */
  readonly nameWords: readonly string[];
  readonly accountNumber: string | null;
  /** What its amounts are in. */
  readonly currency: string;
  /** Without sign, in minor units. */
  readonly amountFrom: bigint | null;
  readonly amountUntil: bigint | null;
  readonly accountCode: string;
  /** Code and name. */
  readonly account: string;
  readonly unitId: Id | null;
  readonly partyId: Id | null;
  readonly taxCode: string | null;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly text: string | null;
}

/** What a rule looks at. */
export interface RuledLine {
  readonly amount: Money;
  readonly texts: readonly string[];
  readonly names: readonly string[];
  readonly accounts: readonly string[];
  /** The code of the ledger account that its bank account is kept on. */
  readonly ledgerAccount: string;
}

const plain = (text: string): string => text.toLowerCase().normalize("NFKC").replace(/\s+/g, " ");

export function ruleFits(rule: BankRule, line: RuledLine): boolean {
  // Money does not go from an account to itself.
  if (rule.accountCode === line.ledgerAccount) return false;
  const { minor, currency } = line.amount.abs();
  if (rule.direction !== null && line.amount.minor > 0n !== (rule.direction === "in")) return false;
  if (rule.amountFrom !== null && (minor < rule.amountFrom || currency !== rule.currency)) return false;
  if (rule.amountUntil !== null && (minor > rule.amountUntil || currency !== rule.currency)) return false;
  if (rule.accountNumber !== null && !line.accounts.includes(rule.accountNumber)) return false;
  const texts = plain([...line.texts, ...line.names].join("\n"));
  if (!rule.textWords.every((word) => texts.includes(plain(word)))) return false;
  const names = plain(line.names.join("\n"));
  return rule.nameWords.length === 0 || rule.nameWords.some((word) => names.includes(plain(word)));
}

const books = (rule: BankRule): string =>
  JSON.stringify([rule.accountCode, rule.unitId, rule.partyId, rule.taxCode, Object.entries(rule.dimensions).toSorted()]);

/** The rules a line fits, the first of which counts, and those after it that would book otherwise. */
export function rulesFor(
  rules: readonly BankRule[],
  line: RuledLine,
): { readonly first: BankRule | undefined; readonly others: readonly BankRule[] } {
  const [first, ...rest] = rules.filter((rule) => ruleFits(rule, line));
  return { first, others: first ? rest.filter((rule) => books(rule) !== books(first)) : [] };
}

/** Why it fits, in sentences. */
export function ruleReasons(rule: BankRule): string[] {
  const told = [
    ...(rule.nameWords.length > 0 ? [`the name holds ${quoted(rule.nameWords, " or ")}`] : []),
    ...(rule.textWords.length > 0 ? [`the text holds ${quoted(rule.textWords, " and ")}`] : []),
    ...(rule.accountNumber ? [`it is with account ${rule.accountNumber}`] : []),
  ];
  return [`The rule ${rule.name} fits: ${told.join(", ")}.`];
}

const quoted = (words: readonly string[], between: string): string => words.map((word) => `"${word}"`).join(between);
