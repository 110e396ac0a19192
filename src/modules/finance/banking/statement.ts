// A bank's statement of one account as every format tells it: its balances, its entries and their references.
import type { Currency } from "../../../kernel/currency.ts";
import type { Day } from "../../../kernel/day.ts";
import type { Money } from "../../../kernel/money.ts";

/** Most tell what is booked; camt.052, camt.054, MT942 and BAI2 of the day tell the same entries earlier, during the day. */
export type StatementFormat =
  | "camt.052"
  | "camt.053"
  | "camt.054"
  | "MT940"
  | "MT942"
  | "OFX"
  | "BAI2"
  | "BAI2 of the day"
  | "QIF"
  | "CODA"
  | "CSV";

/** `code` is the format's own word for the balance: OPBD, CLBD, 60F, 62M, LEDGERBAL. */
export interface StatementBalance {
  readonly code: string;
  readonly amount: Money;
  readonly day: Day;
}

/** One payment inside a batch booking; its amount may be in another currency than the entry's. */
export interface EntryDetail {
  readonly amount?: Money;
  readonly endToEndId?: string;
  readonly counterpartyName?: string;
  readonly counterpartyAccount?: string;
  readonly remittanceText: string;
  readonly structuredReference?: string;
}

/** Only `booked` entries change the booked balance; `pending` and `information` are told ahead and must not be posted. */
export type EntryStatus = "booked" | "pending" | "information";

export interface BankEntry {
  /** 1 is the first entry of its statement. */
  readonly position: number;
  /** The line of the file where the entry begins. */
  readonly line: number;
  readonly status: EntryStatus;
  readonly bookingDay: Day;
  readonly valueDay?: Day;
  /** A credit is positive, a debit negative. A reversal already has the sign by which it changes the balance. */
  readonly amount: Money;
  readonly isReversal: boolean;
  /** The bank's own reference: AcctSvcrRef, FITID, or what follows `//` in field 61. */
  readonly bankReference?: string;
  readonly customerReference?: string;
  readonly endToEndId?: string;
  readonly counterpartyName?: string;
  readonly counterpartyAccount?: string;
  readonly remittanceText: string;
  readonly structuredReference?: string;
  readonly transactionCode?: string;
  /** Every payment the bank itemises, so more than one means a batch booking; none where the bank gives only the entry. */
  readonly details: readonly EntryDetail[];
}

/** A count and a sum that the bank states about its own entries; sums are without sign. */
export interface StatedTotal {
  readonly count?: bigint;
  readonly sum?: Money;
}

export interface StatedTotals {
  readonly line: number;
  readonly all?: StatedTotal;
  readonly credit?: StatedTotal;
  readonly debit?: StatedTotal;
}

export interface BankStatement {
  readonly format: StatementFormat;
  /** The version within the format: `02` for camt.053.001.02, `102` for OFX. */
  readonly formatVersion?: string;
  readonly line: number;
  readonly messageId?: string;
  readonly statementId: string;
  readonly sequence?: string;
  /** IBAN or the bank's own account number, as text without spaces. */
  readonly accountIdentification: string;
  /** The bank's routing number where the format keeps it apart from the account. */
  readonly bankIdentification?: string;
  readonly currency: Currency;
  readonly openingBalance?: StatementBalance;
  readonly closingBalance?: StatementBalance;
  readonly otherBalances: readonly StatementBalance[];
  readonly entries: readonly BankEntry[];
  readonly statedTotals?: StatedTotals;
  /** Control totals of the bank that the file contradicts, as sentences: it can be read, and proves nothing. */
  readonly doubts?: readonly string[];
  /** QIF and CSV name no account: it is taken to be the one the file is imported into. */
  readonly isAccountAssumed?: boolean;
}

/** What a statement lacks before it may be imported, with the line to look at. */
export interface StatementFault {
  readonly code: string;
  readonly line: number;
  readonly reason: string;
}

export type EntryDraft = Omit<BankEntry, "bookingDay"> & { readonly bookingDay?: Day };

/** A statement as far as its file tells it; `faults` say why it cannot be imported yet. */
export type StatementDraft = Omit<BankStatement, "accountIdentification" | "currency" | "entries"> & {
  readonly accountIdentification?: string;
  readonly currency?: Currency;
  readonly entries: readonly EntryDraft[];
  /** When a notice was made, of which nothing is posted: an entry without any day stands on it. */
  readonly noticeDay?: Day;
  readonly faults: readonly StatementFault[];
};
