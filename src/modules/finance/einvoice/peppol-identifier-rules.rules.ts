// Peppol: identifiers of registers with a check digit are well formed (PEPPOL-COMMON-*).
import type { MarkupElement } from "../banking/markup.rules.ts";
import { isAustralianNumber, isBelgianNumber, isGln, isItalianTaxNumber, isNorwegianNumber, isSwedishNumber } from "./check-digit.rules.ts";
import { about, type Rule } from "./rule.rules.ts";

interface Register {
  readonly id: string;
  readonly scheme: string;
  readonly name: string;
  readonly isRight: (text: string) => boolean;
  readonly severity?: "warning";
}

const registers: readonly Register[] = [
  { id: "R040", scheme: "0088", name: "A GLN", isRight: isGln },
  { id: "R041", scheme: "0192", name: "A Norwegian organisation number", isRight: isNorwegianNumber },
  { id: "R042", scheme: "0184", name: "A Danish CVR number", isRight: (text) => /^(DK)?\d{8}$/.test(text) },
  { id: "R043", scheme: "0208", name: "A Belgian enterprise number", isRight: isBelgianNumber },
  { id: "R044", scheme: "0201", name: "An Italian IPA code", isRight: (text) => /^[a-zA-Z0-9]{6}$/.test(text), severity: "warning" },
  { id: "R045", scheme: "0210", name: "An Italian fiscal code", isRight: isItalianFiscalCode, severity: "warning" },
  { id: "R046", scheme: "9907", name: "An Italian fiscal code", isRight: isItalianFiscalCode, severity: "warning" },
  { id: "R047", scheme: "0211", name: "An Italian VAT number", isRight: isItalianVat, severity: "warning" },
  { id: "R048", scheme: "9906", name: "An Italian VAT number", isRight: isItalianVat, severity: "warning" },
  { id: "R049", scheme: "0007", name: "A Swedish organisation number", isRight: isSwedishNumber },
  { id: "R050", scheme: "0151", name: "An Australian business number", isRight: isAustralianNumber },
];

function isItalianFiscalCode(text: string): boolean {
  return /^[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]$/i.test(text) || isItalianTaxNumber(text);
}

function isItalianVat(text: string): boolean {
  return text.startsWith("IT") && isItalianTaxNumber(text.slice(2));
}

const parents = new Set(["PartyIdentification", "SpecifiedLegalOrganization"]);
const ownNames = new Set(["EndpointID", "CompanyID", "URIID", "GlobalID"]);

/** Identifiers and electronic addresses of parties; items and places are numbered by registers too, and not meant. */
function identifiersIn(element: MarkupElement): MarkupElement[] {
  if (["Item", "SpecifiedTradeProduct", "DeliveryLocation"].includes(element.name)) return [];
  const own = element.children.filter((child) => ownNames.has(child.name) || (child.name === "ID" && parents.has(element.name)));
  return [...own, ...element.children.flatMap(identifiersIn)];
}

const ofScheme = (scheme: string) =>
  about<MarkupElement>(({ root }) =>
    identifiersIn(root)
      .filter((element) => element.attributes["schemeID"] === scheme)
      .map((element) => ({ place: `"${element.text}" on line ${element.line}`, value: element })),
  );

export const peppolIdentifierRules: readonly Rule[] = registers.map(({ id, scheme, name, isRight, severity }) =>
  ofScheme(scheme)(
    `PEPPOL-COMMON-${id}`,
    `${name} (scheme ${scheme}) is well formed and its check digit is right.`,
    (it) => isRight(it.text),
    severity,
  ),
);
