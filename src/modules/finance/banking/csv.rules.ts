// Statements as CSV: every bank has columns of its own, so a saved mapping says what each column is, how days and amounts are written.
import { parse } from "csv-parse/sync";
import { type Currency, isCurrency } from "../../../kernel/currency.ts";
import type { Day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { refusalAt, shown } from "./statement-text.rules.ts";
import type { EntryDraft, StatementBalance, StatementDraft, StatementFault } from "./statement.ts";
import { type DecimalMark, readWrittenAmount } from "./written-amount.rules.ts";
import { type DayOrder, readWrittenDay } from "./written-day.rules.ts";

/** What a column may be. An amount stands in one column, with its sign or with a word beside it, or in one for each direction. */
export const columnMeanings = [
  "day",
  "valueDay",
  "amount",
  "direction",
  "debit",
  "credit",
  "balance",
  "currency",
  "name",
  "account",
  "text",
  "reference",
  "endToEndId",
  "bankReference",
] as const;
export type ColumnMeaning = (typeof columnMeanings)[number];

export interface CsvMapping {
  readonly separator: "," | ";" | "\t" | "|";
  readonly encoding: "utf-8" | "windows-1252";
  /** Records above the one with the names of the columns. */
  readonly skip: number;
  /** Names of the columns, as they stand in the file; empty where it names none. */
  readonly header: readonly string[];
  readonly dayOrder: DayOrder;
  readonly decimalMark: DecimalMark;
  /** What each column is, in the order of the file. */
  readonly columns: readonly (ColumnMeaning | null)[];
  /** What stands in the column `direction` when money went out. */
  readonly debitWords: readonly string[];
  /** Cards tell what was spent as positive. */
  readonly isReversed: boolean;
}

export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Longer than any entry; a file of one endless line must not hold up everything else while it is searched for columns. */
const recordMax = 65_536;

/** Every record of the text. @throws Refusal when quotes do not close, or when a record has no end. */
export function csvRecords(text: string, separator: string): CsvRecord[] {
  try {
    const found = parse(text, {
      delimiter: separator,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      bom: true,
      info: true,
      max_record_size: recordMax,
    }) as unknown as { info: { lines: number }; record: string[] }[];
    return found.map(({ info, record }) => ({ line: info.lines, fields: record.map((field) => field.trim()) }));
  } catch (error) {
    throw refusalAt("statementMalformed", 1, `the columns cannot be told apart: ${(error as Error).message}. Save the file as CSV again.`);
  }
}

export const isSameHeader = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, place) => name.toLowerCase() === other[place]!.toLowerCase());

interface CsvOptions {
  readonly account?: string;
  readonly currency?: string;
}

export function draftCsv(text: string, mapping: CsvMapping, options: CsvOptions): StatementDraft[] {
  const records = csvRecords(text, mapping.separator);
  const head = records[mapping.skip];
  const hasHeader = mapping.header.length > 0;
  if (!head) throw refusalAt("statementMissing", 1, "the file holds no record.");
  if (hasHeader && !isSameHeader(head.fields, mapping.header)) {
    const reason = `the columns are ${shown(head.fields.join(", "))} and the mapping knows ${shown(mapping.header.join(", "))}.`;
    throw refusalAt("mappingDiffers", head.line, `${reason} Choose or save another mapping.`);
  }
  const currency = options.currency ?? "";
  if (!isCurrency(currency)) throw refusalAt("currencyMissing", 1, "no bank account was chosen whose currency the file is in.");
  const rows = records.slice(mapping.skip + (hasHeader ? 1 : 0)).filter((record) => isRow(record, mapping));
  const read = rows.map((record) => rowOf(record, mapping, currency));
  const { ordered, faults } = chained(read);
  return [statementOf(ordered, faults, options.account, currency)];
}

const valuesOf = (record: CsvRecord, mapping: CsvMapping, meaning: ColumnMeaning): string[] =>
  mapping.columns.flatMap((one, place) => (one === meaning && record.fields[place] ? [record.fields[place]] : []));

/** Sums and remarks below the entries have neither a day nor an amount. */
const isRow = (record: CsvRecord, mapping: CsvMapping): boolean =>
  valuesOf(record, mapping, "day").length > 0 &&
  (["amount", "debit", "credit"] as const).some((one) => valuesOf(record, mapping, one).length > 0);

interface Row {
  readonly entry: Omit<EntryDraft, "position"> & { readonly bookingDay: Day };
  readonly balance: Money | undefined;
}

function rowOf(record: CsvRecord, mapping: CsvMapping, currency: Currency): Row {
  const one = (meaning: ColumnMeaning): string | undefined => valuesOf(record, mapping, meaning)[0];
  const told = one("currency")?.toUpperCase() ?? currency;
  if (!isCurrency(told)) throw refusalAt("currencyUnknown", record.line, `${shown(told)} is not a currency of ISO 4217.`);
  const balance = one("balance");
  const valueDay = one("valueDay");
  const text = [...new Set(valuesOf(record, mapping, "text"))].join("\n");
  return {
    balance: balance === undefined ? undefined : readWrittenAmount(balance, mapping.decimalMark, told, record.line),
    entry: {
      line: record.line,
      status: "booked",
      bookingDay: readWrittenDay(one("day")!, mapping.dayOrder, record.line),
      valueDay: valueDay === undefined ? undefined : readWrittenDay(valueDay, mapping.dayOrder, record.line),
      amount: amountOf(record, mapping, told),
      isReversal: false,
      bankReference: one("bankReference"),
      endToEndId: one("endToEndId"),
      structuredReference: one("reference"),
      counterpartyName: one("name"),
      counterpartyAccount: one("account")?.replace(/\s+/g, ""),
      remittanceText: text || (one("name") ?? ""),
      details: [],
    },
  };
}

function amountOf(record: CsvRecord, mapping: CsvMapping, currency: Currency): Money {
  const read = (text: string): Money => readWrittenAmount(text, mapping.decimalMark, currency, record.line);
  const [amount] = valuesOf(record, mapping, "amount");
  const turned = (money: Money): Money => (mapping.isReversed ? money.negated() : money);
  if (amount !== undefined) {
    const [direction] = valuesOf(record, mapping, "direction");
    const isDebit = direction !== undefined && mapping.debitWords.some((word) => word.toLowerCase() === direction.toLowerCase());
    return turned(isDebit ? read(amount).abs().negated() : read(amount));
  }
  const sides = (["debit", "credit"] as const)
    .map((side) => valuesOf(record, mapping, side)[0])
    .map((text) => (text ? read(text) : undefined));
  const [debit, credit] = sides;
  if (debit && credit && debit.minor !== 0n && credit.minor !== 0n) {
    throw refusalAt("amountMalformed", record.line, "the entry has an amount in both columns, debit and credit.");
  }
  return turned((credit ?? Money.zero(currency)).minus((debit ?? Money.zero(currency)).abs()));
}

/** From the first to the last, by the balance after each where the file tells it, else by day. */
function chained(rows: readonly Row[]): { ordered: readonly Row[]; faults: StatementFault[] } {
  const isDown = rows.length > 1 && rows[0]!.entry.bookingDay > rows.at(-1)!.entry.bookingDay;
  if (rows.some((row) => row.balance === undefined)) return { ordered: isDown ? rows.toReversed() : rows, faults: [] };
  const orders = isDown ? [rows.toReversed(), rows] : [rows, rows.toReversed()];
  const breaks = orders.map((order) =>
    order.find((row, place) => {
      const before = order[place - 1]?.balance;
      return before !== undefined && (before.currency !== row.balance!.currency || !before.plus(row.entry.amount).equals(row.balance!));
    }),
  );
  const whole = breaks.indexOf(undefined);
  if (whole >= 0) return { ordered: orders[whole]!, faults: [] };
  const { line } = breaks[0]!.entry;
  const reason = "the balance of this entry is not the one before it with its amount: entries are missing or stand in a wrong order.";
  return { ordered: orders[0]!, faults: [{ code: "statementDoesNotAddUp", line, reason }] };
}

function statementOf(rows: readonly Row[], faults: StatementFault[], account: string | undefined, currency: Currency): StatementDraft {
  const [first, last] = [rows[0], rows.at(-1)];
  const days = rows.map((row) => row.entry.bookingDay).toSorted();
  const closing: StatementBalance | undefined = last?.balance && { code: "balance", amount: last.balance, day: days.at(-1)! };
  const opening: StatementBalance | undefined =
    first?.balance && closing ? { code: "balance", amount: first.balance.minus(first.entry.amount), day: days[0]! } : undefined;
  return {
    format: "CSV",
    line: first?.entry.line ?? 1,
    statementId: days.length > 0 ? `${days[0]}/${days.at(-1)}` : "",
    accountIdentification: account,
    isAccountAssumed: true,
    currency,
    openingBalance: opening,
    closingBalance: closing,
    otherBalances: [],
    entries: rows.map(({ entry }, index) => ({ ...entry, position: index + 1 })),
    faults,
  };
}
