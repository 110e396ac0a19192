// Numbers of an electronic invoice, exact, as the rules reckon with them.
import { Decimal } from "../../../kernel/decimal.ts";
import type { Amount } from "./model.ts";

const pattern = /^[+-]?(\d{1,30}(\.\d{0,20})?|\.\d{1,20})$/;

export const zero = new Decimal(0);

/** Nothing where nothing, or no number, is written. */
export function numberOf(text: string | undefined): Decimal | undefined {
  return text !== undefined && pattern.test(text) ? new Decimal(text) : undefined;
}

export const valueOf = (amount: Amount | undefined): Decimal | undefined => numberOf(amount?.value);

/** What is not written counts as zero. */
export const orZero = (amount: Amount | undefined): Decimal => valueOf(amount) ?? zero;

export const sumOf = (amounts: readonly (Amount | undefined)[]): Decimal =>
  amounts.reduce((sum: Decimal, amount) => sum.plus(orZero(amount)), zero);

/** Half up, also below zero: -0.005 becomes 0.00 there as the standards' own function rounds. */
export function rounded(value: Decimal, places: number): Decimal {
  const factor = new Decimal(10).pow(places);
  return value.times(factor).plus("0.5").floor().dividedBy(factor);
}

/** How many decimals are written, zeros at the end included. */
export const decimalsOf = (text: string): number => text.split(".")[1]?.length ?? 0;

export const isWithin = (one: Decimal, other: Decimal, slack: string): boolean => one.minus(other).abs().lte(slack);
