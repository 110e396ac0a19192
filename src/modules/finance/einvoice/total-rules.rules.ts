// EN 16931: how the figures of an invoice hang together (BR-CO-*), and how many decimals they may have (BR-DEC-*).
import type { Decimal } from "../../../kernel/decimal.ts";
import { isDue } from "./core-rules.rules.ts";
import { countries, creditNoteTypes } from "./code-list.rules.ts";
import type { Amount, ElectronicInvoice, Period, TaxBreakdown, TaxTotal, TradeParty } from "./model.ts";
import { decimalsOf, numberOf, orZero, rounded, sumOf, valueOf } from "./number.rules.ts";
import {
  breakdownOf,
  eachAllowance,
  eachBreakdown,
  eachCharge,
  eachLine,
  eachLineAllowance,
  eachLineCharge,
  ofKind,
  type Rule,
  whole,
} from "./rule.rules.ts";

/** UBL has a root of its own for credit notes; in both the type says so (BT-3). */
export const isCreditNote = (invoice: ElectronicInvoice): boolean =>
  invoice.root === "CreditNote" || creditNoteTypes.has(invoice.typeCode ?? "");

/** The tax total in the document's own currency. */
export const mainTaxTotal = (invoice: ElectronicInvoice): TaxTotal | undefined =>
  invoice.taxTotals.find((total) => total.amount && (total.amount.currency ?? invoice.currency) === invoice.currency);

const equals = (told: Amount | undefined, reckoned: Decimal): boolean => {
  const value = valueOf(told);
  return value === undefined || rounded(value, 2).eq(rounded(reckoned, 2));
};

const hasSide = (period: Period | undefined): boolean => !period || period.start !== undefined || period.end !== undefined;
const hasReason = (it: { readonly reason?: string; readonly reasonCode?: string }): boolean =>
  it.reason !== undefined || it.reasonCode !== undefined;

const hasCountry = (vatId: string | undefined): boolean =>
  vatId === undefined || vatId.startsWith("EL") || countries.has(vatId.slice(0, 2));

const consistency: readonly Rule[] = [
  whole("BR-CO-03", "The tax point is a day (BT-7) or a code (BT-8), never both.", (it) => !it.taxPointDay || !it.taxPointCode),
  eachLine("BR-CO-04", "Each line has a tax category (BT-151).", (it) => it.categories.some((one) => one.code !== undefined)),
  whole("BR-CO-09", "A VAT identifier begins with its country, Greece also with EL (BT-31, BT-48, BT-63).", (it) =>
    [it.seller, it.buyer, it.taxRepresentative].every((party) => hasCountry(party?.vatId)),
  ),
  whole("BR-CO-10", "The sum of the lines (BT-106) is what the lines add up to (BT-131).", (it) =>
    equals(it.totals.lines, sumOf(it.lines.map((line) => line.net))),
  ),
  whole("BR-CO-11", "The sum of allowances (BT-107) is what they add up to (BT-92).", (it) => sumTold(it, false)),
  whole("BR-CO-12", "The sum of charges (BT-108) is what they add up to (BT-99).", (it) => sumTold(it, true)),
  whole("BR-CO-13", "The total without tax (BT-109) is lines less allowances plus charges (BT-106 - BT-107 + BT-108).", (it) =>
    equals(it.totals.net, orZero(it.totals.lines).minus(orZero(it.totals.allowances)).plus(orZero(it.totals.charges))),
  ),
  whole("BR-CO-14", "The total tax (BT-110) is what its breakdown adds up to (BT-117).", (it) =>
    it.taxTotals.every(
      (total) => total.breakdown.length === 0 || !total.amount || equals(total.amount, sumOf(total.breakdown.map((one) => one.tax))),
    ),
  ),
  whole("BR-CO-15", "The total with tax (BT-112) is the total without tax plus the tax (BT-109 + BT-110).", isGrossRight),
  whole("BR-CO-16", "The amount due (BT-115) is the total with tax less what was paid plus rounding (BT-112 - BT-113 + BT-114).", (it) =>
    equals(it.totals.due, orZero(it.totals.gross).minus(orZero(it.totals.prepaid)).plus(orZero(it.totals.rounding))),
  ),
  eachBreakdown("BR-CO-17", "The tax of a category is its taxable amount times its rate, rounded to cents (BT-117).", isTaxRight),
  whole("BR-CO-18", "An invoice has at least one row of tax breakdown (BG-23).", (it) => breakdownOf(it).length > 0),
  whole(
    "BR-CO-19",
    "An invoicing period has a first or a last day (BT-73, BT-74).",
    (it) => hasSide(it.period) || it.taxPointCode !== undefined,
  ),
  eachLine("BR-CO-20", "A line's period has a first or a last day (BT-134, BT-135).", (it) => hasSide(it.period)),
  eachAllowance("BR-CO-21", "An allowance on the document says why, in words or by code.", hasReason),
  eachCharge("BR-CO-22", "A charge on the document says why, in words or by code.", hasReason),
  eachLineAllowance("BR-CO-23", "An allowance on a line says why, in words or by code.", hasReason),
  eachLineCharge("BR-CO-24", "A charge on a line says why, in words or by code.", hasReason),
  whole("BR-CO-25", "Where something is due, the day (BT-9) or the terms (BT-20) are told.", (it) =>
    isDue(it) && !isCreditNote(it) && isOfPeppol(it) ? it.dueDay !== undefined || it.terms !== undefined : true,
  ),
  whole("BR-CO-26", "The seller is told by an identifier, a registration or a VAT identifier (BT-29, BT-30, BT-31).", (it) =>
    isIdentified(it.seller),
  ),
];

/** EN 16931 took BR-CO-25 back in release 1.3.16; Peppol still publishes it. */
const isOfPeppol = (it: ElectronicInvoice): boolean => it.specification?.includes("peppol.eu:2017:poacc:billing") ?? false;

/** The published rules leave room for software that rounds line by line: less than one unit of currency in UBL, one at most in CII. */
function isTaxRight(row: TaxBreakdown, { syntax }: ElectronicInvoice): boolean {
  const [tax, base, percent] = [valueOf(row.tax), valueOf(row.base), numberOf(row.category?.percent)];
  if (!tax || !base) return true;
  if (!percent || percent.isZero()) return rounded(tax, 0).isZero();
  const difference = tax.abs().minus(rounded(base.abs().times(percent).dividedBy(100), 2));
  return syntax === "cii" ? difference.abs().lte(1) : difference.abs().lt(1);
}

const isIdentified = (seller: TradeParty | undefined): boolean =>
  seller !== undefined && (seller.identifiers.length > 0 || seller.legalId !== undefined || seller.vatId !== undefined);

function sumTold(it: ElectronicInvoice, isCharge: boolean): boolean {
  const parts = ofKind(it.allowances, isCharge).map((one) => one.amount);
  const told = isCharge ? it.totals.charges : it.totals.allowances;
  return told ? equals(told, sumOf(parts)) : parts.length === 0;
}

function isGrossRight(it: ElectronicInvoice): boolean {
  const tax = mainTaxTotal(it);
  const [net, gross] = [valueOf(it.totals.net), valueOf(it.totals.gross)];
  if (!net || !gross) return true;
  const isOnce = it.taxTotals.filter((total) => total.amount?.currency === it.currency).length <= 1;
  if (!tax) return it.syntax === "cii" && net.eq(gross);
  return isOnce && rounded(net.plus(orZero(tax.amount)), 2).eq(gross);
}

const mostDecimals = 2;
const isShort = (amount: Amount | undefined): boolean => !amount || decimalsOf(amount.value) <= mostDecimals;

const decimalsOfTotals: readonly (readonly [string, string, keyof ElectronicInvoice["totals"]])[] = [
  ["BR-DEC-09", "sum of the lines (BT-106)", "lines"],
  ["BR-DEC-10", "sum of allowances (BT-107)", "allowances"],
  ["BR-DEC-11", "sum of charges (BT-108)", "charges"],
  ["BR-DEC-12", "total without tax (BT-109)", "net"],
  ["BR-DEC-14", "total with tax (BT-112)", "gross"],
  ["BR-DEC-16", "amount paid before (BT-113)", "prepaid"],
  ["BR-DEC-17", "rounding amount (BT-114)", "rounding"],
  ["BR-DEC-18", "amount due (BT-115)", "due"],
];

const decimals: readonly Rule[] = [
  eachAllowance("BR-DEC-01", "The amount of an allowance (BT-92) has two decimals at most.", (it) => isShort(it.amount)),
  eachAllowance("BR-DEC-02", "The base of an allowance (BT-93) has two decimals at most.", (it) => isShort(it.base)),
  eachCharge("BR-DEC-05", "The amount of a charge (BT-99) has two decimals at most.", (it) => isShort(it.amount)),
  eachCharge("BR-DEC-06", "The base of a charge (BT-100) has two decimals at most.", (it) => isShort(it.base)),
  ...decimalsOfTotals.map(([id, what, field]) => whole(id, `The ${what} has two decimals at most.`, (it) => isShort(it.totals[field]))),
  whole("BR-DEC-13", "The total tax (BT-110) has two decimals at most.", (it) => isShort(mainTaxTotal(it)?.amount)),
  whole("BR-DEC-15", "The total tax in the accounting currency (BT-111) has two decimals at most.", (it) =>
    it.taxTotals.every((total) => total === mainTaxTotal(it) || isShort(total.amount)),
  ),
  eachBreakdown("BR-DEC-19", "A taxable amount (BT-116) has two decimals at most.", (it) => isShort(it.base)),
  eachBreakdown("BR-DEC-20", "A tax amount (BT-117) has two decimals at most.", (it) => isShort(it.tax)),
  eachLine("BR-DEC-23", "A line's net amount (BT-131) has two decimals at most.", (it) => isShort(it.net)),
  eachLineAllowance("BR-DEC-24", "The amount of a line's allowance (BT-136) has two decimals at most.", (it) => isShort(it.amount)),
  eachLineAllowance("BR-DEC-25", "The base of a line's allowance (BT-137) has two decimals at most.", (it) => isShort(it.base)),
  eachLineCharge("BR-DEC-27", "The amount of a line's charge (BT-141) has two decimals at most.", (it) => isShort(it.amount)),
  eachLineCharge("BR-DEC-28", "The base of a line's charge (BT-142) has two decimals at most.", (it) => isShort(it.base)),
];

export const totalRules: readonly Rule[] = [...consistency, ...decimals];
