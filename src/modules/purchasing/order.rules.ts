// What an order comes to: each line is its quantity times its price, rounded once; the order is the sum of its lines.
import { decimal } from "../../kernel/decimal.ts";
import { currency as toCurrency, currencyDecimals } from "../../kernel/currency.ts";
import { Money, sumMoney } from "../../kernel/money.ts";

export interface PricedLine {
  readonly quantity: string;
  /** Of one, in the order's currency; it may have more decimals than the currency. */
  readonly unitPrice: string;
}

/** Rounded half up to a minor unit. */
export function lineAmount(line: PricedLine, currency: string): Money {
  const exact = decimal(line.quantity).times(decimal(line.unitPrice));
  return Money.parse(exact.toDecimalPlaces(currencyDecimals(toCurrency(currency))).toFixed(), currency);
}

export const orderAmount = (lines: readonly PricedLine[], currency: string): Money =>
  sumMoney(
    lines.map((line) => lineAmount(line, currency)),
    currency,
  );
