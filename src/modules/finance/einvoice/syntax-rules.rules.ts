// How UBL and CII have to be written so that each term is told once (UBL-SR-*, UBL-DT-*, PEPPOL-EN16931-R006, R080).
import { childOf, childrenOf, type MarkupElement, textOf } from "../banking/markup.rules.ts";
import { decimalsOf } from "./number.rules.ts";
import { about, type Rule } from "./rule.rules.ts";

const ublRoot = about<MarkupElement>(({ root, invoice }) => (invoice.syntax === "ubl" ? [{ place: "", value: root }] : []));
const anyRoot = about<MarkupElement>(({ root }) => [{ place: "", value: root }]);

const vatCount = (root: MarkupElement, party: string): number =>
  childrenOf(childOf(root, party, "Party"), "PartyTaxScheme").filter((one) => textOf(one, "TaxScheme", "ID") === "VAT").length;

const isOneOf = (texts: readonly (string | undefined)[]): boolean => new Set(texts.filter((text) => text !== undefined)).size <= 1;

/** Terms that an invoice tells at most once: rule, words, path below the root. */
const once: readonly (readonly [string, string, readonly string[]])[] = [
  ["UBL-SR-01", "contract", ["ContractDocumentReference", "ID"]],
  ["UBL-SR-02", "receiving advice", ["ReceiptDocumentReference", "ID"]],
  ["UBL-SR-03", "despatch advice", ["DespatchDocumentReference", "ID"]],
  ["UBL-SR-05", "payment terms", ["PaymentTerms", "Note"]],
  ["UBL-SR-08", "invoicing period", ["InvoicePeriod"]],
  ["UBL-SR-09", "seller's name", ["AccountingSupplierParty", "Party", "PartyLegalEntity", "RegistrationName"]],
  ["UBL-SR-10", "seller's trading name", ["AccountingSupplierParty", "Party", "PartyName", "Name"]],
  ["UBL-SR-15", "buyer's name", ["AccountingCustomerParty", "Party", "PartyLegalEntity", "RegistrationName"]],
  ["UBL-SR-24", "deliver-to information", ["Delivery"]],
  ["UBL-SR-39", "project", ["ProjectReference", "ID"]],
];

const countAt = (elements: readonly MarkupElement[], path: readonly string[]): number => {
  const [name, ...rest] = path;
  const found = elements.flatMap((element) => childrenOf(element, name!));
  return rest.length === 0 ? found.length : countAt(found, rest);
};

const binaries = (elements: readonly MarkupElement[]): MarkupElement[] =>
  elements.filter((one) => one.name === "EmbeddedDocumentBinaryObject");
const isPrice = (name: string): boolean => name === "Price";

/** Amounts of the document; a unit price may have as many decimals as it needs. */
const amountsOf = (element: MarkupElement): MarkupElement[] => {
  if (isPrice(element.name)) return [];
  const own = element.children.length === 0 && element.name.endsWith("Amount") ? [element] : [];
  return [...own, ...element.children.flatMap(amountsOf)];
};

const eachBinary = about<MarkupElement>(({ elements }) => binaries(elements).map((one) => ({ place: `line ${one.line}`, value: one })));
const eachAmount = about<MarkupElement>(({ root, invoice }) =>
  invoice.syntax === "ubl" ? amountsOf(root).map((one) => ({ place: `<${one.name}> on line ${one.line}`, value: one })) : [],
);

export const syntaxRules: readonly Rule[] = [
  ...once.map(([id, what, path]) => ublRoot(id, `The ${what} is told at most once.`, (root) => countAt([root], path) <= 1)),
  ublRoot("UBL-SR-12", "The seller has one VAT identifier.", (root) => vatCount(root, "AccountingSupplierParty") <= 1),
  ublRoot("UBL-SR-18", "The buyer has one VAT identifier.", (root) => vatCount(root, "AccountingCustomerParty") <= 1),
  ublRoot(
    "UBL-SR-42",
    "The seller has two tax registrations at most.",
    (root) => countAt([root], ["AccountingSupplierParty", "Party", "PartyTaxScheme"]) <= 2,
  ),
  ublRoot("UBL-SR-44", "All means of payment name the same remittance text.", (root) =>
    isOneOf(childrenOf(root, "PaymentMeans").map((one) => textOf(one, "PaymentID"))),
  ),
  ublRoot("UBL-SR-47", "All means of payment have the same code.", (root) =>
    isOneOf(childrenOf(root, "PaymentMeans").map((one) => textOf(one, "PaymentMeansCode"))),
  ),
  eachAmount("UBL-DT-01", "An amount has two decimals at most.", (one) => decimalsOf(one.text) <= 2),
  eachBinary("UBL-DT-06", "An attachment tells its media type.", (one) => one.attributes["mimeCode"] !== undefined),
  eachBinary("UBL-DT-07", "An attachment tells its file name.", (one) => one.attributes["filename"] !== undefined),
  anyRoot("PEPPOL-EN16931-R006", "One invoiced object at most is named.", (root) => objectsOf(root, "130") <= 1),
  anyRoot("PEPPOL-EN16931-R080", "One project at most is named.", (root) => objectsOf(root, "50") <= 1),
];

function objectsOf(root: MarkupElement, code: string): number {
  const ubl = childrenOf(root, "AdditionalDocumentReference").filter((one) => textOf(one, "DocumentTypeCode") === code);
  const agreement = childOf(root, "SupplyChainTradeTransaction", "ApplicableHeaderTradeAgreement");
  const cii = childrenOf(agreement, "AdditionalReferencedDocument").filter((one) => textOf(one, "TypeCode") === code);
  return ubl.length + cii.length;
}
