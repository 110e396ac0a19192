// How electronic invoices name the tax of a code: by what the company said, else by what follows from the rate and from reverse charge.
import type { Decimal } from "../../../kernel/decimal.ts";
import { decimal } from "../../../kernel/decimal.ts";
import type { CategoryCode, CategoryFacts } from "./issue.rules.ts";

export interface TaxCodeFacts {
  readonly name: string;
  readonly percent: string;
  readonly isReverse: boolean;
  readonly ecSupply: "goods" | "services" | null;
  readonly vatCategory: CategoryCode | null;
  readonly exemptionCode: string | null;
  readonly exemptionText: string | null;
}

/** What VATEX calls the reason that a category has by itself. */
const ownReasons: Partial<Record<CategoryCode, readonly [string, string]>> = {
  AE: ["VATEX-EU-AE", "Reverse charge"],
  K: ["VATEX-EU-IC", "Intra-Community supply"],
  G: ["VATEX-EU-G", "Export outside the European Union"],
  O: ["VATEX-EU-O", "Not subject to VAT"],
};

export function categoryOf(code: TaxCodeFacts): CategoryFacts {
  const category = code.vatCategory ?? impliedBy(code);
  const [reasonCode, reason] = ownReasons[category] ?? [null, category === "E" ? code.name : null];
  const isExempting = category === "E" || ownReasons[category] !== undefined;
  return {
    code: category,
    percent: ["S", "L", "M"].includes(category) ? code.percent : "0",
    reasonCode: isExempting ? (code.exemptionCode ?? reasonCode) : null,
    reason: isExempting ? (code.exemptionText ?? reason) : null,
  };
}

function impliedBy({ percent, isReverse, ecSupply }: TaxCodeFacts): CategoryCode {
  if (ecSupply === "goods") return "K";
  if (isReverse || ecSupply === "services") return "AE";
  return decimal(percent).gt(0) ? "S" : "E";
}

/** A tax code that fits what a document we received says: the same category, and the same rate where tax is charged. */
export function fittingCode<T extends { readonly category: CategoryFacts }>(
  codes: readonly T[],
  asked: { readonly code: string; readonly percent: Decimal },
): T | undefined {
  const isRate = ({ category }: T): boolean => decimal(category.percent).eq(asked.percent);
  const same = codes.filter((one) => one.category.code === asked.code && (["S", "L", "M"].includes(asked.code) ? isRate(one) : true));
  // Whoever buys books what was not taxed in the same way: only what has to be taxed by the buyer is another matter.
  const untaxed = ["E", "Z", "O", "G"];
  return same[0] ?? (untaxed.includes(asked.code) ? codes.find((one) => untaxed.includes(one.category.code)) : undefined);
}
