// Statements in SWIFT's MT940 (booked, end of day) and MT942 (during the day): numbered fields, one per line, long ones wrapped.
import { isValidIBAN } from "ibantools";
import { isCurrency } from "../../../kernel/currency.ts";
import { addDays, type Day, dayOf, daysBetween, isDay, yearOf } from "../../../kernel/day.ts";
import { type EntryText, readEntryText } from "./mt940-details.rules.ts";
import { readAmount, refusalAt, shown } from "./statement-text.rules.ts";
import type { EntryDraft, StatedTotal, StatedTotals, StatementBalance, StatementDraft, StatementFault } from "./statement.ts";

interface Field {
  readonly tag: string;
  readonly line: number;
  readonly lines: string[];
}

const tagPattern = /^:(20|21|25P?|28C?|13D?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):(.*)$/s;

/** What stands around a message sent by wire, or between two files that were joined; never text. */
const frameMarks = ["\u0001", "\u0003", "\u001A"];

/**
 * Every statement of the file, in its order. @param currency that of the account, for a file that names none.
 * @throws Refusal when a balance, an entry or a total cannot be read.
 */
export function draftMt940(text: string, currency?: string): StatementDraft[] {
  return groupStatements(readFields(text)).map((fields) => draftStatement(fields, currency));
}

// A statement ends at a line with a dash; field 20 begins another even where a bank leaves the dash out. A second opening
// balance cannot belong to the same statement.
function groupStatements(fields: readonly Field[]): Field[][] {
  const groups: Field[][] = [[]];
  for (const [place, field] of fields.entries()) {
    const group = groups.at(-1)!;
    const isSecondOpening = field.tag.startsWith("60") && group.some(({ tag }) => tag.startsWith("60"));
    // A text may be wrapped before its last dash; no statement begins with what stands at the end of one.
    const isText = /^6[245]/.test(fields[place + 1]?.tag ?? "") && !group.some(({ tag }) => tag.startsWith("62"));
    if (field.tag === "-" && isText) group.at(-1)?.lines.push(...field.lines);
    else if (field.tag === "-") groups.push([]);
    else if (field.tag === "20" || isSecondOpening) groups.push([field]);
    else group.push(field);
  }
  return groups.filter((group) => group.some(({ tag }) => tag !== "NS"));
}

function readFields(text: string): Field[] {
  const fields: Field[] = [];
  // Some banks pad every line with a space; elsewhere a space at the end of a wrapped line belongs to its text.
  const isPadded = /^:20:.* \r?$/m.test(text);
  const lines = frameMarks.reduce((rest, mark) => rest.replaceAll(mark, ""), text).split(/\r\n|\n|\r/);
  for (const [index, raw] of lines.entries()) {
    const line = isPadded ? raw.trimEnd() : raw;
    const content = (isCutTag(lines, index - 1) ? ":" : "") + line.replace(/^.*\{4:/, "");
    const last = fields.at(-1);
    const tag = tagPattern.exec(content);
    if (isCutTag(lines, index)) continue;
    if (/^-(?:\}.*|X*|)\s*$/.test(content)) fields.push({ tag: "-", line: index + 1, lines: [content] });
    else if (tag && !(last?.tag === "86" && isWrappedTime(last.lines.at(-1)!, content))) {
      fields.push({ tag: tag[1]!, line: index + 1, lines: [tag[2]!] });
    } else if (content.trim() !== "" && last) last.lines.push(content);
  }
  return fields;
}

/** The colon alone, and the rest of the tag in the next line. */
const isCutTag = (lines: readonly string[], at: number): boolean => lines[at] === ":" && tagPattern.test(`:${lines[at + 1] ?? ""}`);

// A text such as "2014T16:26:37" may be wrapped before its colon and then looks like a field.
const isWrappedTime = (before: string, content: string): boolean => /\d\d$/.test(before) && /^:[0-5]\d:[0-5]\d(?:\D|$)/.test(content);

function draftStatement(fields: readonly Field[], accountCurrency: string | undefined): StatementDraft {
  const textOf = (...tags: readonly string[]) => fields.find(({ tag }) => tags.includes(tag))?.lines[0]?.trim() || undefined;
  const told = fields.filter(({ tag }) => /^6[0245]/.test(tag));
  const balances = told.map((field) => readBalance(field, balancePattern.exec(told[0]!.lines[0]!.trim())?.[3]));
  const accountIdentification = textOf("25", "25P")?.replace(/\s+/g, "");
  const currency =
    balances[0]?.amount.currency ?? currencyOf(textOf("34F")?.slice(0, 3), accountIdentification?.slice(-3), accountCurrency);
  const number = /^(\d{1,5})(?:\/?(\d{1,5}))?/.exec(textOf("28C", "28") ?? "");
  const messageId = textOf("20");
  const isInterim = fields.some(({ tag }) => tag === "34F" || tag === "13D" || tag.startsWith("90"));
  const draft = {
    format: isInterim ? ("MT942" as const) : ("MT940" as const),
    line: fields[0]!.line,
    messageId,
    statementId: number?.[1] ?? messageId ?? "",
    sequence: number?.[2],
    accountIdentification,
    currency,
    openingBalance: balances.find(({ code }) => code.startsWith("60")),
    closingBalance: balances.find(({ code }) => code.startsWith("62")),
    otherBalances: balances.filter(({ code }) => code === "64" || code === "65"),
    entries: readEntries(fields, currency),
    statedTotals: statedTotalsOf(fields),
  };
  return { ...draft, faults: [...repeatedFields(fields), ...missingFields(draft)] };
}

const currencyOf = (...candidates: readonly (string | undefined)[]) => candidates.find((code) => code !== undefined && isCurrency(code));

function repeatedFields(fields: readonly Field[]): StatementFault[] {
  const once = ["20", "25", "25P", "28", "28C", "62F", "62M"];
  const repeated = once.flatMap((tag) => fields.filter((field) => field.tag === tag).slice(1, 2));
  return repeated.map(({ tag, line }) => ({
    code: "fieldRepeated",
    line,
    reason: `field :${tag}: stands a second time in the same statement.`,
  }));
}

// A statement without its closing balance was cut off: field 62 stands last and is mandatory, as are 25 and 60 (SWIFT MT940).
function missingFields(draft: Omit<StatementDraft, "faults">): StatementFault[] {
  const missing = (code: string, tag: string) => ({
    code,
    line: draft.line,
    reason: `the statement that begins here has no field :${tag}:.`,
  });
  const faults: StatementFault[] = draft.accountIdentification ? [] : [missing("accountMissing", "25")];
  if (draft.format === "MT942") return faults;
  if (!draft.openingBalance) faults.push(missing("openingBalanceMissing", "60F"));
  if (!draft.closingBalance) faults.push(missing("closingBalanceMissing", "62F"));
  return faults;
}

const balancePattern = /^([CD])(\d{6})([A-Z]{3})?([\d.,]+)$/;

/** @param before the currency of the statement's first balance, which the later ones share (SWIFT MT940, network rule C27). */
function readBalance({ tag, line, lines }: Field, before: string | undefined): StatementBalance {
  const parts = balancePattern.exec(lines[0]!.trim());
  const currency = parts?.[3] ?? before;
  if (!parts || currency === undefined) {
    throw refusalAt(
      "balanceMalformed",
      line,
      `${shown(`:${tag}:${lines[0]}`)} is not a balance like C261121EUR1234,50. Ask the bank for a correct file.`,
    );
  }
  const amount = readAmount(parts[4]!, currency, line);
  return { code: tag, amount: parts[1] === "D" ? amount.negated() : amount, day: readShortDay(parts[2]!, line) };
}

const entryPattern = /^(\d{6})(\d{4})?(R?)([CD])[A-Z]?(\d[\d.,]*) ?([A-Z][A-Z0-9 ]{3})(.*)$/;
/** The side without its amount: the line was wrapped between them. */
const cutEntryPattern = /^\d{6}(?:\d{4})?R?[CD][A-Z]?\s*$/;

function readEntries(fields: readonly Field[], currency: string | undefined): EntryDraft[] {
  const entries: EntryDraft[] = [];
  for (const [index, field] of fields.entries()) {
    if (field.tag !== "61") continue;
    if (!currency) {
      const reason = "no balance tells the currency of this entry. Say the currency of the account, or ask the bank for a complete file.";
      throw refusalAt("currencyMissing", field.line, reason);
    }
    const texts: Field[] = [];
    for (let next = index + 1; fields[next]?.tag === "86" || fields[next]?.tag === "NS"; next += 1) texts.push(fields[next]!);
    entries.push(readEntry(field, texts, entries.length + 1, currency));
  }
  return entries;
}

function readEntry(field: Field, texts: readonly Field[], position: number, currency: string): EntryDraft {
  const [head = "", second = "", ...others] = field.lines;
  const isCut = cutEntryPattern.test(head);
  const parts = entryPattern.exec(isCut ? head.trimEnd() + second.trimEnd() : head.trimEnd());
  const more = (isCut ? others : field.lines.slice(1)).map((line) => line.trim()).filter(Boolean);
  if (!parts) {
    const reason = `${shown(`:61:${field.lines[0]}`)} is not an entry like 2611211121C12,50NTRFNONREF. Ask the bank for a correct file.`;
    throw refusalAt("entryMalformed", field.line, reason);
  }
  const [, valueDate, entryDate, reversal, side, amountText, type, references] = parts;
  const valueDay = readShortDay(valueDate!, field.line);
  const amount = readAmount(amountText!, currency, field.line);
  const [reference, bank] = references!.split(/\/\/(.*)/s);
  const { customer, beside } = fixedReference(reference!);
  const { code, customerReference, ...text } = readEntryText(texts.map(({ tag, lines }) => ({ isStructured: tag === "86", lines })));
  return {
    ...text,
    position,
    line: field.line,
    status: "booked",
    bookingDay: entryDate ? entryDayOf(entryDate, valueDay, field.line) : valueDay,
    valueDay,
    // The reversal of a credit takes money away, the reversal of a debit brings it back (RC, RD).
    amount: (side === "D") !== (reversal === "R") ? amount.negated() : amount,
    isReversal: reversal === "R",
    bankReference: referenceOf(bank),
    customerReference: customerReference ?? referenceOf(customer),
    ...besides(text, beside, more),
    transactionCode: [type!.trim(), code].filter(Boolean).join("/"),
    details: [],
  };
}

// The customer's reference has 16 characters; banks that fill it up write the other party's name behind it.
function fixedReference(text: string): { customer: string; beside: string } {
  const isFilled = text.length > 16 && text[15] === " ";
  return isFilled ? { customer: text.slice(0, 16), beside: text.slice(16).trim() } : { customer: text, beside: "" };
}

/** What field 61 tells of the other party in its own lines, where field 86 is silent about it. */
function besides(text: Omit<EntryText, "code" | "customerReference">, beside: string, more: readonly string[]) {
  const isAccount = more.length === 1 && isValidIBAN(more[0]!);
  return {
    counterpartyName: text.counterpartyName ?? (beside || undefined),
    counterpartyAccount: text.counterpartyAccount ?? (isAccount ? more[0] : undefined),
    remittanceText: text.remittanceText || (isAccount ? "" : more.join(" ")),
  };
}

function referenceOf(text: string | undefined): string | undefined {
  const reference = text?.trim();
  return !reference || reference === "NONREF" || /^[EK]REF\+?$/.test(reference) ? undefined : reference;
}

// Years have two digits; no statement in this format is older than 1980.
function readShortDay(text: string, line: number): Day {
  const [year, month, date] = [text.slice(0, 2), text.slice(2, 4), text.slice(4, 6)];
  const century = Number(year) < 80 ? "20" : "19";
  const written = `${century}${year}-${month}-${date}`;
  if (isDay(written)) return written;
  // Banks that count interest in months of 30 days book on 30 February; what they mean is the last day of that month.
  if (month === "02" && (date === "29" || date === "30")) return addDays(dayOf(Number(century + year), 3, 1), -1);
  throw refusalAt("dayMalformed", line, `${shown(text)} is not a day of the calendar. Ask the bank for a correct file.`);
}

// The entry day has no year; it is the one nearest to the value day, so that a year's end lies between them without harm.
function entryDayOf(text: string, valueDay: Day, line: number): Day {
  const candidates = [-1, 0, 1].map((years) => {
    const shortYear = String((yearOf(valueDay) + years) % 100).padStart(2, "0");
    const isLeapDay = text === "0229" && !isDay(`${yearOf(valueDay) + years}-02-29`);
    return isLeapDay ? undefined : readShortDay(shortYear + text, line);
  });
  const distance = (value: Day): number => Math.abs(daysBetween(value, valueDay));
  return candidates.filter((value) => value !== undefined).reduce((best, next) => (distance(next) < distance(best) ? next : best));
}

function statedTotalsOf(fields: readonly Field[]): StatedTotals | undefined {
  const totalOf = (side: string): StatedTotal | undefined => {
    const field = fields.find(({ tag }) => tag === `90${side}`);
    if (!field) return undefined;
    const parts = /^(\d{1,5})([A-Z]{3})([\d.,]+)$/.exec(field.lines[0]!.trim());
    if (!parts) {
      throw refusalAt(
        "totalMalformed",
        field.line,
        `${shown(`:90${side}:${field.lines[0]}`)} is not a total like 2EUR12,50. Ask the bank for a correct file.`,
      );
    }
    return { count: BigInt(parts[1]!), sum: readAmount(parts[3]!, parts[2]!, field.line) };
  };
  const line = fields.find(({ tag }) => tag.startsWith("90"))?.line;
  return line === undefined ? undefined : { line, credit: totalOf("C"), debit: totalOf("D") };
}
