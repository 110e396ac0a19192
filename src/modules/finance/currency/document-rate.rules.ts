// The rate a document comes into the books at: agreed, or that of its day.
import type { Day } from "../../../kernel/day.ts";
import { decimal } from "../../../kernel/decimal.ts";
import type { Exchange } from "./convert.rules.ts";
import { type FoundRate, rateDecimals, type RateNo } from "./rate.rules.ts";

/** The rates that documents of these days and currencies may ask for. */
export type DocumentRates = ReadonlyMap<string, FoundRate | RateNo>;

export const keyOf = (currency: string, day: Day): string => `${currency} ${day}`;

export interface DocumentMoney {
  readonly currency: string;
  readonly day: Day;
  /** Agreed, or kept from the draft; by default the day's rate. */
  readonly rate?: string;
}

/** How a document comes into the books; undefined where it is in their currency. */
export function exchangeOf(document: DocumentMoney, bookCurrency: string, rates: DocumentRates): Exchange | undefined | RateNo {
  if (document.currency === bookCurrency) return undefined;
  const { rate } = document;
  if (rate !== undefined) {
    const isFit = decimal(rate).toDecimalPlaces(rateDecimals).gt(0);
    return isFit ? { bookCurrency, rate } : { code: "rateUnfit", facts: { rate }, path: ["rate"] };
  }
  const found = rates.get(keyOf(document.currency, document.day))!;
  return "code" in found ? found : { bookCurrency, rate: found.rate };
}
