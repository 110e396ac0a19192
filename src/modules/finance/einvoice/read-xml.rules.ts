// An electronic invoice file read without trust, as bank statements are: no document type, capped size and depth, every fault with its
// line.
import { Refusal } from "../../../kernel/refusal.ts";
import { type MarkupElement } from "../banking/markup.rules.ts";
import { decodeStatement } from "../banking/statement-text.rules.ts";
import { readXml } from "../banking/xml.rules.ts";
import type { ElectronicInvoice } from "./model.ts";
import { readCii } from "./read-cii.rules.ts";
import { readUbl } from "./read-ubl.rules.ts";

export const readRefusals = {
  documentUnreadable: "Line {line}: {reason}",
} as const;

export interface ReadDocument {
  readonly root: MarkupElement;
  readonly invoice: ElectronicInvoice;
}

/** Words of our own where the reader of statements speaks of banks. */
const reasons: Readonly<Record<string, string>> = {
  documentTypeForbidden:
    "the file declares a document type or an entity, which no invoice needs. It is refused for safety: ask the sender for another.",
  statementTooDeep: "elements stand inside one another deeper than in any invoice. Ask the sender for a correct file.",
  statementTooLarge: "the file is larger than 20 MB. Ask the sender to leave the attachments out.",
};

/** @throws Refusal `documentUnreadable` with the line and the reason. */
export function readDocument(bytes: Uint8Array): ReadDocument {
  const root = rootOf(bytes);
  const invoice = readInvoice(root);
  if (!invoice) {
    throw unreadable(root.line, `<${root.name}> is neither an Invoice or CreditNote of UBL 2.1 nor a CrossIndustryInvoice of UN/CEFACT.`);
  }
  return { root, invoice };
}

/** The invoice below a root element, or nothing when the root is of no syntax that is known. */
export function readInvoice(root: MarkupElement): ElectronicInvoice | undefined {
  if (root.name === "Invoice" || root.name === "CreditNote") return readUbl(root, root.name);
  return root.name === "CrossIndustryInvoice" ? readCii(root) : undefined;
}

function rootOf(bytes: Uint8Array): MarkupElement {
  try {
    return readXml(decodeStatement(bytes));
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    const told = fault.message.replace(/^Line \d+: /, "").replace("Ask the bank", "Ask the sender");
    throw unreadable(Number(fault.facts["line"] ?? 1), reasons[fault.code] ?? told);
  }
}

const unreadable = (line: number, reason: string): Refusal =>
  new Refusal("documentUnreadable", `Line ${line}: ${reason}`, { line, reason }, ["fileId"]);
