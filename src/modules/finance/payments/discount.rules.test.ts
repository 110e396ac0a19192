// Early-payment discounts by hand: 2 % of 1190.00 are 23.80, of which 20.00 are net and 3.80 tax at 19 %.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { discountedShares, discountOn, discountParts } from "./discount.rules.ts";

const euro = (amount: string): Money => Money.parse(amount, "EUR");
const item = (id: string, open: string, ...offers: [string, string][]) => ({
  itemId: id as Id,
  open: euro(open),
  offers: offers.map(([until, amount]) => ({ itemId: id as Id, untilDay: day(until), amount: euro(amount) })),
});
const invoice = item("a", "1190.00", ["2026-11-11", "23.80"], ["2026-11-21", "11.90"]);

describe("what is taken off", () => {
  test.each([
    ["two percent in ten days", "1166.20", "2026-11-11", "23.80"],
    ["a day late, that is too little", "1166.20", "2026-11-12", undefined],
    ["one percent in twenty", "1178.10", "2026-11-21", "11.90"],
    ["less than offered", "1180.00", "2026-11-05", "10.00"],
    ["a cent short", "1166.19", "2026-11-05", undefined],
    ["all of it paid", "1190.00", "2026-11-05", undefined],
    ["too late for any", "1178.10", "2026-11-22", undefined],
  ])("%s", (_, paid, on, off) => {
    expect(discountOn(invoice, euro(paid), day(on))?.amount).toBe(off);
  });
});

test("a payment that is two invoices with their discounts is shared that way, any other is not", () => {
  const plain = item("b", "50.00");
  const shown = (amount: string) => discountedShares(euro(amount), [invoice, plain], day("2026-11-10"))?.map((one) => one.amount.amount);
  expect(shown("1216.20")).toEqual(["1166.20", "50.00"]);
  expect(shown("1166.20")).toEqual(["1166.20"]);
  expect(shown("1200.00")).toBeUndefined();
  expect(discountedShares(euro("50.00"), [plain], day("2026-11-10"))).toBeUndefined();
});

describe("net and tax of a discount", () => {
  const parts = (discount: string, ...taxes: [string, string][]) =>
    discountParts(
      euro(discount),
      taxes.map(([base, tax]) => ({ base: euro(base), tax: euro(tax) })),
    ).map((part) => [part.base.amount, part.tax.amount]);
  test("at one rate", () => {
    expect(parts("23.80", ["1000.00", "190.00"])).toEqual([["20.00", "3.80"]]);
  });
  test("at two rates and none, to the cent", () => {
    // 1190 + 107 + 103 = 1400: of 14.00 they bear 11.90, 1.07 and 1.03.
    expect(parts("14.00", ["1000.00", "190.00"], ["100.00", "7.00"], ["103.00", "0.00"])).toEqual([
      ["10.00", "1.90"],
      ["1.00", "0.07"],
      ["1.03", "0.00"],
    ]);
  });
});
