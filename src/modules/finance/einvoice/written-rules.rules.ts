// How often UBL and CII may write what an invoice tells, and what has to stand beside it (UBL-SR-*, UBL-CR-*, CII-SR-*, CII-DT-*).
import { childOf, childrenOf, type MarkupElement, textOf } from "../banking/markup.rules.ts";
import type { ElectronicInvoice, Syntax } from "./model.ts";
import { about, type Part, type Rule } from "./rule.rules.ts";

type Times = "once" | "exactlyOnce";
/** Number of the rule, where to count, what, how often; a path is from the place, `!` marks a warning. */
type Row = readonly [string, string, string, Times?];

const named = (element: MarkupElement, names: string): boolean => names.split("|").includes(element.name);

/** All elements at a path below an element; a segment may name alternatives: `InvoiceLine|CreditNoteLine`. */
const at = (element: MarkupElement, path: string): MarkupElement[] =>
  path
    .split("/")
    .reduce<MarkupElement[]>((all, names) => all.flatMap((one) => one.children.filter((child) => named(child, names))), [element]);

const partOf = (element: MarkupElement): Part<MarkupElement> => ({ place: `<${element.name}> on line ${element.line}`, value: element });

/** Each element at a place: `.` is the root, `//Name` any of that name, else a path below the root. */
const placed = (syntax: Syntax, place: string) =>
  about<MarkupElement>(({ invoice, root, elements }) => {
    if (invoice.syntax !== syntax) return [];
    if (place === ".") return [{ place: "", value: root }];
    const found = place.startsWith("//") ? elements.filter((one) => named(one, place.slice(2))) : at(root, place);
    return found.map(partOf);
  });

const timesText: Readonly<Record<Times, string>> = { once: "at most once", exactlyOnce: "exactly once" };

function countRule(syntax: Syntax, [number, place, what, times = "once"]: Row): Rule {
  const [isWarning, id] = [number.startsWith("!"), `${syntax.toUpperCase()}-${number.replace("!", "")}`];
  const where = place === "." ? "the document" : `<${place.split("/").at(-1)!}>`;
  return placed(syntax, place)(
    id,
    `In ${where} ${what} stands ${timesText[times]}.`,
    (element) => {
      const count = at(element, what).length;
      return times === "once" ? count <= 1 : count === 1;
    },
    isWarning ? "warning" : "fatal",
  );
}

const ublLine = "InvoiceLine|CreditNoteLine";
const ublCounts: readonly Row[] = [
  ["SR-01", ".", "ContractDocumentReference/ID"],
  ["SR-02", ".", "ReceiptDocumentReference/ID"],
  ["SR-03", ".", "DespatchDocumentReference/ID"],
  ["SR-05", ".", "PaymentTerms/Note"],
  ["SR-08", ".", "InvoicePeriod"],
  ["SR-09", ".", "AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName"],
  ["SR-10", ".", "AccountingSupplierParty/Party/PartyName/Name"],
  ["SR-11", ".", "AccountingSupplierParty/Party/PartyLegalEntity/CompanyID"],
  ["SR-14", ".", "AccountingSupplierParty/Party/PartyLegalEntity/CompanyLegalForm"],
  ["SR-15", ".", "AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName"],
  ["SR-16", ".", "AccountingCustomerParty/Party/PartyIdentification/ID"],
  ["SR-17", ".", "AccountingCustomerParty/Party/PartyLegalEntity/CompanyID"],
  ["SR-24", ".", "Delivery"],
  ["SR-39", ".", "ProjectReference/ID"],
  ["SR-40", ".", "AccountingCustomerParty/Party/PartyName/Name"],
  ["SR-45", ".", "PaymentMeans/PaymentDueDate"],
  ["SR-49", ".", "InvoicePeriod/DescriptionCode"],
  ["SR-54", ".", "PaymentMeans/CardAccount"],
  ["SR-55", ".", "PaymentMeans/PaymentMandate"],
  ["SR-56", ".", "OriginatorDocumentReference/ID"],
  ["SR-06", "//BillingReference", "InvoiceDocumentReference"],
  ["SR-22", "//TaxRepresentativeParty", "PartyName/Name"],
  ["SR-23", "//TaxRepresentativeParty", "PartyTaxScheme/CompanyID"],
  ["SR-25", "//Delivery", "DeliveryParty/PartyName/Name"],
  ["SR-26", "//PaymentMeans", "PaymentID"],
  ["SR-27", "//PaymentMeans", "PaymentMeansCode"],
  ["SR-28", "//PaymentMeans", "PaymentMandate/ID"],
  ["SR-32", "//TaxSubtotal", "TaxCategory/TaxExemptionReason"],
  ["SR-33", "//AdditionalDocumentReference", "DocumentDescription"],
  ["SR-34", ublLine, "Note"],
  ["SR-35", ublLine, "OrderLineReference/LineID"],
  ["SR-36", ublLine, "InvoicePeriod"],
  ["SR-37", ublLine, "Price/AllowanceCharge/Amount"],
  ["SR-48", ublLine, "Item/ClassifiedTaxCategory", "exactlyOnce"],
  ["SR-50", ublLine, "Item/Description"],
  ["SR-52", ublLine, "DocumentReference"],
];

const trade = "SupplyChainTradeTransaction";
const ciiLine = `${trade}/IncludedSupplyChainTradeLineItem`;
const product = `${ciiLine}/SpecifiedTradeProduct`;
const agreement = `${trade}/ApplicableHeaderTradeAgreement`;
const settlement = `${trade}/ApplicableHeaderTradeSettlement`;
const sums = `${settlement}/SpecifiedTradeSettlementHeaderMonetarySummation`;
const charge = "//SpecifiedTradeAllowanceCharge";
const ciiCounts: readonly Row[] = [
  ["!SR-003", "ExchangedDocumentContext", "BusinessProcessSpecifiedDocumentContextParameter"],
  ["SR-009", "ExchangedDocumentContext", "GuidelineSpecifiedDocumentContextParameter", "exactlyOnce"],
  ["SR-010", "ExchangedDocumentContext", "GuidelineSpecifiedDocumentContextParameter/ID", "exactlyOnce"],
  ["SR-014", "ExchangedDocument", "TypeCode", "exactlyOnce"],
  ["!SR-030", "ExchangedDocument/IncludedNote", "Content"],
  ["!SR-039", `${ciiLine}/AssociatedDocumentLineDocument`, "IncludedNote"],
  ["!SR-040", `${ciiLine}/AssociatedDocumentLineDocument`, "IncludedNote/Content"],
  ["SR-069", `${product}/ApplicableProductCharacteristic`, "Description", "exactlyOnce"],
  ["SR-072", `${product}/ApplicableProductCharacteristic`, "Value", "exactlyOnce"],
  ["SR-439", `${ciiLine}/SpecifiedLineTradeAgreement`, "NetPriceProductTradePrice/ChargeAmount", "exactlyOnce"],
  ["SR-440", "//AppliedTradeAllowanceCharge", "ActualAmount"],
  ["SR-441", `${ciiLine}/SpecifiedLineTradeAgreement`, "NetPriceProductTradePrice/ChargeAmount"],
  ["!SR-452", settlement, "SpecifiedTradePaymentTerms"],
  ["!SR-453", settlement, "SpecifiedTradePaymentTerms/Description"],
  ["!SR-454", `${ciiLine}/SpecifiedLineTradeSettlement`, "ApplicableTradeTax", "exactlyOnce"],
  ["SR-455", agreement, "SellerTradeParty/DefinedTradeContact"],
  ["SR-456", agreement, "BuyerTradeParty/DefinedTradeContact"],
  ["SR-459", agreement, "SellerTradeParty/URIUniversalCommunication"],
  ["SR-460", agreement, "BuyerTradeParty/URIUniversalCommunication"],
  ["SR-461", settlement, "ApplicableTradeTax/TaxPointDate"],
  ["SR-469", settlement, "PaymentReference"],
  ["SR-471", charge, "RateApplicablePercent"],
  ["SR-472", charge, "CategoryTradeTax"],
  ["SR-473", charge, "ActualAmount"],
];

/** CII-SR-477 to CII-SR-494, in their order: each total stands once. */
const totals = (
  "LineTotalAmount ChargeTotalAmount AllowanceTotalAmount TaxBasisTotalAmount RoundingAmount GrandTotalAmount InformationAmount " +
  "TotalPrepaidAmount TotalDiscountAmount TotalAllowanceChargeAmount DuePayableAmount RetailValueExcludingTaxInformationAmount " +
  "TotalDepositFeeInformationAmount ProductValueExcludingTobaccoTaxInformationAmount TotalRetailValueInformationAmount " +
  "GrossLineTotalAmount NetLineTotalAmount NetIncludingTaxesLineTotalAmount"
).split(" ");

const typeOf = (reference: MarkupElement): string | undefined => textOf(reference, "DocumentTypeCode");
const hasScheme = (id: MarkupElement | undefined): boolean => id?.attributes["schemeID"] !== undefined;
const ublRoot = placed("ubl", ".");
const ublReference = placed("ubl", "//AdditionalDocumentReference");
const ublPayee = placed("ubl", "PayeeParty");
/** These rules are also broken by a payee who has no name, or the seller's. */
const isOther = ({ payee, seller }: ElectronicInvoice): boolean =>
  payee?.name !== undefined && seller?.name !== undefined && payee.name !== seller.name;
const ublParty = "AccountingSupplierParty/Party";
const isVat = (one: MarkupElement): boolean => textOf(one, "TaxScheme", "ID")?.toUpperCase() === "VAT";
const registrations = (root: MarkupElement, party: string, wantsVat: boolean): number =>
  at(root, `${party}/PartyTaxScheme`)
    .filter((one) => one.children.some((child) => child.name === "TaxScheme") && isVat(one) === wantsVat)
    .reduce((sum, one) => sum + childrenOf(one, "CompanyID").length, 0);
const distinct = (elements: readonly MarkupElement[]): number => new Set(elements.map((one) => one.text)).size;

const ublSpecial: readonly Rule[] = [
  ublRoot(
    "UBL-SR-04",
    "One invoiced object at most is named.",
    (root) =>
      at(root, "AdditionalDocumentReference")
        .filter((one) => typeOf(one) === "130")
        .reduce((sum, one) => sum + childrenOf(one, "ID").length, 0) <= 1,
  ),
  placed("ubl", "//BillingReference")(
    "UBL-SR-07",
    "A reference to an earlier invoice has its number.",
    (one) => at(one, "InvoiceDocumentReference/ID").length > 0,
  ),
  ublRoot("UBL-SR-12", "The seller has one VAT identifier.", (root) => registrations(root, ublParty, true) <= 1),
  ublRoot("UBL-SR-13", "The seller has one tax registration.", (root) => registrations(root, ublParty, false) <= 1),
  ublRoot("UBL-SR-18", "The buyer has one VAT identifier.", (root) => registrations(root, "AccountingCustomerParty/Party", true) <= 1),
  ublPayee("UBL-SR-19", "A payee who is not the seller has one name.", (one, it) => isOther(it) && at(one, "PartyName/Name").length <= 1),
  ublPayee(
    "UBL-SR-20",
    "A payee who is not the seller has one identifier.",
    (one, it) =>
      isOther(it) &&
      at(one, "PartyIdentification/ID").filter((id) => hasScheme(id) && id.attributes["schemeID"]!.toUpperCase() !== "SEPA").length <= 1,
  ),
  ublPayee(
    "UBL-SR-21",
    "A payee who is not the seller has one registration.",
    (one, it) => isOther(it) && at(one, "PartyLegalEntity/CompanyID").length <= 1,
  ),
  ublReference(
    "UBL-CR-666",
    "An invoiced object has no attachment.",
    (one) => typeOf(one) !== "130" || childOf(one, "Attachment") === undefined,
  ),
  ublReference(
    "UBL-CR-673",
    "An invoiced object has no description.",
    (one) => typeOf(one) !== "130" || childOf(one, "DocumentDescription") === undefined,
  ),
  ublReference(
    "UBL-CR-665",
    "The reference of a supporting document has no scheme.",
    (one) => typeOf(one) === "130" || !hasScheme(childOf(one, "ID")),
    "warning",
  ),
  ublReference(
    "UBL-SR-43",
    "Only an invoiced object (130), or in a credit note a project (50), has a scheme or a type.",
    (one, it) =>
      typeOf(one) === "130" ||
      (it.root === "CreditNote" && typeOf(one) === "50") ||
      (!hasScheme(childOf(one, "ID")) && childOf(one, "DocumentTypeCode") === undefined),
  ),
  ublRoot("UBL-SR-29", "One creditor identifier at most is told (BT-90).", (root) => creditors(root) <= 1),
  placed("ubl", "//AllowanceCharge")("UBL-SR-30", "An allowance tells its reason once.", (one) => tellsOnce(one, "false")),
  placed("ubl", "//AllowanceCharge")("UBL-SR-31", "A charge tells its reason once.", (one) => tellsOnce(one, "true")),
  ublRoot("UBL-SR-42", "The seller has two tax registrations at most.", (root) => at(root, `${ublParty}/PartyTaxScheme`).length <= 2),
  placed("ubl", ".")("UBL-SR-44", "All means of payment name the same remittance text.", (root) => distinct(below(root, "PaymentID")) <= 1),
  ublRoot(
    "UBL-SR-46",
    "The means of payment is told in words once.",
    (root) => at(root, "PaymentMeans/PaymentMeansCode").filter((one) => one.attributes["name"] !== undefined).length <= 1,
  ),
  ublRoot("UBL-SR-47", "All means of payment have the same code.", (root) => distinct(below(root, "PaymentMeansCode")) <= 1),
  placed("ubl", "//PostalAddress|Address")(
    "UBL-SR-51",
    "An address has one third line.",
    (one) => childrenOf(one, "AddressLine").length <= 1,
  ),
  placed("ubl", "//PartyTaxScheme")("UBL-SR-53", "A tax registration has its scheme and its identifier.", (one) =>
    [childOf(one, "TaxScheme", "ID"), childOf(one, "CompanyID")].every((part) => part !== undefined),
  ),
  ublRoot(
    "UBL-CR-002",
    "The version of UBL, where it is told, is 2.1.",
    (root) => (textOf(root, "UBLVersionID") ?? "2.1") === "2.1",
    "warning",
  ),
  ublRoot(
    "UBL-CR-412",
    "An invoice tells the day it is due at its head, not with the means of payment.",
    (root) => root.name === "CreditNote" || at(root, "PaymentMeans/PaymentDueDate").length === 0,
    "warning",
  ),
  ublRoot("UBL-DT-18", "Only a means of payment has a name as attribute.", (root) => straysNamed(root) === 0, "warning"),
];

function below(element: MarkupElement, name: string): MarkupElement[] {
  return element.children.flatMap((child) => (child.name === name ? [child] : below(child, name)));
}

const creditors = (root: MarkupElement): number =>
  below(root, "PartyIdentification")
    .flatMap((one) => childrenOf(one, "ID"))
    .filter((id) => id.attributes["schemeID"]?.toUpperCase() === "SEPA").length;

const tellsOnce = (one: MarkupElement, indicator: string): boolean =>
  textOf(one, "ChargeIndicator") !== indicator || childrenOf(one, "AllowanceChargeReason").length <= 1;

const straysNamed = (element: MarkupElement): number =>
  (element.attributes["name"] !== undefined && element.name !== "PaymentMeansCode" ? 1 : 0) +
  element.children.reduce((sum, child) => sum + straysNamed(child), 0);

const ciiRoot = placed("cii", ".");
const ciiAgreement = placed("cii", agreement);
const ciiTypeOf = (one: MarkupElement): string | undefined => textOf(one, "TypeCode");
const ofType = (one: MarkupElement, code: string): MarkupElement[] =>
  childrenOf(one, "AdditionalReferencedDocument").filter((reference) => ciiTypeOf(reference) === code);
const isOneKind = (party: MarkupElement | undefined): boolean =>
  childOf(party, "ID") === undefined || childOf(party, "GlobalID") === undefined;
const isOneName = (party: MarkupElement | undefined): boolean =>
  childOf(party, "DefinedTradeContact", "PersonName") === undefined ||
  childOf(party, "DefinedTradeContact", "DepartmentName") === undefined;
const isOnly = (element: MarkupElement, name: string, type: string | undefined): boolean =>
  childOf(element, name) === undefined ||
  (element.name === "AdditionalReferencedDocument" && (type === undefined || ciiTypeOf(element) === type));
const ciiReference = about<MarkupElement>(({ invoice, elements }) =>
  invoice.syntax === "cii" ? elements.filter((one) => one.name.endsWith("ReferencedDocument")).map(partOf) : [],
);
const ciiTax = about<MarkupElement>(({ invoice, root }) => (invoice.syntax === "cii" ? taxesIn(root, false).map(partOf) : []));

/** Taxes of the lines and of allowances: what only the breakdown of the whole invoice tells may not stand there. */
function taxesIn(element: MarkupElement, isWithin: boolean): MarkupElement[] {
  return element.children.flatMap((child) => {
    const inside = isWithin || child.name === "ApplicableHeaderTradeSettlement";
    return [...(child.name.endsWith("TradeTax") && !inside ? [child] : []), ...taxesIn(child, inside)];
  });
}

const ciiSpecial: readonly Rule[] = [
  placed("cii", product)(
    "CII-SR-046",
    "An item's standard identifier names its scheme.",
    (one) => childOf(one, "GlobalID") === undefined || childrenOf(one, "GlobalID").some(hasScheme),
  ),
  placed("cii", product)(
    "CII-SR-090",
    "The country an item comes from is told by one code.",
    (one) => childOf(one, "OriginTradeCountry") === undefined || at(one, "OriginTradeCountry/ID").length === 1,
  ),
  placed("cii", charge)(
    "CII-SR-463",
    "An allowance or charge says which of both it is.",
    (one) => childOf(one, "ChargeIndicator") !== undefined,
  ),
  ...(
    [
      ["CII-SR-449", `${trade}/ApplicableHeaderTradeDelivery`, "ShipToTradeParty"],
      ["CII-SR-450", agreement, "BuyerTradeParty"],
      ["CII-SR-451", settlement, "PayeeTradeParty"],
    ] as const
  ).map(([id, place, party]) =>
    placed("cii", place)(
      id,
      `<${party}> has an identifier with a scheme or without, not both.`,
      (one) => isOneKind(childOf(one, party)),
      "warning",
    ),
  ),
  ciiAgreement("CII-SR-457", "One tender at most is named (50).", (one) => ofType(one, "50").length <= 1, "warning"),
  ciiAgreement("CII-SR-458", "One invoiced object at most is named (130).", (one) => ofType(one, "130").length <= 1, "warning"),
  ...(
    [
      ["CII-SR-465", "SellerTradeParty"],
      ["CII-SR-466", "BuyerTradeParty"],
    ] as const
  ).map(([id, party]) =>
    ciiAgreement(id, "A contact is a person or a department, not both.", (one) => isOneName(childOf(one, party)), "warning"),
  ),
  ...(
    [
      ["CII-SR-475", "Name"],
      ["CII-SR-476", "AttachmentBinaryObject"],
    ] as const
  ).map(([id, name]) =>
    ciiAgreement(
      id,
      `Of all supporting documents (916) one at most has <${name}>, as this rule is published.`,
      (one) => ofType(one, "916").flatMap((reference) => childrenOf(reference, name)).length <= 1,
      "warning",
    ),
  ),
  placed("cii", `${ciiLine}/SpecifiedLineTradeAgreement`)(
    "CII-SR-119",
    "A discount on a price says that it is one, and how much.",
    (one) => {
      const discounts = at(one, "GrossPriceProductTradePrice/AppliedTradeAllowanceCharge");
      const [indicators, amounts] = ["ChargeIndicator", "ActualAmount"].map((name) => discounts.flatMap((it) => childrenOf(it, name)));
      if (indicators!.length === 0 && amounts!.length === 0) return true;
      return indicators!.some((it) => textOf(it, "Indicator") === "false") && amounts!.length > 0;
    },
    "warning",
  ),
  placed("cii", `${settlement}/SpecifiedTradeSettlementPaymentMeans`)(
    "CII-SR-470",
    "A credit transfer (30, 58) names the account to pay to.",
    (one) =>
      !["30", "58"].includes(textOf(one, "TypeCode") ?? "") ||
      at(one, "PayeePartyCreditorFinancialAccount/IBANID|ProprietaryID").length > 0,
  ),
  ciiRoot(
    "CII-SR-462",
    "The tax point is told by the same code everywhere (BT-8).",
    (root) => distinct(below(root, "ApplicableTradeTax").flatMap((one) => childrenOf(one, "DueDateTypeCode"))) <= 1,
  ),
  ciiRoot(
    "CII-SR-467",
    "All means of payment have the same code.",
    (root) => distinct(at(root, `${settlement}/SpecifiedTradeSettlementPaymentMeans/TypeCode`)) <= 1,
  ),
  ciiRoot(
    "CII-SR-468",
    "All means of payment are told in the same words.",
    (root) => distinct(at(root, `${settlement}/SpecifiedTradeSettlementPaymentMeans/Information`)) <= 1,
  ),
  placed("cii", `${ciiLine}/SpecifiedLineTradeSettlement`)(
    "CII-SR-474",
    "A line names one object at most (130).",
    (one) => ofType(one, "130").length <= 1,
    "warning",
  ),
  ciiReference("CII-DT-015", "Only a supporting document (916) has an address.", (one) => isOnly(one, "URIID", "916")),
  ciiReference(
    "CII-DT-018",
    "The type of a reference is 50, 130 or 916.",
    (one) => isOnly(one, "TypeCode", undefined) && ["50", "130", "916"].includes(ciiTypeOf(one) ?? "916"),
  ),
  ciiReference("CII-DT-021", "Only a supporting document (916) has a name.", (one) => isOnly(one, "Name", "916")),
  ciiReference("CII-DT-022", "Only a supporting document (916) has an attachment.", (one) => isOnly(one, "AttachmentBinaryObject", "916")),
  ciiReference("CII-DT-024", "Only an object (130) has a scheme of its reference.", (one) => isOnly(one, "ReferenceTypeCode", "130")),
  ciiReference(
    "CII-DT-027",
    "Only an earlier invoice is referred to with its day.",
    (one) => one.name === "InvoiceReferencedDocument" || childOf(one, "FormattedIssueDateTime") === undefined,
  ),
  about<MarkupElement>(({ invoice, elements }) =>
    invoice.syntax === "cii" ? elements.filter((one) => one.name.endsWith("Amount") && one.name !== "TaxTotalAmount").map(partOf) : [],
  )("CII-DT-031", "Only a tax total names its currency.", (one) => one.attributes["currencyID"] === undefined),
  about<MarkupElement>(({ invoice, elements }) =>
    invoice.syntax === "cii" ? elements.filter((one) => one.name.endsWith("TradeTax")).map(partOf) : [],
  )("CII-DT-037", "A tax of an invoice is VAT.", (one) => (ciiTypeOf(one) ?? "VAT") === "VAT"),
  ...(
    [
      ["CII-DT-041", "BasisAmount"],
      ["CII-DT-054", "TaxPointDate"],
      ["CII-DT-058", "DueDateTypeCode"],
    ] as const
  ).map(([id, name]) =>
    ciiTax(id, `Only the whole invoice tells <${name}> of a tax.`, (one) => childOf(one, name) === undefined, "warning"),
  ),
  ...(
    [
      ["CII-DT-052", "ExemptionReasonCode"],
      ["CII-DT-098", "ExemptionReason"],
    ] as const
  ).map(([id, name]) =>
    placed("cii", "//CategoryTradeTax")(
      id,
      `An allowance or charge has no <${name}>.`,
      (one) => childOf(one, name) === undefined,
      "warning",
    ),
  ),
  about<MarkupElement>(({ invoice, elements }) =>
    invoice.syntax === "cii"
      ? elements.filter((one) => one.name === "DateTimeString" && one.attributes["format"] === "102").map(partOf)
      : [],
  )("CII-DT-097", "A day in format 102 is year, month and day in eight digits.", (one) =>
    /^\d{4}(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])$/.test(one.text),
  ),
];

export const writtenRules: readonly Rule[] = [
  ...ublCounts.map((row) => countRule("ubl", row)),
  ...ublSpecial,
  ...ciiCounts.map((row) => countRule("cii", row)),
  ...totals.map((name, index) => countRule("cii", [`SR-${477 + index}`, sums, name])),
  ...ciiSpecial,
];
