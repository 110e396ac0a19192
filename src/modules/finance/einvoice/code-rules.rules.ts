// EN 16931: codes are codes of their list (BR-CL-*).
import {
  allowanceReasons,
  chargeReasons,
  countries,
  creditNoteTypes,
  currencies,
  documentTypes,
  endpointSchemes,
  exemptionReasons,
  identifierSchemes,
  mimeTypes,
  paymentMeansCodes,
} from "./code-list.rules.ts";
import type { MarkupElement } from "../banking/markup.rules.ts";
import type { ElectronicInvoice, Identifier, TradeParty } from "./model.ts";
import { itemClassifications, noteSubjects, referenceTypes } from "./reference-code.rules.ts";
import {
  about,
  breakdownOf,
  eachAllowance,
  eachCharge,
  eachLine,
  eachLineAllowance,
  eachLineCharge,
  eachPayment,
  type Part,
  type Rule,
  whole,
} from "./rule.rules.ts";
import { unitCodes } from "./unit-code.rules.ts";

/** What is not told breaks no list. */
const isIn = (list: ReadonlySet<string>, code: string | undefined): boolean => code === undefined || list.has(code);
const isMoney = (code: string | undefined): boolean => isIn(currencies, code);

const categoryCodes = new Set(["AE", "L", "M", "E", "S", "Z", "G", "O", "K", "B"]);
const taxPointCodes = { ubl: new Set(["3", "35", "432"]), cii: new Set(["5", "29", "72"]) } as const;

const partiesOf = (it: ElectronicInvoice): TradeParty[] =>
  [it.seller, it.buyer, it.payee, it.taxRepresentative].filter((party) => party !== undefined);

/** An identifier without a scheme is the party's own and comes from no register; SEPA marks a creditor of direct debits. */
const isRegistered = ({ scheme }: Identifier): boolean => scheme === undefined || scheme === "SEPA" || identifierSchemes.has(scheme);

const withAttribute = (elements: readonly MarkupElement[], name: string): Part<string>[] =>
  elements.flatMap((element) => {
    const value = element.attributes[name];
    return value === undefined ? [] : [{ place: `<${element.name}> on line ${element.line}`, value }];
  });

export const eachCurrency = about<string>(({ elements }) => withAttribute(elements, "currencyID"));
export const eachMimeType = about<string>(({ elements }) => withAttribute(elements, "mimeCode"));

/** UBL has documents of two kinds, each with its own types. */
function isOfType({ syntax, root, typeCode }: ElectronicInvoice): boolean {
  if (typeCode === undefined) return true;
  if (syntax === "cii") return documentTypes.has(typeCode);
  // 81 and 83 are types of both.
  const isCredit = typeCode === "81" || creditNoteTypes.has(typeCode);
  return root === "CreditNote" ? isCredit : documentTypes.has(typeCode) && (!isCredit || typeCode === "81");
}

const heads: readonly Rule[] = [
  whole("BR-CL-01", "The type of document is a code of UNTDID 1001 (BT-3).", isOfType),
  eachCurrency("BR-CL-03", "The currency of an amount is a code of ISO 4217.", isMoney),
  whole("BR-CL-04", "The currency of the invoice is a code of ISO 4217 (BT-5).", (it) => isMoney(it.currency)),
  whole("BR-CL-05", "The currency tax is accounted in is a code of ISO 4217 (BT-6).", (it) => isMoney(it.taxCurrency)),
  whole("BR-CL-06", "The tax point is a code of its list (BT-8).", (it) => isIn(taxPointCodes[it.syntax], it.taxPointCode)),
  whole("BR-CL-07", "The scheme of the invoiced object is a code of UNTDID 1153 (BT-18, BT-128).", (it) =>
    [it.object, ...it.lines.flatMap((line) => line.objects.filter((one) => one.typeCode !== undefined).map((one) => one.id))].every((id) =>
      isIn(referenceTypes, id?.scheme),
    ),
  ),
  whole("BR-CL-08", "The subject of a note is a code of UNTDID 4451 (BT-21).", (it) =>
    it.notes.every((note) => isIn(noteSubjects, note.subject)),
  ),
  whole("BR-CL-10", "The scheme of a party's identifier is a register of ISO 6523.", (it) =>
    partiesOf(it).every((party) => party.identifiers.every(isRegistered)),
  ),
  whole("BR-CL-11", "The scheme of a party's registration is a register of ISO 6523.", (it) =>
    partiesOf(it).every((party) => !party.legalId || isRegistered(party.legalId)),
  ),
  whole("BR-CL-14", "The country of an address is a code of ISO 3166.", (it) =>
    [...partiesOf(it).map((party) => party.address), it.delivery?.address].every((address) => isIn(countries, address?.country)),
  ),
  eachPayment("BR-CL-16", "The means of payment is a code of UNTDID 4461 (BT-81).", (it) => isIn(paymentMeansCodes, it.code)),
  whole("BR-CL-17", "The tax category of an allowance, a charge or the breakdown is a code of UNTDID 5305.", (it) =>
    [...breakdownOf(it), ...it.allowances].every((one) => isIn(categoryCodes, one.category?.code)),
  ),
  eachMimeType("BR-CL-24", "An attachment is of a media type that may be attached (BT-125).", (it) => mimeTypes.has(it)),
  whole("BR-CL-22", "The reason of an exemption is a code of VATEX (BT-121).", (it) =>
    [...breakdownOf(it).map((one) => one.category), ...it.lines.flatMap((line) => line.categories)].every((category) =>
      isIn(exemptionReasons, category?.reasonCode?.toUpperCase()),
    ),
  ),
  whole("BR-CL-25", "The scheme of an electronic address is a code of EAS (BT-34, BT-49).", (it) =>
    partiesOf(it).every((party) => isIn(endpointSchemes, party.endpoint?.scheme)),
  ),
  whole("BR-CL-26", "The scheme of the deliver-to location is a register of ISO 6523 (BT-71).", (it) =>
    isIn(identifierSchemes, it.delivery?.location?.scheme),
  ),
];

const lines: readonly Rule[] = [
  eachLine("BR-CL-13", "The scheme of an item's classification is a code of UNTDID 7143 (BT-158).", (it) =>
    it.item.classifications.every((one) => isIn(itemClassifications, one.scheme)),
  ),
  eachLine("BR-CL-15", "The country an item comes from is a code of ISO 3166 (BT-159).", (it) => isIn(countries, it.item.origin)),
  eachLine("BR-CL-18", "The tax category of a line is a code of UNTDID 5305 (BT-151).", (it) =>
    it.categories.every((one) => isIn(categoryCodes, one.code)),
  ),
  eachLine("BR-CL-21", "The scheme of an item's standard identifier is a register of ISO 6523 (BT-157).", (it) =>
    isIn(identifierSchemes, it.item.standardId?.scheme),
  ),
  eachLine("BR-CL-23", "The unit of a quantity is a code of UN/ECE Recommendation 20 or 21 (BT-130, BT-150).", (it) =>
    [it.quantity?.unit, it.price?.per?.unit].every((unit) => isIn(unitCodes, unit)),
  ),
];

const reasons: readonly Rule[] = [eachAllowance, eachLineAllowance]
  .map((each) => each("BR-CL-19", "The reason of an allowance is a code of UNTDID 5189.", (it) => isIn(allowanceReasons, it.reasonCode)))
  .concat(
    [eachCharge, eachLineCharge].map((each) =>
      each("BR-CL-20", "The reason of a charge is a code of UNTDID 7161.", (it) => isIn(chargeReasons, it.reasonCode)),
    ),
  );

export const codeRules: readonly Rule[] = [...heads, ...lines, ...reasons];
