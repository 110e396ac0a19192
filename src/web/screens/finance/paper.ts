// What an invoice or a bill is made of besides its own record: its lines, the rates of its taxes, and what settled it.
import { type MoneyValue, type Row, usePage } from "../../kit/index.ts";
import type { LineSpan } from "./line-span.rules.ts";

export interface PaperLine extends Row, LineSpan {
  readonly description: string;
  readonly quantity?: string;
  readonly unitPrice?: MoneyValue;
  readonly net: MoneyValue;
  readonly taxCode: string;
  readonly accountId: string;
  readonly account: string;
  readonly deferralId: string | null;
}

interface TaxCodeRow extends Row {
  readonly code: string;
  readonly percent: string | null;
}

interface AllocationRow extends Row {
  readonly day: string;
  readonly amount: MoneyValue;
  readonly debitItemId: string;
  readonly debitItem: string;
  readonly creditItemId: string;
  readonly creditItem: string;
}

export interface Settlement {
  readonly id: string;
  readonly day: string;
  readonly amount: MoneyValue;
  readonly itemId: string;
  readonly item: string;
}

const mostLines = 500;

export function usePaperLines(register: "finance.invoiceLine" | "finance.billLine", id: string) {
  const filter: Readonly<Record<string, string>> = register === "finance.invoiceLine" ? { invoiceId: id } : { billId: id };
  return usePage<PaperLine>(register, { filter, sort: "position", limit: mostLines });
}

/** The rate of each tax code on the day of the document. */
export function useTaxRates(asOf: string): ReadonlyMap<string, string | null> {
  const page = usePage<TaxCodeRow>("finance.taxCode", { asOf, limit: 100 });
  return new Map(page.data?.rows.map((row) => [row.code, row.percent]));
}

/** Payments and credits set against the open item of a document, the earliest first. */
export function useSettlements(itemId: string | null): readonly Settlement[] {
  const enabled = itemId !== null;
  const state = "holds";
  const asDebit = usePage<AllocationRow>("finance.allocation", { filter: { debitItemId: itemId ?? "", state }, limit: 200 }, { enabled });
  const asCredit = usePage<AllocationRow>("finance.allocation", { filter: { creditItemId: itemId ?? "", state }, limit: 200 }, { enabled });
  const rows = [
    ...(asDebit.data?.rows ?? []).map((row): Settlement => ({ ...row, itemId: row.creditItemId, item: row.creditItem })),
    ...(asCredit.data?.rows ?? []).map((row): Settlement => ({ ...row, itemId: row.debitItemId, item: row.debitItem })),
  ];
  return rows.toSorted((a, b) => a.day.localeCompare(b.day));
}
