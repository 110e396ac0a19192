// Reads an ACH file strictly, as a bank does that refuses what does not add up: layout, check digits, order, counts, hashes and totals.
import { isRoutingNumber } from "../payables/bank-detail.rules.ts";

export interface AchEntry {
  readonly line: number;
  readonly transaction: string;
  readonly routing: string;
  readonly account: string;
  readonly minor: bigint;
  readonly identification: string;
  readonly name: string;
  readonly trace: string;
  /** Why it came back, and the trace it was sent out under. */
  readonly returned: { readonly code: string; readonly trace: string } | null;
  /** What is to be written otherwise next time. */
  readonly correction: { readonly code: string; readonly trace: string; readonly to: string } | null;
}

export interface AchBatch {
  readonly kind: string;
  readonly companyName: string;
  readonly companyNumber: string;
  /** `YYMMDD` as it stands there. */
  readonly effective: string;
  readonly entries: readonly AchEntry[];
}

export interface ReadAch {
  readonly destination: string;
  readonly origin: string;
  readonly batches: readonly AchBatch[];
  readonly entryHash: string;
  readonly debit: bigint;
  readonly credit: bigint;
  /** Filled up to whole blocks of ten records. */
  readonly isPadded: boolean;
}

/** What is wrong, and in which line. */
export class AchMistake extends Error {
  readonly line: number;
  constructor(line: number, says: string) {
    super(says);
    this.name = "AchMistake";
    this.line = line;
  }
}

interface Reading {
  readonly records: readonly string[];
  at: number;
}

interface Sum {
  count: number;
  hash: bigint;
  debit: bigint;
  credit: bigint;
}

const size = 94;
const filler = "9".repeat(size);
const kinds = new Set("ACK ADV ARC ATX BOC CCD CIE COR CTX DNE ENR IAT MTE POP POS PPD RCK SHR TEL TRC TRX WEB XCK".split(" "));
/** Of these, the name says whose account it is; elsewhere it may be blank (Nacha Operating Guidelines, record layouts). */
const namedKinds = new Set("ARC BOC CIE DNE ENR MTE POP POS PPD RCK SHR TEL WEB".split(" "));
/** What an international payment is for, or how its order was given (Nacha, IAT addendum 10). */
const paymentTypes = new Set("ANN BUS DEP LOA MIS MOR PEN REM RLS SAL TAX ARC BOC IAT MTE POP POS RCK SHR TEL WEB".split(" "));
const hashMax = 10_000_000_000n;

function returnCodes(): Set<string> {
  const ranges = [
    [1, 47],
    [50, 53],
    [61, 62],
    [67, 77],
    [80, 85],
  ] as const;
  const codes = ranges.flatMap(([from, until]) => Array.from({ length: until - from + 1 }, (_, index) => from + index));
  return new Set(codes.map((code) => `R${String(code).padStart(2, "0")}`));
}
const knownReturns = returnCodes();
const knownChanges = new Set("C01 C02 C03 C04 C05 C06 C07 C08 C09 C13 C14 C61 C62 C63 C64 C65 C66 C67 C68 C69".split(" "));

/** @throws AchMistake with the first thing that is wrong. */
export function readAch(text: string): ReadAch {
  const reading: Reading = { records: recordsOf(text), at: 0 };
  const { records } = reading;
  const header = fileHeader(reading);
  const total: Sum = { count: 0, hash: 0n, debit: 0n, credit: 0n };
  const batches: AchBatch[] = [];
  let before = 0;
  while (records[reading.at]?.startsWith("5")) {
    const { batch, number } = readBatch(reading, total);
    check(number > before, reading.at, "Batches are numbered in order, each number once.");
    before = number;
    batches.push(batch);
  }
  check(batches.length > 0, reading.at, "There is no batch in the file.");
  const control = reading.at;
  const line = next(reading, "9", "the file control");
  const isAdvice = batches.every((batch) => batch.kind === "ADV");
  compare(control, "batches", number(line, 1, 7, control), BigInt(batches.length));
  compareSum(line, control, total, { count: 13, countEnd: 21, hash: 21, width: isAdvice ? 20 : 12 });
  const rest = records.slice(reading.at);
  check(
    rest.every((record) => record === filler),
    reading.at,
    "After the file control come lines of nines, and nothing else.",
  );
  compare(control, "blocks", number(line, 7, 13, control), BigInt(Math.ceil(reading.at / 10)));
  const { hash, debit, credit } = total;
  return { ...header, batches, entryHash: String(hash % hashMax).padStart(10, "0"), debit, credit, isPadded: records.length % 10 === 0 };
}

/** Lines of 94 characters, or one long line of them. Blanks that were cut off at the end of a line are put back. */
function recordsOf(text: string): string[] {
  const lines = text.replace(/(\r?\n)+$/, "").split(/\r?\n/);
  const isOne = lines.length === 1 && lines[0]!.length > size;
  check(!isOne || lines[0]!.length % size === 0, 0, "The file is no whole number of records of 94 characters.");
  const records = isOne ? (lines[0]!.match(/.{94}/gs) ?? []) : lines;
  return records.map((record, index) => {
    check(/^[\x20-\x7e]*$/.test(record), index, "A record has letters, digits and signs of ASCII only.");
    check(record.length <= size || record.slice(size).trim() === "", index, "A record has 94 characters.");
    check(record.trim() !== "", index, "A record is empty.");
    return record.slice(0, size).padEnd(size);
  });
}

function check(holds: boolean, index: number, says: string): asserts holds {
  if (!holds) throw new AchMistake(index + 1, says);
}

function next(reading: Reading, type: string, what: string): string {
  const record = reading.records[reading.at];
  check(record !== undefined && record.startsWith(type), reading.at, `Here stands no record ${type}: ${what}.`);
  reading.at += 1;
  return record;
}

function number(record: string, from: number, until: number, index: number): bigint {
  const field = record.slice(from, until);
  check(/^\d+$/.test(field), index, `"${field}" is no number.`);
  return BigInt(field);
}

function compare(index: number, what: string, told: bigint, counted: bigint): void {
  check(told === counted, index, `The control tells ${told} ${what}, and there are ${counted}.`);
}

function compareSum(
  line: string,
  index: number,
  sum: Sum,
  at: { readonly count: number; readonly countEnd: number; readonly hash: number; readonly width: number },
): void {
  const debitAt = at.hash + 10;
  compare(index, "entries and addenda", number(line, at.count, at.countEnd, index), BigInt(sum.count));
  compare(index, "as hash", number(line, at.hash, debitAt, index), sum.hash % hashMax);
  compare(index, "of debits", number(line, debitAt, debitAt + at.width, index), sum.debit);
  compare(index, "of credits", number(line, debitAt + at.width, debitAt + 2 * at.width, index), sum.credit);
}

function fileHeader(reading: Reading): { destination: string; origin: string } {
  const line = next(reading, "101", "the file header");
  const [destination, origin] = [line.slice(3, 13).trim(), line.slice(13, 23).trim()];
  check(destination !== "" && origin !== "", 0, "The file header names where the file goes and where it comes from.");
  check(isDate(line.slice(23, 29)), 0, "The file header has the day it was made.");
  check(/^[A-Z0-9]$/.test(line[33]!), 0, "The file header has a letter or digit that tells files of one day apart.");
  check(line.slice(34, 40) === "094101", 0, "The file header announces records of 94 characters in blocks of ten.");
  return { destination, origin };
}

/** Blanks and zeros name nothing. */
const saysNothing = (text: string): boolean => /^[ 0]*$/.test(text);

const isDate = (text: string): boolean => {
  const [month, date] = [Number(text.slice(2, 4)), Number(text.slice(4, 6))];
  return /^\d{6}$/.test(text) && month >= 1 && month <= 12 && date >= 1 && date <= 31;
};

interface Head {
  readonly index: number;
  readonly service: string;
  readonly company: string;
  readonly kind: string;
  /** An international payment, or the correction of one: its records have other columns. */
  readonly isIat: boolean;
  readonly bank: string;
  readonly number: number;
}

function batchHead(reading: Reading): Head & { readonly companyName: string; readonly effective: string } {
  const index = reading.at;
  const line = next(reading, "5", "a batch header");
  const kind = line.slice(50, 53);
  const service = line.slice(1, 4);
  const isIat = kind === "IAT" || line.slice(4, 10) === "IATCOR";
  check(kinds.has(kind), index, `"${kind}" is no kind of entry.`);
  check((kind === "ADV" ? ["280"] : ["200", "220", "225"]).includes(service), index, `"${service}" is no service class.`);
  check(/^\d{8}$/.test(line.slice(79, 87)), index, "The batch header names the bank that sends it.");
  check(isIat || !saysNothing(line.slice(4, 20)), index, "The batch header names the company.");
  check(isIat || !saysNothing(line.slice(40, 50)), index, "The batch header names the company's number.");
  check(!saysNothing(line.slice(53, 63)), index, "The batch header says what its entries are for.");
  return {
    index,
    service,
    kind,
    isIat,
    // Shorter numbers stand left in one record and right in the other.
    company: line.slice(40, 50).trim(),
    companyName: line.slice(4, 20).trim(),
    effective: line.slice(69, 75),
    bank: line.slice(79, 87),
    number: Number(number(line, 87, 94, index)),
  };
}

function readBatch(reading: Reading, total: Sum): { batch: AchBatch; number: number } {
  const head = batchHead(reading);
  const sum: Sum = { count: 0, hash: 0n, debit: 0n, credit: 0n };
  const entries: AchEntry[] = [];
  let before = "";
  while (reading.records[reading.at]?.startsWith("6")) {
    const entry = readEntry(reading, head, sum);
    check(entry.trace > before, entry.line - 1, "Trace numbers go up within a batch.");
    before = entry.trace;
    entries.push(entry);
  }
  check(entries.length > 0, reading.at, "The batch has no entry.");
  const index = reading.at;
  const line = next(reading, "8", "the batch control");
  compareSum(line, index, sum, { count: 4, countEnd: 10, hash: 10, width: head.kind === "ADV" ? 20 : 12 });
  check(line.slice(1, 4) === head.service, index, "The batch control has another service class than its header.");
  check(head.kind === "ADV" || head.isIat || line.slice(44, 54).trim() === head.company, index, "The batch control names another company.");
  check(line.slice(79, 87) === head.bank, index, "The batch control names another bank than its header.");
  compare(index, "as number of the batch", number(line, 87, 94, index), BigInt(head.number));
  check(head.service !== "220" || sum.debit === 0n, index, "A batch of credits has no debit.");
  check(head.service !== "225" || sum.credit === 0n, index, "A batch of debits has no credit.");
  total.count += sum.count;
  total.hash += sum.hash;
  total.debit += sum.debit;
  total.credit += sum.credit;
  const { kind, companyName, company, effective, number: own } = head;
  return { batch: { kind, companyName, companyNumber: company, effective, entries }, number: own };
}

function readEntry(reading: Reading, head: Head, sum: Sum): AchEntry {
  const index = reading.at;
  const line = next(reading, "6", "an entry");
  const [transaction, routing] = [line.slice(1, 3), line.slice(3, 12)];
  const isAdvice = head.kind === "ADV";
  check(isAdvice ? /^8[1-8]$/.test(transaction) : /^[2-5][0-9]$/.test(transaction), index, `"${transaction}" is no transaction code.`);
  check(isRoutingNumber(routing), index, `${routing} is no routing number: its last digit does not check the others.`);
  // What a person pays and what a terminal pays out name the person first and the number behind.
  const [identification, name] = ["CIE", "MTE"].includes(head.kind)
    ? [line.slice(54, 76), line.slice(39, 54)]
    : [line.slice(39, 54), line.slice(54, 76)];
  const minor = number(line, isAdvice ? 27 : 29, 39, index);
  const trace = line.slice(79, 94);
  check(/^\d{15}$/.test(trace), index, "An entry has a trace number of fifteen digits.");
  const addenda = readAddenda(reading, head, line[78]!, trace);
  const isOut = addenda.returned === null && addenda.correction === null;
  // What comes back keeps the number of the bank that sends it back.
  check(!isOut || isAdvice || trace.startsWith(head.bank), index, "A trace number begins with the bank that sends the batch.");
  check(!isOut || !namedKinds.has(head.kind) || !saysNothing(name), index, `An entry of ${head.kind} names whose account it is.`);
  sum.count += 1 + addenda.count;
  sum.hash += BigInt(routing.slice(0, 8));
  if (isDebitCode(transaction, isAdvice)) sum.debit += minor;
  else sum.credit += minor;
  return {
    line: index + 1,
    transaction,
    routing,
    account: line.slice(12, isAdvice ? 27 : 29).trim(),
    minor,
    identification: identification.trim(),
    name: name.trim(),
    trace,
    returned: addenda.returned,
    correction: addenda.correction,
  };
}

/** The second digit: 1 to 4 credits, 5 to 9 debits; advices are odd for credits and even for debits. */
const isDebitCode = (code: string, isAdvice: boolean): boolean => (isAdvice ? Number(code[1]) % 2 === 0 : Number(code[1]) >= 5);

interface Addenda {
  count: number;
  /** Of them, what the payer writes. */
  said: number;
  returned: AchEntry["returned"];
  correction: AchEntry["correction"];
}

function readAddenda(reading: Reading, head: Head, told: string, trace: string): Addenda {
  const found: Addenda = { count: 0, said: 0, returned: null, correction: null };
  const first = reading.at;
  check(told === "0" || told === "1", first - 1, "An entry says by 0 or 1 whether addenda follow.");
  while (reading.records[reading.at]?.startsWith("7")) {
    const index = reading.at;
    const line = next(reading, "7", "an addendum");
    const type = line.slice(1, 3);
    check(/^(02|05|10|11|12|13|14|15|16|17|18|98|99)$/.test(type), index, `"${type}" is no kind of addendum.`);
    found.count += 1;
    const code = line.slice(3, 6);
    check(type !== "10" || paymentTypes.has(code), index, `"${code}" is no kind of international payment.`);
    if (type === "99") {
      check(knownReturns.has(code), index, `"${code}" is no reason for a return.`);
      // What is disputed afterwards keeps the first reason.
      found.returned ??= { code, trace: line.slice(6, 21) };
    }
    if (type === "98") {
      check(knownChanges.has(code), index, `"${code}" is no code for a correction.`);
      found.correction = { code, trace: line.slice(6, 21), to: line.slice(35, 64).trim() };
    }
    if (type === "05") {
      found.said += 1;
      check(line.slice(87, 94) === trace.slice(8), index, "An addendum names the entry it belongs to.");
      if (!head.isIat) compare(index, "as place of the addendum", number(line, 83, 87, index), BigInt(found.count));
    }
  }
  check((told === "1") === found.count > 0, first - 1, "An entry announces its addenda, and has them.");
  check(!["CCD", "PPD", "WEB"].includes(head.kind) || found.said <= 1, first - 1, `An entry of ${head.kind} has one addendum at most.`);
  return found;
}
