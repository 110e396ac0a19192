// An electronic invoice file read without trust, as bank statements are: no document type, capped size and depth, every fault with its
// line.
import { Refusal } from "../../../kernel/refusal.ts";
import { childOf, type MarkupElement } from "../banking/markup.rules.ts";
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
  const root = worded(() => readXml(decodeStatement(bytes)));
  const invoice = isOfSchema(root) ? readInvoice(root) : undefined;
  if (!invoice) throw unreadable(root.line, whatItIs(root));
  return { root, invoice: { ...invoice, termsWritten: termsIn(root) } };
}

/** The schemas that are read, by the name of their root element; other documents have roots of the same name. */
const schemas: Readonly<Record<string, string>> = {
  Invoice: "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
  CreditNote: "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
  CrossIndustryInvoice: "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
};

const isOfSchema = ({ name, namespace }: MarkupElement): boolean => Object.hasOwn(schemas, name) && namespace === schemas[name];

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

/** The payment terms (BT-20) as written, where they hold a sign for discounts: the German ones need their line ends. */
function termsIn(root: MarkupElement): string | undefined {
  const settlement = childOf(root, "SupplyChainTradeTransaction", "ApplicableHeaderTradeSettlement");
  const outer = childOf(root, "PaymentTerms") ?? childOf(settlement, "SpecifiedTradePaymentTerms");
  const inner = childOf(outer, "Note") ?? childOf(outer, "Description");
  return inner?.text.includes("#") ? (inner.written ?? inner.text) : undefined;
}

/** The invoice below a root element, or nothing when the root is of no syntax that is known. */
export function readInvoice(root: MarkupElement): ElectronicInvoice | undefined {
  if (root.name === "Invoice" || root.name === "CreditNote") return readUbl(root, root.name);
  return root.name === "CrossIndustryInvoice" ? readCii(root) : undefined;
}

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
