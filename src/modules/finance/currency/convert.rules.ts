// A document in another currency into the books: what is owed and the tax are each rounded once; the rest is shared over the other lines
// by the largest remainder, so that the entry balances to the cent and no line is off by more than one.
import { currency as toCurrency, currencyDecimals } from "../../../kernel/currency.ts";
import { Decimal, decimal } from "../../../kernel/decimal.ts";
import { Money, sumMoney } from "../../../kernel/money.ts";
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
  const amounts = amountsInBooks(lines, exchange, isFixed);
  return lines
    .map((line, index) => ({ ...line, foreign: line.amount, amount: amounts[index]! }))
    .filter((line) => line.amount.minor !== 0n);
}

/** What each of the lines comes to in the books; `known` has what came in before, at another rate, such as a deposit. */
export function amountsInBooks(
  lines: readonly JournalLineDraft[],
  exchange: Exchange,
  isFixed: (line: JournalLineDraft) => boolean,
  known: ReadonlyMap<JournalLineDraft, Money> = new Map(),
): Money[] {
  const { bookCurrency, rate } = exchange;
  const amounts = lines.map((line) => known.get(line) ?? (isFixed(line) ? inBooks(line.amount, exchange) : undefined));
  const fixed = sumMoney(amounts.filter(isKnown), bookCurrency);
  const rest = decimal(fixed.negated().amount);
  const shared = lines.filter((_, index) => !amounts[index]).map((line) => exactly(line.amount, rate));
  const shares = shareTotal(rest, known.size > 0 ? scaled(shared, rest) : shared, currencyDecimals(toCurrency(bookCurrency)));
  let next = 0;
  return amounts.map((amount) => amount ?? ofExact(shares[next++]!, bookCurrency));
}

/** What came in at another rate before makes the rest worth more or less, each line in proportion. */
function scaled(parts: readonly Decimal[], total: Decimal): readonly Decimal[] {
  const sum = parts.reduce((all, part) => all.plus(part), decimal("0"));
  return sum.isZero() ? parts : parts.map((part) => part.times(total).dividedBy(sum));
}

const isKnown = (amount: Money | undefined): amount is Money => amount !== undefined;
