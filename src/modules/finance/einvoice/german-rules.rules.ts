// Germany: what public buyers ask of an invoice (XRechnung 3.0, BR-DE-*), and Peppol of two German parties (DE-R-*). They are the same
// rules under two names, so each is said once.
import { childOf, childrenOf, type MarkupElement, textOf } from "../banking/markup.rules.ts";
import { isIban } from "./check-digit.rules.ts";
import type { Contact, ElectronicInvoice, PostalAddress } from "./model.ts";
import { about, eachBreakdown, type Part, type Rule, whole } from "./rule.rules.ts";

const isTold = (text: string | undefined): boolean => text !== undefined && text !== "";

/** A means of payment by the groups it is written with: BG-17, BG-18, BG-19. */
interface WrittenMeans {
  readonly code: string | undefined;
  readonly hasAccount: boolean;
  readonly hasCard: boolean;
  readonly hasDebit: boolean;
  readonly hasBank: boolean;
  readonly account: string | undefined;
  readonly debited: string | undefined;
}

const isWritten = (element: MarkupElement | undefined, ...path: readonly string[]): boolean => childOf(element, ...path) !== undefined;

const ublMeans = (root: MarkupElement): WrittenMeans[] =>
  childrenOf(root, "PaymentMeans").map((means) => ({
    code: textOf(means, "PaymentMeansCode"),
    hasAccount: isWritten(means, "PayeeFinancialAccount"),
    hasCard: isWritten(means, "CardAccount"),
    hasDebit: isWritten(means, "PaymentMandate"),
    hasBank: false,
    account: textOf(means, "PayeeFinancialAccount", "ID"),
    debited: textOf(means, "PaymentMandate", "PayerFinancialAccount", "ID"),
  }));

const settlementOf = (root: MarkupElement): MarkupElement | undefined =>
  childOf(root, "SupplyChainTradeTransaction", "ApplicableHeaderTradeSettlement");

const hasMandate = (settlement: MarkupElement | undefined): boolean =>
  childrenOf(settlement, "SpecifiedTradePaymentTerms").some((terms) => isWritten(terms, "DirectDebitMandateID"));

/** CII has no group for a direct debit: it is there where one of its three terms is. */
function ciiMeans(root: MarkupElement): WrittenMeans[] {
  const settlement = settlementOf(root);
  const isDebit = hasMandate(settlement) || isWritten(settlement, "CreditorReferenceID");
  return childrenOf(settlement, "SpecifiedTradeSettlementPaymentMeans").map((means) => ({
    code: textOf(means, "TypeCode"),
    hasAccount: isWritten(means, "PayeePartyCreditorFinancialAccount"),
    hasCard: isWritten(means, "ApplicableTradeSettlementFinancialCard"),
    hasDebit: isDebit || isWritten(means, "PayerPartyDebtorFinancialAccount", "IBANID"),
    hasBank: isWritten(means, "PayeeSpecifiedCreditorFinancialInstitution") || isWritten(means, "PayerSpecifiedDebtorFinancialInstitution"),
    account: textOf(means, "PayeePartyCreditorFinancialAccount", "IBANID"),
    debited: textOf(means, "PayerPartyDebtorFinancialAccount", "IBANID"),
  }));
}

const means = (...codes: readonly string[]) =>
  about<WrittenMeans>(({ invoice, root }) =>
    (invoice.syntax === "ubl" ? ublMeans(root) : ciiMeans(root)).flatMap((value, index) =>
      codes.includes(value.code ?? "") ? [{ place: `payment means ${index + 1}`, value }] : [],
    ),
  );
const transfer = means("30", "58");
const card = means("48", "54", "55");
const debit = means("59");

interface DirectDebit {
  readonly isTold: boolean;
  readonly hasCreditor: boolean;
  readonly hasDebited: boolean;
  /** Whether at least one term beside the one asked for is there: CII has no group that says so. */
  readonly hasMandate: boolean;
}

function directDebitOf(invoice: ElectronicInvoice, root: MarkupElement): DirectDebit {
  if (invoice.syntax === "ubl") {
    const mandates = childrenOf(root, "PaymentMeans").flatMap((one) => childrenOf(one, "PaymentMandate"));
    const hasDebited = mandates.some((one) => isWritten(one, "PayerFinancialAccount", "ID"));
    return { isTold: mandates.length > 0, hasCreditor: invoice.creditorId !== undefined, hasDebited, hasMandate: true };
  }
  const settlement = settlementOf(root);
  const debited = childrenOf(settlement, "SpecifiedTradeSettlementPaymentMeans");
  const hasDebited = debited.some((one) => isWritten(one, "PayerPartyDebtorFinancialAccount", "IBANID"));
  const [isMandated, hasCreditor] = [hasMandate(settlement), isWritten(settlement, "CreditorReferenceID")];
  return { isTold: isMandated || hasCreditor || hasDebited, hasCreditor, hasDebited, hasMandate: isMandated };
}

const directDebit = about<DirectDebit>(({ invoice, root }) => {
  const found = directDebitOf(invoice, root);
  return found.isTold ? [{ place: "", value: found }] : [];
});

const one = <T>(place: string, value: T | undefined): Part<T>[] => (value === undefined ? [] : [{ place, value }]);
const sellerAddress = about<PostalAddress>(({ invoice }) => one("", invoice.seller?.address));
const buyerAddress = about<PostalAddress>(({ invoice }) => one("", invoice.buyer?.address));
const deliveryAddress = about<PostalAddress>(({ invoice }) => one("", invoice.delivery?.address));
const sellerContact = about<Contact>(({ invoice }) => one("", invoice.seller?.contact));

/** Where files of the same name are attached, the second and all after it. */
const repeatedFile = about<MarkupElement>(({ elements }) =>
  elements.flatMap((parent) => {
    const names = new Set<string>();
    return [...childrenOf(parent, "AdditionalDocumentReference"), ...childrenOf(parent, "AdditionalReferencedDocument")].flatMap(
      (reference) => {
        const binary = childOf(reference, "Attachment", "EmbeddedDocumentBinaryObject") ?? childOf(reference, "AttachmentBinaryObject");
        const name = binary?.attributes["filename"];
        if (name === undefined) return [];
        const isRepeated = names.has(name);
        names.add(name);
        return isRepeated ? [{ place: `"${name}"`, value: reference }] : [];
      },
    );
  }),
);

const taxed = new Set(["S", "Z", "E", "AE", "K", "G", "L", "M"]);
const usesTax = (it: ElectronicInvoice): boolean =>
  [...it.lines.flatMap((line) => line.categories), ...it.allowances.map((allowance) => allowance.category)].some((category) =>
    taxed.has(category?.code ?? ""),
  );
const types = new Set(["326", "380", "381", "384", "389", "875", "876", "877"]);

/** Each line of the terms that begins with # is a discount in its signs, and a line end follows the last one (BT-20). */
const discountsAre =
  (signs: RegExp) =>
  (it: ElectronicInvoice): boolean => {
    // Where only the elements are at hand, the line end is not: it is taken to be there.
    const text = (it.termsWritten ?? (it.terms === undefined ? "" : `${it.terms}\n`)).replace(/\r\n?/g, "\n");
    const told = text
      .split("\n")
      .map((line) => line.trim().replace(/\s+/g, " "))
      .filter((line) => line.startsWith("#"));
    return told.length === 0 || (told.every((line) => signs.test(line)) && /^\s*\n/.test(text.split(/#.+#/).at(-1)!));
  };
const discount = "#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\\.[0-9]{2}(#BASISBETRAG=-?[0-9]+\\.[0-9]{2})?#$";
const atom = '[a-zA-Z0-9!#$%&"*+/=?^_`{|}~-]+';
const host = "[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?";

interface Variant {
  readonly id: (xrechnung: string, peppol: string) => string;
  readonly discount: RegExp;
  readonly email: RegExp;
}

const xrechnung: Variant = {
  id: (own) => `BR-DE-${own}`,
  discount: new RegExp(`^${discount}`),
  email: /^[^@\s]+@([^@.\s]+\.)+[^@.\s]+$/,
};
const peppol: Variant = {
  id: (_own, other) => `DE-R-${other}`,
  discount: new RegExp(discount),
  email: new RegExp(`^${atom}(\\.${atom})*@(${host}\\.)+${host}$`),
};

const partyRules = ({ id, email }: Variant): Rule[] => [
  whole(id("2", "002"), "The seller tells a contact (BG-6).", (it) => it.seller === undefined || it.seller.contact !== undefined),
  sellerAddress(id("3", "003"), "The seller tells the city (BT-37).", (it) => isTold(it.city)),
  sellerAddress(id("4", "004"), "The seller tells the postcode (BT-38).", (it) => isTold(it.postcode)),
  sellerContact(id("5", "005"), "The seller's contact has a name (BT-41).", (it) => isTold(it.name)),
  sellerContact(id("6", "006"), "The seller's contact has a telephone number (BT-42).", (it) => isTold(it.phone)),
  sellerContact(id("7", "007"), "The seller's contact has an email address (BT-43).", (it) => isTold(it.email)),
  sellerContact(
    id("27", "027"),
    "The contact's telephone number has three digits at least (BT-42).",
    (it) => (it.phone ?? "").replace(/[^0-9]/g, "").length >= 3,
    "warning",
  ),
  sellerContact(id("28", "028"), "The contact's email address is one (BT-43).", (it) => email.test(it.email ?? ""), "warning"),
  buyerAddress(id("8", "008"), "The buyer's address has a city (BT-52).", (it) => isTold(it.city)),
  buyerAddress(id("9", "009"), "The buyer's address has a postcode (BT-53).", (it) => isTold(it.postcode)),
  deliveryAddress(id("10", "010"), "A deliver-to address has a city (BT-77).", (it) => isTold(it.city)),
  deliveryAddress(id("11", "011"), "A deliver-to address has a postcode (BT-78).", (it) => isTold(it.postcode)),
];

const paymentRules = ({ id }: Variant): Rule[] => [
  whole(id("1", "001"), "An invoice says how to pay (BG-16).", (it) => it.payments.length > 0),
  transfer(
    id("19", "019"),
    "A SEPA transfer (58) names a right IBAN (BT-84).",
    (it) => it.code !== "58" || isIban(it.account ?? ""),
    "warning",
  ),
  debit(id("20", "020"), "A SEPA direct debit (59) names a right IBAN (BT-91).", (it) => isIban(it.debited ?? ""), "warning"),
  transfer(id("23-a", "023-1"), "A transfer (30, 58) names the account to pay to (BG-17).", (it) => it.hasAccount),
  transfer(id("23-b", "023-2"), "A transfer (30, 58) tells no card and no direct debit.", (it) => !it.hasCard && !it.hasDebit),
  card(id("24-a", "024-1"), "A payment by card (48, 54, 55) tells the card (BG-18).", (it) => it.hasCard),
  card(id("24-b", "024-2"), "A payment by card (48, 54, 55) tells no account and no direct debit.", (it) => !it.hasAccount && !it.hasDebit),
  debit(id("25-a", "025-1"), "A direct debit (59) tells the mandate (BG-19).", (it) => it.hasDebit),
  debit(
    id("25-b", "025-2"),
    "A direct debit (59) tells no account to pay to and no card.",
    (it) => !it.hasAccount && !it.hasCard && !it.hasBank,
  ),
  directDebit(
    id("30", "030"),
    "A direct debit tells the creditor's identifier (BT-90).",
    (it) => it.hasCreditor && (it.hasMandate || it.hasDebited),
  ),
  directDebit(
    id("31", "031"),
    "A direct debit tells the account that is debited (BT-91).",
    (it) => it.hasDebited && (it.hasMandate || it.hasCreditor),
  ),
];

const headRules = ({ id, discount: signs }: Variant): Rule[] => [
  eachBreakdown(id("14", "014"), "A row of the tax breakdown has a rate (BT-119).", (it) => isTold(it.category?.percent)),
  whole(id("15", "015"), "The buyer's reference is told (BT-10).", (it) => isTold(it.buyerReference)),
  whole(
    id("16", "016"),
    "Who uses a tax category but O tells a VAT identifier, a tax registration or a tax representative (BT-31, BT-32, BG-11).",
    (it) => !usesTax(it) || isTold(it.seller?.vatId) || isTold(it.seller?.taxId) || it.taxRepresentative !== undefined,
  ),
  whole(id("17", "017"), "The type is 326, 380, 381, 384, 389, 875, 876 or 877 (BT-3).", (it) => types.has(it.typeCode ?? ""), "warning"),
  whole(
    id("18", "018"),
    "Discounts are told as #SKONTO#TAGE=14#PROZENT=2.00#, each in a line of its own that ends (BT-20).",
    discountsAre(signs),
  ),
  repeatedFile(id("22", "022"), "Attached files have different names (BT-125).", () => false),
  whole(
    id("26", "026"),
    "A corrected invoice (384) names the invoice it corrects (BG-3).",
    (it) => it.typeCode !== "384" || it.preceding.some((earlier) => earlier.id !== undefined),
    "warning",
  ),
];

const rulesOf = (variant: Variant): Rule[] => [...headRules(variant), ...partyRules(variant), ...paymentRules(variant)];

/** BR-DE-1 to BR-DE-31. */
export const germanRules: readonly Rule[] = rulesOf(xrechnung);

const isGerman = (address: PostalAddress | undefined): boolean => address?.country?.toUpperCase() === "DE";

/** Peppol publishes them for UBL, and asks them where both parties live in Germany. */
export const peppolGermanRules: readonly Rule[] = rulesOf(peppol).map((rule) => ({
  ...rule,
  brokenAt: (document) => {
    const { syntax, seller, buyer } = document.invoice;
    return syntax === "ubl" && isGerman(seller?.address) && isGerman(buyer?.address) ? rule.brokenAt(document) : [];
  },
}));
