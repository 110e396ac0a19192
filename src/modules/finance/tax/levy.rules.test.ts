// Tax counted as the tests of Tryton's accounting publish it, and the rounding cases of EN 16931 in public trackers.
import { describe, expect, test } from "vitest";
import { type Decimal, decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Levy, leviesOn, netOfGross, shareTotal, taxOfCode } from "./levy.rules.ts";

const percent = (rate: string, more: Partial<Levy> = {}): Levy => ({ taxCodeId: rate as Id, code: rate, percent: rate, ...more });
const perUnit = (amount: string, more: Partial<Levy> = {}): Levy => ({ ...percent("0"), perUnit: amount, ...more });
const line = (base: string, levies: readonly Levy[], quantity = "1") => ({ base: decimal(base), quantity: decimal(quantity), levies });
const texts = (amounts: readonly Decimal[]): string[] => amounts.map(String);

describe("Tryton, modules/account/tests/test_module.py", () => {
  const parts = [percent("10"), perUnit("5"), percent("20")];
  const raising = [percent("10"), perUnit("5", { raisesBase: true }), percent("20")];

  test.each([
    ["10 %, 5 each, 20 % on 100", line("100", parts), ["10", "5", "20"], ["100", "100", "100"]],
    ["an amount that raises the base of the later ones", line("100", raising), ["10", "5", "21"], ["100", "100", "105"]],
    [
      "5 at 100 with eco tax of 5 each",
      line("500", [perUnit("5", { raisesBase: true }), percent("20")], "5"),
      ["25", "105"],
      ["500", "525"],
    ],
  ])("%s", (_, given, taxes, bases) => {
    const found = leviesOn(given);
    expect(texts(found.map((one) => one.tax))).toEqual(taxes);
    expect(texts(found.map((one) => one.base))).toEqual(bases);
  });

  test.each([
    ["135", parts],
    ["136", raising],
  ])("%s with the tax in it is 100 without", (gross, levies) => {
    expect(netOfGross(decimal(gross), decimal("1"), levies).toString()).toBe("100");
  });

  test("100 lines of 1.001 at 20 %: 20.00 by line, 20.02 by document", () => {
    const lines = Array.from({ length: 100 }, () => line("1.001", [percent("20")]));
    expect(taxOfCode(lines, lines[0]!.levies, "line", 2)[0]!.tax.toFixed(2)).toBe("20.00");
    const [once] = taxOfCode(lines, lines[0]!.levies, "document", 2);
    expect(once!.tax.toFixed(2)).toBe("20.02");
    // The two cents go to the first two lines.
    expect(texts(once!.byLine().slice(0, 3))).toEqual(["0.21", "0.21", "0.2"]);
  });

  test("1.0417 with two taxes of 10 %: 0.21 together, the first has the cent", () => {
    const twice = [percent("10"), percent("10")];
    const found = taxOfCode([line("1.0417", twice)], twice, "document", 2);
    expect(texts(found.map((one) => one.tax))).toEqual(["0.11", "0.1"]);
  });
});

test("3 at 99.99 with 25 %: 75.00 by line, 74.99 by rate (EN 16931 BR-CO-17)", () => {
  const lines = Array.from({ length: 3 }, () => line("99.99", [percent("25")]));
  expect([
    taxOfCode(lines, lines[0]!.levies, "line", 2)[0]!.tax.toFixed(2),
    taxOfCode(lines, lines[0]!.levies, "document", 2)[0]!.tax.toFixed(2),
  ]).toEqual(["75.00", "74.99"]);
});

test("reverse charge is not in the price", () => {
  expect(netOfGross(decimal("119"), decimal("1"), [percent("19", { isReverse: true })]).toString()).toBe("119");
});

test.each([
  ["0.10", ["0.033", "0.033", "0.034"], ["0.03", "0.03", "0.04"]],
  ["0.01", ["0.005", "0.005"], ["0.01", "0"]],
  ["-0.01", ["-0.005", "-0.005"], ["0", "-0.01"]],
  ["0.00", ["1.005", "-1.005"], ["1.01", "-1.01"]],
])("%s shared over %j", (total, parts, shares) => {
  expect(texts(shareTotal(decimal(total), parts.map(decimal), 2))).toEqual(shares);
});
