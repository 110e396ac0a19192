// From what a plain-text journal says to what the books take: every line in the books' currency, what was in another kept beside it, and
// the amount that was left out made good. An entry that does not balance is told, not mended.
import { currencyDecimals } from "../../../kernel/currency.ts";
import { Decimal } from "../../../kernel/decimal.ts";
import { Money } from "../../../kernel/money.ts";
import { currencyOf, isTooLarge, type JournalAmount, type PricedAmount, tooLarge } from "./journal-amount.rules.ts";
import type { JournalEntryText, JournalMistake, JournalPosting } from "./journal-text.rules.ts";

export interface ImportedLine {
  /** The line of the journal it stands in. */
  readonly line: number;
  readonly account: string;
  /** Debit positive, in the books' currency. */
  readonly amount: Money;
  readonly foreign: Money | undefined;
  readonly text: string;
}

interface Weighed {
  readonly posting: JournalPosting;
  /** In the books' currency; undefined when it is still to be found. */
  readonly value: Decimal | undefined;
  readonly foreign: Money | undefined;
  /** Of what is no currency, how many of what. */
  readonly thing: string | undefined;
}

/** The lines of an entry, without those of nothing. What stands in brackets balances among itself. */
export function linesOf(entry: JournalEntryText, own: string): readonly ImportedLine[] | JournalMistake {
  if (!entry.postings.some((posting) => posting.isBracketed)) return linesOfGroup(entry, own);
  const lines: ImportedLine[] = [];
  for (const isBracketed of [false, true]) {
    const postings = entry.postings.filter((posting) => Boolean(posting.isBracketed) === isBracketed);
    const found = linesOfGroup({ ...entry, postings }, own);
    if ("says" in found) return found;
    lines.push(...found);
  }
  return lines;
}

function linesOfGroup(entry: JournalEntryText, own: string): readonly ImportedLine[] | JournalMistake {
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
    const { amount, account, comment, line } = posting;
    if (!amount) {
      leftOut = posting;
      continue;
    }
    if (amount.price || currencyOf(amount.commodity, own) !== own || isTooLarge(amount.quantity, own)) return undefined;
    const [, decimals = ""] = amount.quantity.split(".");
    if (decimals.length > currencyDecimals(own as never)) return undefined;
    const money = Money.parse(amount.quantity, own);
    sum += money.minor;
    if (money.minor !== 0n) lines.push({ line, account, amount: money, foreign: undefined, text: comment });
  }
  if (sum === 0n) return lines;
  // Where it stands among the others is seen when it is made good.
  return leftOut === undefined || leftOut !== entry.postings.at(-1)
    ? undefined
    : [...lines, { line: leftOut.line, account: leftOut.account, amount: new Money(-sum, own), foreign: undefined, text: leftOut.comment }];
}

function weigh(posting: JournalPosting, own: string): Weighed | JournalMistake {
  const { amount, line } = posting;
  const nothing = { posting, value: undefined, foreign: undefined, thing: undefined };
  if (!amount) return nothing;
  if (numberOf(amount).isZero()) return { ...nothing, value: new Decimal(0) };
  const foreign = foreignOf(amount, own, line);
  if (foreign && "says" in foreign) return foreign;
  const value = valueOf(amount, own)?.toDecimalPlaces(currencyDecimals(own as never), Decimal.ROUND_HALF_UP);
  const thing = currencyOf(amount.commodity, own) === undefined ? `${amount.quantity} ${amount.commodity}` : undefined;
  if (value === undefined && amount.price) {
    return {
      line,
      says: `The price of ${amount.quantity} ${amount.commodity} is not in ${own}. Write what it was in ${own}: @@ 9.20 ${own}`,
    };
  }
  if (value === undefined) return { ...nothing, foreign, thing };
  if (isTooLarge(value.toFixed(), own)) return { line, says: tooLarge(value.toFixed(), own) };
  // A price times a quantity may have more decimals than the currency; what was written as an amount may not.
  if (!amount.price && numberOf(amount).decimalPlaces() > currencyDecimals(own as never)) {
    return { line, says: `${amount.quantity} has more decimals than ${own} has.${ifGrouped(amount)}` };
  }
  if (value.isZero() && foreign)
    return { line, says: `${amount.quantity} ${foreign.currency} is worth less than ${own} can say. Take the line out.` };
  return { posting, value, foreign, thing };
}

function foreignOf(amount: PricedAmount, own: string, line: number): Money | JournalMistake | undefined {
  const code = currencyOf(amount.commodity, own);
  if (!code || code === own) return undefined;
  if (isTooLarge(amount.quantity, code)) return { line, says: tooLarge(amount.quantity, code) };
  try {
    return Money.parse(amount.quantity, code);
  } catch {
    return { line, says: `${amount.quantity} has more decimals than ${code} has.${ifGrouped(amount)}` };
  }
}

/** In the books' currency: as written, or by the price beside it. */
function valueOf(amount: PricedAmount, own: string): Decimal | undefined {
  if (currencyOf(amount.commodity, own) === own) return numberOf(amount);
  const { price } = amount;
  if (!price || currencyOf(price.commodity, own) !== own) return undefined;
  const quantity = numberOf(amount);
  const rate = numberOf(price).abs();
  return price.isTotal ? rate.times(quantity.isNegative() ? -1 : 1) : rate.times(quantity);
}

const ifGrouped = ({ quantity }: JournalAmount): string =>
  /^-?[1-9]\d{0,2}\.\d{3}$/.test(quantity)
    ? " If its mark groups thousands, write “decimal-mark ,” into the first line of the journal."
    : "";

const numberOf = (amount: JournalAmount): Decimal => new Decimal(amount.quantity);

/** Lines of one other thing without a price are worth what the rest of the entry is worth: so do hledger and Ledger read them. */
function priceByTheRest(weighed: readonly Weighed[], entry: JournalEntryText, own: string): readonly Weighed[] | JournalMistake {
  const unpriced = weighed.filter((one) => one.value === undefined && one.posting.amount);
  if (unpriced.length === 0) return weighed;
  const quantities = unpriced.map((one) => numberOf(one.posting.amount!));
  const kinds = new Set(unpriced.map((one) => one.foreign?.currency ?? one.posting.amount!.commodity));
  const rest = weighed.reduce((sum, one) => (one.value ? sum.plus(one.value) : sum), new Decimal(0));
  const quantity = quantities.reduce((sum, one) => sum.plus(one), new Decimal(0));
  const hasLeftOut = weighed.some((one) => one.posting.amount === undefined);
  if (kinds.size > 1 || hasLeftOut || rest.isZero() || quantity.times(rest).greaterThanOrEqualTo(0)) {
    const thing = unpriced.find((one) => one.thing);
    if (thing) {
      const { commodity } = thing.posting.amount!;
      return { line: thing.posting.line, says: `${commodity} is no currency, and no price in ${own} stands beside it.` };
    }
    return {
      line: entry.line,
      says: `${[...kinds].join(" and ")} stands without a price in ${own}. Write one beside it: 10 ${[...kinds][0]} @ 0.92 ${own}`,
    };
  }
  const shares = sharesOf(rest.negated(), quantities, own);
  return weighed.map((one) => {
    const place = unpriced.indexOf(one);
    return place < 0 ? one : { ...one, value: shares[place]! };
  });
}

/** Splits a value over quantities of one thing in proportion; the last takes what rounding leaves. */
function sharesOf(value: Decimal, quantities: readonly Decimal[], own: string): Decimal[] {
  const whole = quantities.reduce((sum, quantity) => sum.plus(quantity), new Decimal(0));
  const shares = quantities.map((quantity) =>
    value
      .times(quantity)
      .dividedBy(whole)
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
    const { account, comment, line } = one.posting;
    const amount = Money.parse(value.toFixed(currencyDecimals(own as never)), own);
    return [{ line, account, amount, foreign: one.foreign, text: [one.thing, comment].filter(Boolean).join("; ") }];
  });
}

const isWithin = (sum: Decimal, prices: number, own: string): boolean =>
  sum
    .abs()
    .times(new Decimal(10).pow(currencyDecimals(own as never)))
    .lessThanOrEqualTo(prices);
