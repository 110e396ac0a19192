// A statement file as it comes from the bank: what format it is, told by its content and never by its name, and its statements.
import { draftBai2 } from "./bai2.rules.ts";
import { draftCamt } from "./camt.rules.ts";
import { draftCoda } from "./coda.rules.ts";
import { looksLikeCsv } from "./csv-detect.rules.ts";
import { type CsvMapping, draftCsv } from "./csv.rules.ts";
import { draftMt940 } from "./mt940.rules.ts";
import { readOfxMarkup } from "./ofx-markup.rules.ts";
import { draftOfx } from "./ofx.rules.ts";
import { draftQif, isQif } from "./qif.rules.ts";
import { decodeStatement, refusalAt } from "./statement-text.rules.ts";
import { completeStatement } from "./statement.rules.ts";
import type { BankStatement, StatementDraft } from "./statement.ts";
import type { DayOrder } from "./written-day.rules.ts";
import { readXml } from "./xml.rules.ts";

interface ReadingOptions {
  /** The currency of the account the file is for; used where a file names none at all: some MT940, QIF, CSV. */
  readonly currency?: string;
  /** The number of that account, for QIF and CSV, which name none. */
  readonly account?: string;
  /** What the columns of a CSV file are. */
  readonly mapping?: CsvMapping;
  /** How the days of a QIF file are written, where it may be read in two ways. */
  readonly dayOrder?: DayOrder;
}

const readable = "camt.052, camt.053, camt.054, MT940, MT942, OFX, BAI2, CODA, QIF, and CSV with a saved mapping";

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
  if (/^01,[^,]*,[^,]*,\d{6},/.test(head.trimStart())) return draftBai2(text);
  if (/^\s*0\d{4}\d{6}.{3}05/.test(head)) return draftCoda(text);
  if (isQif(head)) return draftQif(text, options);
  if (options.mapping) return draftCsv(text, options.mapping, options);
  if (looksLikeCsv(text)) {
    const reason = "this is a CSV file, and nobody said yet what its columns are. Save a mapping for it: ";
    throw refusalAt("mappingMissing", 1, `${reason}heartwood finance statement-mapping create`);
  }
  const reason = `this is no bank statement that can be read. Readable are ${readable}.`;
  throw refusalAt("statementFormatUnknown", 1, reason);
}
