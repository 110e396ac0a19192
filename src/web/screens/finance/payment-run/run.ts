// Payment runs as the operations answer them, and what the screen works out of them.
import type { MoneyValue, Row } from "../../../kit/index.ts";
import { sumOf } from "../statement.rules.ts";

export interface Run extends Row {
  readonly code: string;
  readonly payDay: string;
  readonly bankAccountId: string;
  readonly bankAccount: string;
  readonly bills: number;
  readonly total: MoneyValue;
  readonly discount: MoneyValue;
  readonly state: "draft" | "submitted" | "approved" | "filed" | "sent" | "settled" | "cancelled";
  readonly payments: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly fileId: string | null;
  readonly preparedBy: string;
  readonly submittedBy: string | null;
  readonly approvedBy: string | null;
  readonly aloneReason: string | null;
  readonly note: string | null;
  readonly sentBy: string | null;
  readonly currency: string;
}

export interface Item extends Row {
  readonly bill: string;
  /** Null of a credit note, whose amount is below zero. */
  readonly billId: string | null;
  readonly supplierCreditNoteId: string | null;
  readonly supplierId: string;
  readonly supplier: string;
  readonly dueDay: string;
  readonly discountDay: string | null;
  readonly open: MoneyValue;
  readonly amount: MoneyValue;
  readonly discount: MoneyValue;
  readonly supplierBankAccount: string | null;
  readonly usableFrom: string | null;
  readonly reference: string | null;
  readonly state: "waiting" | "succeeded" | "failed" | "left";
  readonly warning: string | null;
}

export interface Order extends Row {
  readonly code: string;
  readonly supplierId: string;
  readonly supplier: string;
  readonly account: string;
  readonly day: string;
  readonly amount: MoneyValue;
  readonly reference: string;
  readonly state: "pending" | "succeeded" | "failed" | "cancelled";
  readonly failure: string | null;
  readonly paymentId: string | null;
  readonly payment: string | null;
}

export interface Candidate {
  readonly billId: string;
  readonly bill: string;
  readonly supplierId: string;
  readonly supplier: string;
  readonly dueDay: string;
  readonly open: MoneyValue;
  readonly amount: MoneyValue;
  readonly discount: MoneyValue;
  readonly reason: string | null;
  readonly says: string | null;
}

export const stages = ["draft", "submitted", "approved", "filed", "sent"] as const;
export type Stage = (typeof stages)[number];

/** How far a run is: the stage it waits in, all of them when it is settled. */
export const stageOf = (run: Run): number => (run.state === "settled" ? stages.length : stages.indexOf(run.state as Stage));

export const isOver = (run: Run): boolean => run.state === "settled" || run.state === "cancelled";

export interface Sum {
  readonly key: string;
  readonly bankAccount: string;
  readonly runs: number;
  readonly bills: number;
  readonly total: MoneyValue;
}

/** What is under way from each bank account, one line for each currency. */
export function sumsByAccount(runs: readonly Run[]): Sum[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = `${run.bankAccountId} ${run.currency}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].map(([key, own]) => ({
    key,
    bankAccount: own[0]!.bankAccount,
    runs: own.length,
    bills: own.reduce((sum, run) => sum + run.bills, 0),
    total: sumOf(
      own.map((run) => run.total),
      own[0]!.currency,
    ),
  }));
}

/** An IBAN in groups of four; anything else as it is. */
export const accountText = (account: string): string =>
  /^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(account) ? account.replace(/(.{4})(?=.)/g, "$1 ") : account;
