// Revaluation: what is open in another currency is worth what the closing rate makes of it; what that differs from what the books carry is
// a gain or a loss of the period, and is taken back on the first day of the next (IAS 21.23, 21.28).
//
// | difference   | Dr                                                   | Cr                                                   |
// |--------------|------------------------------------------------------|------------------------------------------------------|
// | gain         | valuation of receivables, payables or bank, each item| currency gains: together                             |
// | loss         | currency losses: together                            | valuation of receivables, payables or bank, each item|
import { currency as toCurrency, currencyDecimals } from "../../../kernel/currency.ts";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import type { JournalEntryDraft, JournalLineDraft } from "../ledger/entry.rules.ts";
import { rateDecimals } from "./rate.rules.ts";

export interface Exposure {
  readonly kind: "receivable" | "payable" | "bank";
  /** The open item or the bank account. */
  readonly subjectId: Id;
  readonly partyId: Id | null;
  readonly party: string | null;
  readonly reference: string;
  readonly currency: string;
  /** Outstanding in its currency, and what the books carry for it; debit positive. */
  readonly currencyAmount: bigint;
  readonly carrying: bigint;
}

export interface Valued extends Exposure {
  readonly rate: string;
  readonly value: bigint;
  readonly difference: bigint;
}

/** Amount times rate in minor units, rounded half away from zero. Whole numbers all the way, because there may be many items. */
export function valueAt(currencyAmount: bigint, rate: string, decimals: { readonly from: number; readonly to: number }): bigint {
  const [whole = "0", fraction = ""] = rate.split(".");
  const numerator = currencyAmount * BigInt(whole + fraction.padEnd(rateDecimals, "0")) * 10n ** BigInt(decimals.to);
  const denominator = 10n ** BigInt(rateDecimals + decimals.from);
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

export function valued(exposures: readonly Exposure[], rates: ReadonlyMap<string, string>, bookCurrency: string): Valued[] {
  const to = currencyDecimals(toCurrency(bookCurrency));
  return exposures.map((one) => {
    const rate = rates.get(one.currency)!;
    const value = valueAt(one.currencyAmount, rate, { from: currencyDecimals(toCurrency(one.currency)), to });
    return { ...one, rate, value, difference: value - one.carrying };
  });
}

export interface Result {
  readonly gain: bigint;
  readonly loss: bigint;
}

export const resultOf = (items: readonly Valued[]): Result => ({
  gain: items.reduce((sum, one) => (one.difference > 0n ? sum + one.difference : sum), 0n),
  loss: items.reduce((sum, one) => (one.difference < 0n ? sum - one.difference : sum), 0n),
});

const accountOf = { receivable: "receivableValuation", payable: "payableValuation", bank: "bankValuation" } as const;

/** The entry of the day and the one that takes it back; nothing when nothing differs. */
export function revaluationEntries(
  items: readonly Valued[],
  run: { readonly id: Id; readonly day: Day; readonly backDay: Day; readonly currency: string },
): [JournalEntryDraft, JournalEntryDraft] | undefined {
  const money = (minor: bigint): Money => new Money(minor, run.currency);
  const lines = items
    .filter((one) => one.difference !== 0n)
    .map((one): JournalLineDraft => ({
      account: { role: accountOf[one.kind] },
      amount: money(one.difference),
      partyId: one.partyId ?? undefined,
      text: `${one.reference} at ${shortRate(one.rate)}`.slice(0, 200),
    }));
  if (lines.length === 0) return undefined;
  const { gain, loss } = resultOf(items);
  if (gain > 0n) lines.push({ account: { role: "exchangeGain" }, amount: money(-gain), text: "Not realised yet" });
  if (loss > 0n) lines.push({ account: { role: "exchangeLoss" }, amount: money(loss), text: "Not realised yet" });
  const document = { subject: "finance.revaluation", id: run.id };
  const entry = { journal: "GEN", day: run.day, text: `Currencies at the closing rates of ${run.day}`, document, lines };
  const back = lines.map((line) => ({ ...line, amount: line.amount.negated() }));
  return [entry, { ...entry, day: run.backDay, text: `Closing rates of ${run.day} taken back`, lines: back }];
}

const shortRate = (rate: string): string => (rate.includes(".") ? rate.replace(/0+$/, "").replace(/\.$/, "") : rate);
