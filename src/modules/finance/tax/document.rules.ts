// Totals of an invoice or bill: each line is rounded once, then tax is counted on the sum of each rate (EN 16931, BR-CO-17).
import { type Decimal, decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Money, sumMoney } from "../../../kernel/money.ts";

export interface TaxedLine {
  readonly net: Money;
  readonly taxCodeId: Id;
  /** In percent, e.g. `19`. */
  readonly percent: string;
}

export interface TaxAmount {
  readonly taxCodeId: Id;
  readonly percent: string;
  readonly base: Money;
  readonly tax: Money;
}

export interface DocumentTotals {
  readonly taxes: readonly TaxAmount[];
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
}

/** Quantity times unit price, rounded half up to a minor unit. */
export const lineNet = (quantity: string, unitPrice: Money): Money => unitPrice.times(decimal(quantity), "halfUp");

export function documentTotals(lines: readonly TaxedLine[], currency: string): DocumentTotals {
  const bases = new Map<Id, { percent: string; base: Money }>();
  for (const line of lines) {
    const known = bases.get(line.taxCodeId);
    bases.set(line.taxCodeId, { percent: line.percent, base: known ? known.base.plus(line.net) : line.net });
  }
  const taxes = [...bases].map(([taxCodeId, { percent, base }]): TaxAmount => ({
    taxCodeId,
    percent,
    base,
    tax: base.times(factorOf(percent), "halfUp"),
  }));
  const net = sumMoney(
    lines.map((line) => line.net),
    currency,
  );
  const tax = sumMoney(
    taxes.map((one) => one.tax),
    currency,
  );
  return { taxes, net, tax, total: net.plus(tax) };
}

const factorOf = (percent: string): Decimal => decimal(percent).dividedBy(100);

/** A supplier's number as it compares: only letters and digits count, in lower case. */
export const supplierNumberKey = (number: string): string =>
  number
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
