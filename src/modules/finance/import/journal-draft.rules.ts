// From what a plain-text journal says to what the books take: every line in the books' currency, what was in another kept beside it, and
// the amount that was left out made good. An entry that does not balance is told, not mended.
import { currencyDecimals, isCurrency } from "../../../kernel/currency.ts";
import { Decimal } from "../../../kernel/decimal.ts";
import { Money } from "../../../kernel/money.ts";
import type { JournalAmount, PricedAmount } from "./journal-amount.rules.ts";
import type { JournalEntryText, JournalMistake, JournalPosting } from "./journal-text.rules.ts";

export interface ImportedLine {
  readonly account: string;
  /** Debit positive, in the books' currency. */
  readonly amount: Money;
  readonly foreign: Money | undefined;
  readonly text: string;
}

const symbols: Readonly<Record<string, string>> = { $: "USD", US$: "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB" };

/** The currency that a commodity is, if it is one; none was written when the journal's own is meant. */
export function currencyOf(commodity: string, own: string): string | undefined {
  if (commodity === "") return own;
  const code = symbols[commodity] ?? commodity.toUpperCase();
  return isCurrency(code) ? code : undefined;
}

interface Weighed {
  readonly posting: JournalPosting;
  /** In the books' currency; undefined when it is still to be found. */
  readonly value: Decimal | undefined;
  readonly foreign: Money | undefined;
}

/** The lines of an entry, without those of nothing. */
export function linesOf(entry: JournalEntryText, own: string): readonly ImportedLine[] | JournalMistake {
  const plain = plainLines(entry, own);
  if (plain) return plain;
  const weighed: Weighed[] = [];
  for (const posting of entry.postings) {
    const one = weigh(posting, own);
    if ("says" in one) return one;
    weighed.push(one);
  }
  const priced = priceByTheRest(weighed, entry, own);
  if ("says" in priced) return priced;
  return balanced(priced, entry, own);
}

/** Of an entry all in the books' currency, as nearly every one is: whole minor units. Nothing when it is another or is wrong. */
function plainLines(entry: JournalEntryText, own: string): readonly ImportedLine[] | undefined {
  const lines: ImportedLine[] = [];
  let sum = 0n;
  let leftOut: JournalPosting | undefined;
  for (const posting of entry.postings) {
    const { amount, account, comment } = posting;
    if (!amount) {
      leftOut = posting;
      continue;
    }
    if (amount.price || currencyOf(amount.commodity, own) !== own) return undefined;
    const [, decimals = ""] = amount.quantity.split(".");
    if (decimals.length > currencyDecimals(own as never)) return undefined;
    const money = Money.parse(amount.quantity, own);
    sum += money.minor;
    if (money.minor !== 0n) lines.push({ account, amount: money, foreign: undefined, text: comment });
  }
  if (sum === 0n) return lines;
  // Where it stands among the others is seen when it is made good.
  return leftOut === undefined || leftOut !== entry.postings.at(-1)
    ? undefined
    : [...lines, { account: leftOut.account, amount: new Money(-sum, own), foreign: undefined, text: leftOut.comment }];
}

function weigh(posting: JournalPosting, own: string): Weighed | JournalMistake {
  const { amount, line } = posting;
  if (!amount) return { posting, value: undefined, foreign: undefined };
  const foreign = foreignOf(amount, own, line);
  if (foreign && "says" in foreign) return foreign;
  const value = valueOf(amount, own);
  if (value === undefined) {
    return foreign
      ? { posting, value, foreign }
      : { line, says: `${amount.commodity} is no currency, and no price in ${own} stands beside it.` };
  }
  // A price times a quantity may have more decimals than the currency; what was written as an amount may not.
  if (!amount.price && value.decimalPlaces() > currencyDecimals(own as never)) {
    return { line, says: `${amount.quantity} has more decimals than ${own} has.` };
  }
  return { posting, value: value.toDecimalPlaces(currencyDecimals(own as never), Decimal.ROUND_HALF_UP), foreign };
}

function foreignOf(amount: PricedAmount, own: string, line: number): Money | JournalMistake | undefined {
  const code = currencyOf(amount.commodity, own);
  if (!code || code === own) return undefined;
  try {
    return Money.parse(amount.quantity, code);
  } catch {
    return { line, says: `${amount.quantity} has more decimals than ${code} has.` };
  }
}

/** In the books' currency: as written, or by the price beside it. */
function valueOf(amount: PricedAmount, own: string): Decimal | undefined {
  if (currencyOf(amount.commodity, own) === own) return new Decimal(amount.quantity);
  const { price } = amount;
  if (!price || currencyOf(price.commodity, own) !== own) return undefined;
  const quantity = new Decimal(amount.quantity);
  const rate = numberOf(price).abs();
  return price.isTotal ? rate.times(quantity.isNegative() ? -1 : 1) : rate.times(quantity);
}

const numberOf = (amount: JournalAmount): Decimal => new Decimal(amount.quantity);

/** Lines in one other currency without a price are worth what the rest of the entry is worth: so do hledger and Ledger read them. */
function priceByTheRest(weighed: readonly Weighed[], entry: JournalEntryText, own: string): readonly Weighed[] | JournalMistake {
  const unpriced = weighed.filter((one) => one.value === undefined && one.foreign);
  if (unpriced.length === 0) return weighed;
  const currencies = new Set(unpriced.map((one) => one.foreign!.currency));
  const rest = weighed.reduce((sum, one) => (one.value ? sum.plus(one.value) : sum), new Decimal(0));
  const quantity = unpriced.reduce((sum, one) => sum + one.foreign!.minor, 0n);
  const hasLeftOut = weighed.some((one) => one.posting.amount === undefined);
  if (currencies.size > 1 || hasLeftOut || quantity === 0n || rest.isZero()) {
    return {
      line: entry.line,
      says: `${[...currencies].join(" and ")} stands without a price in ${own}. Write one beside it: 10 USD @ 0.92 ${own}`,
    };
  }
  const shares = sharesOf(
    rest.negated(),
    unpriced.map((one) => one.foreign!),
    own,
  );
  return weighed.map((one) => {
    const place = unpriced.indexOf(one);
    return place < 0 ? one : { ...one, value: shares[place]! };
  });
}

/** Splits a value over amounts of one currency in proportion; the last takes what rounding leaves. */
function sharesOf(value: Decimal, amounts: readonly Money[], own: string): Decimal[] {
  const whole = amounts.reduce((sum, amount) => sum + amount.minor, 0n);
  const shares = amounts.map((amount) =>
    value
      .times(amount.minor.toString())
      .dividedBy(whole.toString())
      .toDecimalPlaces(currencyDecimals(own as never), Decimal.ROUND_HALF_UP),
  );
  const others = shares.slice(0, -1).reduce((sum, share) => sum.plus(share), new Decimal(0));
  return [...shares.slice(0, -1), value.minus(others)];
}

function balanced(weighed: readonly Weighed[], entry: JournalEntryText, own: string): readonly ImportedLine[] | JournalMistake {
  const sum = weighed.reduce((total, one) => (one.value ? total.plus(one.value) : total), new Decimal(0));
  const leftOut = weighed.find((one) => one.posting.amount === undefined);
  const isPriced = weighed.filter((one) => one.posting.amount?.price);
  // Each price may leave half a cent; more than that is a difference.
  const mended = leftOut ?? (sum.isZero() || !isWithin(sum, isPriced.length, own) ? undefined : isPriced.at(-1));
  if (!mended && !sum.isZero()) return { line: entry.line, says: `Its lines differ by ${sum.toFixed()} ${own}.` };
  return weighed.flatMap((one) => {
    const value = (one.value ?? new Decimal(0)).minus(one === mended ? sum : 0);
    if (value.isZero()) return [];
    const { account, comment } = one.posting;
    return [{ account, amount: Money.parse(value.toFixed(currencyDecimals(own as never)), own), foreign: one.foreign, text: comment }];
  });
}

const isWithin = (sum: Decimal, prices: number, own: string): boolean =>
  sum
    .abs()
    .times(new Decimal(10).pow(currencyDecimals(own as never)))
    .lessThanOrEqualTo(prices);
