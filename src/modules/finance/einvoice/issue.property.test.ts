// Whatever is invoiced, the document that leaves keeps every rule of EN 16931 and Peppol, in both syntaxes, and says what was posted:
// random quantities, prices, taxes and roundings from a printed seed, reckoned by the same totals that posting uses.
import { describe, expect, it } from "vitest";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money, sumMoney } from "../../../kernel/money.ts";
import { inBooks } from "../currency/convert.rules.ts";
import { discountsOf, instalmentsOf, netDays, type TermRule } from "../receivables/payment-term.rules.ts";
import { documentTotals, lineNet } from "../tax/document.rules.ts";
import type { TaxPart } from "../tax/tax-code.rules.ts";
import { type CategoryFacts, invoiceOf, type IssueFacts, missingFacts, type PartyFacts } from "./issue.rules.ts";
import { judge } from "./judge.rules.ts";
import { readDocument } from "./read-xml.rules.ts";
import { categoryOf, type TaxCodeFacts } from "./tax-category.rules.ts";
import { writeCii } from "./write-cii.rules.ts";
import { writeUbl } from "./write-ubl.rules.ts";

const seed = Number(process.env["SEED"] ?? 20261122);

/** Mulberry32, a small generator whose whole run follows from its seed. */
function randomFrom(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const party = (name: string, more: Partial<PartyFacts> = {}): PartyFacts => ({
  name,
  email: "books@baumhaus.example",
  phone: "040 555 12",
  contact: "Arno Accountant",
  street: "Straße & Söhne <1>",
  postcode: "20457",
  city: "Hamburg",
  country: "DE",
  taxNumber: "DE811569869",
  registration: null,
  endpointScheme: "9930",
  endpoint: "de811569869",
  ...more,
});

const plainCode: TaxCodeFacts = {
  name: "Exempt",
  percent: "0",
  isReverse: false,
  ecSupply: null,
  vatCategory: null,
  exemptionCode: null,
  exemptionText: null,
};
const codes: readonly TaxCodeFacts[] = [
  { ...plainCode, name: "Standard", percent: "19" },
  { ...plainCode, name: "Reduced", percent: "7" },
  { ...plainCode, name: "Odd", percent: "5.5" },
  { ...plainCode, name: "Second at 19", percent: "19" },
  plainCode,
  { ...plainCode, name: "Zero", vatCategory: "Z" },
  { ...plainCode, name: "Reverse", percent: "19", isReverse: true },
  { ...plainCode, name: "To France", ecSupply: "goods" },
  { ...plainCode, name: "Export", vatCategory: "G" },
];

const partOf = (code: TaxCodeFacts, index: number): TaxPart => ({
  taxCodeId: `code-${index}` as Id,
  code: code.name,
  percent: code.percent,
  isReverse: code.isReverse,
  outputAccountId: "out" as Id,
  inputAccountId: "in" as Id,
  pendingAccountId: null,
  deductiblePercent: "100",
  outputBaseBox: null,
  outputTaxBox: null,
  inputBaseBox: null,
  inputTaxBox: null,
});

const parts = codes.map(partOf);
const categories: readonly CategoryFacts[] = codes.map(categoryOf);

/** Half now and the rest in two months, with two steps of discount. */
const inHalves: TermRule = {
  instalments: [
    { percent: "50", months: 0, days: 14, monthEnd: "none", notOnWeekend: false },
    { months: 2, days: 0, monthEnd: "none", notOnWeekend: false },
  ],
  discounts: [
    { percent: "2.25", days: 7 },
    { percent: "1", days: 10 },
  ],
};
const early: TermRule = { ...netDays(30), discounts: [{ percent: "3", days: 8 }] };
const rules: readonly TermRule[] = [netDays(30), inHalves, early];

function randomFacts(random: (below: number) => number, syntax: "ubl" | "cii"): IssueFacts {
  const way = { rounding: random(2) ? ("line" as const) : ("document" as const), pricesIncludeTax: random(3) === 0 };
  const currency = random(3) === 0 ? "USD" : "EUR";
  const rule = rules[random(rules.length)]!;
  const isHome = random(2) === 0;
  const lines = Array.from({ length: 1 + random(12) }, () => {
    const code = random(codes.length);
    const sign = random(5) === 0 ? -1n : 1n;
    const unitPrice = new Money(sign * BigInt(random(1_000_000)), currency);
    const quantity = `${random(3) ? random(200) : 0}.${String(random(1_000_000)).padStart(6, "0")}`.replace(/0+$/, "").replace(/\.$/, "");
    return { code, unitPrice, quantity: quantity || "1", net: lineNet(quantity || "1", unitPrice) };
  });
  const totals = documentTotals(
    lines.map((line) => ({ net: line.net, quantity: line.quantity, taxCodeId: parts[line.code]!.taxCodeId, parts: [parts[line.code]!] })),
    currency,
    way,
  );
  const isCredit = random(4) === 0;
  const day = "2026-11-03" as Day;
  const abroad = { country: "FR", taxNumber: "FR40303265045", endpointScheme: "9957", endpoint: "fr40303265045" };
  return {
    syntax,
    profile: "peppol",
    kind: isCredit ? "creditNote" : "invoice",
    number: `INV-2026-${random(99_999)}`,
    day,
    dueDay: "2026-12-03" as Day,
    currency,
    text: random(2) ? "Thank you & <good> luck" : null,
    corrects: isCredit ? { number: "INV-2026-00001", day: "2026-10-01" as Day } : null,
    buyerReference: "04011000-12345-03",
    order: null,
    seller: party("Baumhaus GmbH"),
    buyer: party("Nordlicht SARL", isHome ? {} : abroad),
    account: random(2) ? { number: "DE02120300000000202051", bic: null } : null,
    lines: lines.map(({ code, unitPrice, quantity }, index) => ({
      description: `Line ${index + 1}`,
      quantity,
      unitPrice,
      net: totals.nets[index]!,
      category: categories[code]!,
      period: random(3) ? null : { start: "2026-11-01" as Day, end: "2027-10-31" as Day },
    })),
    taxes: totals.taxes.map((tax) => ({ category: categories[parts.indexOf(tax.part)]!, base: tax.base, tax: tax.tax })),
    rounding: totals.rounding,
    taxInBooks:
      currency === "EUR"
        ? null
        : sumMoney(
            totals.taxes.map((one) => inBooks(one.tax, { bookCurrency: "EUR", rate: "0.9234" })),
            "EUR",
          ),
    instalments:
      isCredit || totals.total.minor <= 0n
        ? []
        : instalmentsOf(rule, totals.total, day).map((one) => ({ ...one, discounts: discountsOf(rule, one.amount, day) })),
  };
}

describe(`random invoices (SEED=${seed})`, () => {
  it.each(["ubl", "cii"] as const)("keep every rule written as %s", (syntax) => {
    const random = randomFrom(seed);
    for (let count = 0; count < 120; count += 1) {
      const facts = randomFacts(random, syntax);
      expect(missingFacts(facts)).toEqual([]);
      const invoice = invoiceOf(facts);
      const document = readDocument(new TextEncoder().encode(syntax === "ubl" ? writeUbl(invoice) : writeCii(invoice)));
      const findings = judge(document, ["en16931", "peppol", "national"]);
      expect(findings.map((finding) => `${finding.rule} ${finding.places.join()}`)).toEqual([]);
      const asked = facts.lines.reduce((sum, line) => sum.plus(line.net), Money.zero(facts.currency));
      const tax = facts.taxes.reduce((sum, one) => sum.plus(one.tax), Money.zero(facts.currency));
      expect(document.invoice.totals.due?.value).toBe(asked.plus(tax).plus(facts.rounding).amount);
      const told = document.invoice.taxTotals.find((total) => total.amount?.currency !== facts.currency)?.amount;
      expect([document.invoice.taxCurrency, told?.value]).toEqual([facts.taxInBooks?.currency, facts.taxInBooks?.amount]);
      expect(document.invoice.lines.map((line) => line.period ?? null)).toEqual(facts.lines.map((line) => line.period));
      expect(document.invoice.lines.map((line) => line.item.name)).toEqual(facts.lines.map((line) => line.description));
    }
  });

  it("what is outside the scope of tax tells no tax numbers, and the register's number in their place", () => {
    const outside = categoryOf({ ...plainCode, vatCategory: "O" });
    const net = new Money(10_000n, "EUR");
    const facts: IssueFacts = {
      ...randomFacts(randomFrom(seed), "ubl"),
      kind: "invoice",
      currency: "EUR",
      taxInBooks: null,
      instalments: [],
      corrects: null,
      lines: [{ description: "Damages", quantity: "1", unitPrice: net, net, category: outside, period: null }],
      taxes: [{ category: outside, base: net, tax: Money.zero("EUR") }],
      rounding: Money.zero("EUR"),
    };
    expect(missingFacts(facts)).toEqual(["the number of Baumhaus GmbH in the trade register"]);
    const told = { ...facts, seller: party("Baumhaus GmbH", { registration: "HRB 12345" }) };
    const document = readDocument(new TextEncoder().encode(writeUbl(invoiceOf(told))));
    expect(document.invoice.seller).toMatchObject({ vatId: undefined, legalId: { value: "HRB 12345" } });
    expect(judge(document, ["en16931", "peppol"])).toEqual([]);
  });
});
