// The rule book, and judging a document by it: which rules it breaks, where, and whether it is valid all the same.
import { categoryRules } from "./category-rules.rules.ts";
import { codeRules } from "./code-rules.rules.ts";
import { coreRules } from "./core-rules.rules.ts";
import type { ElectronicInvoice } from "./model.ts";
import { nationalRules } from "./national-rules.rules.ts";
import { peppolIdentifierRules } from "./peppol-identifier-rules.rules.ts";
import { peppolRules } from "./peppol-rules.rules.ts";
import type { ReadDocument } from "./read-xml.rules.ts";
import { judgedDocument, type Rule } from "./rule.rules.ts";
import { syntaxRules } from "./syntax-rules.rules.ts";
import { totalRules } from "./total-rules.rules.ts";
import { unusedRules } from "./unused-rules.rules.ts";
import { writtenRules } from "./written-rules.rules.ts";
import { claimsXRechnung, isReplaced, xRechnungRules } from "./xrechnung-rules.rules.ts";

export type BookName = "en16931" | "xrechnung" | "peppol" | "national";

const isPeppol = (rule: Rule): boolean => rule.id.startsWith("PEPPOL-");

const books: Readonly<Record<BookName, readonly Rule[]>> = {
  en16931: [
    ...coreRules,
    ...totalRules,
    ...categoryRules,
    ...codeRules,
    ...syntaxRules.filter((rule) => !isPeppol(rule)),
    ...writtenRules,
    ...unusedRules,
  ],
  xrechnung: xRechnungRules,
  peppol: [...peppolRules, ...peppolIdentifierRules, ...syntaxRules.filter(isPeppol)],
  national: nationalRules,
};

export interface Finding {
  readonly rule: string;
  readonly severity: Rule["severity"];
  readonly says: string;
  readonly places: readonly string[];
}

/** The books a document is to be judged by: EN 16931 always, and what its specification (BT-24) names. */
export function booksOf(invoice: ElectronicInvoice): BookName[] {
  const isPeppolBilling = invoice.specification?.includes("urn:fdc:peppol.eu:2017:poacc:billing:3.0") ?? false;
  return [
    "en16931",
    ...(claimsXRechnung(invoice) ? ["xrechnung" as const] : []),
    ...(isPeppolBilling ? (["peppol", "national"] as const) : []),
  ];
}

/** Everything that is broken, rule by rule; a rule is told once with all its places. */
export function judge({ invoice, root }: ReadDocument, names: readonly BookName[]): Finding[] {
  const document = judgedDocument(invoice, root);
  const findings = new Map<string, Finding>();
  const isXRechnung = names.includes("xrechnung");
  for (const rule of names.flatMap((name) => books[name])) {
    if (isXRechnung && isReplaced(rule.id, invoice)) continue;
    const places = rule.brokenAt(document);
    if (places.length === 0) continue;
    const earlier = findings.get(rule.id)?.places ?? [];
    const all = [...new Set([...earlier, ...places])].filter((place) => place !== "");
    findings.set(rule.id, { rule: rule.id, severity: rule.severity, says: rule.says, places: all });
  }
  return [...findings.values()];
}

export const isValid = (findings: readonly Finding[]): boolean => findings.every((finding) => finding.severity !== "fatal");

/** How many rules the books hold. */
export const ruleCount = (names: readonly BookName[]): number => new Set(names.flatMap((name) => books[name].map((rule) => rule.id))).size;
