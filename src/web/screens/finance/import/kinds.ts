// The kinds of files that are brought in, and what is asked about each.
import { numberText, registerPath } from "../../../kit/index.ts";
import { words } from "./words.ts";

export const kinds = ["parties", "openItems", "entries", "invoices", "bills", "journal"] as const;
export type Kind = (typeof kinds)[number];

export const dayOrders = ["told", "dayFirst", "monthFirst"] as const;
export type DayOrder = (typeof dayOrders)[number];

export const isKind = (text: string): text is Kind => kinds.some((kind) => kind === text);

/** "3 invoices". */
export const countedOf = (kind: Kind, count: number): string => `${numberText(count)} ${words.counted[kind][count === 1 ? 0 : 1]}`;

/** Where one sees what came of it. */
export const listOf: Readonly<Record<Kind, string>> = {
  parties: registerPath("directory.organisation"),
  openItems: registerPath("finance.openItem"),
  entries: registerPath("finance.journalEntry"),
  invoices: registerPath("finance.invoice"),
  bills: registerPath("finance.bill"),
  journal: registerPath("finance.journalEntry"),
};

export interface Mistake {
  readonly row?: number;
  readonly line?: number;
  readonly column?: string;
  readonly says: string;
}

export interface LookedTable {
  readonly rows: number;
  readonly records: number;
  readonly ignored: readonly string[];
  readonly mistakes: readonly Mistake[];
}

export interface LookedJournal {
  readonly entries: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly newAccounts: readonly string[];
  readonly skipped: readonly string[];
  readonly mistakes: readonly Mistake[];
}

export interface KindColumns {
  readonly kind: Kind;
  readonly columns: readonly {
    readonly name: string;
    readonly holds: "text" | "day" | "number";
    readonly isNeeded: boolean;
    readonly also: readonly string[];
  }[];
}
