// Peppol: what the countries of seller and buyer ask beyond it (NO-R-*, SE-R-*, IT-R-*, NL-R-*, DK-R-*; others have a file of their own).
// A rule is asked only where its country is the seller's.
import { peppolGermanRules } from "./german-rules.rules.ts";
import { greekIcelandicRules } from "./greek-icelandic-rules.rules.ts";
import { isNorwegianNumber, isSwedishNumber } from "./check-digit.rules.ts";
import type { ElectronicInvoice, PaymentMeans, PostalAddress } from "./model.ts";
import { numberOf, valueOf } from "./number.rules.ts";
import { breakdownOf, eachAllowanceCharge, eachLine, eachPayment, type Rule, whole } from "./rule.rules.ts";

/** The seller's country: of the VAT identifier, else of the tax representative's, else of the address. */
function countryOf(it: ElectronicInvoice): string | undefined {
  const vat = it.seller?.vatId ?? it.taxRepresentative?.vatId;
  return vat?.slice(0, 2).toUpperCase() ?? it.seller?.address?.country;
}

type Holds = (it: ElectronicInvoice) => boolean;
type Severity = Rule["severity"];

/** Rules of one country, asked only of its sellers. */
const within =
  (country: string) =>
  (id: string, says: string, holds: Holds, severity: Severity = "fatal"): Rule =>
    whole(id, says, (it) => countryOf(it) !== country || holds(it), severity);

const isAddressed = (address: PostalAddress | undefined): boolean =>
  address?.street !== undefined && address.city !== undefined && address.postcode !== undefined;

const norway = within("NO");
const norwegian: readonly Rule[] = [
  norway("NO-R-001", "A Norwegian VAT identifier is NO, a valid organisation number and MVA.", ({ seller }) =>
    seller?.vatId?.startsWith("NO") ? isNorwegianNumber(seller.vatId.slice(2, 11)) && seller.vatId.slice(11) === "MVA" : true,
  ),
  norway(
    "NO-R-002",
    "A Norwegian seller in the register of companies says Foretaksregisteret (BT-32).",
    ({ seller }) => seller?.taxId === "Foretaksregisteret",
    "warning",
  ),
];

/** Sweden, the Netherlands and Denmark ask it of sellers who live there, whatever their VAT identifier. */
const atHome =
  (country: string) =>
  (id: string, says: string, holds: Holds, severity: Severity = "fatal"): Rule =>
    whole(id, says, (it) => it.seller?.address?.country !== country || holds(it), severity);

const sweden = atHome("SE");
const swedishVat = ({ seller }: ElectronicInvoice): string | undefined => (seller?.vatId?.startsWith("SE") ? seller.vatId : undefined);
const swedishId = ({ seller }: ElectronicInvoice): string | undefined => seller?.legalId?.value;
const toGiro = (it: ElectronicInvoice, giro: string): string[] =>
  it.payments.filter((means) => means.code === "30" && means.account?.bic === giro).map((means) => means.account?.id ?? "");
const isDigits = (text: string): boolean => /^\d+$/.test(text);
const swedish: readonly Rule[] = [
  sweden("SE-R-001", "A Swedish VAT identifier has 14 characters.", (it) => (swedishVat(it)?.length ?? 14) === 14),
  sweden("SE-R-002", "A Swedish VAT identifier is SE and digits.", (it) => isDigits(swedishVat(it)?.slice(2) ?? "0")),
  sweden("SE-R-003", "A Swedish organisation number is written in digits.", (it) => isDigits(swedishId(it) ?? "0")),
  sweden("SE-R-004", "A Swedish organisation number has ten characters.", (it) => (swedishId(it)?.length ?? 10) === 10),
  sweden("SE-R-005", "The tax registration of a Swedish seller says Godkänd för F-skatt (BT-32).", ({ seller }) =>
    seller?.legalId && seller.taxId ? seller.taxId.toLowerCase() === "godkänd för f-skatt" : true,
  ),
  sweden(
    "SE-R-006",
    "Standard rates in Sweden are 6, 12 and 25 percent.",
    (it) =>
      swedishVat(it) === undefined ||
      it.lines
        .flatMap((line) => line.categories)
        .concat([...it.allowances, ...breakdownOf(it)].flatMap((one) => one.category ?? []))
        .every((one) => one.code !== "S" || [6, 12, 25].some((rate) => numberOf(one.percent)?.eq(rate))),
  ),
  sweden("SE-R-007", "A Plusgiro account is written in digits.", (it) => toGiro(it, "SE:PLUSGIRO").every(isDigits), "warning"),
  sweden("SE-R-008", "A Bankgiro account is written in digits.", (it) => toGiro(it, "SE:BANKGIRO").every(isDigits), "warning"),
  sweden(
    "SE-R-009",
    "A Bankgiro account has 7 or 8 digits.",
    (it) => toGiro(it, "SE:BANKGIRO").every((id) => id.length === 7 || id.length === 8),
    "warning",
  ),
  sweden(
    "SE-R-010",
    "A Plusgiro account has 2 to 8 digits.",
    (it) => toGiro(it, "SE:PLUSGIRO").every((id) => id.length >= 2 && id.length <= 8),
    "warning",
  ),
  sweden(
    "SE-R-011",
    "Bankgiro and Plusgiro are told by code 30 and SE:BANKGIRO or SE:PLUSGIRO, not by codes 50 or 56.",
    (it) => it.payments.every((means) => means.code !== "50" && means.code !== "56"),
    "warning",
  ),
  sweden(
    "SE-R-012",
    "A credit transfer within Sweden has code 30, not 31.",
    (it) => it.buyer?.address?.country !== "SE" || it.payments.every((means) => means.code !== "31"),
    "warning",
  ),
  sweden("SE-R-013", "The check digit of a Swedish organisation number is right.", (it) => {
    const id = swedishId(it);
    return id === undefined || isSwedishNumber(id);
  }),
];

/** Italy asks it in UBL of whom the VAT identifier says to be Italian, in CII of whom the address does. */
const italy = (id: string, says: string, holds: Holds): Rule =>
  whole(id, says, (it) => (it.syntax === "ubl" ? countryOf(it) : it.seller?.address?.country) !== "IT" || holds(it));
const italianTaxId = /^[A-Z0-9]{11,16}$/;
const italian: readonly Rule[] = [
  italy("IT-R-001", "The tax registration of an Italian seller has eleven to sixteen capitals and digits (BT-32).", ({ seller }) =>
    italianTaxId.test(seller?.taxId ?? "00000000000"),
  ),
  italy("IT-R-002", "An Italian seller tells the street (BT-35).", ({ seller }) => seller?.address?.street !== undefined),
  italy("IT-R-003", "An Italian seller tells the city (BT-37).", ({ seller }) => seller?.address?.city !== undefined),
  italy("IT-R-004", "An Italian seller tells the postcode (BT-38).", ({ seller }) => seller?.address?.postcode !== undefined),
];

const netherlands = atHome("NL");
const isDutchBuyer: Holds = (it) => it.buyer?.address?.country === "NL";
const dutchIds = ["0106", "0190"];
const dutch: readonly Rule[] = [
  netherlands("NL-R-001", "A corrective invoice names the invoice it corrects (BT-25).", (it) =>
    ["381", "384"].includes(it.typeCode ?? "") ? it.preceding.some((one) => one.id !== undefined) : true,
  ),
  netherlands("NL-R-002", "A Dutch seller tells street, city and postcode.", (it) => isAddressed(it.seller?.address)),
  netherlands("NL-R-003", "A Dutch seller's registration is a KVK or OIN number (0106, 0190).", ({ seller }) =>
    dutchIds.includes(seller?.legalId?.scheme ?? ""),
  ),
  netherlands(
    "NL-R-004",
    "A Dutch buyer is told with street, city and postcode.",
    (it) => !isDutchBuyer(it) || isAddressed(it.buyer?.address),
  ),
  netherlands("NL-R-005", "A Dutch buyer's registration is a KVK or OIN number (0106, 0190).", (it) =>
    isDutchBuyer(it) && it.buyer?.legalId ? dutchIds.includes(it.buyer.legalId.scheme ?? "") : true,
  ),
  netherlands("NL-R-006", "A tax representative in the Netherlands is told with street, city and postcode.", (it) =>
    it.taxRepresentative?.address?.country === "NL" ? isAddressed(it.taxRepresentative.address) : true,
  ),
  netherlands("NL-R-007", "A Dutch seller says how the buyer is to pay what is due.", (it) => !owesSeller(it) || it.payments.length > 0),
  netherlands("NL-R-008", "Payments within the Netherlands have the codes 30, 48, 49, 57, 58 or 59.", (it) =>
    isDutchBuyer(it) ? it.payments.every((means) => ["30", "48", "49", "57", "58", "59"].includes(means.code ?? "")) : true,
  ),
  netherlands(
    "NL-R-009",
    "A line that names a line of an order needs the order (BT-13).",
    (it) => it.order !== undefined || it.lines.every((line) => line.orderLine === undefined),
  ),
];

/** What an invoice asks for, or a credit note of a negative amount. */
function owesSeller(it: ElectronicInvoice): boolean {
  const due = valueOf(it.totals.due);
  const isCredit = it.root === "CreditNote" || it.typeCode === "381";
  return due !== undefined && (isCredit ? due.lt(0) : due.gt(0));
}

const denmark = atHome("DK");
const ofDanish: Holds = (it) => it.seller?.address?.country === "DK" && it.buyer?.address?.country === "DK";
const danishPayment = (id: string, says: string, holds: (means: PaymentMeans) => boolean): Rule =>
  eachPayment(id, says, (means, it) => !ofDanish(it) || holds(means));
/** What stands before `#` in the remittance text of a Danish payment card, and what stands behind it. */
const slip = (means: PaymentMeans): readonly [string, string] => [means.remittance?.slice(0, 3) ?? "", means.remittance?.slice(3) ?? ""];
const allowedInDenmark = ["1", "10", "31", "42", "48", "49", "50", "58", "59", "93", "97"];
const danish: readonly Rule[] = [
  denmark("DK-R-002", "A Danish seller tells the CVR number (BT-30).", ({ seller }) => (seller?.legalId?.value ?? "") !== ""),
  eachLine(
    "DK-R-003",
    "An item is classified by UNSPSC 19.05.01 or 26.08.01.",
    (line, it) =>
      !ofDanish(it) ||
      line.item.classifications.every(
        (one) => one.scheme !== "TST" || ["19.05.01", "19.0501", "26.08.01", "26.0801"].includes(one.version ?? ""),
      ),
    "warning",
  ),
  eachAllowanceCharge(
    "DK-R-004",
    "A tax other than VAT has the reason code ZZZ and four digits at the beginning of its reason.",
    (one, it) => (ofDanish(it) && one.reasonCode === "ZZZ" ? /^\d{4}(#|$)/.test(one.reason ?? "") : true),
  ),
  danishPayment("DK-R-005", "Means of payment in Denmark have a code of its list.", (means) => allowedInDenmark.includes(means.code ?? "")),
  danishPayment("DK-R-006", "A transfer in Denmark names account and registration number.", (means) =>
    ["31", "42"].includes(means.code ?? "") ? means.account?.id !== undefined && means.account.bic !== undefined : true,
  ),
  danishPayment("DK-R-007", "A direct debit in Denmark names mandate and account.", (means) =>
    means.code === "49" ? (means.mandate?.id ?? "") !== "" && means.mandate?.debited !== undefined : true,
  ),
  danishPayment("DK-R-008", "A giro card has a prefix of 01#, 04# or 15# and an account of 7 or 8 digits.", (means) =>
    means.code === "50" ? ["01#", "04#", "15#"].includes(slip(means)[0]) && /^.{7,8}$/.test(means.account?.id ?? "") : true,
  ),
  danishPayment("DK-R-009", "A giro card of 04# or 15# has 16 digits.", (means) =>
    means.code === "50" && ["04#", "15#"].includes(slip(means)[0]) ? slip(means)[1].length === 16 : true,
  ),
  danishPayment("DK-R-010", "An FI card has a prefix of 71#, 73# or 75# and an account of 8 digits.", (means) =>
    means.code === "93" ? ["71#", "73#", "75#"].includes(slip(means)[0]) && /^.{8}$/.test(means.account?.id ?? "") : true,
  ),
  danishPayment("DK-R-011", "An FI card of 71# or 75# has 15 or 16 digits.", (means) =>
    means.code === "93" && ["71#", "75#"].includes(slip(means)[0]) ? [15, 16].includes(slip(means)[1].length) : true,
  ),
  denmark("DK-R-013", "The identifiers of seller and buyer name their scheme.", (it) =>
    [it.seller, it.buyer].every((party) => party?.identifiers.every((id) => id.scheme !== undefined) ?? true),
  ),
  denmark("DK-R-014", "A Danish seller's registration has the scheme 0184.", ({ seller }) =>
    seller?.legalId ? seller.legalId.scheme === "0184" : true,
  ),
  denmark("DK-R-016", "A credit note within Denmark is not negative.", (it) =>
    !ofDanish(it) ? true : it.root === "CreditNote" || it.typeCode === "381" ? !(valueOf(it.totals.due)?.isNegative() ?? false) : true,
  ),
];

export const nationalRules: readonly Rule[] = [
  ...peppolGermanRules,
  ...greekIcelandicRules,
  ...norwegian,
  ...swedish,
  ...italian,
  ...dutch,
  ...danish,
];
