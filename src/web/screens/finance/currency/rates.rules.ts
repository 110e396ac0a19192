// Rates as they are shown: at most six significant decimals, turned round exactly enough to read.
import { Decimal, decimal } from "../../../../kernel/decimal.ts";

export const turned = (rate: string): string => decimal("1").dividedBy(decimal(rate)).toDecimalPlaces(12).toFixed();

/** Six significant digits, at least four decimals. */
export function shownRate(rate: string): string {
  const exact = decimal(rate);
  const places = Math.max(4, 6 - exact.precision() + exact.decimalPlaces());
  return exact.toDecimalPlaces(Math.min(places, 8), Decimal.ROUND_HALF_UP).toFixed(4 > exact.decimalPlaces() ? 4 : undefined);
}

export const compareRates = (a: string, b: string): number => decimal(a).comparedTo(decimal(b));
