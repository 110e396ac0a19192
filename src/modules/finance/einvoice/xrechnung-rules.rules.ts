// XRechnung 3.0: its own rules beside the German ones (BR-DE-21, BR-TMP-*), its extension (BR-DEX-*), its reports on clean vehicles
// (BR-DE-CVD-*), and the rules of Peppol that it took over.
import { childOf, childrenOf, type MarkupElement, textOf } from "../banking/markup.rules.ts";
import { endpointSchemes, identifierSchemes, mimeTypes } from "./code-list.rules.ts";
import { germanRules } from "./german-rules.rules.ts";
import type { ElectronicInvoice, InvoiceLine, Syntax } from "./model.ts";
import { decimalsOf, numberOf, orZero, rounded, valueOf, zero } from "./number.rules.ts";
import { peppolRulesOfBoth } from "./peppol-rules.rules.ts";
import { itemClassifications } from "./reference-code.rules.ts";
import { about, eachLine, type Part, type Rule, whole } from "./rule.rules.ts";

const cius = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0";
const extension = `${cius}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0`;
const cleanVehicles = `${cius}#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9`;

/** Earlier releases were named by another body; they are judged by the rules in force. */
export const claimsXRechnung = (it: ElectronicInvoice): boolean => /kosit:(\w+:)*xrechnung/.test(it.specification ?? "");
const isExtension = (it: ElectronicInvoice): boolean => it.specification === extension;
const isCleanVehicles = (it: ElectronicInvoice): boolean => it.specification === cleanVehicles;

const onlyIn = (asks: (it: ElectronicInvoice) => boolean, rules: readonly Rule[]): Rule[] =>
  rules.map((rule) => ({ ...rule, brokenAt: (document) => (asks(document.invoice) ? rule.brokenAt(document) : []) }));

const isAbsolute = (uri: string | undefined): boolean => /^[a-zA-Z][a-zA-Z0-9+.-]+:/.test(uri ?? "");
const part = (element: MarkupElement): Part<MarkupElement> => ({ place: `<${element.name}> on line ${element.line}`, value: element });
const each = (name: RegExp, within?: (parents: readonly string[]) => boolean) =>
  about<MarkupElement>(({ root }) => named(root, name, [], within ?? (() => true)).map(part));

/** Elements of a name whose parents, the nearest last, are as asked. */
function named(
  element: MarkupElement,
  name: RegExp,
  parents: readonly string[],
  within: (parents: readonly string[]) => boolean,
): MarkupElement[] {
  const own = name.test(element.name) && within(parents) ? [element] : [];
  return [...own, ...element.children.flatMap((child) => named(child, name, [...parents, element.name], within))];
}

const lineAgreement = about<MarkupElement>(({ root }) =>
  childrenOf(childOf(root, "SupplyChainTradeTransaction"), "IncludedSupplyChainTradeLineItem").flatMap((line) =>
    childrenOf(line, "SpecifiedLineTradeAgreement").map(part),
  ),
);

function pricesAreForTheSame(agreement: MarkupElement): boolean {
  const gross = childOf(agreement, "GrossPriceProductTradePrice", "BasisQuantity");
  const net = childOf(agreement, "NetPriceProductTradePrice", "BasisQuantity");
  if (!gross || !net) return true;
  const [unit, other] = [gross.attributes["unitCode"], net.attributes["unitCode"]];
  return gross.text === net.text && (unit === undefined || other === undefined || unit === other);
}

const own: readonly Rule[] = [
  whole(
    "BR-DE-21",
    `The specification is XRechnung 3.0, its extension or its report on clean vehicles (BT-24).`,
    (it) => [cius, extension, cleanVehicles].includes(it.specification ?? ""),
    "warning",
  ),
  whole(
    "BR-DE-TMP-32",
    "A day of delivery, a period, or a period of each line is told (BT-72, BG-14, BG-26).",
    (it) => it.delivery?.day !== undefined || it.period !== undefined || it.lines.every((line) => line.period !== undefined),
    "information",
  ),
  about<string | undefined>(({ invoice }) =>
    invoice.supporting.flatMap((one) =>
      one.uri === undefined ? [] : [{ place: `supporting document ${one.id?.value ?? ""}`, value: one.uri }],
    ),
  )("BR-TMP-2", "The address of a supporting document is absolute and names its scheme (BT-124).", isAbsolute, "warning"),
  lineAgreement("BR-TMP-3", "Net price and gross price are for the same quantity (BT-149, BT-150).", pricesAreForTheSame),
];

const extended = new Set(["XR01", "XR02", "XR03"]);
const schemeOf = (element: MarkupElement): string | undefined => element.attributes["schemeID"];
const isRegister = (element: MarkupElement): boolean => {
  const scheme = schemeOf(element)?.trim();
  return scheme === undefined || extended.has(scheme) || identifierSchemes.has(scheme);
};
const isEndpoint = (element: MarkupElement): boolean => {
  const scheme = schemeOf(element)?.trim();
  return scheme === undefined || extended.has(scheme) || endpointSchemes.has(scheme);
};
const last = (parents: readonly string[]): string | undefined => parents.at(-1);
const registerText = "is a register of ISO 6523 or XR01 to XR03";

const schemeRules: readonly Rule[] = [
  each(/^ID$/, (parents) => last(parents) === "PartyIdentification")(
    "BR-DEX-04",
    `The scheme of a party's identifier ${registerText}.`,
    (it) => isRegister(it) || schemeOf(it) === "SEPA",
  ),
  each(/^GlobalID$/, (parents) => !parents.includes("SpecifiedTradeProduct") && !parents.includes("ShipToTradeParty"))(
    "BR-DEX-04",
    `The scheme of a party's identifier ${registerText}.`,
    isRegister,
  ),
  each(/^CompanyID$/, (parents) => last(parents) === "PartyLegalEntity")(
    "BR-DEX-05",
    `The scheme of a party's registration ${registerText}.`,
    isRegister,
  ),
  each(/^ID$/, (parents) => parents[0] === "CrossIndustryInvoice" && last(parents) !== "SpecifiedTaxRegistration")(
    "BR-DEX-05",
    `The scheme of a party's registration ${registerText}.`,
    isRegister,
  ),
  each(/^(ID|GlobalID)$/, (parents) => ["StandardItemIdentification", "SpecifiedTradeProduct"].includes(last(parents) ?? ""))(
    "BR-DEX-06",
    `The scheme of an item's standard identifier ${registerText}.`,
    isRegister,
  ),
  each(/^(EndpointID|URIID)$/, (parents) => last(parents) === "Party" || last(parents) === "URIUniversalCommunication")(
    "BR-DEX-07",
    "The scheme of an electronic address is a code of EAS or XR01 to XR03.",
    isEndpoint,
  ),
  each(/^(ID|GlobalID)$/, (parents) => ["DeliveryLocation", "ShipToTradeParty"].includes(last(parents) ?? ""))(
    "BR-DEX-08",
    `The scheme of the deliver-to location ${registerText}.`,
    isRegister,
  ),
];

const netOf = (line: MarkupElement) => numberOf(textOf(line, "LineExtensionAmount")) ?? zero;
const addsUp = (line: MarkupElement): boolean => {
  const below = childrenOf(line, "SubInvoiceLine");
  return below.length === 0 || netOf(line).eq(below.reduce((sum, one) => sum.plus(netOf(one)), zero));
};

/** A third party paid before (BG-DEX-09): it is added to what is due. */
function isDueRight(root: MarkupElement, { totals }: ElectronicInvoice): boolean {
  const third = childrenOf(root, "PrepaidPayment").reduce((sum, one) => sum.plus(numberOf(textOf(one, "PaidAmount")) ?? zero), zero);
  const due = orZero(totals.due).minus(orZero(totals.rounding));
  const reckoned = orZero(totals.gross).minus(orZero(totals.prepaid)).plus(third);
  return valueOf(totals.due) === undefined || rounded(due, 2).eq(rounded(reckoned, 2));
}

const ublRoot = about<MarkupElement>(({ root, invoice }) => (invoice.syntax === "ubl" ? [{ place: "", value: root }] : []));
const payment = about<MarkupElement>(({ root }) => (root.name === "Invoice" ? childrenOf(root, "PrepaidPayment").map(part) : []));

const extensionRules: readonly Rule[] = [
  each(/^(EmbeddedDocumentBinaryObject|AttachmentBinaryObject)$/)(
    "BR-DEX-01",
    "An attachment is of a media type that may be attached, or XML (BT-125).",
    (it) => mimeTypes.has(it.attributes["mimeCode"] ?? "") || it.attributes["mimeCode"] === "application/xml",
  ),
  each(/^(InvoiceLine|SubInvoiceLine)$/)(
    "BR-DEX-02",
    "The net amount of a line is what the lines directly below it add up to (BT-131).",
    addsUp,
    "warning",
  ),
  each(/^Item$/, (parents) => last(parents) === "SubInvoiceLine")(
    "BR-DEX-03",
    "A line below a line has one tax category.",
    (it) => childrenOf(it, "ClassifiedTaxCategory").length === 1,
  ),
  ...schemeRules,
  ublRoot(
    "BR-DEX-09",
    "The amount due is the total with tax less what was paid, plus rounding and what third parties are paid (BT-115).",
    isDueRight,
  ),
  payment("BR-DEX-10", "A third party's payment says what it is (BT-DEX-001).", (it) => textOf(it, "ID") !== undefined),
  payment("BR-DEX-11", "A third party's payment has an amount (BT-DEX-002).", (it) => textOf(it, "PaidAmount") !== undefined),
  payment("BR-DEX-12", "A third party's payment has a description (BT-DEX-003).", (it) => textOf(it, "InstructionID") !== undefined),
  payment("BR-DEX-13", "A third party's payment has two decimals at most.", (it) => decimalsOf(textOf(it, "PaidAmount") ?? "") <= 2),
  payment(
    "BR-DEX-14",
    "A third party's payment is in the currency of the invoice.",
    (it, invoice) => childOf(it, "PaidAmount")?.attributes["currencyID"] === invoice.currency,
  ),
  each(/^ParentLineID$/)("BR-DEX-15", "Lines below lines are not told in CII.", () => false, "warning"),
];

const vehicles = new Set(["M1", "M2", "M3", "N1", "N2", "N3"]);
const kinds = new Set(["clean", "zero-emission", "other"]);
const classed = (line: InvoiceLine) => line.item.classifications.filter((one) => one.scheme === "CVD");
const attributed = (line: InvoiceLine) => line.item.attributes.filter((one) => one.name === "cva");

const vehicleRules: readonly Rule[] = [
  whole("BR-DE-CVD-01", "The contract is named (BT-12).", (it) => it.contract !== undefined),
  whole("BR-DE-CVD-02", "The tender or lot is named (BT-17).", (it) => it.tender !== undefined),
  whole("BR-DE-CVD-03", "A line classifies its item by CVD and tells the attribute cva.", (it) =>
    it.lines.some((line) => classed(line).length > 0 && attributed(line).length > 0),
  ),
  eachLine("BR-DE-CVD-04", "The class of a vehicle is M1, M2, M3, N1, N2 or N3.", (line) =>
    classed(line).every((one) => vehicles.has(one.value)),
  ),
  eachLine("BR-DE-CVD-05", "The attribute cva is clean, zero-emission or other.", (line) =>
    attributed(line).every((one) => kinds.has(one.value ?? "")),
  ),
  eachLine(
    "BR-DE-CVD-06-a",
    "A line classified by CVD has one attribute cva.",
    (line) => classed(line).length === 0 || attributed(line).length === 1,
  ),
  eachLine(
    "BR-DE-CVD-06-b",
    "A line with the attribute cva has one class by CVD.",
    (line) => attributed(line).length === 0 || classed(line).length === 1,
  ),
  eachLine("BR-TMP-CVD-01", "An item is classified by UNTDID 7143 or CVD (BT-158).", (line) =>
    line.item.classifications.every((one) => one.scheme === undefined || one.scheme === "CVD" || itemClassifications.has(one.scheme)),
  ),
];

/** Rules of Peppol that hold for every XRechnung. */
const takenOver = new Set(
  "R001 R005 R008 R010 R020 R040 R041 R042 R043 R044 R046 R053 R054 R055 R061 R101 R110 R111 R120 R121 R130".split(" "),
);

/** As XRechnung took a rule over: a line that does not multiply out is only a warning, CII need not total the tax (BT-110). */
function asTaken(rule: Rule): Rule {
  if (rule.id === "PEPPOL-EN16931-R120") return { ...rule, severity: "warning" };
  if (rule.id !== "PEPPOL-EN16931-R053" && rule.id !== "PEPPOL-EN16931-R055") return rule;
  return { ...rule, brokenAt: (document) => (isUntaxedCii(document.invoice) ? [] : rule.brokenAt(document)) };
}

/** In CII the indicator of an allowance and the one of a discount on a price are two rules there. */
function numbered(rule: Rule): Rule[] {
  if (rule.id !== "PEPPOL-EN16931-R043") return [rule];
  const ofSyntax = (id: string, syntax: Syntax, isAsked: (parents: readonly string[]) => boolean): Rule => {
    const own = indicators(isAsked)(id, rule.says, isIndicated);
    return { ...own, brokenAt: (document) => (document.invoice.syntax === syntax ? own.brokenAt(document) : []) };
  };
  return [
    { ...rule, brokenAt: (document) => (document.invoice.syntax === "ubl" ? rule.brokenAt(document) : []) },
    ofSyntax(`${rule.id}-1`, "cii", (parents) => last(parents) !== "GrossPriceProductTradePrice"),
    ofSyntax(`${rule.id}-2`, "cii", (parents) => last(parents) === "GrossPriceProductTradePrice"),
  ];
}

const indicators = (isAsked: (parents: readonly string[]) => boolean) =>
  each(/^(SpecifiedTradeAllowanceCharge|AppliedTradeAllowanceCharge)$/, isAsked);
const isIndicated = (element: MarkupElement): boolean => ["true", "false"].includes(textOf(element, "ChargeIndicator", "Indicator") ?? "");

const ofPeppol: readonly Rule[] = peppolRulesOfBoth
  .filter((rule) => takenOver.has(rule.id.replace("PEPPOL-EN16931-", "")))
  .flatMap(numbered)
  .map(asTaken);

const isUntaxedCii = (it: ElectronicInvoice): boolean =>
  it.syntax === "cii" && it.taxTotals.every((total) => total.amount === undefined || total.amount.currency !== it.currency);

export const xRechnungRules: readonly Rule[] = [
  ...germanRules,
  ...own,
  ...onlyIn(isExtension, extensionRules),
  ...onlyIn(isCleanVehicles, vehicleRules),
  ...ofPeppol,
];

const byExtension = new Set(["BR-CL-10", "BR-CL-11", "BR-CL-21", "BR-CL-24", "BR-CL-25", "BR-CL-26", "BR-CO-16"]);

/** Whether the extension, or the report on clean vehicles, puts a rule of its own in the place of one of EN 16931. */
export const isReplaced = (id: string, it: ElectronicInvoice): boolean =>
  (isExtension(it) && byExtension.has(id)) || (isCleanVehicles(it) && id === "BR-CL-13");
