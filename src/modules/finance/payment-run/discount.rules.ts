// What may be taken off a bill that is paid early, and what of it is tax: the tax follows what was really paid (§ 17 UStG, Art. 90 of the
// VAT Directive), each rate by its share of the bill.
import type { Day } from "../../../kernel/day.ts";
import { decimal } from "../../../kernel/decimal.ts";
import { Money } from "../../../kernel/money.ts";

export interface DiscountTerm {
  readonly day: Day | null;
  readonly percent: string | null;
}

/** The discount on a bill of which `open` is left, when it is paid on a day; nothing when the day is too late or a part was paid before. */
export function discountOn(term: DiscountTerm, total: Money, open: Money, payDay: Day): Money {
  const none = Money.zero(total.currency);
  if (term.day === null || term.percent === null || payDay > term.day || !open.equals(total)) return none;
  return total.times(decimal(term.percent).dividedBy(100), "halfUp");
}

export interface KeptTax {
  readonly side: "output" | "input";
  readonly base: Money;
  readonly tax: Money;
  /** What of the tax may not be reclaimed. */
  readonly cost: Money;
}

/** Its share of all that was kept for tax, rounded half up, below zero; the tax as a whole, so that the cost is what is left of it. */
export function discountTaxes<Kept extends KeptTax>(discount: Money, total: Money, kept: readonly Kept[]): Kept[] {
  const share = decimal(discount.minor.toString()).dividedBy(decimal(total.minor.toString()));
  const back = (amount: Money): Money => amount.times(share, "halfUp").negated();
  return kept.map((line) => {
    const tax = back(line.tax);
    return { ...line, base: back(line.base), tax, cost: back(line.tax.plus(line.cost)).minus(tax) };
  });
}
