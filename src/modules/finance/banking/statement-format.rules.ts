// A statement file as it comes from the bank: what format it is, told by its content and never by its name, and its statements.
import { draftCamt } from "./camt.rules.ts";
import { draftMt940 } from "./mt940.rules.ts";
import { readOfxMarkup } from "./ofx-markup.rules.ts";
import { draftOfx } from "./ofx.rules.ts";
import { decodeStatement, refusalAt } from "./statement-text.rules.ts";
import { completeStatement } from "./statement.rules.ts";
import type { BankStatement, StatementDraft } from "./statement.ts";
import { readXml } from "./xml.rules.ts";

interface ReadingOptions {
  /** The currency of the account the file is for; used only where an MT940 file names no currency at all. */
  readonly currency?: string;
}

/**
 * Every statement of a file, complete and fit for import. Whether each adds up is asked separately: `assertStatementAddsUp`.
 * @throws Refusal with facts `{ line }`: the whole file is refused at its first fault, so that no part of it is imported.
 */
export function readStatements(bytes: Uint8Array, options: ReadingOptions = {}): BankStatement[] {
  const drafts = draftStatements(bytes, options);
  if (drafts.length === 0) throw refusalAt("statementMissing", 1, "the file holds no statement. Ask the bank for a complete file.");
  return drafts.map(completeStatement);
}

/** The statements as far as the file tells them, with the faults that keep each from being imported. @throws Refusal when unreadable. */
export function draftStatements(bytes: Uint8Array, options: ReadingOptions = {}): StatementDraft[] {
  const text = decodeStatement(bytes);
  const head = text.slice(0, 4000);
  if (/^\s*OFXHEADER\s*:/.test(head) || /<\?OFX\b/.test(head) || /^\s*<OFX>/.test(head)) {
    return draftOfx(readOfxMarkup(text), /VERSION\s*[:=]\s*"?(\d{3})/.exec(head.replace(/^<\?xml[^>]*>/, ""))?.[1]);
  }
  if (/^\s*</.test(head)) return draftCamt(readXml(text), /camt\.05[234]\.001\.(\d{2})/.exec(head)?.[1]);
  if (/^(?:\{.*\{4:)?:(?:20|25|28C?|60[FM]|61|62[FM]|64|86|NS):/m.test(text) || /^\{1:.*\{4:\s*$/m.test(head)) {
    return draftMt940(text, options.currency);
  }
  if (/^01,[^,]*,[^,]*,\d{6},/.test(head.trimStart())) {
    throw refusalAt(
      "statementFormatUnsupported",
      1,
      "this is a BAI2 file, which is not imported yet. Ask the bank for camt.053, MT940 or OFX.",
    );
  }
  const reason = "this is no bank statement that can be read. Readable are camt.052, camt.053, camt.054, MT940, MT942 and OFX.";
  throw refusalAt("statementFormatUnknown", 1, reason);
}
