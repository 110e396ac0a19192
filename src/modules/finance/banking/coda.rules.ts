// CODA statements of Belgian banks: lines of 128 characters with fixed columns, amounts in thousandths, after the standard of Febelfin.
// 0 header · 1 old balance · 2 payments and 3 information in up to three lines each · 4 free text · 8 new balance · 9 sums.
import { type Currency, isCurrency } from "../../../kernel/currency.ts";
import { type Day, isDay } from "../../../kernel/day.ts";
import { type Money, sumMoney } from "../../../kernel/money.ts";
import { readAmount, refusalAt, shown } from "./statement-text.rules.ts";
import type { EntryDetail, EntryDraft, StatementBalance, StatementDraft, StatementFault } from "./statement.ts";

const width = 128;
/** Old programs end a file with it. */
const fileEnd = "\u001A";
const next = "Ask the bank for a correct file.";

interface CodaLine {
  readonly line: number;
  readonly text: string;
}

/** From the first to the last column, counted from 1 as the standard does. */
const cut = ({ text }: CodaLine, from: number, until: number): string => text.slice(from - 1, until);
const worded = (line: CodaLine, from: number, until: number): string => cut(line, from, until).trim();

/** Every statement of the file, each from its header to its sums. */
export function draftCoda(text: string): StatementDraft[] {
  const lines = text
    .split(/\r?\n|\r/)
    .map((content, index): CodaLine => ({ line: index + 1, text: content.replaceAll(fileEnd, "") }))
    .filter((one) => one.text.trim() !== "");
  for (const one of lines) {
    if (one.text.length > width)
      throw refusalAt("entryMalformed", one.line, `a line has ${one.text.length} characters and CODA has ${width}. ${next}`);
  }
  const padded = lines.map((one) => ({ ...one, text: one.text.padEnd(width) }));
  const heads = padded.flatMap((one, place) => (one.text[0] === "0" ? [place] : []));
  return heads.map((from, index) => draftStatement(padded.slice(from, heads[index + 1])));
}

function draftStatement(lines: readonly CodaLine[]): StatementDraft {
  const head = lines[0]!;
  if (cut(head, 128, 128) !== "2")
    throw refusalAt("statementFormatUnsupported", head.line, "only version 2 of CODA is read. Ask the bank for it.");
  const old = lines.find((one) => one.text[0] === "1");
  const sums = lines.find((one) => one.text[0] === "9");
  if (!old) throw refusalAt("openingBalanceMissing", head.line, `the statement has no line 1 with its old balance. ${next}`);
  if (!sums) throw refusalAt("statementTruncated", lines.at(-1)!.line, "the statement has no line 9 with its sums. Fetch the file again.");
  const { account, currency } = accountOf(old);
  const closing = lines.find((one) => one.text[0] === "8");
  const closingBalance = closing && balanceOf(closing, { code: "8", sign: 42, amount: 43, day: 58 }, currency);
  const sequence = worded(old, 3, 5);
  const movements = movementsOf(lines);
  const entries = movements.map((movement, index) => entryOf(movement, index, currency));
  const faults: StatementFault[] = [
    ...(closing ? [] : [{ code: "closingBalanceMissing", line: sums.line, reason: "the statement has no line 8 with its new balance." }]),
    ...sumFaults(lines, sums, movements, currency),
  ];
  return {
    format: "CODA",
    formatVersion: "2",
    line: head.line,
    messageId: worded(head, 25, 34) || undefined,
    statementId: [readDay(cut(head, 6, 11), head.line), sequence].filter(Boolean).join("/"),
    sequence: sequence || undefined,
    accountIdentification: account,
    bankIdentification: worded(head, 61, 71) || undefined,
    currency,
    openingBalance: balanceOf(old, { code: "1", sign: 43, amount: 44, day: 59 }, currency),
    closingBalance,
    otherBalances: [],
    entries,
    faults,
  };
}

/** The second column says how the account is written: 0 Belgian, 1 foreign, 2 IBAN of Belgium, 3 IBAN of another country. */
function accountOf(line: CodaLine): { account: string; currency: Currency } {
  const kind = cut(line, 2, 2);
  const account = (kind === "0" ? cut(line, 6, 17) : kind === "2" ? cut(line, 6, 36) : cut(line, 6, 39)).replace(/\s+/g, "");
  const currency = kind === "0" ? cut(line, 19, 21) : cut(line, 40, 42);
  if (!/^[0-3]$/.test(kind))
    throw refusalAt("accountMissing", line.line, `the account is written in the way ${shown(kind)}, which CODA has not. ${next}`);
  if (!isCurrency(currency)) throw refusalAt("currencyUnknown", line.line, `${shown(currency)} is not a currency of ISO 4217. ${next}`);
  return { account, currency };
}

// DDMMYY; zeroes for none.
function dayOf(text: string, line: number): Day | undefined {
  return /^0{6}$|^\s*$/.test(text) ? undefined : readDay(text, line);
}

function readDay(text: string, line: number): Day {
  const written = `20${text.slice(4, 6)}-${text.slice(2, 4)}-${text.slice(0, 2)}`;
  if (!/^\d{6}$/.test(text) || !isDay(written))
    throw refusalAt("dayMalformed", line, `${shown(text)} is not a day of the calendar. ${next}`);
  return written;
}

/** Twelve digits and three decimals; a third decimal that the currency has not is refused, not rounded. */
function amountAt(line: CodaLine, from: number, currency: Currency): Money {
  const digits = cut(line, from, from + 14);
  if (!/^\d{15}$/.test(digits)) throw refusalAt("amountMalformed", line.line, `${shown(digits)} is not an amount. ${next}`);
  return readAmount(`${digits.slice(0, 12)}.${digits.slice(12)}`, currency, line.line);
}

function signed(line: CodaLine, at: number, amount: Money): Money {
  const sign = cut(line, at, at);
  if (!/^[01]$/.test(sign)) throw refusalAt("entryMalformed", line.line, `${shown(sign)} says neither credit nor debit. ${next}`);
  return sign === "1" ? amount.negated() : amount;
}

interface Places {
  readonly code: string;
  readonly sign: number;
  readonly amount: number;
  readonly day: number;
}

function balanceOf(line: CodaLine, places: Places, currency: Currency): StatementBalance {
  const amount = signed(line, places.sign, amountAt(line, places.amount, currency));
  return { code: places.code, amount, day: readDay(cut(line, places.day, places.day + 5), line.line) };
}

/** The lines 2 of one payment with the information that belongs to it; its details are payments within it. */
interface Movement {
  readonly head: CodaLine;
  readonly parts: CodaLine[];
  readonly information: CodaLine[];
  readonly details: Movement[];
}

const movement = (head: CodaLine): Movement => ({ head, parts: [head], information: [], details: [] });

function movementsOf(lines: readonly CodaLine[]): Movement[] {
  const found: Movement[] = [];
  let current: Movement | undefined;
  for (const line of lines) {
    const kind = line.text.slice(0, 2);
    const whole = found.at(-1);
    if (kind === "21") {
      current = movement(line);
      const isDetail = cut(line, 7, 10) !== "0000" && whole !== undefined && cut(whole.head, 3, 6) === cut(line, 3, 6);
      if (isDetail) whole.details.push(current);
      else found.push(current);
    } else if (kind === "22" || kind === "23") {
      if (!current || cut(current.head, 3, 10) !== cut(line, 3, 10)) {
        throw refusalAt("entryMalformed", line.line, `this line goes on with a payment that is not there. ${next}`);
      }
      current.parts.push(line);
    } else if (/^3[123]$/.test(kind)) current?.information.push(line);
    else if (!/^[01489]/.test(kind)) throw refusalAt("entryMalformed", line.line, `${shown(kind)} begins no line of CODA. ${next}`);
  }
  return found;
}

function entryOf(own: Movement, index: number, currency: Currency): EntryDraft {
  const { head } = own;
  const told = toldBy(own);
  const entryDay = dayOf(cut(head, 116, 121), head.line);
  const detailOf = (one: Movement): EntryDetail => {
    const { amount, ...rest } = { amount: signed(one.head, 32, amountAt(one.head, 33, currency)), ...toldBy(one) };
    return { amount: amount.abs(), ...rest };
  };
  return {
    position: index + 1,
    line: head.line,
    status: "booked",
    bookingDay: entryDay,
    valueDay: dayOf(cut(head, 48, 53), head.line),
    amount: signed(head, 32, amountAt(head, 33, currency)),
    isReversal: false,
    bankReference: worded(head, 11, 31) || undefined,
    transactionCode: worded(head, 54, 61) || undefined,
    ...told,
    details: own.details.map(detailOf),
  };
}

/** Names, account and words of a payment, from its lines 2 and 3. */
function toldBy({ parts, information }: Movement) {
  const [first, second, third] = ["21", "22", "23"].map((kind) => parts.find((one) => one.text.startsWith(kind)));
  const isStructured = cut(first!, 62, 62) === "1";
  const words = [cut(first!, 63, 115), second ? cut(second, 11, 63) : "", third ? cut(third, 83, 125) : ""].join("").trimEnd();
  const more = information.map((one) =>
    cut(one, one.text[1] === "1" ? 41 : 11, one.text[1] === "1" ? 113 : one.text[1] === "2" ? 115 : 100),
  );
  const structured = isStructured ? structuredReference(words) : undefined;
  const customer = second ? worded(second, 64, 98) : "";
  const text = structured ?? (isStructured ? words.slice(3) : words);
  return {
    endToEndId: customer === "" || customer === "NOTPROVIDED" ? undefined : customer,
    counterpartyAccount: third ? cut(third, 11, 44).replace(/\s+/g, "") || undefined : undefined,
    counterpartyName: third ? worded(third, 48, 82) || undefined : undefined,
    structuredReference: structured,
    remittanceText: [text, ...more]
      .map((one) => one.replace(/\s+/g, " ").trim())
      .filter(Boolean)
      .join(" "),
  };
}

/** Kinds 101 and 102 carry the twelve digits that Belgians print as +++123/4567/89012+++. */
function structuredReference(words: string): string | undefined {
  const digits = /^10[12](\d{12})/.exec(words)?.[1];
  return digits && `+++${digits.slice(0, 3)}/${digits.slice(3, 7)}/${digits.slice(7)}+++`;
}

/** Line 9 counts the lines 1, 2, 3 and 8 and adds up what went out and came in. */
function sumFaults(lines: readonly CodaLine[], sums: CodaLine, movements: readonly Movement[], currency: Currency): StatementFault[] {
  const count = lines.filter((one) => /^[1238]/.test(one.text)).length;
  const told = cut(sums, 17, 22);
  const totalOf = (sign: string): Money =>
    sumMoney(
      movements.filter(({ head }) => cut(head, 32, 32) === sign).map(({ head }) => amountAt(head, 33, currency)),
      currency,
    );
  const [debits, credits] = [amountAt(sums, 23, currency), amountAt(sums, 38, currency)];
  const fault = (reason: string): StatementFault => ({ code: "statementDoesNotAddUp", line: sums.line, reason });
  return [
    ...(Number(told) === count ? [] : [fault(`the bank counts ${Number(told)} lines and there are ${count}.`)]),
    ...(debits.equals(totalOf("1"))
      ? []
      : [fault(`the bank sums its debits to ${debits.toString()} and they make ${totalOf("1").toString()}.`)]),
    ...(credits.equals(totalOf("0"))
      ? []
      : [fault(`the bank sums its credits to ${credits.toString()} and they make ${totalOf("0").toString()}.`)]),
  ];
}
