// Totals of an invoice or bill: each line is rounded once, then tax is counted on the sum of each rate (EN 16931, BR-CO-17). What rounding
// line by line or prices with the tax in them add to that stands apart, as a rounding of what is paid (BT-114).
import { type Decimal, decimal } from "../../../kernel/decimal.ts";
import { currency as toCurrency, currencyDecimals } from "../../../kernel/currency.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money, sumMoney } from "../../../kernel/money.ts";
import { type CodeTax, type LeviedLine, netOfGross, shareTotal, type TaxRounding, taxOfCode } from "./levy.rules.ts";
import { baseBack, taxBack, type TaxedAtCodes } from "./taken-back.rules.ts";
import type { TaxPart } from "./tax-code.rules.ts";

export interface TaxedLine {
  /** What the line comes to; with the tax in it when prices include it. */
  readonly net: Money;
  readonly quantity?: string;
  /** Without tax even where prices include it: a deposit that is taken off. */
  readonly isNet?: boolean;
  readonly taxCodeId: Id;
  readonly parts: readonly TaxPart[];
}

export interface TaxAmount {
  readonly part: TaxPart;
  readonly base: Money;
  /** What is charged: nothing under reverse charge. */
  readonly tax: Money;
  /** What the law asks for: the tax charged, or the tax that the buyer owes. */
  readonly due: Money;
  /** The share of each line of the document in `due`. */
  readonly byLine: () => Map<number, Money>;
}

export interface DocumentTotals {
  /** Of each line without tax, in their order. */
  readonly nets: readonly Money[];
  readonly taxes: readonly TaxAmount[];
  readonly net: Money;
  readonly tax: Money;
  readonly rounding: Money;
  readonly total: Money;
}

export interface TaxWay {
  readonly rounding?: TaxRounding;
  readonly pricesIncludeTax?: boolean;
  /** Of the document that this one takes back. */
  readonly taxedBefore?: TaxedAtCodes;
}

/** Quantity times unit price, rounded half up to a minor unit. */
export const lineNet = (quantity: string, unitPrice: Money): Money => unitPrice.times(decimal(quantity), "halfUp");

export function documentTotals(lines: readonly TaxedLine[], currency: string, way: TaxWay = {}): DocumentTotals {
  const places = new Map<Id, number[]>();
  lines.forEach((line, place) => {
    const known = places.get(line.taxCodeId);
    if (known) known.push(place);
    else places.set(line.taxCodeId, [place]);
  });
  const nets = way.pricesIncludeTax ? netsOfGross(lines, [...places], currency, way.taxedBefore) : lines.map((line) => line.net);
  const codes = [...places.values()].map((of) => ({ of, found: taxesOfCode(lines, nets, of, currency) }));
  const taxes = codes.flatMap(({ of, found }) => {
    const reckoned = found.map((one) => amountOf(one, of, currency));
    if (!way.taxedBefore) return reckoned;
    const gross = way.pricesIncludeTax ? grossOf(lines, of, currency) : undefined;
    return reckoned.map((amount) => asTakenBack(amount, way.taxedBefore!, gross));
  });
  const net = sumMoney(nets, currency);
  const tax = sumMoney(
    taxes.map((one) => one.tax),
    currency,
  );
  const asked = way.pricesIncludeTax
    ? sumMoney(
        lines.map((line) => (line.isNet ? line.net.plus(taxOfLine(line, currency)) : line.net)),
        currency,
      )
    : way.rounding === "line"
      ? net.plus(taxByLine(lines, nets, [...places.values()], currency))
      : net.plus(tax);
  return { nets, taxes, net, tax, rounding: asked.minus(net).minus(tax), total: asked };
}

const decimalOf = (money: Money): Decimal => decimal(money.amount);

const leviedLine = (line: TaxedLine, net: Money): LeviedLine => ({
  base: decimalOf(net),
  quantity: decimal(line.quantity ?? "1"),
  levies: line.parts,
});

const chosen = (lines: readonly TaxedLine[], nets: readonly Money[], of: readonly number[]): LeviedLine[] =>
  of.map((place) => leviedLine(lines[place]!, nets[place]!));

function taxesOfCode(lines: readonly TaxedLine[], nets: readonly Money[], of: readonly number[], currency: string): CodeTax<TaxPart>[] {
  const { parts } = lines[of[0]!]!;
  const [only] = parts;
  // The everyday case, one percentage: the same without decimals for each line.
  if (parts.length === 1 && only!.perUnit === undefined) {
    const base = sumMoney(
      of.map((place) => nets[place]!),
      currency,
    );
    const tax = base.times(decimal(only!.percent).dividedBy(100), "halfUp");
    const byLine = (): Decimal[] => taxOfCode(chosen(lines, nets, of), parts, "document", decimalsOf(currency))[0]!.byLine();
    return [{ levy: only!, base: decimalOf(base), tax: decimalOf(tax), byLine }];
  }
  return taxOfCode(chosen(lines, nets, of), parts, "document", decimalsOf(currency));
}

const decimalsOf = (currency: string): number => currencyDecimals(toCurrency(currency));

function amountOf({ levy, base, tax, byLine }: CodeTax<TaxPart>, of: readonly number[], currency: string): TaxAmount {
  const money = (amount: Decimal): Money => Money.parse(amount.toFixed(), currency);
  return {
    part: levy,
    base: money(base),
    tax: levy.isReverse ? Money.zero(currency) : money(tax),
    due: money(tax),
    byLine: () => new Map(byLine().map((share, index) => [of[index]!, money(share)])),
  };
}

/**
 * Instead of what the base comes to for itself, its share of what was charged: the rest of the gross where the prices include it; of an
 * amount for each unit only what is left, with the last.
 */
function asTakenBack(amount: TaxAmount, before: TaxedAtCodes, gross: Money | undefined): TaxAmount {
  const { part, base, tax, byLine } = amount;
  const known = part.isReverse ? undefined : before.get(part.taxCodeId);
  const isShare = known && (part.perUnit === undefined || known.backBase + base.minor === known.base);
  const minor = isShare ? (gross ? gross.minor - base.minor : taxBack(known, base.minor)) : undefined;
  if (minor === undefined || minor === tax.minor) return amount;
  const back = new Money(minor, base.currency);
  return { ...amount, tax: back, due: back, byLine: () => sharedAs(back, byLine()) };
}

/** What lines of one percentage come to with the tax in them; nothing where one of them is without, or the tax has other parts. */
function grossOf(lines: readonly TaxedLine[], of: readonly number[], currency: string): Money | undefined {
  const own = of.map((place) => lines[place]!);
  if (own.some(({ isNet, parts }) => isNet || parts.length !== 1 || parts[0]!.perUnit !== undefined)) return undefined;
  return sumMoney(
    own.map((line) => line.net),
    currency,
  );
}

function sharedAs(whole: Money, shares: ReadonlyMap<number, Money>): Map<number, Money> {
  const weights = [...shares.values()].map((share) => share.abs().minor);
  const parts = whole.allocate(weights.some((weight) => weight > 0n) ? weights : weights.map(() => 1n));
  return new Map([...shares.keys()].map((place, index) => [place, parts[index]!]));
}

/** The tax of one line for itself. */
const taxOfLine = (line: TaxedLine, currency: string): Money => taxByLine([line], [line.net], [[0]], currency);

/** What is charged when each line rounds for itself. */
function taxByLine(lines: readonly TaxedLine[], nets: readonly Money[], places: readonly (readonly number[])[], currency: string): Money {
  const sums = places.flatMap((of) =>
    taxOfCode(chosen(lines, nets, of), lines[of[0]!]!.parts, "line", decimalsOf(currency))
      .filter(({ levy }) => !levy.isReverse)
      .map(({ tax }) => Money.parse(tax.toFixed(), currency)),
  );
  return sumMoney(sums, currency);
}

/** The net of each code is taken out of its gross once, then shared over its lines, so that line by line no cent is lost. */
function netsOfGross(
  lines: readonly TaxedLine[],
  places: readonly (readonly [Id, readonly number[]])[],
  currency: string,
  before: TaxedAtCodes | undefined,
): Money[] {
  const decimals = decimalsOf(currency);
  const nets: Money[] = [];
  lines.forEach((line, place) => (nets[place] = line.net));
  for (const [code, all] of places) {
    const of = all.filter((place) => !lines[place]!.isNet);
    const exact = of.map((place) => {
      const line = lines[place]!;
      return netOfGross(decimalOf(line.net), decimal(line.quantity ?? "1"), line.parts);
    });
    const known = before?.get(code);
    const gross = known && grossOf(lines, all, currency);
    const back = gross && baseBack(known, gross.minor);
    const sum =
      back === undefined
        ? exact.reduce((total, one) => total.plus(one), decimal("0")).toDecimalPlaces(decimals)
        : decimalOf(new Money(back, currency));
    shareTotal(sum, exact, decimals).forEach((share, index) => (nets[of[index]!] = Money.parse(share.toFixed(), currency)));
  }
  return nets;
}

/** A supplier's number as it compares: only letters and digits count, of whatever alphabet, in lower case. */
export const supplierNumberKey = (number: string): string =>
  number
    .normalize("NFKC")
    .toLowerCase()
    // The same letter at the end of a word.
    .replaceAll("ς", "σ")
    .replace(/[^\p{L}\p{N}]/gu, "");
