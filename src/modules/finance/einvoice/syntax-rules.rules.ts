// How UBL and CII have to be written so that each term is told once (UBL-DT-*, PEPPOL-EN16931-R006, R080).
import { childOf, childrenOf, type MarkupElement, textOf } from "../banking/markup.rules.ts";
import { decimalsOf } from "./number.rules.ts";
import { about, type Rule } from "./rule.rules.ts";

const anyRoot = about<MarkupElement>(({ root }) => [{ place: "", value: root }]);

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
