// From a document that was received to the bill or the credit note it asks for: its lines with their tax and the days they are for, what
// the whole document adds or takes off, its days and its total. What stands in the way is said in words.
import { currencyDecimals, isCurrency } from "../../../kernel/currency.ts";
import { type Day, isDay } from "../../../kernel/day.ts";
import { type Decimal } from "../../../kernel/decimal.ts";
import { Money } from "../../../kernel/money.ts";
import { isServicePeriodFit, type ServicePeriod } from "../ledger/deferral.rules.ts";
import type { Amount, ElectronicInvoice, Period, TaxCategory } from "./model.ts";
import { numberOf, valueOf, zero } from "./number.rules.ts";
import { discountsIn, type ToldDiscount } from "./terms.rules.ts";
import { isCreditNote } from "./total-rules.rules.ts";

interface DraftLine extends ServicePeriod {
  readonly description: string;
  /** How many (BT-129), where a line of a bill takes it. */
  readonly quantity?: string;
  readonly net: Money;
  readonly category: { readonly code: string; readonly percent: Decimal };
}

export interface BillDraft {
  readonly kind: "bill" | "creditNote";
  /** Of a credit note: the numbers of the invoices it names as taken back. */
  readonly corrects: readonly string[];
  readonly number: string;
  /** The order it says it is for (BT-13), as it is written. */
  readonly order: string | undefined;
  readonly day: Day;
  readonly dueDay: Day | undefined;
  readonly lines: readonly DraftLine[];
  /** In the document's currency, as its lines. */
  readonly total: Money;
  readonly remittance: string | undefined;
  /** As they are written. */
  readonly terms: string | undefined;
  readonly discount: ToldDiscount | undefined;
}

interface DraftedBill {
  readonly draft: BillDraft | undefined;
  /** Why no bill can be made of it, each as a sentence. */
  readonly problems: readonly string[];
}

/** Most lines a bill has; of more, those of the same tax and the same days are taken together. */
const linesMax = 500;

/** An amount of the document as money; nothing when it is none, or has more decimals than the currency: never rounded. */
export function moneyOf(amount: Amount | undefined, currency: string | undefined): Money | undefined {
  const value = valueOf(amount);
  if (!value || !currency || !isCurrency(currency)) return undefined;
  const decimals = currencyDecimals(currency);
  return value.decimalPlaces() > decimals || value.abs().gte("1e15") ? undefined : Money.parse(value.toFixed(decimals), currency);
}

export const dayOf = (text: string | undefined): Day | undefined => (text !== undefined && isDay(text) ? text : undefined);

export function draftBill(invoice: ElectronicInvoice): DraftedBill {
  const problems: string[] = [];
  if (!invoice.number) problems.push("It has no number.");
  const day = dayOf(invoice.day);
  if (!day) problems.push("The day it was issued cannot be read.");
  const currency = invoice.currency ?? "";
  if (!isCurrency(currency)) problems.push(`It is in ${currency === "" ? "no currency" : `${currency}, which is no currency`}.`);
  const total = totalOf(invoice, currency);
  if (!total) problems.push("Its total cannot be read.");
  else if (total.minor <= 0n) problems.push("Its total is not above zero.");
  const lines = linesOf(invoice, currency);
  if (lines.length === 0) problems.push("It has no lines.");
  if (lines.includes(undefined)) problems.push("The amount of a line cannot be read, or has more decimals than the currency.");
  if (problems.length > 0) return { draft: undefined, problems };
  const due = dayOf(invoice.dueDay);
  return {
    problems,
    draft: {
      kind: isCreditNote(invoice) ? "creditNote" : "bill",
      corrects: invoice.preceding.flatMap((one) => one.id?.value ?? []),
      number: invoice.number!.slice(0, 60),
      order: oneLineOr(invoice.order, 200),
      day: day!,
      dueDay: due && due >= day! ? due : undefined,
      lines: together(lines.filter((line) => line !== undefined)),
      total: total!,
      remittance: oneLineOr(invoice.payments.find((means) => means.remittance)?.remittance, 140),
      terms: textOf(invoice.terms),
      discount: discountsIn(invoice.terms, day!)[0],
    },
  };
}

/** What is owed for the document: the total with tax and its rounding. What was paid before is settled by that payment, not by the bill. */
function totalOf({ totals }: ElectronicInvoice, currency: string): Money | undefined {
  const gross = moneyOf(totals.gross, currency);
  const rounding = totals.rounding ? moneyOf(totals.rounding, currency) : Money.zero(currency);
  return gross && rounding && gross.plus(rounding);
}

function linesOf(invoice: ElectronicInvoice, currency: string): (DraftLine | undefined)[] {
  const lines = invoice.lines.map((line) => {
    const read = lineOf(nameOf(line.item.name ?? line.item.description, line.quantity), line.net, line.categories[0], currency);
    return read && { ...read, quantity: quantityOf(line.quantity), ...servicePeriodOf(line.period ?? invoice.period) };
  });
  const others = invoice.allowances.map(({ isCharge, amount, reason, category }) => {
    const line = lineOf(reason ?? (isCharge ? "Charge" : "Allowance"), amount, category, currency);
    return line && !isCharge ? { ...line, net: line.net.negated() } : line;
  });
  return [...lines, ...others];
}

/** The days a line is for, or else those of the whole document (BG-26, BG-14); nothing where one end is missing or they are no span. */
function servicePeriodOf(period: Period | undefined): ServicePeriod {
  const found = { serviceFrom: dayOf(period?.start), serviceUntil: dayOf(period?.end) };
  return isServicePeriodFit(found) ? found : {};
}

function quantityOf(quantity: { readonly value: string } | undefined): string | undefined {
  const count = numberOf(quantity?.value);
  return count?.gt(0) && count.lt("1e12") && count.decimalPlaces() <= 6 ? count.toFixed() : undefined;
}

function nameOf(name: string | undefined, quantity: { readonly value: string } | undefined): string {
  const count = numberOf(quantity?.value);
  return count && !count.eq(1) ? `${count.toFixed()} × ${name ?? "Line"}` : (name ?? "Line");
}

/** The name alone, as lines of a bill and of its credit note compare. */
export const withoutQuantity = (description: string): string => description.replace(/^-?[\d.]+ × /, "");

function lineOf(
  description: string,
  amount: Amount | undefined,
  category: TaxCategory | undefined,
  currency: string,
): DraftLine | undefined {
  const net = moneyOf(amount, currency);
  return (
    net && {
      description: oneLine(description),
      net,
      category: { code: category?.code ?? "", percent: numberOf(category?.percent) ?? zero },
    }
  );
}

/** One line of text of at most so many characters, as the lines of a bill are. */
function oneLine(text: string, max = 300): string {
  const plain = text.replace(/\p{Cc}+/gu, " ").trim();
  return plain.length > max ? `${plain.slice(0, max - 1)}…` : plain || "Line";
}

const oneLineOr = (text: string | undefined, max: number): string | undefined => (text?.trim() ? oneLine(text, max) : undefined);

/** Terms keep their line ends. */
const textOf = (text: string | undefined): string | undefined =>
  text
    ?.replace(/[^\P{Cc}\n]+/gu, " ")
    .trim()
    .slice(0, 2000)
    .toWellFormed() || undefined;

function together(lines: readonly DraftLine[]): DraftLine[] {
  if (lines.length <= linesMax) return [...lines];
  const groups = new Map<string, DraftLine & { readonly count: number }>();
  for (const line of lines) {
    const { category, serviceFrom, serviceUntil } = line;
    const key = [category.code, category.percent.toFixed(), serviceFrom, serviceUntil].join(" ");
    const known = groups.get(key);
    groups.set(key, { ...line, net: known ? known.net.plus(line.net) : line.net, count: (known?.count ?? 0) + 1 });
  }
  return [...groups.values()].map(({ count, quantity: _, ...line }) => ({
    ...line,
    description: `${count} lines, the first: ${line.description}`.slice(0, 300),
  }));
}

/** A name as it compares: letters and digits, in lower case, without the legal form's punctuation. */
const nameKey = (name: string): string =>
  name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

/** An identifier as it compares. */
const idKey = (id: string): string => id.replace(/[\s./-]/g, "").toUpperCase();

export interface SellerKeys {
  readonly taxNumbers: readonly string[];
  readonly accounts: readonly string[];
  readonly endpoint: { readonly scheme: string; readonly value: string } | undefined;
  readonly names: readonly string[];
}

/** By what a supplier is found. */
export function keysOf(invoice: ElectronicInvoice): SellerKeys {
  const { seller } = invoice;
  const told = (values: readonly (string | undefined)[]): string[] =>
    values.filter((value) => value !== undefined && value !== "") as string[];
  return {
    taxNumbers: told([seller?.vatId, seller?.taxId]).map(idKey),
    accounts: told(invoice.payments.map((means) => means.account?.id)).map(idKey),
    endpoint: seller?.endpoint?.scheme ? { scheme: seller.endpoint.scheme, value: seller.endpoint.value } : undefined,
    names: told([seller?.name, seller?.tradingName]).map(nameKey),
  };
}
