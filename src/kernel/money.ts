// Money is a whole number of minor units with its currency: 12.34 EUR is 1234n EUR. `number` never holds an amount.
import { type Currency, currency as toCurrency, currencyDecimals } from "./currency.ts";
import { type Decimal, Decimal as DecimalClass } from "./decimal.ts";

export type Rounding = "halfUp" | "halfEven" | "down" | "up";

const decimalRounding: Record<Rounding, 0 | 1 | 4 | 6> = {
  halfUp: DecimalClass.ROUND_HALF_UP,
  halfEven: DecimalClass.ROUND_HALF_EVEN,
  down: DecimalClass.ROUND_DOWN,
  up: DecimalClass.ROUND_UP,
};

/** How money is written on every face: `{ "amount": "1234.50", "currency": "EUR" }`. */
export interface MoneyText {
  readonly amount: string;
  readonly currency: string;
}

export class Money {
  readonly minor: bigint;
  readonly currency: Currency;

  constructor(minor: bigint, currency: Currency | string) {
    this.minor = minor;
    this.currency = toCurrency(currency);
  }

  static zero(currency: Currency | string): Money {
    return new Money(0n, currency);
  }

  /** Reads `"1234.5"`. @throws RangeError on no amount, or on more decimals than the currency has: money is never silently rounded. */
  static parse(amount: string, currency: string): Money {
    const code = toCurrency(currency);
    return new Money(parseMinor(amount, currencyDecimals(code)), code);
  }

  plus(other: Money): Money {
    return new Money(this.minor + this.same(other).minor, this.currency);
  }

  minus(other: Money): Money {
    return new Money(this.minor - this.same(other).minor, this.currency);
  }

  negated(): Money {
    return new Money(-this.minor, this.currency);
  }

  abs(): Money {
    return this.minor < 0n ? this.negated() : this;
  }

  /** -1, 0 or 1, as the sort of amounts of one currency needs it. */
  compare(other: Money): number {
    const difference = this.minor - this.same(other).minor;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  equals(other: Money): boolean {
    return this.currency === other.currency && this.minor === other.minor;
  }

  /** Times an exact factor, rounded once to a minor unit. */
  times(factor: Decimal, rounding: Rounding): Money {
    const exact = new DecimalClass(this.minor.toString()).times(factor);
    return new Money(BigInt(exact.toDecimalPlaces(0, decimalRounding[rounding]).toFixed(0)), this.currency);
  }

  /**
   * Splits by weights so that the parts add up to the whole: each part is cut towards zero, then the largest remainders
   * get one minor unit each, ties in the order given. Weights are non-negative and not all zero.
   */
  allocate(weights: readonly bigint[]): Money[] {
    const total = weights.reduce((sum, weight) => sum + weight, 0n);
    if (total <= 0n || weights.some((weight) => weight < 0n)) throw new RangeError("weights must be non-negative with a positive sum");
    const sign = this.minor < 0n ? -1n : 1n;
    const whole = this.minor * sign;
    const parts = weights.map((weight, index) => ({ index, cut: (whole * weight) / total, rest: (whole * weight) % total }));
    let left = whole - parts.reduce((sum, part) => sum + part.cut, 0n);
    for (const part of parts.toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))) {
      if (left === 0n) break;
      part.cut += 1n;
      left -= 1n;
    }
    return parts.map((part) => new Money(part.cut * sign, this.currency));
  }

  /** `"1234.50"`, always with the decimals of the currency. */
  get amount(): string {
    return formatMinor(this.minor, currencyDecimals(this.currency));
  }

  toJSON(): MoneyText {
    return { amount: this.amount, currency: this.currency };
  }

  toString(): string {
    return `${this.amount} ${this.currency}`;
  }

  private same(other: Money): Money {
    if (other.currency !== this.currency) throw new RangeError(`${this.currency} and ${other.currency} do not add up`);
    return other;
  }
}

const amountPattern = /^(-?)(\d{1,18})(?:\.(\d{1,18}))?$/;

/** Reads an amount with a point into minor units. @throws RangeError on anything else, or on decimals the currency has not. */
export function parseMinor(amount: string, decimals: number): bigint {
  const parts = amountPattern.exec(amount);
  if (!parts) throw new RangeError(`"${amount}" is not an amount like 1234.50`);
  const fraction = (parts[3] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) throw new RangeError(`"${amount}" has more than ${decimals} decimals`);
  const minor = BigInt(parts[2]! + fraction.padEnd(decimals, "0"));
  return parts[1] === "-" ? -minor : minor;
}

export function formatMinor(minor: bigint, decimals: number): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  return (minor < 0n ? "-" : "") + whole + (decimals > 0 ? `.${digits.slice(-decimals)}` : "");
}

export const sumMoney = (amounts: readonly Money[], currency: Currency | string): Money =>
  amounts.reduce((sum, amount) => sum.plus(amount), Money.zero(currency));
