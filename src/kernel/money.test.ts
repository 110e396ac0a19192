// Money: what goes in comes out, parts add up to the whole, nothing is silently rounded.
import fc from "fast-check";
import { expect, test } from "vitest";
import { currencies, currencyDecimals } from "./currency.ts";
import { Decimal } from "./decimal.ts";
import { Money, parseMinor, type Rounding, sumMoney } from "./money.ts";

const anyMinor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const anyCurrency = fc.constantFrom(...currencies());
const anyMoney = fc.tuple(anyMinor, anyCurrency).map(([minor, currency]) => new Money(minor, currency));

test("an amount written out and read again is the same", () => {
  fc.assert(
    fc.property(anyMoney, (money) => {
      expect(Money.parse(money.amount, money.currency).equals(money)).toBe(true);
    }),
  );
});

test.each([
  ["1234.50", "EUR", 123450n],
  ["1234.5", "EUR", 123450n],
  ["-0.01", "EUR", -1n],
  ["7", "EUR", 700n],
  ["1.10", "EUR", 110n],
  ["1.100", "EUR", 110n],
  ["500", "JPY", 500n],
  ["1.234", "KWD", 1234n],
  ["0.0001", "CLF", 1n],
  ["0", "EUR", 0n],
])("%s %s is %s minor units", (amount, currency, minor) => {
  expect(Money.parse(amount, currency).minor).toBe(minor);
});

test.each([
  ["1.234", "EUR", /more than 2 decimals/],
  ["1.5", "JPY", /more than 0 decimals/],
  ["1,50", "EUR", /not an amount/],
  ["1e3", "EUR", /not an amount/],
  ["", "EUR", /not an amount/],
  ["--1", "EUR", /not an amount/],
  ["1.00", "XXQ", /ISO 4217/],
  ["1.00", "eur", /ISO 4217/],
])("%s %s is refused", (amount, currency, reason) => {
  expect(() => Money.parse(amount, currency)).toThrow(reason);
});

test("a split always adds up to the whole, and no part is off by a whole unit", () => {
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 30 })
    .filter((all) => all.some((one) => one > 0n));
  fc.assert(
    fc.property(anyMoney, weights, (money, shares) => {
      const parts = money.allocate(shares);
      expect(sumMoney(parts, money.currency).equals(money)).toBe(true);
      const total = shares.reduce((sum, share) => sum + share, 0n);
      parts.forEach((part, index) => {
        const difference = part.minor * total - money.minor * shares[index]!;
        expect(difference > -total && difference < total).toBe(true);
      });
    }),
  );
});

test("a third each: the first parts get the cents that are left", () => {
  expect(Money.parse("100.00", "EUR").allocate([1n, 1n, 1n]).map(String)).toEqual(["33.34 EUR", "33.33 EUR", "33.33 EUR"]);
  expect(Money.parse("-0.05", "EUR").allocate([1n, 1n]).map(String)).toEqual(["-0.03 EUR", "-0.02 EUR"]);
});

test.each<[string, string, Rounding, string]>([
  ["10.05", "0.5", "halfUp", "5.03"],
  ["10.05", "0.5", "halfEven", "5.02"],
  ["10.05", "0.5", "down", "5.02"],
  ["10.01", "0.5", "up", "5.01"],
  ["-10.05", "0.5", "halfUp", "-5.03"],
  ["99999999999.99", "0.19", "halfUp", "19000000000.00"],
])("%s times %s rounded %s is %s", (amount, factor, rounding, expected) => {
  expect(Money.parse(amount, "EUR").times(new Decimal(factor), rounding).amount).toBe(expected);
});

test("adding is exact, in any order, and never across currencies", () => {
  fc.assert(
    fc.property(fc.array(anyMinor, { maxLength: 50 }), (amounts) => {
      const all = amounts.map((minor) => new Money(minor, "EUR"));
      expect(sumMoney(all.toReversed(), "EUR").equals(sumMoney(all, "EUR"))).toBe(true);
      expect(sumMoney(all, "EUR").minor).toBe(amounts.reduce((sum, one) => sum + one, 0n));
    }),
  );
  expect(() => Money.zero("EUR").plus(Money.zero("USD"))).toThrow(/do not add up/);
});

test("an amount beyond eighteen digits is refused, not cut", () => {
  expect(() => parseMinor("1234567890123456789", 2)).toThrow(/not an amount/);
  expect(currencyDecimals(currencies().find((code) => code === "EUR")!)).toBe(2);
});
