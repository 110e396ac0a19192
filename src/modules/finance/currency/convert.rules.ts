// A document in another currency into the books: what is owed and the tax are each rounded once; the rest is shared over the other lines
// by the largest remainder, so that the entry balances to the cent and no line is off by more than one.
import { currency as toCurrency, currencyDecimals } from "../../../kernel/currency.ts";
import { Decimal, decimal } from "../../../kernel/decimal.ts";
import { Money } from "../../../kernel/money.ts";
import type { JournalLineDraft } from "../ledger/entry.rules.ts";
import { shareTotal } from "../tax/levy.rules.ts";

/** One unit of the document's currency is worth `rate` units of the books'. */
export interface Exchange {
  readonly bookCurrency: string;
  readonly rate: string;
}

/** Rounded half up to a minor unit of the books' currency. */
export const inBooks = (amount: Money, { bookCurrency, rate }: Exchange): Money =>
  ofExact(exactly(amount, rate).toDecimalPlaces(currencyDecimals(toCurrency(bookCurrency)), Decimal.ROUND_HALF_UP), bookCurrency);

const exactly = (amount: Money, rate: string): Decimal => decimal(amount.amount).times(decimal(rate));
const ofExact = (amount: Decimal, currency: string): Money => Money.parse(amount.toFixed(), currency);

/**
 * Lines in the document's currency that add up to nothing, as lines in the books' currency that do too; each keeps what the document says.
 * `isFixed` names the lines that are rounded for themselves: control accounts and tax.
 */
export function linesInBooks(
  lines: readonly JournalLineDraft[],
  exchange: Exchange | undefined,
  isFixed: (line: JournalLineDraft) => boolean,
): readonly JournalLineDraft[] {
  if (!exchange) return lines;
  const { bookCurrency, rate } = exchange;
  const zero = Money.zero(bookCurrency);
  const isShared = lines.map((line) => !isFixed(line));
  const fixed = lines.reduce((sum, line, index) => (isShared[index] ? sum : sum.plus(inBooks(line.amount, exchange))), zero);
  const shared = lines.filter((_, index) => isShared[index]).map((line) => exactly(line.amount, rate));
  const shares = shareTotal(decimal(fixed.negated().amount), shared, currencyDecimals(toCurrency(bookCurrency)));
  let next = 0;
  return lines
    .map((line, index) => ({
      ...line,
      foreign: line.amount,
      amount: isShared[index] ? ofExact(shares[next++]!, bookCurrency) : inBooks(line.amount, exchange),
    }))
    .filter((line) => line.amount.minor !== 0n);
}
