// How tax is counted: each part of a code on the net, one after the other, in exact decimals; rounded at the stage the company chose, and
// the cents of rounding given to the parts with the largest remainder.
import { Decimal, decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";

/** One part of a tax code that is levied by itself: the code, or a child of a group. */
export interface Levy {
  readonly taxCodeId: Id;
  readonly code: string;
  /** In percent, e.g. `19`. */
  readonly percent: string;
  /** An amount for each unit in place of a percentage, in the document's currency. */
  readonly perUnit?: string;
  /** Parts after it are counted on this tax too. */
  readonly raisesBase?: boolean;
  /** Nobody charges it; who buys owes it. */
  readonly isReverse?: boolean;
}

export interface LeviedLine {
  /** Net, or what the customer pays when `isGross`. In major units, exact. */
  readonly base: Decimal;
  readonly quantity: Decimal;
  readonly levies: readonly Levy[];
}

export type TaxRounding = "document" | "line";

export interface LevyAmount {
  readonly base: Decimal;
  readonly tax: Decimal;
}

/** The exact tax of each part on a line. */
export function leviesOn(line: LeviedLine): LevyAmount[] {
  let base = line.base;
  return line.levies.map((levy) => {
    const tax = levy.perUnit === undefined ? base.times(factorOf(levy.percent)) : decimal(levy.perUnit).times(line.quantity);
    const amount = { base, tax };
    if (levy.raisesBase) base = base.plus(tax);
    return amount;
  });
}

/**
 * The net of which the net and its charged tax make `gross`, exactly: every part is linear in the net, a share of it and an amount, so
 * net = (gross - amounts) / (1 + shares).
 */
export function netOfGross(gross: Decimal, quantity: Decimal, levies: readonly Levy[]): Decimal {
  const at = (base: number): Decimal => {
    const line = { base: new Decimal(base), quantity, levies };
    return leviesOn(line).reduce((sum, { tax }, index) => (levies[index]!.isReverse ? sum : sum.plus(tax)), new Decimal(0));
  };
  const amounts = at(0);
  return gross.minus(amounts).dividedBy(at(1).minus(amounts).plus(1));
}

/** The tax of one part over all lines of its code. */
export interface CodeTax<L extends Levy = Levy> {
  readonly levy: L;
  readonly base: Decimal;
  readonly tax: Decimal;
  /** The tax of each line, in their order; together they are the tax. */
  readonly byLine: () => Decimal[];
}

/**
 * The tax of the lines of one code. By document it is rounded once on the sum; a group is rounded as a whole, then its parts; the cents
 * left go to the largest remainders, first come first. By line each line and part is rounded by itself.
 */
export function taxOfCode<L extends Levy>(
  lines: readonly LeviedLine[],
  levies: readonly L[],
  rounding: TaxRounding,
  decimals: number,
): CodeTax<L>[] {
  const exact = lines.map(leviesOn);
  const zero = new Decimal(0);
  const sum = (part: number, field: keyof LevyAmount): Decimal => exact.reduce((total, amounts) => total.plus(amounts[part]![field]), zero);
  const rounded = (amount: Decimal): Decimal => amount.toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP);
  if (rounding === "line") {
    return levies.map((levy, part) => {
      const shares = exact.map((amounts) => rounded(amounts[part]!.tax));
      return {
        levy,
        base: rounded(sum(part, "base")),
        tax: shares.reduce((total, tax) => total.plus(tax), zero),
        byLine: () => shares,
      };
    });
  }
  const taxes = shareRounded(
    levies.map((_, part) => sum(part, "tax")),
    decimals,
  );
  return levies.map((levy, part) => ({
    levy,
    base: rounded(sum(part, "base")),
    tax: taxes[part]!,
    byLine: () =>
      shareTotal(
        taxes[part]!,
        exact.map((amounts) => amounts[part]!.tax),
        decimals,
      ),
  }));
}

/** Rounds the sum of exact parts once and gives each its share. */
const shareRounded = (parts: readonly Decimal[], decimals: number): Decimal[] =>
  shareTotal(parts.reduce((sum, part) => sum.plus(part), new Decimal(0)).toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP), parts, decimals);

/** Rounds each part down to the decimals, then gives the units left of the total to the largest remainders, the earlier part first. */
export function shareTotal(total: Decimal, parts: readonly Decimal[], decimals: number): Decimal[] {
  const unit = new Decimal(10).pow(-decimals);
  const shares = parts.map((part, index) => {
    const cut = part.toDecimalPlaces(decimals, Decimal.ROUND_FLOOR);
    return { index, cut, rest: part.minus(cut) };
  });
  let left = total
    .minus(shares.reduce((sum, share) => sum.plus(share.cut), new Decimal(0)))
    .dividedBy(unit)
    .round()
    .toNumber();
  const inTurn = shares.toSorted((a, b) => b.rest.comparedTo(a.rest) || a.index - b.index);
  for (let turn = 0; left > 0 && inTurn.length > 0; turn = (turn + 1) % inTurn.length, left--) {
    inTurn[turn]!.cut = inTurn[turn]!.cut.plus(unit);
  }
  for (let turn = inTurn.length - 1; left < 0 && turn >= 0; turn = turn === 0 ? inTurn.length - 1 : turn - 1, left++) {
    inTurn[turn]!.cut = inTurn[turn]!.cut.minus(unit);
  }
  return shares.map((share) => share.cut);
}

const factorOf = (percent: string): Decimal => decimal(percent).dividedBy(100);
