// What the operations of banking answer, as the reconciliation screen reads it.
import type { MoneyValue, Row } from "../../../kit/index.ts";

export interface BankLine extends Row {
  readonly state: "advised" | "unmatched" | "held" | "matched" | "posted" | "ignored" | "replaced";
  readonly day: string;
  readonly valueDay: string | null;
  readonly amount: MoneyValue;
  readonly counterpartyName: string | null;
  readonly counterpartyAccount: string | null;
  readonly text: string;
  readonly reference: string | null;
  readonly endToEndId: string | null;
  readonly party: string | null;
  readonly partyId: string | null;
  readonly settles: string | null;
  readonly reasons: string | null;
  readonly entryId: string | null;
  readonly entry: string | null;
  readonly statementId: string;
  readonly statement: string;
  readonly matchedBy: string | null;
  readonly isAutomatic: boolean | null;
  readonly ignoreReason: string | null;
  readonly heldReason: string | null;
  readonly heldUntil: string | null;
  readonly rule: string | null;
  readonly replacedReason: string | null;
}

export interface Allocation {
  readonly openItemId: string;
  readonly reference: string;
  readonly party: string;
  readonly dueDay: string;
  readonly open: MoneyValue;
  readonly amount: MoneyValue;
}

export interface Candidate {
  readonly kind: "items" | "booked" | "party" | "rule" | "returned";
  readonly score: number;
  readonly strong: boolean;
  readonly reasons: readonly string[];
  readonly partyId: string | null;
  readonly party: string | null;
  readonly rest: MoneyValue;
  readonly journalLineId: string | null;
  readonly entry: string | null;
  readonly ruleId: string | null;
  readonly account: string | null;
  /** The payment of ours that came back. */
  readonly paymentOrderId: string | null;
  readonly allocations: readonly Allocation[];
}

export interface Reconciliation {
  readonly asOf: string;
  readonly bookBalance: MoneyValue;
  readonly statementBalance: MoneyValue | null;
  readonly statementDay: string | null;
  readonly difference: MoneyValue | null;
  readonly unmatched: { readonly count: number; readonly sum: MoneyValue };
  readonly booksOnly: { readonly count: number; readonly sum: MoneyValue };
  readonly unexplained: MoneyValue | null;
  readonly matched: number;
  readonly posted: number;
  readonly ignored: number;
  readonly open: number;
  /** Said where the bank account is in another currency than the books: then nothing is compared or matched. */
  readonly bookSide: string | null;
  readonly gaps: readonly { readonly statementId: string; readonly statement: string; readonly day: string; readonly gap: MoneyValue }[];
}

export interface ImportedStatement {
  readonly id: string;
  readonly statementId: string;
  readonly sequence: string | null;
  readonly format: string;
  readonly from: string;
  readonly until: string;
  readonly opening: MoneyValue | null;
  readonly entriesSum: MoneyValue;
  readonly closing: MoneyValue | null;
  readonly proven: boolean;
  readonly unproven: "openingMissing" | "closingMissing" | "totalsDiffer" | null;
  readonly doubts: readonly string[];
  readonly replaced: readonly string[];
  readonly gap: MoneyValue | null;
  readonly added: number;
  readonly known: number;
  readonly advised: number;
}

export interface Imported {
  readonly statements: readonly ImportedStatement[];
  readonly added: number;
  readonly known: number;
  readonly advised: number;
  readonly leftOut: readonly {
    readonly account: string;
    readonly currency: string;
    readonly statements: number;
    readonly next: string;
  }[];
}

export interface Proposals {
  readonly matched: number;
  readonly left: number;
  readonly waiting: number;
  readonly lines: readonly {
    readonly bankLineId: string;
    readonly day: string;
    readonly amount: MoneyValue;
    readonly text: string;
    readonly did: "matched" | "left";
    readonly party: string | null;
    readonly settles: string | null;
    readonly why: string;
  }[];
}

export interface MatchedAll {
  readonly matched: number;
  readonly next: string | null;
}

/** Below this, Enter asks for a look first: the candidate is taken by its number or its button. */
export const isLikely = (candidate: Candidate): boolean => candidate.score >= 50;

/** What a candidate sends to be matched. */
export function matchInput(candidate: Candidate): Record<string, unknown> {
  if (candidate.ruleId) return { ruleId: candidate.ruleId };
  if (candidate.journalLineId) return { journalLineId: candidate.journalLineId };
  if (candidate.paymentOrderId) return { paymentOrderId: candidate.paymentOrderId };
  return {
    allocations: candidate.allocations.map(({ openItemId, amount }) => ({ openItemId, amount })),
    partyId: candidate.partyId ?? undefined,
  };
}

export const isZero = (money: MoneyValue): boolean => /^-?0*\.?0*$/.test(money.amount);
export const unsigned = (money: MoneyValue): MoneyValue => ({ ...money, amount: money.amount.replace(/^-/, "") });

/** Still to be matched, whether it waits for an answer or not. */
export const isWork = (line: BankLine | undefined): boolean => line?.state === "unmatched" || line?.state === "held";

/** Whole minor units of an amount as it is written; only for comparing and adding, never for showing. */
export const minorOf = (money: MoneyValue): bigint => BigInt(money.amount.replace(".", ""));
export const moneyLike = (minor: bigint, like: MoneyValue): MoneyValue => {
  const decimals = like.amount.split(".")[1]?.length ?? 0;
  const digits = String(minor < 0n ? -minor : minor).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  return { ...like, amount: `${minor < 0n ? "-" : ""}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ""}` };
};
