// EN 16931: what follows from the tax category of a line, allowance or charge. The same ten rules for each category, told as a table.
import type { Decimal } from "../../../kernel/decimal.ts";
import type { AllowanceCharge, ElectronicInvoice, InvoiceLine, Syntax, TaxBreakdown, TaxCategory } from "./model.ts";
import { numberOf, orZero, rounded, sumOf, valueOf, zero } from "./number.rules.ts";
import { breakdownOf, eachAllowance, eachBreakdown, eachCharge, eachLine, ofKind, type Rule, whole } from "./rule.rules.ts";

type Party = "sellerVat" | "sellerTax" | "representativeVat" | "buyerVat" | "buyerLegal";

interface Category {
  /** What its rules are called: `BR-S-01`. */
  readonly rule: string;
  readonly code: string;
  readonly name: string;
  /** What a rate has to be; `none` where no rate may be told. */
  readonly rate: "positive" | "zero" | "notNegative" | "none";
  /** Whether the breakdown has a row for each rate, or exactly one. */
  readonly perRate: boolean;
  /** Whether the breakdown has to say why no tax is charged, or may not. */
  readonly exempts: boolean;
  /** Of each group one has to be told; `none` where none of them may be. */
  readonly identifiers: readonly (readonly Party[])[] | "none";
}

const seller = ["sellerVat", "sellerTax", "representativeVat"] as const;
const sellerVat = ["sellerVat", "representativeVat"] as const;
const taxed = { perRate: true, exempts: false, identifiers: [seller] } as const;
const untaxed = { rate: "zero", perRate: false, exempts: true } as const;

const categories: readonly Category[] = [
  { rule: "S", code: "S", name: "standard rated", rate: "positive", ...taxed },
  { rule: "Z", code: "Z", name: "zero rated", ...untaxed, exempts: false, identifiers: [seller] },
  { rule: "E", code: "E", name: "exempt", ...untaxed, identifiers: [seller] },
  { rule: "AE", code: "AE", name: "reverse charge", ...untaxed, identifiers: [seller, ["buyerVat", "buyerLegal"]] },
  { rule: "IC", code: "K", name: "intra-Community supply", ...untaxed, identifiers: [sellerVat, ["buyerVat"]] },
  { rule: "G", code: "G", name: "export outside the Union", ...untaxed, identifiers: [sellerVat] },
  { rule: "O", code: "O", name: "not subject to VAT", ...untaxed, rate: "none", identifiers: "none" },
  { rule: "AF", code: "L", name: "Canary Islands tax (IGIC)", rate: "notNegative", ...taxed },
  { rule: "AG", code: "M", name: "tax of Ceuta and Melilla (IPSI)", rate: "notNegative", ...taxed },
];

const partyText: Readonly<Record<Party, string>> = {
  sellerVat: "the seller's VAT identifier (BT-31)",
  sellerTax: "the seller's tax registration (BT-32)",
  representativeVat: "the tax representative's VAT identifier (BT-63)",
  buyerVat: "the buyer's VAT identifier (BT-48)",
  buyerLegal: "the buyer's registration (BT-47)",
};

function isToldOf(it: ElectronicInvoice, party: Party): boolean {
  if (party === "sellerVat") return it.seller?.vatId !== undefined;
  if (party === "sellerTax") return it.seller?.taxId !== undefined;
  if (party === "representativeVat") return it.taxRepresentative?.vatId !== undefined;
  return party === "buyerVat" ? it.buyer?.vatId !== undefined : it.buyer?.legalId !== undefined;
}

const isOf = (code: string, category: TaxCategory | undefined): boolean => category?.code === code;
const linesOf = (it: ElectronicInvoice, code: string): InvoiceLine[] =>
  it.lines.filter((line) => line.categories.some((one) => isOf(code, one)));
const allowancesOf = (it: ElectronicInvoice, code: string): AllowanceCharge[] => it.allowances.filter((one) => isOf(code, one.category));
const rowsOf = (it: ElectronicInvoice, code: string): TaxBreakdown[] => breakdownOf(it).filter((row) => isOf(code, row.category));

function identifierRules({ rule, code, name, identifiers }: Category): Rule[] {
  const isNone = identifiers === "none";
  const groups = isNone ? [[...sellerVat, "buyerVat"] as const] : identifiers;
  const wanted = groups.map((group) => group.map((party) => partyText[party]).join(" or ")).join(", and ");
  const holds = (it: ElectronicInvoice): boolean =>
    isNone ? !groups[0]!.some((party) => isToldOf(it, party)) : groups.every((group) => group.some((party) => isToldOf(it, party)));
  const rest = isNone ? `tells neither ${wanted}` : `tells ${wanted}`;
  return [
    whole(`BR-${rule}-02`, `An invoice with a line that is ${name} ${rest}.`, (it) => linesOf(it, code).length === 0 || holds(it)),
    whole(
      `BR-${rule}-03`,
      `An invoice with an allowance that is ${name} ${rest}.`,
      (it) => ofKind(allowancesOf(it, code), false).length === 0 || holds(it),
    ),
    whole(
      `BR-${rule}-04`,
      `An invoice with a charge that is ${name} ${rest}.`,
      (it) => ofKind(allowancesOf(it, code), true).length === 0 || holds(it),
    ),
  ];
}

const rateText = { positive: "above zero", zero: "zero", notNegative: "zero or more", none: "not told" } as const;

function isRight(rate: Category["rate"], percent: string | undefined): boolean {
  if (rate === "none") return percent === undefined;
  const value = numberOf(percent);
  if (!value) return false;
  if (rate === "positive") return value.gt(0);
  return rate === "zero" ? value.isZero() : value.gte(0);
}

function rateRules({ rule, code, name, rate }: Category): Rule[] {
  const holds = (category: TaxCategory | undefined): boolean => !isOf(code, category) || isRight(rate, category?.percent);
  const text = `that is ${name} is ${rateText[rate]}`;
  return [
    eachLine(`BR-${rule}-05`, `The tax rate of a line ${text} (BT-152).`, (it) => it.categories.every(holds)),
    eachAllowance(`BR-${rule}-06`, `The tax rate of an allowance ${text} (BT-96).`, (it) => holds(it.category)),
    eachCharge(`BR-${rule}-07`, `The tax rate of a charge ${text} (BT-103).`, (it) => holds(it.category)),
  ];
}

const isRate = (category: TaxCategory | undefined, percent: Decimal | undefined): boolean =>
  percent === undefined || (numberOf(category?.percent)?.eq(percent) ?? false);

/** Lines less allowances plus charges of a category, and of a rate where one is given. */
function baseOf(it: ElectronicInvoice, code: string, percent: Decimal | undefined): Decimal {
  const lines = it.lines.filter((line) => line.categories.some((one) => isOf(code, one) && isRate(one, percent)));
  const others = allowancesOf(it, code).filter((one) => isRate(one.category, percent));
  const sum = (isCharge: boolean): Decimal => sumOf(ofKind(others, isCharge).map((one) => one.amount));
  return sumOf(lines.map((line) => line.net))
    .minus(sum(false))
    .plus(sum(true));
}

function breakdownRules(category: Category): Rule[] {
  const { rule, code, name, perRate, exempts } = category;
  const isRow = (row: TaxBreakdown): boolean => isOf(code, row.category);
  return [
    whole(`BR-${rule}-01`, `What is ${name} has ${perRate ? "a row" : "exactly one row"} in the tax breakdown.`, (it) => {
      const isUsed = linesOf(it, code).length > 0 || allowancesOf(it, code).length > 0;
      const rows = rowsOf(it, code).length;
      if (isUsed) return perRate ? rows > 0 : rows === 1;
      return rows === 0 || mayStandAlone(it.syntax, perRate, rows);
    }),
    eachBreakdown(
      `BR-${rule}-08`,
      `The taxable amount of what is ${name} is lines less allowances plus charges${perRate ? " of the rate" : ""} (BT-116).`,
      (row, it) => !isRow(row) || isBaseRight(row, it, category),
    ),
    eachBreakdown(
      `BR-${rule}-09`,
      perRate
        ? `The tax of what is ${name} is the taxable amount times the rate (BT-117).`
        : `The tax of what is ${name} is zero (BT-117).`,
      (row) => !isRow(row) || isTaxRight(row, perRate),
    ),
    eachBreakdown(
      `BR-${rule}-10`,
      exempts
        ? `What is ${name} says why no tax is charged (BT-120 or BT-121).`
        : `What is ${name} gives no reason for an exemption (BT-120, BT-121).`,
      (row) => !isRow(row) || exempts === (row.category?.reason !== undefined || row.category?.reasonCode !== undefined),
    ),
  ];
}

/** As the rules are published: in UBL one untaxed row needs no line, in CII a taxed one needs none. */
const mayStandAlone = (syntax: Syntax, perRate: boolean, rows: number): boolean => (syntax === "cii" ? perRate : !perRate && rows === 1);

function isBaseRight(row: TaxBreakdown, it: ElectronicInvoice, { code, perRate, rate }: Category): boolean {
  const told = valueOf(row.base);
  if (!told) return true;
  const reckoned = baseOf(it, code, perRate ? (numberOf(row.category?.percent) ?? zero) : undefined);
  // The published rules allow less than one unit of currency for rated categories in UBL, for untaxed ones but O in CII, none elsewhere.
  const isLoose = it.syntax === "ubl" ? perRate : rate === "zero";
  return isLoose ? told.minus(reckoned).abs().lt(1) : rounded(told, 2).eq(rounded(reckoned, 2));
}

function isTaxRight(row: TaxBreakdown, perRate: boolean): boolean {
  const tax = orZero(row.tax);
  if (!perRate) return tax.isZero();
  const percent = numberOf(row.category?.percent) ?? zero;
  const reckoned = rounded(orZero(row.base).abs().times(percent).dividedBy(100), 2);
  return tax.abs().minus(reckoned).abs().lt(1);
}

const onlyOutside = (it: ElectronicInvoice): boolean => rowsOf(it, "O").length > 0;

const special: readonly Rule[] = [
  whole(
    "BR-IC-11",
    "An intra-Community supply has a day of delivery or a period (BT-72, BG-14).",
    (it) =>
      rowsOf(it, "K").length === 0 || it.delivery?.day !== undefined || it.period?.start !== undefined || it.period?.end !== undefined,
  ),
  whole(
    "BR-IC-12",
    "An intra-Community supply names the country it is delivered to (BT-80).",
    (it) => rowsOf(it, "K").length === 0 || it.delivery?.address?.country !== undefined,
  ),
  whole(
    "BR-O-11",
    "Beside what is not subject to VAT no other tax category stands in the breakdown.",
    (it) => !onlyOutside(it) || breakdownOf(it).length === rowsOf(it, "O").length,
  ),
  whole(
    "BR-O-12",
    "Beside what is not subject to VAT no line has another tax category.",
    (it) => !onlyOutside(it) || linesOf(it, "O").length === it.lines.length,
  ),
  whole(
    "BR-O-13",
    "Beside what is not subject to VAT no allowance has another tax category.",
    (it) => !onlyOutside(it) || ofKind(allowancesOf(it, "O"), false).length === ofKind(it.allowances, false).length,
  ),
  whole(
    "BR-O-14",
    "Beside what is not subject to VAT no charge has another tax category.",
    (it) => !onlyOutside(it) || ofKind(allowancesOf(it, "O"), true).length === ofKind(it.allowances, true).length,
  ),
  whole(
    "BR-B-01",
    "Split payment is only for invoices within Italy.",
    (it) => !hasSplit(it) || (it.seller?.address?.country === "IT" && it.buyer?.address?.country === "IT"),
  ),
  whole(
    "BR-B-02",
    "Split payment and the standard rate do not stand on one invoice.",
    (it) => !hasSplit(it) || (linesOf(it, "S").length === 0 && allowancesOf(it, "S").length === 0 && rowsOf(it, "S").length === 0),
  ),
];

const hasSplit = (it: ElectronicInvoice): boolean =>
  linesOf(it, "B").length > 0 || allowancesOf(it, "B").length > 0 || rowsOf(it, "B").length > 0;

export const categoryRules: readonly Rule[] = [
  ...categories.flatMap((category) => [...breakdownRules(category), ...identifierRules(category), ...rateRules(category)]),
  ...special,
];
