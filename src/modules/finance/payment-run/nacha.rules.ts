// The order to a bank of the United States: an ACH file as the Nacha operating rules lay it out, records of 94 characters in blocks of ten.
import { type Day, monthOf, dateOf, yearOf } from "../../../kernel/day.ts";
import type { Money } from "../../../kernel/money.ts";
import { sepaText } from "./sepa-text.rules.ts";

export interface AchPayment {
  readonly code: string;
  readonly day: Day;
  readonly amount: Money;
  readonly name: string;
  /** A person's account is paid by PPD, a company's by CCD. */
  readonly isPerson: boolean;
  readonly routing: string;
  readonly account: string;
  readonly accountType: "checking" | "savings";
  readonly reference: string;
}

export interface AchFile {
  readonly companyName: string;
  /** As agreed with the bank, often 1 and the employer's number. */
  readonly companyNumber: string;
  readonly bankName: string;
  readonly routing: string;
  /** The company's own account: given, each batch carries the debit that offsets it. */
  readonly offsetAccount: string | null;
  readonly createdOn: Day;
  /** `0900` */
  readonly createdAt: string;
  readonly payments: readonly AchPayment[];
}

export interface WrittenAch {
  readonly text: string;
  /** By the payment's code: the fifteen digits by which the bank sends it back. */
  readonly traces: ReadonlyMap<string, string>;
}

const alpha = (text: string, width: number): string => sepaText(text, width).toUpperCase().slice(0, width).padEnd(width);
/** A file with one longer record would be sent back whole, or read one column off. */
function digits(value: bigint | number, width: number): string {
  const text = value.toString().padStart(width, "0");
  if (text.length > width) throw new RangeError(`${value} does not fit into ${width} digits of an ACH record.`);
  return text;
}
const dated = (day: Day): string => digits(yearOf(day) % 100, 2) + digits(monthOf(day), 2) + digits(dateOf(day), 2);
const hashOf = (routings: readonly string[]): string => {
  const sum = routings.reduce((total, routing) => total + BigInt(routing.slice(0, 8)), 0n);
  return digits(sum % 10_000_000_000n, 10);
};

interface Entry {
  readonly code: string | null;
  readonly transaction: string;
  readonly routing: string;
  readonly account: string;
  readonly minor: bigint;
  readonly name: string;
  readonly addenda: string | null;
}

interface Batch {
  readonly kind: "PPD" | "CCD";
  readonly day: Day;
  readonly entries: readonly Entry[];
}

/** Amounts in US dollars only: the rules know no other currency. */
export function achText(file: AchFile): WrittenAch {
  const batches = batchesOf(file);
  const traces = new Map<string, string>();
  const lines = [fileHeader(file)];
  let sequence = 0;
  batches.forEach((batch, index) => {
    lines.push(batchHeader(file, batch, index + 1));
    for (const entry of batch.entries) {
      sequence += 1;
      const trace = file.routing.slice(0, 8) + digits(sequence, 7);
      if (entry.code) traces.set(entry.code, trace);
      lines.push(entryLine(entry, trace));
      if (entry.addenda) lines.push(`705${alpha(entry.addenda, 80)}0001${trace.slice(8)}`);
    }
    lines.push(batchControl(file, batch, index + 1));
  });
  const blocks = Math.ceil((lines.length + 1) / 10);
  lines.push(fileControl(batches, blocks));
  while (lines.length < blocks * 10) lines.push("9".repeat(94));
  return { text: `${lines.join("\n")}\n`, traces };
}

function batchesOf(file: AchFile): Batch[] {
  const groups = new Map<string, AchPayment[]>();
  for (const payment of file.payments.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))) {
    const key = `${payment.day} ${payment.isPerson ? "PPD" : "CCD"}`;
    groups.set(key, [...(groups.get(key) ?? []), payment]);
  }
  return [...groups.values()].map((payments) => {
    const entries = payments.map(entryOf);
    const offsets = file.offsetAccount === null ? [] : offsetsOf(file, file.offsetAccount, entries);
    return { kind: payments[0]!.isPerson ? "PPD" : "CCD", day: payments[0]!.day, entries: [...entries, ...offsets] };
  });
}

const entryOf = (payment: AchPayment): Entry => ({
  code: payment.code,
  transaction: payment.accountType === "savings" ? "32" : "22",
  routing: payment.routing,
  account: payment.account,
  minor: payment.amount.minor,
  name: payment.name,
  addenda: payment.reference,
});

/** The field of an entry has ten digits, of cents. */
export const entryMax = 9_999_999_999n;

/** One debit, or as many as its field needs. */
function offsetsOf(file: AchFile, account: string, entries: readonly Entry[]): Entry[] {
  const offsets: Entry[] = [];
  for (let left = entries.reduce((sum, entry) => sum + entry.minor, 0n); left > 0n; left -= offsets.at(-1)!.minor) {
    const minor = left < entryMax ? left : entryMax;
    offsets.push({ code: null, transaction: "27", routing: file.routing, account, minor, name: "OFFSET", addenda: null });
  }
  return offsets;
}

const fileHeader = (file: AchFile): string =>
  `101 ${file.routing}${file.companyNumber.padStart(10)}${dated(file.createdOn)}${file.createdAt}A094101` +
  `${alpha(file.bankName, 23)}${alpha(file.companyName, 23)}${" ".repeat(8)}`;

/** Credits only, or with the offset both. */
const serviceClass = (file: AchFile): string => (file.offsetAccount === null ? "220" : "200");

const batchHeader = (file: AchFile, batch: Batch, number: number): string =>
  `5${serviceClass(file)}${alpha(file.companyName, 16)}${" ".repeat(20)}${file.companyNumber.padEnd(10)}${batch.kind}` +
  `${alpha("PAYMENT", 10)}${" ".repeat(6)}${dated(batch.day)}   1${file.routing.slice(0, 8)}${digits(number, 7)}`;

const entryLine = (entry: Entry, trace: string): string =>
  `6${entry.transaction}${entry.routing}${entry.account.padEnd(17)}${digits(entry.minor, 10)}${(entry.code ?? "").padEnd(15)}` +
  `${alpha(entry.name, 22)}  ${entry.addenda ? "1" : "0"}${trace}`;

const countOf = (entries: readonly Entry[]): number => entries.length + entries.filter((entry) => entry.addenda).length;
const isDebit = (entry: Entry): boolean => entry.transaction === "27";
const totalOf = (entries: readonly Entry[], debit: boolean): string =>
  digits(
    entries.filter((entry) => isDebit(entry) === debit).reduce((sum, entry) => sum + entry.minor, 0n),
    12,
  );
const sums = (entries: readonly Entry[]): string =>
  hashOf(entries.map((entry) => entry.routing)) + totalOf(entries, true) + totalOf(entries, false);

const batchControl = (file: AchFile, { entries }: Batch, number: number): string =>
  `8${serviceClass(file)}${digits(countOf(entries), 6)}${sums(entries)}${file.companyNumber.padEnd(10)}${" ".repeat(25)}` +
  `${file.routing.slice(0, 8)}${digits(number, 7)}`;

function fileControl(batches: readonly Batch[], blocks: number): string {
  const entries = batches.flatMap((batch) => batch.entries);
  return `9${digits(batches.length, 6)}${digits(blocks, 6)}${digits(countOf(entries), 8)}${sums(entries)}${" ".repeat(39)}`;
}
