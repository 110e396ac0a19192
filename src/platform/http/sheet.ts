// Writes tables as files that people open in a spreadsheet: CSV and XLSX, row by row, without holding the whole.
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { stringify } from "csv-stringify";
import { writeXlsxStream } from "hucre/xlsx";

/** A cell: text, a number as exact text with its decimals, yes or no, a day, or nothing. */
export type Cell =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "day"; readonly text: string }
  | { readonly kind: "flag"; readonly holds: boolean }
  | undefined;

export interface Heading {
  readonly title: string;
  readonly kind: "text" | "number" | "day" | "flag";
}

export interface Sheet {
  readonly name: string;
  readonly headings: readonly Heading[];
  readonly rows: AsyncIterable<readonly Cell[]>;
}

export type SheetFormat = "csv" | "xlsx";

export const sheetTypes: Readonly<Record<SheetFormat, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

export const sheetStream = (sheet: Sheet, format: SheetFormat): Readable => (format === "csv" ? csvStream(sheet) : xlsxStream(sheet));

/** A text that a spreadsheet would run as a formula is quoted with an apostrophe; numbers stay numbers. */
export const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

function csvStream(sheet: Sheet): Readable {
  const lines = async function* (): AsyncGenerator<string[]> {
    yield sheet.headings.map(({ title }) => harmless(title));
    for await (const row of sheet.rows) yield row.map(csvText);
  };
  const out = stringify({ record_delimiter: "\r\n", quoted_match: /[\r\n]/, bom: true });
  const source = Readable.from(lines());
  // Piping does not carry errors along; whoever reads must see the export break off.
  source.on("error", (error) => out.destroy(error));
  out.on("close", () => source.destroy());
  return source.pipe(out);
}

function csvText(cell: Cell): string {
  if (!cell) return "";
  if (cell.kind === "flag") return cell.holds ? "true" : "false";
  return cell.kind === "text" ? harmless(cell.text) : cell.text;
}

function xlsxStream(sheet: Sheet): Readable {
  const rows = async function* () {
    for await (const row of sheet.rows) yield row.map(xlsxValue);
  };
  const stream = writeXlsxStream(rows(), {
    name: sheetName(sheet.name),
    columns: sheet.headings.map(({ title, kind }) => ({ header: title, width: kind === "text" ? 24 : 14, ...format(kind) })),
    freezePane: { rows: 1 },
  });
  return Readable.fromWeb(stream as ReadableStream);
}

const format = (kind: Heading["kind"]): { numFmt?: string } => (kind === "day" ? { numFmt: "yyyy-mm-dd" } : {});

// A spreadsheet keeps fifteen digits of a number; what has more is kept whole as text.
const numberDigitsMax = 15;

function xlsxValue(cell: Cell): string | number | boolean | Date | null {
  if (!cell) return null;
  if (cell.kind === "flag") return cell.holds;
  if (cell.kind === "number") return cell.text.replace(/\D/g, "").length <= numberDigitsMax ? Number(cell.text) : cell.text;
  if (cell.kind === "day") return new Date(`${cell.text}T00:00:00Z`);
  return cell.text;
}

const sheetName = (name: string): string => name.replace(/[\\/?*[\]:]/g, " ").slice(0, 31) || "Sheet";
