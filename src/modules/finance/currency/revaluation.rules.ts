// Revaluation: what is open in another currency is worth what the closing rate makes of it; what that differs from what the books carry is
// a gain or a loss, and is taken back the next day, before anything of it is realised (IAS 21.23, 21.28). Its items stand with the run; the
// books keep their sums.
//
// | difference   | Dr                                                   | Cr                                                   |
// |--------------|------------------------------------------------------|------------------------------------------------------|
// | gain         | valuation of receivables, payables or bank           | currency gains                                       |
// | loss         | currency losses                                      | valuation of receivables, payables or bank           |
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import type { JournalEntryDraft, JournalLineDraft } from "../ledger/entry.rules.ts";

export const exposureKinds = ["receivable", "payable", "bank"] as const;

/** What all items of a kind in one currency come to; the outstanding is in that currency, all else in the books'. */
export interface ValuedSum {
  readonly kind: (typeof exposureKinds)[number];
  readonly currency: string;
  readonly rate: string;
  readonly items: number;
  readonly outstanding: bigint;
  readonly carrying: bigint;
  readonly value: bigint;
  /** Of the items that gained, and of those that lost; neither is below zero. */
  readonly gain: bigint;
  readonly loss: bigint;
}

export interface Result {
  readonly items: number;
  readonly gain: bigint;
  readonly loss: bigint;
}

export const resultOf = (sums: readonly ValuedSum[]): Result => ({
  items: sums.reduce((total, one) => total + one.items, 0),
  gain: sums.reduce((total, one) => total + one.gain, 0n),
  loss: sums.reduce((total, one) => total + one.loss, 0n),
});

const accountOf = { receivable: "receivableValuation", payable: "payableValuation", bank: "bankValuation" } as const;

/** The entry of the day and the one that takes it back; nothing when nothing differs. */
export function revaluationEntries(
  sums: readonly ValuedSum[],
  run: { readonly id: Id; readonly day: Day; readonly backDay: Day; readonly currency: string },
): [JournalEntryDraft, JournalEntryDraft] | undefined {
  const money = (minor: bigint): Money => new Money(minor, run.currency);
  const lines = sums
    .filter((one) => one.gain !== one.loss)
    .map(({ kind, gain, loss, currency, items, rate }): JournalLineDraft => ({
      account: { role: accountOf[kind] },
      amount: money(gain - loss),
      text: `${currency} at ${rate}: ${items} ${items === 1 ? "item" : "items"}`,
    }));
  const { gain, loss } = resultOf(sums);
  if (gain > 0n) lines.push({ account: { role: "exchangeGain" }, amount: money(-gain), text: "Not realised yet" });
  if (loss > 0n) lines.push({ account: { role: "exchangeLoss" }, amount: money(loss), text: "Not realised yet" });
  if (lines.length === 0) return undefined;
  const document = { subject: "finance.revaluation", id: run.id };
  const entry = { journal: "GEN", day: run.day, text: `Currencies at the closing rates of ${run.day}`, document, lines };
  const back = lines.map((line) => ({ ...line, amount: line.amount.negated() }));
  return [entry, { ...entry, day: run.backDay, text: `Closing rates of ${run.day} taken back`, lines: back }];
}
