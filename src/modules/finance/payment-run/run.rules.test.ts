// Payments of a run: grouped by payee, account and day; the discount and its tax by hand; text as banks take it.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { discountOn, discountTaxes, type KeptTax } from "./discount.rules.ts";
import { plannedPayments, type RunItem } from "./grouping.rules.ts";
import { sepaText } from "./sepa-text.rules.ts";

const euro = (amount: string): Money => Money.parse(amount, "EUR");
const [supplierId, otherId, accountId] = [newId(), newId(), newId()];
const item = (supplierNumber: string, amount: string, more: Partial<RunItem> = {}): RunItem => ({
  id: newId(),
  supplierId,
  accountId,
  dueDay: day("2026-12-03"),
  discountDay: null,
  takesDiscount: false,
  supplierNumber,
  reference: null,
  amount: euro(amount),
  ...more,
});
const payDay = day("2026-11-25");

describe("payments of a run", () => {
  test("bills of one payee are one payment, those with a structured reference each their own", () => {
    const rf = item("C", "30.00", { reference: "RF18 5390 0754 7034" });
    const planned = plannedPayments(
      [item("A", "10.00"), item("B", "20.00"), rf, item("D", "1.00", { supplierId: otherId })],
      payDay,
      false,
    );
    expect(planned.map((one) => [one.kind, one.reference, one.amount.amount, one.itemIds.length])).toEqual([
      ["text", "A, B", "30.00", 2],
      ["rf", "RF18539007547034", "30.00", 1],
      ["text", "D", "1.00", 1],
    ]);
  });

  test("paid when due, each day is a payment of its own, and a discount is not let go", () => {
    const early = item("A", "10.00", { dueDay: day("2026-11-20") });
    const late = item("B", "20.00");
    const discounted = item("C", "5.00", { discountDay: day("2026-11-28"), takesDiscount: true });
    const planned = plannedPayments([early, late, discounted], payDay, true);
    expect(planned.map((one) => [one.reference, one.day])).toEqual([
      ["A", "2026-11-25"],
      ["B", "2026-12-03"],
      ["C", "2026-11-28"],
    ]);
  });

  test("what does not fit in 140 characters is counted", () => {
    const items = Array.from({ length: 40 }, (_, index) => item(`BILL-${1000 + index}`, "1.00"));
    const [one] = plannedPayments(items, payDay, false);
    expect(one!.reference.length).toBeLessThanOrEqual(140);
    // Eleven numbers of nine characters and ten separators are 119, "and 29 more" makes 131; a twelfth would be 142.
    expect(one!.reference.endsWith("BILL-1010 and 29 more")).toBe(true);
  });
});

describe("an early payment", () => {
  const total = euro("1190.00");
  const term = { day: day("2026-11-28"), percent: "2" };

  test("takes two percent until its day, on a bill that is wholly open", () => {
    expect(discountOn(term, total, total, day("2026-11-28")).amount).toBe("23.80");
    expect(discountOn(term, total, total, day("2026-11-29")).amount).toBe("0.00");
    expect(discountOn(term, total, euro("1000.00"), payDay).amount).toBe("0.00");
    expect(discountOn({ day: null, percent: null }, total, total, payDay).amount).toBe("0.00");
  });

  test("corrects the tax of each rate by its share", () => {
    const kept = (base: string, tax: string, more: object = {}) =>
      ({ side: "input", base: euro(base), tax: euro(tax), cost: euro("0"), ...more }) as KeptTax;
    const shown = (taxes: readonly KeptTax[]) => taxes.map((one) => [one.base.amount, one.tax.amount]);
    // 2 % of 1,190.00 is 23.80: 20.00 and 3.80 tax.
    const plain = discountTaxes(euro("23.80"), total, [kept("1000.00", "190.00")]);
    expect(shown(plain)).toEqual([["-20.00", "-3.80"]]);
    // 119.00 at 19 % and 107.00 at 7 %: 3 % is 6.78, of it 3.57 (0.57 tax) and 3.21 (0.21 tax).
    const mixed = discountTaxes(euro("6.78"), euro("226.00"), [kept("100.00", "19.00"), kept("100.00", "7.00")]);
    expect(shown(mixed)).toEqual([
      ["-3.00", "-0.57"],
      ["-3.00", "-0.21"],
    ]);
    // Under reverse charge the bill is net: 2 % of 1,000.00 is all discount, and both sides of the tax go down by 3.80.
    const reverse = discountTaxes(euro("20.00"), euro("1000.00"), [
      kept("1000.00", "190.00"),
      kept("1000.00", "190.00", { side: "output" }),
    ]);
    expect(shown(reverse)).toEqual([
      ["-20.00", "-3.80"],
      ["-20.00", "-3.80"],
    ]);
  });
});

test.each([
  ["Müller & Söhne, Straße", "Mueller + Soehne, Strasse"],
  ["Łódź Ørsted Þór", "Lodz Orsted Thor"],
  ["a_b@c.d “x”", "a-b(at)c.d 'x'"],
  ["//RE//7/", "RE/7"],
  ["你好 ✓", ".. ."],
  ["x".repeat(200), "x".repeat(70)],
])("%s is written %s", (text, written) => expect(sepaText(text, 70)).toBe(written));
