// The verdict on a document in the shape that operations tell and the database keeps.
import { z } from "zod";
import { type BookName, type Finding, isValid, judge, ruleCount } from "./judge.rules.ts";
import type { ReadDocument } from "./read-xml.rules.ts";

const FindingRow = z.object({
  rule: z.string().describe("As the standard calls it, e.g. BR-CO-15."),
  severity: z.enum(["fatal", "warning", "information"]),
  says: z.string().describe("What the rule asks for."),
  places: z.array(z.string()).describe("Where it is broken; nothing when it is about the whole document."),
});

export const VerdictRow = z.object({
  isValid: z.boolean().describe("Whether no fatal rule is broken."),
  books: z.array(z.enum(["en16931", "xrechnung", "peppol", "national"])).describe("The books of rules it was judged by."),
  rules: z.number().int().describe("How many rules these books hold."),
  findings: z.array(FindingRow),
});
export type Verdict = z.output<typeof VerdictRow>;

/** At most so many places of one rule are kept; more help nobody. */
const placesMax = 20;

export function verdictOn(document: ReadDocument, books: BookName[]): Verdict {
  const findings = judge(document, books);
  return { isValid: isValid(findings), books, rules: ruleCount(books), findings: findings.map(shortened) };
}

const shortened = ({ places, ...finding }: Finding) => ({
  ...finding,
  places: places.length > placesMax ? [...places.slice(0, placesMax), `and ${places.length - placesMax} more`] : [...places],
});

/** The fatal rules that are broken, as one sentence. */
export const faultsIn = ({ findings }: Verdict): string =>
  findings
    .filter((finding) => finding.severity === "fatal")
    .map(({ rule, says, places }) => `${rule} ${says}${places.length > 0 ? ` (${places.join(", ")})` : ""}`)
    .join(" ");
