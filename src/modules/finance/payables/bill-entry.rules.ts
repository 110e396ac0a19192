// How a bill or a supplier's credit note comes into the books. A credit note is a bill turned round.
//
// | posting      | Dr                                                        | Cr                                      |
// |--------------|-----------------------------------------------------------|-----------------------------------------|
// | bill         | expense or asset of each line: net; input tax: tax        | payable, of the supplier: total         |
// | a later span | prepaid expenses, in place of the account of the line     |                                         |
// | rounding     | rounding differences, when the supplier's cents are more  | rounding differences, when they are less|
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type Exchange, linesInBooks } from "../currency/convert.rules.ts";
import { type CreditedDeferral, isSpread, type SpreadLine, takesFromHeld } from "../ledger/deferral.rules.ts";
import { type JournalEntryDraft, type JournalLineDraft, mirrored } from "../ledger/entry.rules.ts";
import type { DocumentTotals } from "../tax/document.rules.ts";
import { taxLines } from "../tax/tax-posting.rules.ts";
import type { BillKind } from "./bill.rules.ts";

export const paperKinds = {
  bill: { series: "BIL", title: "Bill", subject: "finance.bill" },
  creditNote: { series: "SCN", title: "Credit note", subject: "finance.supplierCreditNote" },
} as const;

export interface KeptLine {
  readonly id: Id;
  readonly position: number;
  readonly description: string;
  readonly net: bigint;
  readonly accountId: Id;
  readonly accountType: string;
  readonly unitId: Id | null;
  readonly serviceFrom: Day | null;
  readonly serviceUntil: Day | null;
}

interface BookedPaper {
  readonly id: Id;
  readonly kind: BillKind;
  readonly currency: string;
  readonly supplierId: Id;
  readonly supplier: string;
  readonly supplierNumber: string;
  readonly day: Day;
  readonly dueDay: Day;
  readonly rounding: bigint;
  readonly total: bigint;
}

/**
 * The entry, what is owed first and the lines in their order after it; and which of them are held. `credited` are the deferrals of the bill
 * that a credit note takes back.
 */
export function billEntry(
  bill: BookedPaper,
  lines: readonly KeptLine[],
  totals: DocumentTotals,
  exchange: Exchange | undefined,
  credited: readonly CreditedDeferral[],
): { readonly draft: JournalEntryDraft; readonly spread: readonly SpreadLine[] } {
  const money = (minor: bigint): Money => new Money(minor, bill.currency);
  const spread = lines.flatMap((line) => spreadOf(bill, line, credited) ?? []);
  const held = new Map(spread.map((one) => [one.position, one.held]));
  const costLines = lines.map((line) => {
    const account = held.get(line.position);
    const unitId = line.unitId ?? undefined;
    // What is held for a supplier is known by supplier until it is recognised.
    return account ? { account, unitId, partyId: bill.supplierId } : { account: { id: line.accountId }, unitId };
  });
  const costs = lines
    .map((line, index): JournalLineDraft => ({ ...costLines[index]!, amount: money(line.net), text: line.description }))
    .filter((line) => line.amount.minor !== 0n);
  const taxes = taxLines("input", totals.taxes, costLines);
  const owed = { account: { role: "payable" }, amount: money(-bill.total), partyId: bill.supplierId, dueDay: bill.dueDay } as const;
  // What may not be reclaimed is cost like the net it belongs to.
  const fixed = new Set<JournalLineDraft>([owed, ...taxes.filter((tax) => !costLines.some((line) => line.account === tax.account))]);
  const rounding: JournalLineDraft[] =
    bill.rounding === 0n ? [] : [{ account: { role: "roundingDifference" }, amount: money(bill.rounding) }];
  const booked = linesInBooks([owed, ...costs, ...taxes, ...rounding], exchange, (line) => fixed.has(line));
  const draft = {
    journal: "PUR",
    day: bill.day,
    text: `${paperKinds[bill.kind].title} ${bill.supplierNumber} of ${bill.supplier}`,
    reference: bill.supplierNumber,
    document: { subject: paperKinds[bill.kind].subject, id: bill.id },
    lines: bill.kind === "creditNote" ? mirrored(booked) : booked,
  };
  return { draft, spread };
}

function spreadOf(bill: BookedPaper, line: KeptLine, credited: readonly CreditedDeferral[]): SpreadLine | undefined {
  const { serviceFrom, serviceUntil, accountType } = line;
  if (serviceFrom === null || serviceUntil === null) return undefined;
  const meant = { toAccountId: line.accountId, unitId: line.unitId ?? undefined, serviceFrom, serviceUntil };
  if (!isSpread(meant, accountType, bill.day) && !takesFromHeld(meant, credited)) return undefined;
  return {
    ...meant,
    held: { role: "prepaidExpense" },
    position: line.position,
    text: `${line.description}, ${bill.supplierNumber} of ${bill.supplier}`,
    kind: accountType === "income" ? "income" : "expense",
  };
}
