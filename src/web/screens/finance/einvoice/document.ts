// What the screen is told of a document.
import type { MoneyValue } from "../../../kit/index.ts";

type Told = string | null;

export interface PartyShown {
  readonly name: Told;
  readonly tradingName: Told;
  readonly address: readonly string[];
  readonly vatId: Told;
  readonly taxId: Told;
  readonly registration: Told;
  readonly endpoint: Told;
  readonly contact: readonly string[];
}

export interface LineShown {
  readonly id: Told;
  readonly name: Told;
  readonly description: Told;
  readonly quantity: Told;
  readonly unit: Told;
  readonly price: Told;
  readonly per: Told;
  readonly net: Told;
  readonly category: Told;
  readonly percent: Told;
  readonly period: Told;
}

export interface DocumentShown {
  readonly number: Told;
  readonly day: Told;
  readonly dueDay: Told;
  readonly typeCode: Told;
  readonly currency: Told;
  readonly buyerReference: Told;
  readonly order: Told;
  readonly contract: Told;
  readonly period: Told;
  readonly deliveryDay: Told;
  readonly terms: Told;
  readonly notes: readonly string[];
  readonly preceding: readonly string[];
  readonly seller: PartyShown;
  readonly buyer: PartyShown;
  readonly payments: readonly { readonly code: Told; readonly account: Told; readonly bic: Told; readonly remittance: Told }[];
  readonly allowances: readonly { readonly isCharge: boolean; readonly reason: Told; readonly amount: Told }[];
  readonly taxes: readonly {
    readonly category: Told;
    readonly percent: Told;
    readonly base: Told;
    readonly tax: Told;
    readonly reason: Told;
  }[];
  readonly totals: Readonly<Record<"lines" | "net" | "gross" | "prepaid" | "rounding" | "due" | "taxInBooks", Told>>;
  readonly attachments: readonly { readonly name: Told; readonly description: Told }[];
  readonly lines: readonly LineShown[];
}

export interface FindingShown {
  readonly rule: string;
  readonly severity: "fatal" | "warning" | "information";
  readonly says: string;
  readonly places: readonly string[];
}

export interface VerdictShown {
  readonly isValid: boolean;
  readonly books: readonly string[];
  readonly rules: number;
  readonly findings: readonly FindingShown[];
}

export interface EInvoiceShown {
  readonly id: string;
  readonly state: "issued" | "received" | "entered" | "declined";
  readonly reason: Told;
  readonly billId: Told;
  readonly supplierCreditNoteId: Told;
  readonly document: DocumentShown;
  readonly verdict: VerdictShown;
  readonly candidates: readonly { readonly id: string; readonly name: string; readonly by: string; readonly isSupplier: boolean }[];
  readonly draft: {
    readonly kind: "bill" | "creditNote";
    readonly lines: readonly { readonly line: number; readonly description: string; readonly net: MoneyValue; readonly taxCode: Told }[];
    readonly total: MoneyValue | null;
    readonly rate: { readonly rate: string; readonly day: string; readonly source: string; readonly total: MoneyValue } | null;
    readonly problems: readonly string[];
  } | null;
}
