// A table as rows of text, from CSV or XLSX.
import { parse } from "csv-parse/sync";
import { readXlsx } from "hucre/xlsx";
import { refuse } from "../../../kernel/refusal.ts";
import { checkZip } from "../../../platform/files/zip.ts";
import type { ImportSource } from "./source.ts";

export const tableRefusals = {
  tableUnreadable: "The file {name} cannot be read as a table. Save it as CSV in UTF-8, or as XLSX: {why}",
} as const;

/** The rows of the first sheet, every cell as text. Refuses `tableUnreadable`. */
export async function rowsOf({ bytes, name }: ImportSource): Promise<string[][]> {
  try {
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    return isZip ? await sheetRows(bytes) : csvRows(bytes);
  } catch (error) {
    return refuse("tableUnreadable", { name, why: (error as Error).message.slice(0, 200) }, ["fileId"]);
  }
}

async function sheetRows(bytes: Buffer): Promise<string[][]> {
  checkZip(bytes);
  const workbook = await readXlsx(bytes);
  return (workbook.sheets[0]?.rows ?? []).map((row) => row.map(cellText));
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value as string | number | boolean);
}

/** The separator is the one that stands most often in the heading. */
function csvRows(bytes: Buffer): string[][] {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const heading = text.slice(0, Math.max(0, text.search(/\r?\n/)) || undefined);
  const count = (separator: string): number => heading.split(separator).length;
  const delimiter = [",", ";", "\t"].toSorted((a, b) => count(b) - count(a))[0]!;
  return parse(text, { delimiter, bom: true, relax_column_count: true, skip_empty_lines: false }) as string[][];
}
