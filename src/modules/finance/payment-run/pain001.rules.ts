// The order to the bank as ISO 20022 has it: a credit transfer initiation, pain.001.001.03 or .09, one payment block for each execution
// day.
import type { Day } from "../../../kernel/day.ts";
import { type Money, sumMoney } from "../../../kernel/money.ts";
import type { ReferenceKind } from "./reference.rules.ts";
import { sepaText } from "./sepa-text.rules.ts";

export type PainFormat = "pain.001.001.03" | "pain.001.001.09";

export interface TransferParty {
  readonly name: string;
  readonly iban: string;
  readonly bic: string | null;
}

export interface TransferPayment {
  /** End to end: it comes back on both statements. */
  readonly code: string;
  readonly day: Day;
  readonly amount: Money;
  readonly creditor: TransferParty;
  readonly kind: ReferenceKind;
  readonly reference: string;
}

export interface TransferFile {
  readonly format: PainFormat;
  /** At most 30 characters: the blocks add their number to it. */
  readonly code: string;
  /** `2026-11-21T09:00:00`, without a zone. */
  readonly createdAt: string;
  readonly debtor: TransferParty;
  readonly payments: readonly TransferPayment[];
}

// The countries of the Single Euro Payments Area (EPC409-09), by the first two letters of the IBAN.
const sepaCountries = new Set(
  "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA".split(
    " ",
  ),
);
/** In cents: a SEPA credit transfer is at most 999,999,999.99 EUR (EPC132-08, AT-T002). */
export const sepaMax = 99_999_999_999n;

export const isSepaTransfer = (currency: string, iban: string): boolean => currency === "EUR" && sepaCountries.has(iban.slice(0, 2));
const isSepa = ({ amount, creditor }: TransferPayment): boolean => isSepaTransfer(amount.currency, creditor.iban);

type Part = string | readonly Part[];

const flat = (part: Part): string => (typeof part === "string" ? part : part.map(flat).join(""));
const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!);
const tag = (name: string, ...inside: Part[]): string => `<${name}>${flat(inside)}</${name}>`;
const leaf = (name: string, text: string): string => tag(name, escaped(text));

export function creditTransferXml(file: TransferFile): string {
  const currency = file.payments[0]!.amount.currency;
  const sum = (payments: readonly TransferPayment[]): string =>
    sumMoney(
      payments.map((payment) => payment.amount),
      currency,
    ).amount;
  const head = tag(
    "GrpHdr",
    leaf("MsgId", file.code),
    leaf("CreDtTm", file.createdAt),
    leaf("NbOfTxs", String(file.payments.length)),
    leaf("CtrlSum", sum(file.payments)),
    tag("InitgPty", leaf("Nm", sepaText(file.debtor.name, 70))),
  );
  const blocks = blocksOf(file.payments).map((payments, index) => block(file, payments, `${file.code}-${index + 1}`, sum(payments)));
  const space = `urn:iso:std:iso:20022:tech:xsd:${file.format}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${space}">${tag("CstmrCdtTrfInitn", head, blocks)}</Document>\n`;
}

/** What tells in which block of the file a payment stands. */
export interface PlacedPayment {
  readonly day: Day;
  readonly currency: string;
  readonly iban: string;
}

/** The block of each payment, counted from 1: one for each execution day and kind, the earliest first. */
export function blockNumbers(payments: readonly PlacedPayment[]): number[] {
  const keyOf = ({ day, currency, iban }: PlacedPayment): string => `${day} ${isSepaTransfer(currency, iban)}`;
  const keys = [...new Set(payments.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)).map(keyOf))];
  return payments.map((payment) => keys.indexOf(keyOf(payment)) + 1);
}

function blocksOf(payments: readonly TransferPayment[]): TransferPayment[][] {
  const numbers = blockNumbers(payments.map(({ day, amount, creditor }) => ({ day, currency: amount.currency, iban: creditor.iban })));
  return [...new Set(numbers)].toSorted((a, b) => a - b).map((number) => payments.filter((_, place) => numbers[place] === number));
}

function block(file: TransferFile, payments: readonly TransferPayment[], code: string, sum: string): string {
  const [first] = payments;
  const day = leaf(file.format === "pain.001.001.09" ? "Dt" : "ReqdExctnDt", first!.day);
  return tag(
    "PmtInf",
    leaf("PmtInfId", code),
    leaf("PmtMtd", "TRF"),
    leaf("BtchBookg", "true"),
    leaf("NbOfTxs", String(payments.length)),
    leaf("CtrlSum", sum),
    isSepa(first!) ? tag("PmtTpInf", tag("SvcLvl", leaf("Cd", "SEPA"))) : "",
    file.format === "pain.001.001.09" ? tag("ReqdExctnDt", day) : day,
    tag("Dbtr", leaf("Nm", sepaText(file.debtor.name, 70))),
    account("DbtrAcct", file.debtor.iban),
    // The debtor's bank must be named; where only the IBAN is known, the guidelines have these words for it.
    agent(file.format, "DbtrAgt", file.debtor.bic) ?? tag("DbtrAgt", tag("FinInstnId", tag("Othr", leaf("Id", "NOTPROVIDED")))),
    leaf("ChrgBr", isSepa(first!) ? "SLEV" : "SHAR"),
    payments.map((payment) => transfer(file.format, payment)),
  );
}

function transfer(format: PainFormat, payment: TransferPayment): string {
  const { amount, creditor } = payment;
  return tag(
    "CdtTrfTxInf",
    tag("PmtId", leaf("EndToEndId", payment.code)),
    tag("Amt", `<InstdAmt Ccy="${amount.currency}">${amount.amount}</InstdAmt>`),
    agent(format, "CdtrAgt", creditor.bic) ?? "",
    tag("Cdtr", leaf("Nm", sepaText(creditor.name, 70))),
    account("CdtrAcct", creditor.iban),
    tag("RmtInf", remittance(payment)),
  );
}

const account = (name: string, iban: string): string => tag(name, tag("Id", leaf("IBAN", iban)));

const agent = (format: PainFormat, name: string, bic: string | null): string | undefined =>
  bic === null ? undefined : tag(name, tag("FinInstnId", leaf(format === "pain.001.001.09" ? "BICFI" : "BIC", bic)));

function remittance({ kind, reference }: TransferPayment): string {
  if (kind === "text") return leaf("Ustrd", sepaText(reference, 140) || "Payment");
  const type = kind === "rf" ? leaf("Cd", "SCOR") : leaf("Prtry", "QRR");
  return tag("Strd", tag("CdtrRefInf", tag("Tp", tag("CdOrPrtry", type)), leaf("Ref", reference)));
}
