// BAI2 balance reports of American and Canadian banks: records of fields parted by commas, amounts without a decimal point.
// Records: 01 file, 02 group, 03 account with its balances, 16 payment, 88 continues the one before, 49, 98 and 99 the control totals.
import { type Currency, currencyDecimals, isCurrency } from "../../../kernel/currency.ts";
import { type Day, isDay } from "../../../kernel/day.ts";
import { formatMinor } from "../../../kernel/money.ts";
import { bai2Details } from "./bai2-details.rules.ts";
import { readAmount, refusalAt, shown } from "./statement-text.rules.ts";
import type { EntryDraft, StatementBalance, StatementDraft, StatementFault } from "./statement.ts";

/** A record with what continues it. Fields may run over the end of a line, texts as well. */
interface Bai2Record {
  readonly code: string;
  readonly line: number;
  /** Lines it stands on: the control totals count them. */
  readonly lines: number;
  readonly content: string;
}

interface Group {
  readonly record: Bai2Record;
  readonly originator: string;
  readonly day: Day;
  readonly currency: string;
  readonly isToday: boolean;
  readonly faults: readonly StatementFault[];
  readonly doubts: readonly string[];
}

const next = "Ask the bank for a correct file.";
const continued = ",\n";

/** Every account of the file. Control totals that do not agree are doubts in words: the statement is then unproven. */
export function draftBai2(text: string): StatementDraft[] {
  const records = recordsOf(text);
  const last = records.at(-1)!;
  if (last.code !== "99") throw refusalAt("statementTruncated", last.line, "the file has no closing record 99. Fetch it again.");
  const fileId = fieldsOf(records[0]!)[4] || undefined;
  const drafts: StatementDraft[] = [];
  let group: Group | undefined;
  for (let place = 1; place < records.length; place += 1) {
    const record = records[place]!;
    if (record.code === "02") group = groupOf(record);
    else if (record.code === "98") group = undefined;
    else if (record.code === "03") {
      const end = records.findIndex((one, at) => at > place && ["49", "03", "98", "99"].includes(one.code));
      if (!group) throw refusalAt("entryMalformed", record.line, `an account stands outside a group. ${next}`);
      if (records[end]?.code !== "49") throw refusalAt("statementTruncated", record.line, "the account has no closing record 49.");
      drafts.push(draftAccount(records.slice(place, end + 1), group, fileId));
      place = end;
    } else if (record.code !== "99") throw refusalAt("entryMalformed", record.line, `record ${record.code} stands where none may. ${next}`);
  }
  return drafts;
}

const recordPattern = /^(?:(?:01|02|03|16|49|88|98|99),|88:)/;
/** Some banks write the next record into the same line, behind the slash that ends the one before. */
const nextInLine = /(?<=\/)\s+(?=0[23],\S|16,\d{3},|88,|[49][89],[+-]?\d)/;

function recordsOf(text: string): Bai2Record[] {
  const records: { code: string; line: number; lines: number; content: string }[] = [];
  let isEnded = true;
  const pieces = text.split(/\r?\n|\r/).flatMap((raw, index) =>
    raw
      .trim()
      .split(nextInLine)
      .map((content) => ({ content, line: index + 1 })),
  );
  for (const { content, line } of pieces) {
    if (content === "") continue;
    const [code, rest] = [content.slice(0, 2), content.slice(3).replace(/\/$/, "")];
    const before = records.at(-1);
    if (!recordPattern.test(content)) {
      // A text that runs on without 88. With a comma it may be a damaged record, whose money must not pass for words.
      if (before?.code !== "16" || isEnded || content.includes(","))
        throw refusalAt("entryMalformed", line, `${shown(content)} is no record of BAI2. ${next}`);
      before.content += `\n${content.replace(/\/$/, "")}`;
    } else if (code === "88") {
      if (!before) throw refusalAt("entryMalformed", line, `the file begins in the middle of a record. ${next}`);
      before.content += continued + rest;
      before.lines += 1;
    } else records.push({ code, line, lines: 1, content: rest });
    isEnded = content.endsWith("/");
  }
  if (records[0]?.code !== "01") throw refusalAt("entryMalformed", 1, `the file does not begin with record 01. ${next}`);
  return records;
}

const fieldsOf = (record: Bai2Record): string[] => record.content.split(",").map((field) => field.trim());

// 02, receiver, originator, status, as-of date, time, currency, modifier. Status: 1 new, 2 deletion, 3 correction, 4 test.
function groupOf(record: Bai2Record): Group {
  const [, originator = "", status = "", date = "", , currency = "", modifier = ""] = fieldsOf(record);
  const reason = status === "4" ? "the bank sent it only as a test." : "it takes back an earlier report, which is done by hand.";
  const faults = ["", "1", "3"].includes(status) ? [] : [{ code: "correctionUnsupported", line: record.line, reason }];
  return {
    record,
    originator,
    day: readShortDay(date, record.line),
    currency: currency || "USD",
    isToday: modifier === "3" || modifier === "4",
    faults,
    doubts: status === "3" ? ["The bank sends it as a correction of an earlier report: compare the two."] : [],
  };
}

// YYMMDD; the format dates from 1987, and so may its files.
function readShortDay(text: string, line: number): Day {
  const parts = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  const written = parts ? `${Number(parts[1]) < 80 ? "20" : "19"}${parts[1]}-${parts[2]}-${parts[3]}` : "";
  if (!isDay(written)) throw refusalAt("dayMalformed", line, `${shown(text)} is not a day of the calendar. ${next}`);
  return written;
}

interface Summary {
  readonly type: string;
  /** In minor units. */
  readonly minor: bigint;
  readonly count: bigint | undefined;
}

function draftAccount(records: readonly Bai2Record[], group: Group, fileId: string | undefined): StatementDraft {
  const [head, ...inner] = records;
  const trailer = inner.pop()!;
  const [account = "", told = "", ...rest] = fieldsOf(head!);
  const currency = told || group.currency;
  if (!isCurrency(currency)) throw refusalAt("currencyUnknown", head!.line, `${shown(currency)} is not a currency of ISO 4217. ${next}`);
  const summaries = summariesOf(rest, head!.line);
  const payments = inner.map((record) => paymentOf(record, group, currency));
  const balanceOf = ({ type, minor }: Summary): StatementBalance => ({
    code: type,
    amount: amountIn(minor.toString(), currency, head!.line),
    day: group.day,
  });
  const balances = summaries.filter(({ type }) => Number(type) < 100);
  const [opening, closing] = ["010", "015"].map((type) => balances.find((one) => one.type === type));
  const entries = payments.flatMap(({ entry }) => entry ?? []).map((entry, index) => ({ ...entry, position: index + 1 }));
  return {
    format: group.isToday ? "BAI2 of the day" : "BAI2",
    line: head!.line,
    messageId: fileId,
    statementId: group.day,
    sequence: fileId,
    accountIdentification: account.replace(/\s+/g, "") || undefined,
    bankIdentification: group.originator || undefined,
    currency,
    openingBalance: opening && balanceOf(opening),
    closingBalance: closing && balanceOf(closing),
    otherBalances: balances.filter((one) => one !== opening && one !== closing).map(balanceOf),
    entries,
    doubts: [...group.doubts, ...doubtsOf(records, summaries, payments, entries, trailer)],
    faults: group.faults,
  };
}

/** Type, amount, count and kind of funds, again and again; the kind of funds says how many fields follow it. */
function summariesOf(fields: readonly string[], line: number): Summary[] {
  const found: Summary[] = [];
  for (let at = 0; at < fields.length;) {
    const [type = "", amount = "", count = "", funds = ""] = fields.slice(at, at + 4);
    // One comma too many before the slash of a line: the next type stands one field further on.
    if (type === "" && amount !== "") {
      at += 1;
      continue;
    }
    at += 4 + fundsFields(funds, fields, at + 4);
    if (type === "" && amount === "") continue;
    if (!/^\d{3}$/.test(type)) throw refusalAt("balanceMalformed", line, `${shown(type)} is no type of balance. ${next}`);
    if (amount !== "") found.push({ type, minor: wholeOf(amount, line), count: /^\d+$/.test(count) ? BigInt(count) : undefined });
  }
  return found;
}

/** S: three amounts by day; V: value day and time; D: a number, then so many pairs of days and amount. */
function fundsFields(funds: string, fields: readonly string[], at: number): number {
  if (funds === "S") return 3;
  if (funds === "V") return 2;
  return funds === "D" ? 1 + 2 * Number(fields[at] ?? 0) : 0;
}

function wholeOf(text: string, line: number): bigint {
  if (!/^[+-]?\d{1,18}$/.test(text)) throw refusalAt("amountMalformed", line, `${shown(text)} is not an amount in whole cents. ${next}`);
  return BigInt(text.replace("+", ""));
}

// Without a point: the last digits are the decimals of the currency.
const amountIn = (text: string, currency: Currency, line: number) =>
  readAmount(formatMinor(wholeOf(text, line), currencyDecimals(currency)), currency, line);

interface Payment {
  readonly minor: bigint;
  readonly entry: Omit<EntryDraft, "position"> | undefined;
}

function paymentOf(record: Bai2Record, group: Group, currency: Currency): Payment {
  const { line } = record;
  if (record.code !== "16") throw refusalAt("entryMalformed", line, `record ${record.code} stands among payments. ${next}`);
  const fields = record.content.split(",");
  const [type = "", amount = "", funds = ""] = fields.map((field) => field.trim());
  if (!/^\d{3}$/.test(type)) throw refusalAt("entryMalformed", line, `${shown(type)} is no type of payment. ${next}`);
  // 890 tells something that is no money.
  if (type === "890" || amount === "") return { minor: amount === "" ? 0n : wholeOf(amount, line), entry: undefined };
  const after = 3 + fundsFields(funds, fields, 3);
  const [bankReference, customerReference] = fields.slice(after, after + 2).map((field) => field.trim());
  const text = fields
    .slice(after + 2)
    .join(",")
    .replaceAll(continued, "\n")
    .trim();
  const minor = wholeOf(amount, line);
  const plain = amountIn(amount, currency, line);
  const valueDate = funds === "V" ? fields[3]!.trim() : "";
  const entry: Omit<EntryDraft, "position"> = {
    line,
    status: "booked",
    bookingDay: group.day,
    valueDay: valueDate ? readShortDay(valueDate, line) : undefined,
    amount: isDebit(type, line) ? plain.negated() : plain,
    isReversal: false,
    bankReference: bankReference || undefined,
    customerReference: customerReference || undefined,
    transactionCode: type,
    details: [],
    ...bai2Details(text, isDebit(type, line)),
  };
  return { minor, entry };
}

/** 100 to 399 and 920 to 959 are credits, 400 to 699 and 960 to 999 debits; loans and others do not say which way the money went. */
function isDebit(type: string, line: number): boolean {
  const code = Number(type);
  if ((code >= 100 && code < 400) || (code >= 920 && code < 960)) return false;
  if ((code >= 400 && code < 700) || code >= 960) return true;
  throw refusalAt("entryMalformed", line, `payments of type ${type} do not say whether money came in or went out. ${next}`);
}

/** What the bank counts and adds up itself and the file contradicts. */
function doubtsOf(
  records: readonly Bai2Record[],
  summaries: readonly Summary[],
  payments: readonly Payment[],
  entries: readonly Omit<EntryDraft, "position">[],
  trailer: Bai2Record,
): string[] {
  const [told = "", count = ""] = fieldsOf(trailer);
  const lines = records.reduce((sum, record) => sum + record.lines, 0);
  const sum = [...summaries, ...payments].reduce((total, { minor }) => total + minor, 0n);
  const doubts: string[] = [];
  const toldSum = wholeOf(told || "0", trailer.line);
  if (toldSum !== sum) doubts.push(`The bank's control total of the account is ${toldSum} and its records make ${sum}.`);
  if (count !== "" && Number(count) !== lines)
    doubts.push(`The bank counts ${Number(count)} records of the account and there are ${lines}.`);
  for (const [type, word, sign] of [
    ["100", "credits", 1n],
    ["400", "debits", -1n],
  ] as const) {
    const stated = summaries.find((one) => one.type === type);
    const own = entries.map((entry) => entry.amount.minor * sign).filter((minor) => minor > 0n);
    const found = own.reduce((total, minor) => total + minor, 0n);
    const isListed = stated?.count !== undefined && stated.count === BigInt(own.length);
    if (stated && isListed && stated.minor !== found)
      doubts.push(`The bank sums its ${word} to ${stated.minor} and the entries make ${found}.`);
  }
  return doubts;
}
