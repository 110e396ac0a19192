// The lines of a journal entry while it is typed: their sums, what is missing, and what is sent. Amounts are whole minor units.
import { type Currency, currencyDecimals } from "../../../kernel/currency.ts";
import { formatMinor, parseMinor } from "../../../kernel/money.ts";

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** Of an account: it is kept for each customer, or each supplier. */
  readonly control?: string | null;
}

export interface LineDraft {
  readonly key: number;
  readonly account: Choice | null;
  readonly text: string;
  readonly party: Choice | null;
  readonly unit: Choice | null;
  /** A value of a dimension, such as a project. */
  readonly dimension?: Choice | null;
  /** As typed, with a point before the decimals; empty when it is the other side. */
  readonly debit: string;
  readonly credit: string;
}

export type Side = "debit" | "credit";
export type LineField = "account" | "text" | "party" | "unit" | "dimension" | Side;

export const blankLine = (key: number): LineDraft => ({ key, account: null, text: "", party: null, unit: null, debit: "", credit: "" });

export const isBlank = (line: LineDraft): boolean =>
  !line.account &&
  !line.party &&
  !line.unit &&
  !line.dimension &&
  line.text.trim() === "" &&
  line.debit.trim() === "" &&
  line.credit.trim() === "";

/** An amount in minor units; nothing for text that is no amount of the currency. */
export function minorOf(amount: string, currency: string): bigint | undefined {
  if (amount.trim() === "") return 0n;
  try {
    return parseMinor(amount.trim(), currencyDecimals(currency as Currency));
  } catch {
    return undefined;
  }
}

export const amountOf = (minor: bigint, currency: string): string => formatMinor(minor, currencyDecimals(currency as Currency));

export interface Sums {
  readonly debit: bigint;
  readonly credit: bigint;
  /** Debit less credit. */
  readonly difference: bigint;
}

/** Both sides added up; what cannot be read counts for nothing. */
export function sumsOf(lines: readonly LineDraft[], currency: string): Sums {
  const sum = (side: Side): bigint => lines.reduce((total, line) => total + (minorOf(line[side], currency) ?? 0n), 0n);
  const [debit, credit] = [sum("debit"), sum("credit")];
  return { debit, credit, difference: debit - credit };
}

/** There is always one blank line at the end to go on with. */
export function withTail(lines: readonly LineDraft[]): readonly LineDraft[] {
  const last = lines.at(-1);
  if (last && isBlank(last)) return lines;
  return [...lines, blankLine(1 + lines.reduce((most, line) => Math.max(most, line.key), 0))];
}

/** The line gets the amount, and the side, that makes debit and credit equal. */
export function balanced(lines: readonly LineDraft[], key: number, currency: string): readonly LineDraft[] {
  const { difference } = sumsOf(
    lines.filter((line) => line.key !== key),
    currency,
  );
  const missing = amountOf(difference < 0n ? -difference : difference, currency);
  return lines.map((line) => {
    if (line.key !== key) return line;
    return { ...line, debit: difference < 0n ? missing : "", credit: difference > 0n ? missing : "" };
  });
}

/** Where a difference belongs: the last line that says something. */
export const lastFilled = (lines: readonly LineDraft[]): LineDraft | undefined => lines.findLast((line) => !isBlank(line));

export type Mistake = "accountNeeded" | "amountNeeded" | "amountUnreadable" | "bothSides" | "negative" | "partyNeeded";

/** What is wrong in a line, by field; a blank line has nothing wrong. */
export function mistakesOf(line: LineDraft, currency: string): Partial<Record<LineField, Mistake>> {
  if (isBlank(line)) return {};
  const wrong: Partial<Record<LineField, Mistake>> = {};
  if (!line.account) wrong.account = "accountNeeded";
  if (line.account?.control && !line.party) wrong.party = "partyNeeded";
  for (const side of ["debit", "credit"] as const) {
    const minor = minorOf(line[side], currency);
    if (minor === undefined) wrong[side] = "amountUnreadable";
    else if (minor < 0n) wrong[side] = "negative";
  }
  const [debit, credit] = [minorOf(line.debit, currency), minorOf(line.credit, currency)];
  if (debit === 0n && credit === 0n) wrong.debit = "amountNeeded";
  if (debit && credit) wrong.credit = "bothSides";
  return wrong;
}

export interface SentLine {
  readonly accountId: string;
  readonly debit?: { readonly amount: string; readonly currency: string };
  readonly credit?: { readonly amount: string; readonly currency: string };
  readonly partyId?: string;
  readonly unitId?: string;
  readonly dimensions?: readonly string[];
  readonly text?: string;
}

/** What is sent of a line that has no mistake. */
export function sentLine(line: LineDraft, currency: string): SentLine {
  const side: Side = minorOf(line.debit, currency) ? "debit" : "credit";
  const amount = amountOf(minorOf(line[side], currency) ?? 0n, currency);
  return {
    accountId: line.account?.id ?? "",
    [side]: { amount, currency },
    ...(line.party ? { partyId: line.party.id } : {}),
    ...(line.unit ? { unitId: line.unit.id } : {}),
    ...(line.dimension ? { dimensions: [line.dimension.id] } : {}),
    ...(line.text.trim() ? { text: line.text.trim() } : {}),
  };
}

/** Accounts that fit what was typed: by code first, then by words that begin so, then by any part; each in the order of the chart. */
export function fitting(choices: readonly Choice[], asked: string): readonly Choice[] {
  const typed = asked.trim().toLowerCase();
  if (typed === "") return choices;
  const parts = typed.split(/\s+/);
  const starts = choices.filter((choice) => choice.label.toLowerCase().startsWith(typed));
  if (starts.length > 0 && /^\d+$/.test(typed)) return starts;
  const others = choices.filter((choice) => !starts.includes(choice) && parts.every((part) => choice.label.toLowerCase().includes(part)));
  const byWord = others.filter((choice) =>
    parts.every((part) =>
      choice.label
        .toLowerCase()
        .split(/[\s,-]+/)
        .some((word) => word.startsWith(part)),
    ),
  );
  return [...starts, ...byWord, ...others.filter((choice) => !byWord.includes(choice))];
}

/** Lines as copied from a spreadsheet: account, text, debit, credit; with three columns account, debit, credit. */
export function pastedLines(
  copied: string,
  accounts: readonly Choice[],
  read: (amount: string) => string,
  { firstKey, currency }: { readonly firstKey: number; readonly currency: string },
): readonly LineDraft[] {
  const amount = (cell: string): string => {
    const minor = minorOf(read(cell), currency);
    return minor ? amountOf(minor, currency) : minor === 0n ? "" : read(cell);
  };
  const rows = copied.split(/\r?\n/).filter((row) => row.trim() !== "");
  return rows.map((row, index) => {
    const cells = row.split("\t").map((cell) => cell.trim());
    const [code = "", ...rest] = cells;
    const text = cells.length > 3 ? (rest.shift() ?? "") : "";
    const [debit = "", credit = ""] = rest;
    const account =
      accounts.find((one) => one.label === code || one.label.startsWith(`${code} `)) ?? (code ? fitting(accounts, code)[0] : undefined);
    return { ...blankLine(firstKey + index), account: account ?? null, text, debit: amount(debit), credit: amount(credit) };
  });
}
