// An electronic invoice file read without trust, as bank statements are: no document type, capped size and depth, every fault with its
// line.
import { Refusal } from "../../../kernel/refusal.ts";
import { childOf, type MarkupElement, resolveReferences } from "../banking/markup.rules.ts";
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
  const text = textIn(bytes);
  const root = rootOf(text);
  const invoice = isOfSchema(text, root) ? readInvoice(root) : undefined;
  if (!invoice) throw unreadable(root.line, whatItIs(root));
  return { root, invoice: { ...invoice, termsWritten: termsIn(text, root) } };
}

/** The schemas that are read, by the name of their root element; other documents have roots of the same name. */
const schemas: Readonly<Record<string, string>> = {
  Invoice: "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
  CreditNote: "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
  CrossIndustryInvoice: "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
};

/** The reader of elements leaves namespaces away, so the root's is read where the root is opened. */
function isOfSchema(text: string, root: MarkupElement): boolean {
  const schema = Object.hasOwn(schemas, root.name) ? schemas[root.name] : undefined;
  if (schema === undefined) return false;
  const tag = rootTag(text);
  const prefix = /^<([\w.-]+):/.exec(tag)?.[1];
  const declared = new RegExp(`\\sxmlns${prefix === undefined ? "" : `:${prefix}`}\\s*=\\s*["']([^"']*)["']`).exec(tag);
  return declared?.[1] === schema;
}

/** The first tag behind declaration, comments and instructions. */
function rootTag(text: string): string {
  let at = text.indexOf("<");
  while (text[at + 1] === "!" || text[at + 1] === "?") {
    const end = text.startsWith("<!--", at) ? "-->" : ">";
    at = text.indexOf("<", text.indexOf(end, at + 2));
  }
  return text.slice(at, text.indexOf(">", at) + 1);
}

/** What somebody sent instead of an invoice, and what to ask for. */
const known: Readonly<Record<string, string>> = {
  CrossIndustryDocument: "an invoice of ZUGFeRD 1.0, which EN 16931 replaced. Ask the sender for ZUGFeRD 2, Factur-X or XRechnung.",
  SCRDMCCBDACIOMessageStructure: "an order of UN/CEFACT, no invoice. Ask the sender for the invoice.",
  CrossIndustryOrder: "an order of UN/CEFACT, no invoice. Ask the sender for the invoice.",
  FatturaElettronica: "an Italian FatturaPA, which is not of EN 16931. Ask the sender for UBL 2.1 or CII.",
  StandardBusinessDocument: "an envelope of Peppol with a document inside. Take the document out of it first.",
  Order: "an order, no invoice. Ask the sender for the invoice.",
  DebitNote: "a debit note, which EN 16931 does not know. Ask the sender for an Invoice or a CreditNote.",
  SelfBilledInvoice: "a self-billed invoice of UBL's own kind. EN 16931 tells it as an Invoice of type 389: ask the sender for that.",
  SelfBilledCreditNote:
    "a self-billed credit note of UBL's own kind. EN 16931 tells it as a CreditNote of type 261: ask the sender for that.",
};

function whatItIs(root: MarkupElement): string {
  const ours = "an Invoice or CreditNote of UBL 2.1 or a CrossIndustryInvoice of UN/CEFACT";
  if (Object.hasOwn(known, root.name)) return `<${root.name}> is ${known[root.name]!}`;
  if (!Object.hasOwn(schemas, root.name)) return `<${root.name}> is not ${ours}. Ask the sender for one of these.`;
  return `<${root.name}> does not name the schema ${schemas[root.name]!}, so it is not ${ours}. Ask the sender for one of these.`;
}

/**
 * The payment terms (BT-20) with their line ends, which a reader of elements leaves away and the German signs for discounts need. Found
 * again in the text from about the line where they begin; nothing where they hold no such sign.
 */
function termsIn(text: string, root: MarkupElement): string | undefined {
  const settlement = childOf(root, "SupplyChainTradeTransaction", "ApplicableHeaderTradeSettlement");
  const outer = childOf(root, "PaymentTerms") ?? childOf(settlement, "SpecifiedTradePaymentTerms");
  const inner = childOf(outer, "Note") ?? childOf(outer, "Description");
  if (!outer || !inner?.text.includes("#")) return undefined;
  const opened = openingOf(text, inner.name, openingOf(text, outer.name, lineStart(text, outer.line - 1)));
  const begin = text.indexOf(">", opened) + 1;
  const mark = "<![CDATA[";
  if (text.startsWith(mark, begin)) return text.slice(begin + mark.length, text.indexOf("]]>", begin));
  return resolveReferences(text.slice(begin, text.indexOf("<", begin)), inner.line);
}

function lineStart(text: string, line: number): number {
  let at = 0;
  for (let passed = 1; passed < line; passed += 1) at = text.indexOf("\n", at) + 1;
  return at;
}

/** Where an element of that name is opened; it is known to be there. */
function openingOf(text: string, name: string, from: number): number {
  let at = text.indexOf(name, from);
  while (at > 0 && !(/[<:]/.test(text[at - 1]!) && /[\s>]/.test(text[at + name.length] ?? ""))) at = text.indexOf(name, at + 1);
  return Math.max(at, from);
}

/** The invoice below a root element, or nothing when the root is of no syntax that is known. */
export function readInvoice(root: MarkupElement): ElectronicInvoice | undefined {
  if (root.name === "Invoice" || root.name === "CreditNote") return readUbl(root, root.name);
  return root.name === "CrossIndustryInvoice" ? readCii(root) : undefined;
}

const textIn = (bytes: Uint8Array): string => worded(() => decodeStatement(bytes));
const rootOf = (text: string): MarkupElement => worded(() => readXml(text));

function worded<T>(read: () => T): T {
  try {
    return read();
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    const told = fault.message.replace(/^Line \d+: /, "").replace("Ask the bank", "Ask the sender");
    throw unreadable(Number(fault.facts["line"] ?? 1), reasons[fault.code] ?? told);
  }
}

const unreadable = (line: number, reason: string): Refusal =>
  new Refusal("documentUnreadable", `Line ${line}: ${reason}`, { line, reason }, ["fileId"]);
