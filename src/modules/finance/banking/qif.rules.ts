// QIF, the old exchange format of Quicken: one letter and a value a line, a caret after each entry. It names neither account nor currency.
// Days may be month first or day first, amounts with point or comma: the whole file decides, and where it cannot, the person is asked.
import { type Currency, isCurrency } from "../../../kernel/currency.ts";
import type { Day } from "../../../kernel/day.ts";
import { readWrittenAmount, type DecimalMark, decimalMarkOf } from "./written-amount.rules.ts";
import { type DayOrder, dayOrderOf, readWrittenDay } from "./written-day.rules.ts";
import { refusalAt, shown } from "./statement-text.rules.ts";
import type { EntryDraft, StatementBalance, StatementDraft, StatementFault } from "./statement.ts";

interface QifOptions {
  readonly account?: string;
  readonly currency?: string;
  readonly dayOrder?: DayOrder;
}

interface QifRecord {
  readonly line: number;
  /** The values of each letter; splits give several. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

interface Section {
  readonly type: string;
  readonly line: number;
  readonly records: QifRecord[];
}

const banks = /^(bank|cash|ccard|oth a|oth l)$/i;

export const isQif = (head: string): boolean => /^\s*!(?:type|account|option|clear)\b/i.test(head);

export function draftQif(text: string, options: QifOptions): StatementDraft[] {
  const sections = sectionsOf(text).filter((section) => !/^(account|cat|class|memorized|prices|security|tag)$/i.test(section.type));
  const currency = options.currency ?? "";
  if (!isCurrency(currency)) throw refusalAt("currencyMissing", 1, "QIF names no currency, and no bank account was chosen.");
  const dayOrder = options.dayOrder ?? dayOrderOf(sections.flatMap(({ records }) => records.flatMap((one) => placed(one, "D"))));
  const amounts = sections.flatMap(({ records }) => records.flatMap((one) => one.values.get("T") ?? one.values.get("U") ?? []));
  const mark = decimalMarkOf(amounts);
  const drafts = sections
    .filter(({ records }) => records.length > 0)
    .map((section) => draftSection(section, { currency, dayOrder, mark, options }));
  if (drafts.length < 2) return drafts;
  const several = { code: "accountMissing", line: sections[1]!.line, reason: "the file tells about several accounts without a number." };
  return drafts.map((draft) => ({ ...draft, faults: [...draft.faults, several] }));
}

const placed = (record: QifRecord, letter: string) => (record.values.get(letter) ?? []).map((text) => ({ text, line: record.line }));

function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  let values = new Map<string, string[]>();
  let from = 1;
  const close = (): void => {
    if (values.size > 0) sections.at(-1)?.records.push({ line: from, values });
    values = new Map();
  };
  for (const [index, raw] of text.split(/\r?\n|\r/).entries()) {
    const content = raw.trim();
    const [letter = "", value] = [content[0], content.slice(1).trim()];
    if (letter === "!") {
      close();
      const type = /^!type:(.*)$/i.exec(content)?.[1] ?? (/^!account/i.test(content) ? "account" : undefined);
      if (type !== undefined) sections.push({ type: type.trim(), line: index + 1, records: [] });
    } else if (letter === "^") close();
    else if (letter !== "") {
      if (sections.length === 0) throw refusalAt("entryMalformed", index + 1, `${shown(content)} stands before the kind of account.`);
      if (values.size === 0) from = index + 1;
      values.set(letter, [...(values.get(letter) ?? []), value]);
    }
  }
  if (values.size > 0)
    throw refusalAt("statementTruncated", from, "the last entry has no caret behind it: the file is cut off. Fetch it again.");
  return sections;
}

interface Reading {
  readonly currency: Currency;
  readonly dayOrder: DayOrder | undefined;
  readonly mark: DecimalMark;
  readonly options: QifOptions;
}

function draftSection({ type, line, records }: Section, reading: Reading): StatementDraft {
  const { currency, options } = reading;
  const isBank = banks.test(type);
  const faults: StatementFault[] = isBank
    ? []
    : [{ code: "investmentStatement", line, reason: `this is a list of kind ${shown(type)}; only bank and card accounts are imported.` }];
  const [first] = records;
  // Quicken writes what an account begins with as an entry that is transferred to the account itself.
  const isOpening = /^opening balance$/i.test(first?.values.get("P")?.[0] ?? "") && /^\[.*\]$/.test(first?.values.get("L")?.[0] ?? "");
  const entries = isBank ? records.slice(isOpening ? 1 : 0).map((record, index) => entryOf(record, index, reading)) : [];
  const days = entries.flatMap((entry) => entry.bookingDay ?? []).toSorted();
  const openingBalance: StatementBalance | undefined =
    isOpening && isBank ? { code: "opening", amount: amountOf(first!, reading), day: dayOf(first!, reading) } : undefined;
  return {
    format: "QIF",
    line,
    statementId: days.length > 0 ? `${days[0]}/${days.at(-1)}` : "",
    accountIdentification: options.account,
    isAccountAssumed: true,
    currency,
    openingBalance,
    otherBalances: [],
    entries,
    faults,
  };
}

function dayOf(record: QifRecord, { dayOrder }: Reading): Day {
  const [text = ""] = record.values.get("D") ?? [];
  return readWrittenDay(text, dayOrder, record.line);
}

function amountOf(record: QifRecord, { currency, mark }: Reading) {
  const [text] = record.values.get("T") ?? record.values.get("U") ?? [];
  if (text === undefined) throw refusalAt("amountMissing", record.line, "an entry has no amount. Fetch the file again.");
  return readWrittenAmount(text, mark, currency, record.line);
}

function entryOf(record: QifRecord, index: number, reading: Reading): EntryDraft {
  const one = (letter: string): string | undefined => record.values.get(letter)?.[0] || undefined;
  const number = one("N");
  return {
    position: index + 1,
    line: record.line,
    status: "booked",
    bookingDay: dayOf(record, reading),
    amount: amountOf(record, reading),
    isReversal: false,
    customerReference: number,
    counterpartyName: one("P"),
    remittanceText: one("M") ?? one("P") ?? "",
    details: [],
  };
}
