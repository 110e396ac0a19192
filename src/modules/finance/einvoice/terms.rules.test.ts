// Payment terms of e-invoices, read from the published German examples and written as BR-DE-18 of XRechnung wants them.
import { describe, expect, it, test } from "vitest";
import type { Day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { readDocument } from "./read-xml.rules.ts";
import { suiteBytes, suitesAreHere } from "./samples.testing.ts";
import { discountsIn, type InstalmentFacts, termsText } from "./terms.rules.ts";

const day = "2026-11-03" as Day;
const eur = (amount: string) => Money.parse(amount, "EUR");
const part = (dueDay: string, amount: string, ...discounts: [string, string][]): InstalmentFacts => ({
  dueDay: dueDay as Day,
  amount: eur(amount),
  discounts: discounts.map(([untilDay, off]) => ({ untilDay: untilDay as Day, amount: eur(off) })),
});

describe("written", () => {
  test.each([
    ["one day is told by BT-9 alone", false, [part("2026-12-03", "100.00")], undefined],
    [
      "instalments",
      false,
      [part("2026-11-17", "30.00"), part("2026-12-17", "70.00")],
      "Payable in 2 instalments: 30.00 EUR by 2026-11-17, 70.00 EUR by 2026-12-17.",
    ],
    [
      "a discount in words",
      false,
      [part("2026-12-03", "1190.00", ["2026-11-10", "23.80"])],
      "23.80 EUR off 1190.00 EUR when it is paid by 2026-11-10.",
    ],
    [
      "discounts between Germans, in signs, each line ended",
      true,
      [part("2026-12-03", "1190.00", ["2026-11-10", "26.78"], ["2026-11-17", "11.90"])],
      // 2.25 % of 1190.00 is 26.775, half up 26.78.
      "#SKONTO#TAGE=7#PROZENT=2.25#\n#SKONTO#TAGE=14#PROZENT=1.00#\n",
    ],
    [
      "of an instalment the base is told",
      true,
      [part("2026-11-17", "0.40"), part("2026-12-17", "70.00", ["2026-11-10", "1.40"])],
      "Payable in 2 instalments: 0.40 EUR by 2026-11-17, 70.00 EUR by 2026-12-17.\n#SKONTO#TAGE=7#PROZENT=2.00#BASISBETRAG=70.00#\n",
    ],
  ])("%s", (_, isGerman, instalments, text) => {
    expect(termsText({ day, instalments, isGerman })).toBe(text);
  });

  it("is read back as what was offered", () => {
    const text = termsText({ day, isGerman: true, instalments: [part("2026-12-03", "1190.00", ["2026-11-10", "26.78"])] });
    expect(discountsIn(text, day)).toEqual([{ untilDay: "2026-11-10", percent: "2.25" }]);
  });
});

describe.skipIf(!suitesAreHere)("read", () => {
  it.each(["ubl", "uncefact"])("the three steps of the German example in %s: the last, of nothing, is only a day", (syntax) => {
    const { invoice } = readDocument(suiteBytes(`xrechnung-testsuite/test/business-cases/standard/01.10a-INVOICE_${syntax}.xml`));
    expect(discountsIn(invoice.terms, day)).toEqual([
      { untilDay: "2026-11-10", percent: "2" },
      { untilDay: "2026-11-17", percent: "1" },
    ]);
  });

  it("words are no discount", () => expect(discountsIn("2 % when paid within 7 days", day)).toEqual([]));
});
