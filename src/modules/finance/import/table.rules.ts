// Tables that people bring: a heading, rows, and in every cell what its column wants. Whatever does not fit is told with row and column.
import { type Day, isDay } from "../../../kernel/day.ts";
import { plainNumber } from "./journal-amount.rules.ts";

export type CellKind = "text" | "day" | "number";

export interface Column {
  readonly kind: CellKind;
  readonly isNeeded?: true;
  /** Other headings people write for it. */
  readonly also?: readonly string[];
}

export type Columns = Readonly<Record<string, Column>>;

/** The cells of a row by their column; empty ones are left out. Days and numbers are as we write them. */
export interface TableRecord {
  /** As a spreadsheet counts: the heading is row 1. */
  readonly row: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface TableMistake {
  readonly row: number;
  readonly column: string;
  readonly says: string;
}

export interface TableRead {
  readonly records: readonly TableRecord[];
  readonly mistakes: readonly TableMistake[];
  /** Headings that no column answers to. */
  readonly ignored: readonly string[];
}

const plain = (heading: string): string => heading.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

export function readTable(rows: readonly (readonly string[])[], columns: Columns): TableRead {
  const [heading = [], ...body] = rows;
  const names = heading.map((title) => columnFor(title, columns));
  const mistakes: TableMistake[] = Object.entries(columns)
    .filter(([name, column]) => column.isNeeded && !names.includes(name))
    .map(([name]) => ({ row: 1, column: name, says: `The column ${name} is missing.` }));
  const records = mistakes.length > 0 ? [] : body.flatMap((cells, index) => readRow(cells, index + 2, names, columns, mistakes) ?? []);
  return { records, mistakes, ignored: heading.filter((title, index) => title.trim() !== "" && names[index] === undefined) };
}

function columnFor(title: string, columns: Columns): string | undefined {
  const wanted = plain(title);
  return Object.entries(columns).find(([name, { also = [] }]) => [name, ...also].some((one) => plain(one) === wanted))?.[0];
}

function readRow(
  cells: readonly string[],
  row: number,
  names: readonly (string | undefined)[],
  columns: Columns,
  mistakes: TableMistake[],
): TableRecord | undefined {
  if (cells.every((cell) => cell.trim() === "")) return undefined;
  const before = mistakes.length;
  const read: Record<string, string> = {};
  names.forEach((name, place) => {
    const text = (cells[place] ?? "").trim();
    if (name === undefined || text === "") return;
    const value = readCell(text, columns[name]!.kind);
    if (value === undefined) mistakes.push({ row, column: name, says: wrong(text, columns[name]!.kind) });
    else read[name] = value;
  });
  for (const [name, column] of Object.entries(columns)) {
    const isWrong = mistakes.slice(before).some((mistake) => mistake.column === name);
    if (column.isNeeded && read[name] === undefined && !isWrong) mistakes.push({ row, column: name, says: "The cell is empty." });
  }
  return mistakes.length === before ? { row, cells: read } : undefined;
}

function readCell(text: string, kind: CellKind): string | undefined {
  if (kind === "day") return readDay(text);
  // An apostrophe keeps a spreadsheet from running a text; it is not part of it.
  if (kind === "text") return /^'[=+\-@]/.test(text) ? text.slice(1) : text;
  const [, sign, digits] = /^([+-]?)\s*(\d[\d.,' ]*)$/.exec(text) ?? [];
  const number = digits === undefined ? undefined : plainNumber(digits);
  return number === undefined ? undefined : sign === "-" ? `-${number}` : number;
}

/** `2026-03-31`, `31.03.2026` and `2026/03/31` say which part is which; `03/04/2026` does not, and is not guessed. */
function readDay(text: string): Day | undefined {
  const [, year, month, date] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T.*)?$/.exec(text) ?? [];
  const [, lastDate, lastMonth, lastYear] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  const full = year ? [year, month, date] : [lastYear, lastMonth, lastDate];
  if (full[0] === undefined) return undefined;
  const day = `${full[0]}-${full[1]!.padStart(2, "0")}-${full[2]!.padStart(2, "0")}`;
  return isDay(day) ? day : undefined;
}

const wrong = (text: string, kind: CellKind): string =>
  kind === "day" ? `“${text.slice(0, 40)}” is no day such as 2026-03-31.` : `“${text.slice(0, 40)}” is no number such as 1234.50.`;

/** Rows that belong together, in the order in which each group first appears. */
export function grouped(records: readonly TableRecord[], keyOf: (record: TableRecord) => string): TableRecord[][] {
  const groups = new Map<string, TableRecord[]>();
  for (const record of records) {
    const key = keyOf(record);
    const group = groups.get(key);
    if (group) group.push(record);
    else groups.set(key, [record]);
  }
  return [...groups.values()];
}
