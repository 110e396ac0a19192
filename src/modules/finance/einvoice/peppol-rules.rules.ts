// Peppol BIS Billing 3: what the network asks beyond EN 16931 (PEPPOL-EN16931-*).
import { isDay } from "../../../kernel/day.ts";
import { childrenOf, type MarkupElement, textOf } from "../banking/markup.rules.ts";
import {
  allowanceReasons,
  chargeReasons,
  currencies,
  mimeTypes,
  peppolCreditNoteTypes,
  peppolEndpointSchemes,
  peppolInvoiceTypes,
} from "./code-list.rules.ts";
import { eachCurrency, eachMimeType } from "./code-rules.rules.ts";
import type { AllowanceCharge, ElectronicInvoice, InvoiceLine, Period, TaxCategory } from "./model.ts";
import { isWithin, numberOf, orZero, rounded, sumOf, valueOf } from "./number.rules.ts";
import {
  about,
  breakdownOf,
  eachAllowance,
  eachAllowanceCharge,
  eachCharge,
  eachLine,
  eachPayment,
  type Part,
  type Rule,
  whole,
} from "./rule.rules.ts";
import { mainTaxTotal } from "./total-rules.rules.ts";

export const peppolSpecification = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
export const peppolProcess = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";

const isWithinGermany = (it: ElectronicInvoice): boolean => it.seller?.address?.country === "DE" && it.buyer?.address?.country === "DE";

const head: readonly Rule[] = [
  whole("PEPPOL-EN16931-R001", "The business process is named (BT-23).", (it) => it.process !== undefined),
  whole("PEPPOL-EN16931-R002", "At most one note stands on the document, unless both parties are German (BG-1).", (it) =>
    it.syntax === "ubl"
      ? isWithinGermany(it) || it.notes.length <= 1
      : it.notes.length <= 1 && it.notes.every((note) => note.subject === undefined),
  ),
  whole(
    "PEPPOL-EN16931-R003",
    "A buyer's reference or an order is named (BT-10, BT-13).",
    (it) => it.buyerReference !== undefined || it.order !== undefined,
  ),
  whole("PEPPOL-EN16931-R004", `The specification is Peppol BIS Billing 3 (BT-24).`, (it) =>
    it.specification === undefined ? false : it.specification.startsWith(peppolSpecification),
  ),
  whole(
    "PEPPOL-EN16931-R005",
    "The currency tax is accounted in is another than the invoice's (BT-5, BT-6).",
    (it) => it.taxCurrency === undefined || it.taxCurrency !== it.currency,
  ),
  whole("PEPPOL-EN16931-R007", "The business process is one of Peppol Billing (BT-23).", (it) =>
    /^urn:fdc:peppol\.eu:2017:poacc:billing:\d{2}:1\.0$/.test(it.process ?? ""),
  ),
  whole("PEPPOL-EN16931-R010", "The buyer has an electronic address (BT-49).", (it) => it.buyer?.endpoint !== undefined),
  whole("PEPPOL-EN16931-R020", "The seller has an electronic address (BT-34).", (it) => it.seller?.endpoint !== undefined),
  eachPayment(
    "PEPPOL-EN16931-R061",
    "A direct debit names the mandate (BT-89).",
    (it) => !["49", "59"].includes(it.code ?? "") || it.mandate?.id !== undefined,
  ),
];

/** Forint have no cents: there XRechnung lets a figure be off by half of one. */
const slackOf = ({ currency, specification }: ElectronicInvoice): string =>
  currency === "HUF" && specification?.includes("xrechnung") ? "0.5" : "0.02";

const shareOf = (it: AllowanceCharge, invoice: ElectronicInvoice): boolean => {
  const [base, percent] = [valueOf(it.base), numberOf(it.percent)];
  return !base || !percent || isWithin(orZero(it.amount), base.times(percent).dividedBy(100), slackOf(invoice));
};

const priceAgrees = ({ price }: InvoiceLine): boolean => {
  const [net, gross] = [valueOf(price?.net), valueOf(price?.gross)];
  return !net || !gross || net.eq(gross.minus(orZero(price?.discount)));
};

/** Quantity times price per base quantity, plus charges, less allowances; within two cents. */
function lineAgrees(line: InvoiceLine, invoice: ElectronicInvoice): boolean {
  const price = orZero(line.price?.net);
  const quantity = numberOf(line.quantity?.value) ?? numberOf("1")!;
  const per = numberOf(line.price?.per?.value);
  const each = per && !per.isZero() ? price.dividedBy(per) : price;
  const sum = (isCharge: boolean) => rounded(sumOf(line.allowances.filter((one) => one.isCharge === isCharge).map((one) => one.amount)), 2);
  return isWithin(orZero(line.net), quantity.times(each).plus(sum(true)).minus(sum(false)), slackOf(invoice));
}

const lineInside = (line: InvoiceLine, it: ElectronicInvoice, side: "start" | "end"): boolean => {
  const [own, outer] = [line.period?.[side], (it.period as Period | undefined)?.[side]];
  if (!own || !outer) return true;
  return side === "start" ? own >= outer : own <= outer;
};

const withRows = (it: ElectronicInvoice): number => it.taxTotals.filter((total) => total.breakdown.length > 0).length;
const inOwnCurrency = (it: ElectronicInvoice): number => it.taxTotals.filter((total) => total.amount?.currency === it.currency).length;

/** Tax totals beside the main one; CII tells them by their currency, UBL by having no breakdown. */
const secondTotals = (it: ElectronicInvoice): number =>
  it.syntax === "ubl"
    ? it.taxTotals.length - withRows(it)
    : it.taxTotals.filter((total) => total.amount?.currency !== undefined && total.amount.currency !== it.currency).length;

const figures: readonly Rule[] = [
  eachAllowanceCharge("PEPPOL-EN16931-R040", "The amount of an allowance or charge is its base times its percentage.", shareOf),
  eachAllowanceCharge(
    "PEPPOL-EN16931-R041",
    "An allowance or charge by percentage tells its base.",
    (it) => it.percent === undefined || it.base !== undefined,
  ),
  eachAllowanceCharge(
    "PEPPOL-EN16931-R042",
    "An allowance or charge with a base tells its percentage.",
    (it) => it.base === undefined || it.percent !== undefined,
  ),
  eachLine("PEPPOL-EN16931-R044", "A price has no charge on it.", (it) => !it.price?.isCharged),
  eachLine("PEPPOL-EN16931-R046", "The net price is the gross price less the discount (BT-146, BT-147, BT-148).", priceAgrees),
  whole("PEPPOL-EN16931-R053", "The tax is totalled and broken down once in the currency of the invoice.", (it) =>
    it.syntax === "ubl" ? withRows(it) === 1 : inOwnCurrency(it) === 1,
  ),
  whole(
    "PEPPOL-EN16931-R054",
    "A second tax total stands where tax is accounted in another currency, and only there (BT-6, BT-111).",
    (it) => secondTotals(it) === (it.taxCurrency === undefined ? 0 : 1),
  ),
  whole("PEPPOL-EN16931-R055", "The tax totals in both currencies have the same sign (BT-110, BT-111).", (it) => {
    const main = valueOf(mainTaxTotal(it)?.amount);
    const other = valueOf(it.taxTotals.find((total) => total.amount?.currency === it.taxCurrency)?.amount);
    if (!it.taxCurrency) return true;
    return main !== undefined && other !== undefined && (main.isZero() || other.isZero() || main.isNegative() === other.isNegative());
  }),
  eachLine("PEPPOL-EN16931-R110", "A line's period begins within the invoice's (BT-134, BT-73).", (line, it) =>
    lineInside(line, it, "start"),
  ),
  eachLine("PEPPOL-EN16931-R111", "A line's period ends within the invoice's (BT-135, BT-74).", (line, it) => lineInside(line, it, "end")),
  eachLine("PEPPOL-EN16931-R120", "A line's net amount is quantity times price, plus charges, less allowances.", lineAgrees),
  eachLine("PEPPOL-EN16931-R121", "The quantity a price is for is above zero (BT-149).", (it) =>
    it.price?.per ? (numberOf(it.price.per.value)?.gt(0) ?? false) : true,
  ),
  eachLine(
    "PEPPOL-EN16931-R130",
    "The price is for the same unit that is invoiced (BT-130, BT-150).",
    (it) => !it.price?.per?.unit || it.price.per.unit === it.quantity?.unit,
  ),
];

const references: readonly Rule[] = [
  eachLine("PEPPOL-EN16931-R100", "A line names at most one object (BT-128).", (it) => it.objects.length <= 1),
  eachLine("PEPPOL-EN16931-R101", "A reference of a line is to an object, code 130 (BT-128).", (it) =>
    it.objects.every((one) => one.typeCode === "130"),
  ),
];

const reasonCategories: readonly (readonly [string, string, string])[] = [
  ["P0104", "VATEX-EU-G", "G"],
  ["P0105", "VATEX-EU-O", "O"],
  ["P0106", "VATEX-EU-IC", "K"],
  ["P0107", "VATEX-EU-AE", "AE"],
  ["P0108", "VATEX-EU-D", "E"],
  ["P0109", "VATEX-EU-F", "E"],
  ["P0110", "VATEX-EU-I", "E"],
  ["P0111", "VATEX-EU-J", "E"],
];

const reasonFits = (category: TaxCategory | undefined, reason: string, code: string): boolean =>
  category?.reasonCode?.toUpperCase() !== reason || category.code === code;

/** Process 01 of Peppol Billing; the others have lists of their own. */
const isFirst = (it: ElectronicInvoice): boolean => it.process === peppolProcess;

const isCreditNote = (it: ElectronicInvoice): boolean => it.root === "CreditNote";

const codes: readonly Rule[] = [
  whole("PEPPOL-EN16931-P0100", "An invoice has a type that Peppol takes (BT-3).", (it) =>
    isCreditNote(it) || !it.typeCode || !isFirst(it)
      ? true
      : peppolInvoiceTypes.has(it.typeCode) || (it.syntax === "cii" && peppolCreditNoteTypes.has(it.typeCode)),
  ),
  whole("PEPPOL-EN16931-P0101", "A credit note has a type that Peppol takes (BT-3).", (it) =>
    isCreditNote(it) && it.typeCode && isFirst(it) ? peppolCreditNoteTypes.has(it.typeCode) : true,
  ),
  ...reasonCategories.map(([id, reason, code]) =>
    whole(`PEPPOL-EN16931-${id}`, `The reason ${reason} goes with the tax category ${code} (BT-121, BT-118).`, (it) =>
      breakdownOf(it).every((row) => reasonFits(row.category, reason, code)),
    ),
  ),
  whole(
    "PEPPOL-EN16931-P0112",
    "Partial and corrected invoices (326, 384) are only for parties who are both German.",
    (it) => !["326", "384"].includes(it.typeCode ?? "") || isWithinGermany(it),
  ),
  eachMimeType("PEPPOL-EN16931-CL001", "An attachment is of a media type that may be attached.", (it) => mimeTypes.has(it)),
  eachAllowance("PEPPOL-EN16931-CL002", "The reason of an allowance is a code of its list.", (it) => isAllowed(it)),
  eachCharge("PEPPOL-EN16931-CL003", "The reason of a charge is a code of its list.", (it) => isAllowed(it)),
  eachLine("PEPPOL-EN16931-CL002", "The reason of an allowance is a code of its list.", (it) =>
    it.allowances.every((one) => one.isCharge || isAllowed(one)),
  ),
  eachLine("PEPPOL-EN16931-CL003", "The reason of a charge is a code of its list.", (it) =>
    it.allowances.every((one) => !one.isCharge || isAllowed(one)),
  ),
  whole(
    "PEPPOL-EN16931-CL006",
    "The tax point is told by a code of its list (BT-8).",
    (it) => it.taxPointCode === undefined || (it.syntax === "ubl" ? ["3", "35", "432"] : ["5", "29", "72"]).includes(it.taxPointCode),
  ),
  eachCurrency("PEPPOL-EN16931-CL007", "The currency of an amount is a code of ISO 4217.", (code) => currencies.has(code)),
];

const isAllowed = (it: AllowanceCharge): boolean =>
  it.reasonCode === undefined || (it.isCharge ? chargeReasons : allowanceReasons).has(it.reasonCode);

const placed = (element: MarkupElement): Part<MarkupElement> => ({ place: `<${element.name}> on line ${element.line}`, value: element });
const eachElement = about<MarkupElement>(({ elements }) => elements.map(placed));
const isAmount = (element: MarkupElement): boolean => element.attributes["currencyID"] !== undefined;

/** The amounts directly below a tax total may also be in the currency tax is accounted in. */
const taxTotalsOf = (elements: readonly MarkupElement[]): ReadonlySet<MarkupElement> =>
  new Set(
    elements.flatMap((element) => (element.name === "TaxTotal" ? element.children : element.name === "TaxTotalAmount" ? [element] : [])),
  );

const amountsWhere = (isTotal: boolean) =>
  about<MarkupElement>(({ elements }) => {
    const totals = taxTotalsOf(elements);
    return elements.filter((element) => isAmount(element) && totals.has(element) === isTotal).map(placed);
  });
const eachAmount = amountsWhere(false);
const eachTaxTotal = amountsWhere(true);

const dayNames = {
  ubl: /^(IssueDate|DueDate|TaxPointDate|StartDate|EndDate|ActualDeliveryDate)$/,
  cii: /^DateTimeString$/,
} as const;
const eachWrittenDay = about<MarkupElement>(({ elements, invoice }) =>
  elements.filter((element) => dayNames[invoice.syntax].test(element.name)).map(placed),
);

/** Electronic addresses of parties; CII writes email addresses of contacts with the same name, and those have no scheme of Peppol. */
const addresses = about<MarkupElement>(({ elements }) =>
  elements
    .flatMap((element) =>
      element.name === "URIUniversalCommunication"
        ? childrenOf(element, "URIID")
        : element.name === "EndpointID" && element.children.length === 0
          ? [element]
          : [],
    )
    .map(placed),
);
/** Allowances and charges of the document and its lines; in CII also the discount on a price. */
const indicated = about<MarkupElement>(({ root, elements, invoice }) =>
  (invoice.syntax === "cii"
    ? elements.filter((one) => one.name === "SpecifiedTradeAllowanceCharge" || one.name === "AppliedTradeAllowanceCharge")
    : [root, ...childrenOf(root, "InvoiceLine"), ...childrenOf(root, "CreditNoteLine")].flatMap((one) => childrenOf(one, "AllowanceCharge"))
  ).map(placed),
);

/** The schema wants the part about delivery even where there is nothing to tell. */
const mayBeEmpty = new Set(["CrossIndustryInvoice", "ApplicableHeaderTradeDelivery"]);

const writing: readonly Rule[] = [
  addresses(
    "PEPPOL-EN16931-CL008",
    "The scheme of an electronic address is one that Peppol carries.",
    (element) => element.attributes["schemeID"] === undefined || peppolEndpointSchemes.has(element.attributes["schemeID"]),
  ),
  eachElement(
    "PEPPOL-EN16931-R008",
    "No element is empty.",
    (element) => element.children.length > 0 || element.text !== "" || mayBeEmpty.has(element.name),
  ),
  indicated("PEPPOL-EN16931-R043", "An indicator of a charge is true or false.", (element) =>
    ["true", "false"].includes(textOf(element, "ChargeIndicator", "Indicator") ?? textOf(element, "ChargeIndicator") ?? ""),
  ),
  eachAmount(
    "PEPPOL-EN16931-R051",
    "Every amount is in the currency of the invoice, but the tax total in the accounting currency.",
    (element, it) => element.attributes["currencyID"] === it.currency,
  ),
  eachTaxTotal(
    "PEPPOL-EN16931-R051",
    "Every amount is in the currency of the invoice, but the tax total in the accounting currency.",
    (element, it) => [it.currency, it.taxCurrency].includes(element.attributes["currencyID"]),
  ),
  eachWrittenDay("PEPPOL-EN16931-F001", "A day is written as the syntax wants it.", (element, it) =>
    it.syntax === "ubl"
      ? isDay(element.text)
      : element.attributes["format"] === "102" && isDay(element.text.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3")),
  ),
];

/** Published for UBL only; XRechnung takes some of them over for CII too. */
const onlyUbl = new Set("CL006 P0101 P0104 P0105 P0106 P0107 P0108 P0109 P0110 P0111 P0112 R008 R044 R046 R051".split(" "));

/** Every rule, for whichever syntax it can be asked of. */
export const peppolRulesOfBoth: readonly Rule[] = [...head, ...figures, ...references, ...codes, ...writing];

export const peppolRules: readonly Rule[] = peppolRulesOfBoth.map((rule) =>
  onlyUbl.has(rule.id.replace("PEPPOL-EN16931-", ""))
    ? { ...rule, brokenAt: (document) => (document.invoice.syntax === "ubl" ? rule.brokenAt(document) : []) }
    : rule,
);
