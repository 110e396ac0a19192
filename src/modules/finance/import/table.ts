// A table as rows of cells, from CSV or XLSX.
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { parse } from "csv-parse";
import { type Cell as SheetCell, readXlsx } from "hucre/xlsx";
import { refuse } from "../../../kernel/refusal.ts";
import { checkZip } from "../../../platform/files/zip.ts";
import type { ImportSource } from "./source.ts";
import type { Cell } from "./table.rules.ts";

export const tableRefusals = {
  tableUnreadable: "The file {name} cannot be read as a table. Save it as CSV in UTF-8, or as XLSX: {why}",
} as const;

export interface TableRows {
  readonly rows: readonly (readonly Cell[])[];
  /** Sheets that are not read: those behind the first one that is shown. */
  readonly otherSheets: readonly string[];
}

/** The rows of the first sheet that is shown. Refuses `tableUnreadable`. */
export async function rowsOf({ bytes, name }: ImportSource): Promise<TableRows> {
  try {
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    return isZip ? await sheetRows(bytes) : { rows: await csvRows(bytes), otherSheets: [] };
  } catch (error) {
    return refuse("tableUnreadable", { name, why: (error as Error).message.slice(0, 200) }, ["fileId"]);
  }
}

async function sheetRows(bytes: Buffer): Promise<TableRows> {
  checkZip(bytes);
  const { sheets } = await readXlsx(bytes);
  const first = sheets.find((sheet) => !sheet.hidden && !sheet.veryHidden) ?? sheets[0];
  const rows = (first?.rows ?? []).map((row, place) => row.map((value, column) => cellOf(value, first?.cells?.get(`${place},${column}`))));
  const isFilled = ({ rows: own }: { readonly rows: readonly (readonly unknown[])[] }): boolean =>
    own.some((row) => row.some((value) => value !== null && value !== ""));
  return { rows, otherSheets: sheets.filter((sheet) => sheet !== first && isFilled(sheet)).map((sheet) => sheet.name) };
}

function cellOf(value: unknown, cell: SheetCell | undefined): Cell {
  if (cell?.type === "error") return { says: `The spreadsheet could not work this cell out: ${String(value)}` };
  if (value === null || value === undefined) {
    return cell?.formula === undefined
      ? ""
      : { says: "The formula of this cell has no result. Open the file, let it calculate, and save it." };
  }
  if (typeof value === "number") return value;
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value as string | boolean);
}

/** What the first bytes say: Excel saves “Unicode text” as UTF-16. */
const encodingOf = (bytes: Buffer): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";

const pieceBytes = 64 * 1024;

/** Read piece by piece, so that others are answered in between. Throws on bytes that are not in the encoding they say. */
async function csvRows(bytes: Buffer): Promise<string[][]> {
  const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  const [head = "", said] = /^sep=(.)\r?\n/i.exec(text) ?? [];
  const delimiter = said ?? separatorOf(text);
  const table = Buffer.from(text.slice(head.length));
  const parser = parse({ delimiter, relax_column_count: true, skip_empty_lines: false });
  const rows: string[][] = [];
  for await (const row of Readable.from(piecesOf(table)).pipe(parser)) rows.push(row as string[]);
  return rows;
}

async function* piecesOf(table: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < table.length; from += pieceBytes) {
    yield table.subarray(from, from + pieceBytes);
    await setImmediate();
  }
}

/** The separator that stands most often in the heading outside of quotes. Excel may say it itself: `sep=;`. */
function separatorOf(table: string): string {
  const heading = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(table)![0].replaceAll(/"(?:[^"]|"")*"/g, "");
  const count = (separator: string): number => heading.split(separator).length;
  return [",", ";", "\t", "|"].toSorted((a, b) => count(b) - count(a))[0]!;
}
