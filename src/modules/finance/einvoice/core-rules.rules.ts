// EN 16931: what every invoice has to tell (BR-01 to BR-65).
import type { ElectronicInvoice, Period, PostalAddress, TradeParty } from "./model.ts";
import { numberOf, valueOf } from "./number.rules.ts";
import {
  about,
  eachAllowance,
  eachBreakdown,
  eachCharge,
  eachLine,
  eachLineAllowance,
  eachLineCharge,
  eachPayment,
  type Rule,
  whole,
} from "./rule.rules.ts";

const isTold = (text: string | undefined): boolean => text !== undefined && text !== "";
const isOrdered = (period: Period | undefined): boolean => !period?.start || !period.end || period.start <= period.end;
const isNotNegative = (text: string | undefined): boolean => !numberOf(text)?.isNegative();
const taxRepresentative = about<TradeParty>(({ invoice }) =>
  invoice.taxRepresentative ? [{ place: "tax representative", value: invoice.taxRepresentative }] : [],
);
const isCreditTransfer = (code: string | undefined): boolean => code === "30" || code === "58";
const preceding = about<ElectronicInvoice["preceding"][number]>(({ invoice }) =>
  invoice.preceding.map((value) => ({ place: "preceding invoice", value })),
);
const supporting = about<ElectronicInvoice["supporting"][number]>(({ invoice }) =>
  invoice.supporting.map((value) => ({ place: "supporting document", value })),
);

const head: readonly Rule[] = [
  whole("BR-01", "An invoice names the specification it follows (BT-24).", (it) => isTold(it.specification)),
  whole("BR-02", "An invoice has a number (BT-1).", (it) => isTold(it.number)),
  whole("BR-03", "An invoice has the day it was issued (BT-2).", (it) => isTold(it.day)),
  whole("BR-04", "An invoice says by a code what it is (BT-3).", (it) => isTold(it.typeCode)),
  whole("BR-05", "An invoice names its currency (BT-5).", (it) => isTold(it.currency)),
  whole("BR-06", "The seller has a name (BT-27).", (it) => isTold(it.seller?.name)),
  whole("BR-07", "The buyer has a name (BT-44).", (it) => isTold(it.buyer?.name)),
  whole("BR-08", "The seller has an address (BG-5).", (it) => it.seller?.address !== undefined),
  whole("BR-09", "The seller's address has a country (BT-40).", (it) => isPlaced(it, it.seller?.address)),
  whole("BR-10", "The buyer has an address (BG-8).", (it) => it.buyer?.address !== undefined),
  whole("BR-11", "The buyer's address has a country (BT-55).", (it) => isPlaced(it, it.buyer?.address)),
  whole("BR-12", "The sum of the lines is given (BT-106).", (it) => isTold(it.totals.lines?.value)),
  whole("BR-13", "The total without tax is given (BT-109).", (it) => isTold(it.totals.net?.value)),
  whole("BR-14", "The total with tax is given (BT-112).", (it) => isTold(it.totals.gross?.value)),
  whole("BR-15", "The amount due for payment is given (BT-115).", (it) => isTold(it.totals.due?.value)),
  whole("BR-16", "An invoice has at least one line (BG-25).", (it) => it.lines.length > 0),
  whole("BR-17", "A payee who is not the seller has a name (BT-59).", (it) => !it.payee || isOtherNamed(it.payee, it.seller)),
  taxRepresentative("BR-18", "The seller's tax representative has a name (BT-62).", (it) => isTold(it.name)),
  taxRepresentative("BR-19", "The seller's tax representative has an address (BG-12).", (it) => it.address !== undefined),
  taxRepresentative("BR-20", "The tax representative's address has a country (BT-69).", (it, invoice) => isPlaced(invoice, it.address)),
  taxRepresentative("BR-56", "The seller's tax representative has a VAT identifier (BT-63).", (it) => isTold(it.vatId)),
  whole("BR-29", "An invoicing period does not end before it begins (BT-73, BT-74).", (it) => isOrdered(it.period)),
  supporting("BR-52", "A supporting document has a reference (BT-122).", (it) => isTold(it.id?.value)),
  whole(
    "BR-53",
    "Where tax is also accounted in another currency (BT-6), the total tax is told in that currency too (BT-111).",
    (it) =>
      !it.taxCurrency ||
      (it.taxTotals.some((total) => isTold(total.amount?.value) && total.amount?.currency === it.taxCurrency) &&
        (it.syntax === "ubl" || it.taxCurrency !== it.currency)),
  ),
  preceding("BR-55", "A reference to an earlier invoice has that invoice's number (BT-25).", (it) => isTold(it.id?.value)),
  whole("BR-57", "A deliver-to address has a country (BT-80).", (it) => !it.delivery?.address || isTold(it.delivery.address.country)),
  whole("BR-62", "The seller's electronic address names its scheme (BT-34).", (it) => hasScheme(it.seller)),
  whole("BR-63", "The buyer's electronic address names its scheme (BT-49).", (it) => hasScheme(it.buyer)),
];

/** In UBL an address that is missing is told by a rule of its own; in CII both rules say so. */
const isPlaced = ({ syntax }: ElectronicInvoice, address: PostalAddress | undefined): boolean =>
  isTold(address?.country) || (syntax === "ubl" && address === undefined);

const hasScheme = (party: TradeParty | undefined): boolean => !party?.endpoint || isTold(party.endpoint.scheme);

/** A payee of the seller's name is the seller, and needs not be told. */
function isOtherNamed(payee: TradeParty, seller: TradeParty | undefined): boolean {
  const isSame = payee.name === seller?.name || payee.identifiers.some((id) => seller?.identifiers.some((one) => one.value === id.value));
  return isTold(payee.name) && !isSame;
}

const lines: readonly Rule[] = [
  eachLine("BR-21", "A line has an identifier (BT-126).", (it) => isTold(it.id)),
  eachLine("BR-22", "A line has a quantity (BT-129).", (it) => isTold(it.quantity?.value)),
  eachLine("BR-23", "A line's quantity has a unit (BT-130).", (it) => isTold(it.quantity?.unit)),
  eachLine("BR-24", "A line has a net amount (BT-131).", (it) => isTold(it.net?.value)),
  eachLine("BR-25", "A line names the item (BT-153).", (it) => isTold(it.item.name)),
  eachLine("BR-26", "A line has the item's net price (BT-146).", (it) => isTold(it.price?.net?.value)),
  eachLine("BR-27", "An item's net price is not negative (BT-146).", (it) => isNotNegative(it.price?.net?.value)),
  eachLine("BR-28", "An item's gross price is not negative (BT-148).", (it) => isNotNegative(it.price?.gross?.value)),
  eachLine("BR-30", "A line's period does not end before it begins (BT-134, BT-135).", (it) => isOrdered(it.period)),
  eachLine("BR-54", "An attribute of an item has both name and value (BG-32).", (it) =>
    it.item.attributes.every((one) => isTold(one.name) && isTold(one.value)),
  ),
  eachLine("BR-64", "An item's standard identifier names its scheme (BT-157).", (it) =>
    it.item.standardId ? isTold(it.item.standardId.scheme) : true,
  ),
  eachLine("BR-65", "An item's classification names its scheme (BT-158).", (it) =>
    it.item.classifications.every((one) => isTold(one.scheme)),
  ),
];

const allowances: readonly Rule[] = [
  eachAllowance("BR-31", "An allowance on the document has an amount (BT-92).", (it) => isTold(it.amount?.value)),
  eachAllowance("BR-32", "An allowance on the document has a tax category (BT-95).", (it) => isTold(it.category?.code)),
  eachAllowance("BR-33", "An allowance on the document says why (BT-97 or BT-98).", (it) => isTold(it.reason ?? it.reasonCode)),
  eachCharge("BR-36", "A charge on the document has an amount (BT-99).", (it) => isTold(it.amount?.value)),
  eachCharge("BR-37", "A charge on the document has a tax category (BT-102).", (it) => isTold(it.category?.code)),
  eachCharge("BR-38", "A charge on the document says why (BT-104 or BT-105).", (it) => isTold(it.reason ?? it.reasonCode)),
  eachLineAllowance("BR-41", "An allowance on a line has an amount (BT-136).", (it) => isTold(it.amount?.value)),
  eachLineAllowance("BR-42", "An allowance on a line says why (BT-139 or BT-140).", (it) => isTold(it.reason ?? it.reasonCode)),
  eachLineCharge("BR-43", "A charge on a line has an amount (BT-141).", (it) => isTold(it.amount?.value)),
  eachLineCharge("BR-44", "A charge on a line says why (BT-144 or BT-145).", (it) => isTold(it.reason ?? it.reasonCode)),
];

const taxesAndPayment: readonly Rule[] = [
  eachBreakdown("BR-45", "A row of the tax breakdown has its taxable amount (BT-116).", (it) => isTold(it.base?.value)),
  eachBreakdown("BR-46", "A row of the tax breakdown has its tax amount (BT-117).", (it) => isTold(it.tax?.value)),
  eachBreakdown("BR-47", "A row of the tax breakdown has a category (BT-118).", (it) => isTold(it.category?.code)),
  eachBreakdown(
    "BR-48",
    "A row of the tax breakdown has a rate, unless the sale is outside the scope of tax (BT-119).",
    (it) => it.category?.code === "O" || isTold(it.category?.percent),
  ),
  eachPayment("BR-49", "Payment instructions say the means by a code (BT-81).", (it) => isTold(it.code)),
  eachPayment("BR-50", "An account to pay to has an identifier (BT-84).", (it) => !it.account || isTold(it.account.id)),
  eachPayment(
    "BR-51",
    "Of a card only the last four to six digits are shown, ten characters at most (BT-87).",
    (it) => (it.card?.number?.length ?? 0) <= 10,
    "warning",
  ),
  eachPayment(
    "BR-61",
    "A credit transfer names the account to pay to (BT-84).",
    (it) => !isCreditTransfer(it.code) || isTold(it.account?.id),
  ),
];

export const coreRules: readonly Rule[] = [...head, ...lines, ...allowances, ...taxesAndPayment];

/** Whether any amount due is above zero. */
export const isDue = (invoice: ElectronicInvoice): boolean => valueOf(invoice.totals.due)?.gt(0) ?? false;
