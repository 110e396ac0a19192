// A posted invoice or credit note as EN 16931 means it: parties, lines, taxes by category, totals. Says what is missing before anything is
// written.
import { type Decimal, decimal } from "../../../kernel/decimal.ts";
import type { Day } from "../../../kernel/day.ts";
import { type Money, sumMoney } from "../../../kernel/money.ts";
import { isIban } from "./check-digit.rules.ts";
import { countries } from "./code-list.rules.ts";
import type * as model from "./model.ts";
import { peppolProcess, peppolSpecification } from "./peppol-rules.rules.ts";
import { type InstalmentFacts, termsText } from "./terms.rules.ts";

type Profile = "peppol" | "en16931";
export type CategoryCode = "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M";

const specifications: Readonly<Record<Profile, string>> = {
  peppol: peppolSpecification,
  en16931: "urn:cen.eu:en16931:2017",
};

/** A party as the directory and the electronic address know it. */
export interface PartyFacts {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly contact: string | null;
  readonly street: string | null;
  readonly postcode: string | null;
  readonly city: string | null;
  readonly country: string | null;
  readonly taxNumber: string | null;
  readonly registration: string | null;
  readonly endpointScheme: string | null;
  readonly endpoint: string | null;
}

export interface CategoryFacts {
  readonly code: CategoryCode;
  /** In percent; zero where no tax is charged. */
  readonly percent: string;
  readonly reasonCode: string | null;
  readonly reason: string | null;
}

export interface LineFacts {
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: Money;
  readonly net: Money;
  readonly category: CategoryFacts;
  /** What it is for (BG-26). */
  readonly period: { readonly start: Day; readonly end: Day } | null;
}

export interface IssueFacts {
  readonly syntax: model.Syntax;
  readonly profile: Profile;
  readonly kind: "invoice" | "creditNote";
  readonly number: string;
  readonly day: Day;
  readonly dueDay: Day;
  readonly currency: string;
  readonly text: string | null;
  readonly corrects: { readonly number: string; readonly day: Day } | null;
  readonly buyerReference: string | null;
  readonly order: string | null;
  readonly seller: PartyFacts;
  readonly buyer: PartyFacts;
  readonly account: { readonly number: string; readonly bic: string | null } | null;
  readonly lines: readonly LineFacts[];
  /** As they were posted, one for each tax code. */
  readonly taxes: readonly { readonly category: CategoryFacts; readonly base: Money; readonly tax: Money }[];
  readonly rounding: Money;
  /** What was booked as tax, where the books are kept in another currency (BT-6, BT-111). */
  readonly taxInBooks: Money | null;
  /** What is due when, and what may be taken off for paying early; nothing of a credit note. */
  readonly instalments: readonly InstalmentFacts[];
}

/** A tax number that begins with its country is a VAT identifier (BT-31); any other is a local registration (BT-32). */
function vatIdOf(taxNumber: string | null): string | undefined {
  const plain = taxNumber?.replace(/[\s.-]/g, "").toUpperCase() ?? "";
  const isVat = /^[A-Z]{2}[0-9A-Z]{2,13}$/.test(plain) && /\d/.test(plain) && (plain.startsWith("EL") || countries.has(plain.slice(0, 2)));
  return isVat ? plain : undefined;
}

const isOutside = (facts: IssueFacts): boolean => facts.lines.some((line) => line.category.code === "O");

const isGerman = ({ seller, buyer }: IssueFacts): boolean => seller.country === "DE" && buyer.country === "DE";

/** What Peppol asks between two German parties, as XRechnung does: whom to ask, towns and postcodes (DE-R-003 to DE-R-009). */
function missingInGermany(facts: IssueFacts): string[] {
  if (!isGerman(facts) || facts.profile !== "peppol") return [];
  const { seller, buyer } = facts;
  const told: readonly (readonly [string | null, string])[] = [
    [seller.city, `the town of ${seller.name}`],
    [seller.postcode, `the postcode of ${seller.name}`],
    [seller.contact, `the contact person of ${seller.name}`],
    [seller.phone, `the telephone number of ${seller.name}`],
    [seller.email, `the email address of ${seller.name}`],
    [buyer.city, `the town of ${buyer.name}`],
    [buyer.postcode, `the postcode of ${buyer.name}`],
  ];
  return told.flatMap(([value, what]) => (value === null ? [what] : []));
}

/** What has to be completed first, each with whose it is. */
export function missingFacts(facts: IssueFacts): string[] {
  const { seller, buyer } = facts;
  const wants = (isMissing: boolean, what: string): string[] => (isMissing ? [what] : []);
  const address = (party: PartyFacts): boolean => facts.profile === "peppol" && party.endpoint === null;
  const isTaxed = facts.lines.some((line) => line.category.code !== "O");
  const buyerVat = facts.lines.some((line) => line.category.code === "AE" || line.category.code === "K");
  return [
    ...wants(seller.country === null, `the country of ${seller.name}`),
    ...wants(buyer.country === null, `the country of ${buyer.name}`),
    ...wants(isTaxed && seller.taxNumber === null, `the tax number of ${seller.name}`),
    ...wants(!isTaxed && seller.registration === null, `the number of ${seller.name} in the trade register`),
    ...wants(buyerVat && vatIdOf(buyer.taxNumber) === undefined, `the VAT identifier of ${buyer.name}`),
    ...wants(address(seller), `the electronic address of ${seller.name}`),
    ...wants(address(buyer), `the electronic address of ${buyer.name}`),
    ...wants(
      facts.profile === "peppol" && facts.buyerReference === null && facts.order === null,
      `the reference or order number that ${buyer.name} wants to read`,
    ),
    ...missingInGermany(facts),
  ];
}

export function invoiceOf(facts: IssueFacts): model.ElectronicInvoice {
  const isCredit = facts.kind === "creditNote";
  const amount = (money: Money): model.Amount => ({ value: money.amount, currency: facts.currency });
  const net = sumMoney(
    facts.lines.map((line) => line.net),
    facts.currency,
  );
  const tax = sumMoney(
    facts.taxes.map((one) => one.tax),
    facts.currency,
  );
  const gross = net.plus(tax);
  const delivered = facts.lines.some((line) => line.category.code === "K");
  return {
    syntax: facts.syntax,
    root: facts.syntax === "cii" ? "CrossIndustryInvoice" : isCredit ? "CreditNote" : "Invoice",
    process: peppolProcess,
    specification: specifications[facts.profile],
    number: facts.number,
    day: facts.day,
    typeCode: isCredit ? "381" : "380",
    currency: facts.currency,
    taxCurrency: facts.taxInBooks?.currency,
    terms: termsText({ ...facts, isGerman: isGerman(facts) }),
    dueDay: isCredit ? undefined : facts.dueDay,
    buyerReference: facts.buyerReference ?? undefined,
    order: facts.order ?? undefined,
    notes: facts.text ? [{ text: facts.text }] : [],
    preceding: facts.corrects ? [{ id: { value: facts.corrects.number }, day: facts.corrects.day }] : [],
    seller: partyOf(facts.seller, isOutside(facts)),
    buyer: partyOf(facts.buyer, isOutside(facts)),
    // What is supplied to another member state tells where to; the day is that of the invoice, which is issued with the delivery.
    delivery: delivered ? { day: facts.day, address: placeOf(facts.buyer) } : undefined,
    payments: paymentsOf(facts),
    allowances: [],
    totals: {
      lines: amount(net),
      net: amount(net),
      gross: amount(gross),
      rounding: facts.rounding.minor === 0n ? undefined : amount(facts.rounding),
      due: amount(gross.plus(facts.rounding)),
    },
    taxTotals: [{ amount: amount(tax), breakdown: breakdownOf(facts) }, ...inBooks(facts.taxInBooks)],
    supporting: [],
    lines: facts.lines.map((line, index) => lineOf(line, index)),
  };
}

const inBooks = (tax: Money | null): model.TaxTotal[] =>
  tax ? [{ amount: { value: tax.amount, currency: tax.currency }, breakdown: [] }] : [];

const placeOf = ({ city, postcode, country }: PartyFacts): model.PostalAddress => ({
  city: city ?? undefined,
  postcode: postcode ?? undefined,
  country: country ?? undefined,
});

function partyOf(party: PartyFacts, isUntaxed: boolean): model.TradeParty {
  const vatId = isUntaxed ? undefined : vatIdOf(party.taxNumber);
  const isLocal = !isUntaxed && vatId === undefined && party.taxNumber !== null;
  const contact = { name: party.contact ?? undefined, phone: party.phone ?? undefined, email: party.email ?? undefined };
  return {
    name: party.name,
    identifiers: vatId === undefined && party.registration === null && party.taxNumber !== null ? [{ value: party.taxNumber }] : [],
    legalId: party.registration === null ? undefined : { value: party.registration },
    vatId,
    taxId: isLocal ? party.taxNumber! : undefined,
    taxScheme: isLocal ? "TAX" : undefined,
    endpoint: party.endpoint === null ? undefined : { value: party.endpoint, scheme: party.endpointScheme ?? undefined },
    address: {
      street: party.street ?? undefined,
      city: party.city ?? undefined,
      postcode: party.postcode ?? undefined,
      country: party.country ?? undefined,
    },
    contact: Object.values(contact).some((value) => value !== undefined) ? contact : undefined,
  };
}

/** Between German parties every document says how to pay; one that asks for nothing, or into no account, by the code of no means (1). */
function paymentsOf(facts: IssueFacts): model.PaymentMeans[] {
  if (facts.kind === "invoice" && facts.account) return [paymentOf(facts, facts.account)];
  return isGerman(facts) ? [{ code: "1" }] : [];
}

function paymentOf(facts: IssueFacts, account: { readonly number: string; readonly bic: string | null }): model.PaymentMeans {
  const isSepa = isIban(account.number) && facts.currency === "EUR";
  return {
    code: isSepa ? "58" : "30",
    remittance: facts.number,
    account: { id: account.number, name: facts.seller.name, bic: account.bic ?? undefined },
  };
}

const taxCategory = ({ code, percent }: CategoryFacts): model.TaxCategory => ({
  code,
  percent: code === "O" ? undefined : percent,
  scheme: "VAT",
});

/** One row for each category and rate, whatever tax codes it comes from. */
function breakdownOf(facts: IssueFacts): model.TaxBreakdown[] {
  const rows = new Map<string, { category: CategoryFacts; reasons: Set<string>; base: Money; tax: Money }>();
  for (const { category, base, tax } of facts.taxes) {
    const key = `${category.code} ${category.percent}`;
    const known = rows.get(key);
    const reasons = new Set([...(known?.reasons ?? []), ...(category.reason ? [category.reason] : [])]);
    rows.set(key, { category, reasons, base: known ? known.base.plus(base) : base, tax: known ? known.tax.plus(tax) : tax });
  }
  return [...rows.values()].map(({ category, reasons, base, tax }) => ({
    base: { value: base.amount, currency: facts.currency },
    tax: { value: tax.amount, currency: facts.currency },
    category: { ...taxCategory(category), reasonCode: category.reasonCode ?? undefined, reason: [...reasons].join("; ") || undefined },
  }));
}

/**
 * A price is never negative (BR-27): what is taken off has a negative quantity. Where quantity times price is not the net to the cent, as
 * with prices that include tax, the price is told for the whole quantity, which is exact.
 */
function lineOf(line: LineFacts, index: number): model.InvoiceLine {
  const { net, unitPrice } = line;
  const currency = net.currency;
  const quantity = decimal(line.quantity);
  const isExact = unitPrice.times(quantity, "halfUp").minor === net.minor;
  const sign = isExact ? (unitPrice.minor < 0n ? -1 : 1) : net.minor < 0n ? -1 : 1;
  const billed = isExact ? quantity.times(sign) : quantity.abs().times(sign);
  return {
    line: 0,
    id: String(index + 1),
    objects: [],
    quantity: { value: plain(billed), unit: "C62" },
    net: { value: net.amount, currency },
    price: isExact
      ? { net: { value: unitPrice.abs().amount, currency }, isCharged: false }
      : { net: { value: net.abs().amount, currency }, per: { value: plain(quantity.abs()), unit: "C62" }, isCharged: false },
    allowances: [],
    categories: [taxCategory(line.category)],
    period: line.period ?? undefined,
    item: { name: line.description, classifications: [], attributes: [] },
  };
}

const plain = (value: Decimal): string => (value.isZero() ? "0" : value.toFixed());
