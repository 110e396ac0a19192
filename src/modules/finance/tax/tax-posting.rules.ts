// What a document's tax posts, and what of it is kept for the return.
//
// | tax                             | Dr                                             | Cr                       |
// |---------------------------------|------------------------------------------------|--------------------------|
// | on what is sold                 |                                                | output tax               |
// | on what is bought               | input tax: what may be reclaimed; cost: rest   |                          |
// | bought under reverse charge     | input tax: what may be reclaimed; cost: rest   | output tax: all of it    |
// | sold under reverse charge       |                                                | nothing: the buyer owes  |
// | due on payment                  | tax not yet due, in place of input tax         | in place of output tax   |
import { decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import type { JournalLineDraft } from "../ledger/entry.rules.ts";
import type { TaxAmount } from "./document.rules.ts";
import type { TaxPart, TaxSide } from "./tax-code.rules.ts";

/** What is kept of one part of the tax: for the return, or waiting for the payment. */
export interface TaxRecord {
  readonly taxCodeId: Id;
  readonly side: TaxSide;
  readonly percent: string;
  readonly base: Money;
  readonly tax: Money;
  /** Of the tax on a purchase, what may not be reclaimed. */
  readonly cost: Money;
  readonly baseBox: string | null;
  readonly taxBox: string | null;
  readonly isPending: boolean;
}

/** The line of the document that a cost belongs to. */
export type CostLine = Pick<JournalLineDraft, "account" | "unitId" | "partyId" | "dimensions">;

/** The lines of the entry for the tax of an invoice or a bill; a credit note turns them round. */
export function taxLines(side: TaxSide, taxes: readonly TaxAmount[], costLines: readonly CostLine[]): JournalLineDraft[] {
  return taxes
    .flatMap((tax) => (side === "output" ? outputLines(tax) : inputLines(tax, costLines)))
    .filter((line) => line.amount.minor !== 0n);
}

const accountOf = (part: TaxPart, side: TaxSide): { id: Id } => ({
  id: waits(part) ? part.pendingAccountId! : side === "output" ? part.outputAccountId : part.inputAccountId,
});

/** Under reverse charge nothing waits: the buyer owes with the bill. */
const waits = (part: TaxPart): boolean => part.pendingAccountId !== null && !part.isReverse;

const textOf = (part: TaxPart): string => (part.perUnit === undefined ? `Tax ${part.percent} %` : `Tax ${part.code}`);

const outputLines = ({ part, tax }: TaxAmount): JournalLineDraft[] => [
  { account: accountOf(part, "output"), amount: tax.negated(), text: textOf(part) },
];

function inputLines(amount: TaxAmount, costLines: readonly CostLine[]): JournalLineDraft[] {
  const { part, due } = amount;
  const deductible = deductibleOf(amount);
  const lines: JournalLineDraft[] = [{ account: accountOf(part, "input"), amount: deductible, text: textOf(part) }];
  const cost = due.minus(deductible);
  if (cost.minor !== 0n) {
    const shares = amount.byLine();
    const places = [...shares.keys()];
    const weights = places.map((place) => shares.get(place)!.abs().minor);
    cost.allocate(weights).forEach((share, index) => {
      const { account, unitId, partyId, dimensions } = costLines[places[index]!]!;
      lines.push({ account, unitId, partyId, dimensions, amount: share, text: `${textOf(part)}, not deductible` });
    });
  }
  if (part.isReverse) lines.push({ account: { id: part.outputAccountId }, amount: due.negated(), text: `${textOf(part)}, reverse charge` });
  return lines;
}

const deductibleOf = ({ part, due }: TaxAmount): Money => due.times(decimal(part.deductiblePercent).dividedBy(100), "halfUp");

/** What is kept of the tax of an invoice or a bill. */
export function taxRecords(side: TaxSide, taxes: readonly TaxAmount[]): TaxRecord[] {
  return taxes.flatMap((amount) => {
    const { part, base, tax, due } = amount;
    const { taxCodeId, percent } = part;
    const nothing = due.minus(due);
    const common = { taxCodeId, percent, base, isPending: waits(part) };
    const output = { side: "output" as const, cost: nothing, baseBox: part.outputBaseBox, taxBox: part.outputTaxBox };
    if (side === "output") return [{ ...common, ...output, percent: part.isReverse ? "0" : percent, tax }];
    const deductible = deductibleOf(amount);
    const boxes = { baseBox: part.inputBaseBox, taxBox: part.inputTaxBox };
    const input: TaxRecord = { ...common, ...boxes, side, tax: deductible, cost: due.minus(deductible) };
    return part.isReverse ? [{ ...common, ...output, tax: due }, input] : [input];
  });
}

/** The same record of a document that takes back: a credit note. */
export const takenBack = (record: TaxRecord): TaxRecord => ({
  ...record,
  base: record.base.negated(),
  tax: record.tax.negated(),
  cost: record.cost.negated(),
});
