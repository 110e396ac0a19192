// What a rule about an electronic invoice is: its name in the standard, what it says in our words, and whether it holds.
import type { MarkupElement } from "../banking/markup.rules.ts";
import type { AllowanceCharge, ElectronicInvoice, InvoiceLine, PaymentMeans, TaxBreakdown } from "./model.ts";

interface JudgedDocument {
  readonly invoice: ElectronicInvoice;
  readonly root: MarkupElement;
  /** The root and everything below it, in the order of the file. */
  readonly elements: readonly MarkupElement[];
}

export function judgedDocument(invoice: ElectronicInvoice, root: MarkupElement): JudgedDocument {
  const elements = [root];
  const walk = (element: MarkupElement): void => {
    for (const child of element.children) {
      elements.push(child);
      walk(child);
    }
  };
  walk(root);
  return { invoice, root, elements };
}

export interface Rule {
  readonly id: string;
  /** What is fatal makes the document invalid; a warning or a piece of information does not. */
  readonly severity: "fatal" | "warning" | "information";
  readonly says: string;
  /** Each place where it is broken, as a reader finds it: `line 3`, or empty for the whole document. */
  brokenAt(document: JudgedDocument): readonly string[];
}

export interface Part<T> {
  readonly place: string;
  readonly value: T;
}

/** Makes rules about each part of a document; where there is no such part, the rule holds. */
export const about =
  <T>(partsOf: (document: JudgedDocument) => readonly Part<T>[]) =>
  (id: string, says: string, holds: (value: T, invoice: ElectronicInvoice) => boolean, severity: Rule["severity"] = "fatal"): Rule => ({
    id,
    severity,
    says,
    brokenAt: (document) => partsOf(document).flatMap((part) => (holds(part.value, document.invoice) ? [] : [part.place])),
  });

export const whole = about<ElectronicInvoice>(({ invoice }) => [{ place: "", value: invoice }]);

const numbered = <T>(name: string, values: readonly T[]): Part<T>[] =>
  values.map((value, index) => ({ place: `${name} ${index + 1}`, value }));

const placeOf = (line: InvoiceLine, index: number): string => `line ${line.id ?? index + 1}`;

export const eachLine = about<InvoiceLine>(({ invoice }) =>
  invoice.lines.map((line, index) => ({ place: placeOf(line, index), value: line })),
);

const lineParts = (invoice: ElectronicInvoice, isCharge: boolean): Part<AllowanceCharge>[] =>
  invoice.lines.flatMap((line, index) =>
    line.allowances.filter((one) => one.isCharge === isCharge).map((value) => ({ place: placeOf(line, index), value })),
  );

export const ofKind = (all: readonly AllowanceCharge[], isCharge: boolean): AllowanceCharge[] =>
  all.filter((one) => one.isCharge === isCharge);

export const eachAllowance = about<AllowanceCharge>(({ invoice }) => numbered("allowance", ofKind(invoice.allowances, false)));
export const eachCharge = about<AllowanceCharge>(({ invoice }) => numbered("charge", ofKind(invoice.allowances, true)));
export const eachLineAllowance = about<AllowanceCharge>(({ invoice }) => lineParts(invoice, false));
export const eachLineCharge = about<AllowanceCharge>(({ invoice }) => lineParts(invoice, true));
export const eachAllowanceCharge = about<AllowanceCharge>(({ invoice }) => [
  ...numbered("allowance or charge", invoice.allowances),
  ...lineParts(invoice, false),
  ...lineParts(invoice, true),
]);

export const breakdownOf = (invoice: ElectronicInvoice): readonly TaxBreakdown[] => invoice.taxTotals.flatMap((total) => total.breakdown);

export const eachBreakdown = about<TaxBreakdown>(({ invoice }) =>
  breakdownOf(invoice).map((value) => ({ place: `tax ${value.category?.code ?? ""} ${value.category?.percent ?? ""}`.trim(), value })),
);

export const eachPayment = about<PaymentMeans>(({ invoice }) => numbered("payment means", invoice.payments));
