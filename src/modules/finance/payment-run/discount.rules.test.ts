// The tax of a discount on a bill, reckoned by hand.
import { expect, test } from "vitest";
import { Money } from "../../../kernel/money.ts";
import { discountTaxes } from "./discount.rules.ts";

const eur = (amount: string): Money => Money.parse(amount, "EUR");

test("what is reclaimed and what is cost are together the tax of the discount", () => {
  // 3.57 of 119.00 are 3 percent: 3.00 net and 0.57 of tax; half of that, 0.285, is reclaimed, and 0.28 is left as cost.
  const kept = { side: "input" as const, base: eur("100.00"), tax: eur("9.50"), cost: eur("9.50") };
  const [back] = discountTaxes(eur("3.57"), eur("119.00"), [kept]);
  expect([back!.base, back!.tax, back!.cost].map((one) => one.amount)).toEqual(["-3.00", "-0.29", "-0.28"]);
});
